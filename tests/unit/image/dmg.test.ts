import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import zlib from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { buildDmg, ChunkKind } from '../../images/dmg-builder'
import { buildIso } from '../../images/iso-builder'
import { codes, contentOf, openBytes, pathsOf } from '../../images/open-bytes'
import { itWith, run } from '../desktop/programs'
import { temporaryFolder } from '../support'

const mac = (): Uint8Array => zlib.zstdDecompressSync(fs.readFileSync('tests/images/hfsplus.iso.zst'))
const LONG = Array.from({ length: 30_000 }, (_, index) => `${(index * 7919) % 100_003}`).join(' ')
const disc = buildIso([
  { name: 'LONG.TXT;1', data: LONG },
  { name: 'ZEROS.BIN;1', data: Buffer.alloc(200_000) },
  { name: 'A.TXT;1', data: 'inside' },
]).bytes
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

describe.each(Object.entries(ChunkKind))('an Apple disk image of blocks: %s', (_name, kind) => {
  it('gives the bytes of the disk', async () => {
    const image = await openBytes(buildDmg(disc, [kind]), { name: 'disc.dmg' })
    expect(image.info.containers).toEqual(['dmg'])
    expect(sha256(await image.blocks.read(0, disc.byteLength))).toBe(sha256(disc))
    expect(await contentOf(image, 'LONG.TXT')).toBe(LONG)
    expect(codes(image)).toEqual([])
    await image.close()
  })
})

describe('an Apple disk image', () => {
  const mixed = [ChunkKind.zlib, ChunkKind.zeros, ChunkKind.stored, ChunkKind.bzip2, ChunkKind.adc, ChunkKind.xz]

  it('of every kind of block by turns, read in any order', async () => {
    const image = await openBytes(buildDmg(disc, mixed, 7), { name: 'disc.dmg' })
    const ranges = [
      [300_000, 5000],
      [0, 1],
      [7 * 512 - 1, 2],
      [40_000, 60_000],
      [disc.byteLength - 10, 10],
    ] as const
    const read = await Promise.all(ranges.map(async ([from, length]) => image.blocks.read(from, length)))
    for (const [at, [from, length]] of ranges.entries())
      expect(sha256(read[at]!)).toBe(sha256(disc.subarray(from, from + length)))
    await image.close()
  })

  it('of a Macintosh volume is entered', async () => {
    const image = await openBytes(buildDmg(mac(), [ChunkKind.zlib]), { name: 'Program.dmg' })
    const plain = await openBytes(mac())
    expect(image.info.views.map(({ id }) => id)).toEqual(plain.info.views.map(({ id }) => id))
    expect(await pathsOf(image)).toEqual(await pathsOf(plain))
  })

  it('that is cut short says so; a block that does not unpack is an error, never zeros', async () => {
    const bytes = buildDmg(disc, [ChunkKind.zlib])
    const broken = bytes.slice()
    // Somewhere in the packed text, which lies behind the descriptors.
    const data = Math.floor(bytes.byteLength / 2)
    broken.fill(0x55, data, data + 2000)
    const image = await openBytes(broken, { name: 'disc.dmg' })
    await expect(contentOf(image, 'LONG.TXT')).rejects.toThrow('does not unpack')
    // Without what lies in front, the trailer leads to no table.
    await expect(openBytes(bytes.slice(1000), { name: 'disc.dmg' })).rejects.toThrow(/without a table of blocks/)
  })

  it('packed in a way that is not known is named', async () => {
    await expect(openBytes(buildDmg(disc, [0x80000009]), { name: 'disc.dmg' })).rejects.toThrow(/0x80000009.*macOS/)
  })

  itWith('7zz', 'is read by 7-Zip as here', () => {
    const folder = temporaryFolder()
    const file = path.join(folder, 'disc.dmg')
    fs.writeFileSync(
      file,
      buildDmg(disc, [ChunkKind.zlib, ChunkKind.stored, ChunkKind.adc, ChunkKind.bzip2, ChunkKind.lzfse], 64),
    )
    run('7zz', ['x', '-y', `-o${folder}/out`, file])
    // It enters what is inside.
    expect(fs.readFileSync(path.join(folder, 'out', 'LONG.TXT'), 'utf8')).toBe(LONG)
    expect(fs.readFileSync(path.join(folder, 'out', 'A.TXT'), 'utf8')).toBe('inside')
  })
})
