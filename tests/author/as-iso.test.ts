import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import zlib from 'node:zlib'
import { expect, it } from 'vitest'
import { buildApfs } from '../images/apfs-builder'
import { buildDmg, ChunkKind } from '../images/dmg-builder'
import { isolde } from '../unit/cli/command-line'
import { itWith, run } from '../unit/desktop/programs'
import { namedIso } from '../images/named-iso'
import { temporaryFolder, treeOf } from '../unit/support'

/** A disk image of a volume, and the new image of its files. */
function converted(volume: Uint8Array, args: string[] = []): { dmg: string; iso: string; status: number | null } {
  const folder = temporaryFolder()
  const [dmg, iso] = [path.join(folder, 'mac.dmg'), path.join(folder, 'mac.iso')]
  fs.writeFileSync(dmg, buildDmg(volume, [ChunkKind.zlib]))
  const { status } = isolde(['convert', dmg, iso, '--as', 'iso', ...args])
  return { dmg, iso, status }
}

const hfsPlus = (): Uint8Array => zlib.zstdDecompressSync(fs.readFileSync('tests/images/hfsplus.iso.zst'))
const apfs = (): Uint8Array =>
  buildApfs([
    { name: 'read me.txt', data: Buffer.from('hello') },
    { name: 'Folder', mode: 0o755, children: [{ name: 'große Datei', data: Buffer.from('x'.repeat(100_000)) }] },
  ])

function unpacked(image: string, args: string[] = []): Record<string, string> {
  const out = temporaryFolder()
  expect(isolde(['extract', image, '--to', out, ...args]).status).toBe(0)
  return treeOf(out)
}

itWith('bsdtar', 'the files of HFS+ in a .dmg become an image that another reader shows the same', () => {
  const { dmg, iso, status } = converted(hfsPlus(), ['--view', 'hfsplus'])
  expect(status).toBe(0)
  const out = temporaryFolder()
  run('bsdtar', ['-xf', iso, '-C', out])
  expect(treeOf(out)).toEqual(unpacked(dmg, ['--view', 'hfsplus']))
  expect(Object.keys(treeOf(out)).length).toBeGreaterThan(2)
})

itWith('bsdtar', 'so do those of APFS', () => {
  const { dmg, iso, status } = converted(apfs())
  expect(status).toBe(0)
  const out = temporaryFolder()
  run('bsdtar', ['-xf', iso, '-C', out])
  const tree = treeOf(out)
  expect(tree).toEqual(unpacked(dmg))
  expect(tree['Folder/große Datei']).toBe(Buffer.from('x'.repeat(100_000)).toString('base64'))
})

it('calls files encrypted that are refused for want of a key', () => {
  const folder = temporaryFolder()
  const [image, iso] = [path.join(folder, 'locked.img'), path.join(folder, 'locked.iso')]
  fs.writeFileSync(image, zlib.zstdDecompressSync(fs.readFileSync('tests/images/ext/encrypted.img.zst')))
  const { status, stderr } = isolde(['convert', image, iso, '--as', 'iso'])
  expect(status).toBe(4)
  expect(stderr).toMatch(/“secret\/[\w-]+” is encrypted; without its key/)
  expect(stderr).not.toContain('is damaged in the image')
  expect(fs.existsSync(iso)).toBe(false)
})

it('without it the blocks are written as they are', () => {
  const volume = hfsPlus()
  const { dmg, iso } = converted(volume)
  fs.rmSync(iso, { force: true })
  expect(isolde(['convert', dmg, iso]).status).toBe(0)
  const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
  expect(sha256(fs.readFileSync(iso))).toBe(sha256(volume))
})

it.each([
  [['--as', 'iso', '--split', '1M'], 'Files become one .iso'],
  [['--as', 'blocks', '--json'], 'no meaning without --as iso'],
  [['--as', 'iso', '--view', 'nonsense'], 'nonsense'],
])('says in a sentence why not: %j', (args, sentence) => {
  const folder = temporaryFolder()
  const dmg = path.join(folder, 'mac.dmg')
  fs.writeFileSync(dmg, buildDmg(apfs(), [ChunkKind.zlib]))
  const ran = isolde(['convert', dmg, path.join(folder, 'x.iso'), ...args])
  expect(ran).toMatchObject({ status: 2, stderr: expect.stringContaining(sentence) as string })
  expect(fs.readdirSync(folder)).toEqual(['mac.dmg'])
})

it('writes no name that leads out of a folder, whatever the image calls it', () => {
  const folder = temporaryFolder()
  const [from, to] = [path.join(folder, 'from.iso'), path.join(folder, 'to.iso')]
  const tree = { '..': { '..': { 'outside.txt': 'outside' } }, 'plain.txt': 'plain' }
  fs.writeFileSync(from, namedIso(tree))
  const name = Buffer.from('NM\u0007\u0001\u0000..', 'latin1')
  expect(fs.readFileSync(from).includes(name)).toBe(true)
  isolde(['convert', from, to, '--as', 'iso', '--allow-damaged'])
  const made = fs.readFileSync(to)
  expect(made.includes('outside')).toBe(true)
  expect(made.includes(name)).toBe(false)
})
