import { randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { findCarried } from '../../../src-main/identify/carried'
import { buildFat } from '../../images/fat-builder'
import { namedIso, type NamedTree } from '../../images/named-iso'
import { openBytes } from '../../images/open-bytes'
import { wim } from '../../images/wim-header'

const large = (bytes: Uint8Array): Uint8Array =>
  Buffer.concat([bytes, Buffer.alloc(Math.max(0, 70_000 - bytes.byteLength))])
const cpio = (name: string, data: Buffer): Buffer => {
  const numbers = [1, 0o100644, 0, 0, 1, 0, data.byteLength, 0, 0, 0, 0, name.length + 1, 0]
  const header = `070701${numbers.map((value) => value.toString(16).padStart(8, '0')).join('')}${name}\0`
  return Buffer.concat([Buffer.from(header.padEnd(Math.ceil(header.length / 4) * 4, '\0'), 'latin1'), data])
}

async function carriedBy(tree: NamedTree): Promise<[path: string, kind: string, names: string][]> {
  const image = await openBytes(namedIso(tree))
  const view = image.view('rock-ridge')
  return (await findCarried(view, await view.readTree())).map(({ path, kind, names }) => [path, kind, names.join(', ')])
}

test('what an image carries is told by what it is, in people’s words', async () => {
  const editions = [
    { name: 'Windows 11 Home', build: 22_631, arch: 9 },
    { name: 'Windows 11 Pro', build: 22_631, arch: 9 },
  ]
  const system = namedIso({
    etc: {},
    usr: { lib: { 'os-release': 'ID=debian\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n' } },
  })
  const noise = randomBytes(80_000)
  const found = await carriedBy({
    sources: { 'install.wim': large(wim(editions)) },
    casper: {
      minimal: large(system),
      initrd: gzipSync(Buffer.concat([cpio('init', noise), cpio('TRAILER!!!', Buffer.alloc(0))])),
      vmlinuz: Buffer.concat([Buffer.from('MZ'), noise]),
    },
    boot: { 'efi.img': large(buildFat(12, [{ name: 'EFI', children: [] }])) },
    'notes.txt': Buffer.alloc(100_000, 'x'),
    'bonus.iso': large(namedIso({ a: 'b' }, 'BONUS')),
  })
  expect(Object.fromEntries(found.map(([path, ...what]) => [path, what]))).toEqual({
    'sources/install.wim': ['windows', 'Windows 11 Home, Windows 11 Pro'],
    'casper/minimal': ['linux', 'Debian GNU/Linux 12 (bookworm)'],
    'casper/initrd': ['ram-disk', ''],
    'boot/efi.img': ['uefi', ''],
    'bonus.iso': ['image', 'BONUS'],
  })
})

test('what only has the name of an image is passed over, and so is what is too small to be one', async () => {
  expect(
    await carriedBy({
      'noise.img': randomBytes(70_000),
      'zeros.iso': Buffer.alloc(70_000),
      'small.iso': namedIso({ a: 'b' }).subarray(0, 60_000),
      casper: { readme: Buffer.alloc(70_000, 'text\n') },
    }),
  ).toEqual([])
})
