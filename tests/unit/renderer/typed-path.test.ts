import { describe, expect, it } from 'vitest'
import { isComputerPath, readImagePath, readTypedPath } from '../../../src-renderer/data/rows/typed-path'

const HERE = { homeFolder: '/home/ada', folder: '/home/ada/Discs', separator: '/' }
const WINDOWS = { homeFolder: 'C:\\Users\\Ada', folder: 'D:\\Discs', separator: '\\' }

describe('a typed path of this computer', () => {
  it.each([
    ['/var/log', '/var/log'],
    ['  /var/log ', '/var/log'],
    ['~', '/home/ada'],
    ['~/Old discs', '/home/ada/Old discs'],
    ['~other', '/home/ada/Discs/~other'],
    ['Linux/2024', '/home/ada/Discs/Linux/2024'],
    ['..', '/home/ada/Discs/..'],
    ['"/home/ada/a b"', '/home/ada/a b'],
    ["'~/a b'", '/home/ada/a b'],
    ['file:///home/ada/a%20b', '/home/ada/a b'],
    ['FILE://localhost/home/ada', '/home/ada'],
    ['file:///home/ada/100%', 'file:///home/ada/100%'],
    ['C:\\Users\\me', 'C:\\Users\\me'],
  ])('%s', (typed, path) => {
    expect(readTypedPath(typed, HERE)).toBe(path)
  })

  it.each([
    ['C:\\Temp', 'C:\\Temp'],
    ['C:/Temp', 'C:/Temp'],
    ['~\\Downloads', 'C:\\Users\\Ada\\Downloads'],
    ['Old', 'D:\\Discs\\Old'],
    ['\\\\server\\share', '\\\\server\\share'],
    ['file:///C:/Old%20discs', 'C:\\Old discs'],
    ['file://server/share/x', '\\\\server\\share\\x'],
  ])('on Windows: %s', (typed, path) => {
    expect(readTypedPath(typed, WINDOWS)).toBe(path)
  })

  it('is told from one inside of an image where it can be', () => {
    const texts = ['~', '~/x', 'file:///x', 'C:\\x', '\\\\server\\x', '/boot', 'boot', '~x', 'a:b']
    expect(texts.filter(isComputerPath)).toEqual(['~', '~/x', 'file:///x', 'C:\\x', '\\\\server\\x'])
  })
})

describe('a typed path inside of an image', () => {
  it.each([
    ['/boot/grub/', 'boot/grub'],
    ['boot', 'boot'],
    ['\\boot\\grub', 'boot/grub'],
    ['..', 'pool'],
    ['../other', 'pool/other'],
    ['./below', 'pool/main/below'],
    ['/', ''],
    ['../../../..', ''],
    ['"a b"', 'a b'],
  ])('%s', (typed, path) => {
    expect(readImagePath(typed, 'pool/main')).toBe(path)
  })
})
