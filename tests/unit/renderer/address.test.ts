import { expect, test } from 'vitest'
import { folderAround, lastPart, parentAddress, type PaneAddress } from '../../../src-renderer/data/rows/address'
import { crumbsOf } from '../../../src-renderer/features/panes/crumbs'

test.each([
  ['/home/ada/x', '/home/ada', 'x'],
  ['/home/ada/', '/home', 'ada'],
  ['/home', '/', 'home'],
  ['/', '/', '/'],
  ['C:\\Users\\ada', 'C:\\Users', 'ada'],
  ['C:\\Users', 'C:\\', 'Users'],
  ['C:\\', 'C:\\', 'C:'],
])('takes %s apart', (path, around, last) => {
  expect(folderAround(path)).toBe(around)
  expect(lastPart(path)).toBe(last)
})

const image = (path: string, inside: { path: string; view?: string }[] = []): PaneAddress => ({
  kind: 'image',
  location: { kind: 'path', path: '/home/ada/disc.iso', inside },
  view: 'joliet',
  path,
})

test('goes up inside an image, out of an inner image, and out of the image', () => {
  expect(parentAddress(image('a/b'))).toEqual({ address: image('a'), from: 'b' })
  expect(parentAddress(image('a'))).toEqual({ address: image(''), from: 'a' })
  expect(parentAddress(image(''))).toEqual({ address: { kind: 'folder', path: '/home/ada' }, from: 'disc.iso' })
  const inner = parentAddress(image('', [{ path: 'boot/inner.img', view: 'joliet' }]))
  expect(inner).toEqual({ address: image('boot'), from: 'inner.img' })
})

test('stops at the top', () => {
  expect(parentAddress({ kind: 'folder', path: '/' })).toBeNull()
  expect(parentAddress({ kind: 'start' })).toBeNull()
})

test('a breadcrumb starts at home, and inside an image at the image', () => {
  const names = (address: PaneAddress) => crumbsOf(address, '/home/ada', 'Home').map(({ name }) => name)
  expect(names({ kind: 'folder', path: '/home/ada/Downloads' })).toEqual(['Home', 'Downloads'])
  expect(names({ kind: 'folder', path: '/mnt/usb' })).toEqual(['/', 'mnt', 'usb'])
  expect(names(image('a/b'))).toEqual(['disc.iso', 'a', 'b'])
  expect(names(image('x', [{ path: 'boot/inner.img' }]))).toEqual(['disc.iso', 'boot', 'inner.img', 'x'])
})
