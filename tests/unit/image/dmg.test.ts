import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import zlib, { crc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { DiscImage } from '../../../src-main/image'
import { verifyImage } from '../../../src-main/verify/verify'
import type { VerifyReport } from '../../../src-shared/model'
import { unpackXz } from '../../../src-main/image/codecs/xz/xz-block'
import { buildDmg, ChunkKind } from '../../images/dmg-builder'
import { buildFat } from '../../images/fat-builder'
import { buildIso } from '../../images/iso-builder'
import { codes, contentOf, openBytes, pathsOf } from '../../images/open-bytes'
import { itWith, run, SEVEN_ZIP } from '../desktop/programs'
import { temporaryFolder } from '../support'

const mac = (): Uint8Array => zlib.zstdDecompressSync(fs.readFileSync('tests/images/hfsplus.iso.zst'))
const LONG = Array.from({ length: 30_000 }, (_, index) => `${(index * 7919) % 100_003}`).join(' ')
const disc = buildIso([
  { name: 'LONG.TXT;1', data: LONG },
  { name: 'ZEROS.BIN;1', data: Buffer.alloc(200_000) },
  { name: 'A.TXT;1', data: 'inside' },
]).bytes
const verify = (image: DiscImage): Promise<VerifyReport> =>
  verifyImage(image, image.info.defaultViewId, { checkpoint: () => undefined, progress: () => undefined })
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

  it.each([
    ['fork', []],
    ['damaged xml', ['BLOCK_TABLE_COPY_USED']],
  ] as const)('finds its blocks by a resource fork: %s', async (list, told) => {
    const image = await openBytes(
      buildDmg(disc, mixed, 7, () => undefined, list),
      { name: 'disc.dmg' },
    )
    expect(sha256(await image.blocks.read(0, disc.byteLength))).toBe(sha256(disc))
    expect(codes(image)).toEqual(told)
    const { checks, verdict } = await verify(image)
    expect(verdict).toBe(told.length === 0 ? 'passed' : 'failed')
    expect(checks.map(({ detail }) => detail)).toContain('3 checksums in the file around the disc fit.')
  })

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
    await expect(contentOf(image, 'LONG.TXT')).rejects.toMatchObject({
      code: 'CONTENT_DAMAGED',
      message: '“disc.dmg” is damaged: a block of it does not unpack.',
    })
    // Without what lies in front, the trailer leads to no table.
    await expect(openBytes(bytes.slice(1000), { name: 'disc.dmg' })).rejects.toThrow(/without a table of blocks/)
  })

  const chunkAt = (index: number): number => 204 + index * 40
  it.each([
    ['ends too early', (table: Buffer) => table.writeUInt32BE(0xffffffff, chunkAt(3))],
    ['has fewer chunks than sectors', (table: Buffer) => table.writeUInt32BE(3, 200)],
    ['has chunks over one another', (table: Buffer) => table.writeBigUInt64BE(65n, chunkAt(3) + 8)],
  ])('whose table %s says so, and gives no zeros for what cannot be found', async (_, spoil) => {
    const image = await openBytes(buildDmg(disc, [ChunkKind.stored], 32, spoil), { name: 'disc.dmg' })
    expect(codes(image)).toContain('BLOCK_TABLE_DAMAGED')
    await expect(image.blocks.read(0, disc.byteLength)).rejects.toThrow('does not say where')
    expect(sha256(await image.blocks.read(0, 32 * 512))).toBe(sha256(disc.subarray(0, 32 * 512)))
    await image.close()
  })

  it('whose table has a character that is none of Base64’s is read up to there', async () => {
    const bytes = Buffer.from(buildDmg(disc, [ChunkKind.stored]))
    const table = bytes.indexOf('<data>')
    bytes.write('!', table + 700)
    const image = await openBytes(new Uint8Array(bytes), { name: 'disc.dmg' })
    expect(codes(image)).toContain('BLOCK_TABLE_DAMAGED')
    await expect(image.blocks.read(0, disc.byteLength)).rejects.toThrow('does not say where')
    await image.close()
  })

  it('in which nothing is found says so, and whether that may be for its table', async () => {
    const other = buildDmg(Buffer.alloc(100_000, 'other'), [ChunkKind.zlib])
    await expect(openBytes(other, { name: 'disc.dmg' })).rejects.toThrow(/is not a disc image/)
    const cut = buildDmg(disc, [ChunkKind.zlib], 32, (table) => table.writeBigUInt64BE(33n, chunkAt(2) + 8))
    await expect(openBytes(cut, { name: 'disc.dmg' })).rejects.toThrow(/table of blocks in “disc.dmg” is damaged/)
  })

  it('with a packed block larger than any can be is refused before that is read', async () => {
    const vast = buildDmg(disc, [ChunkKind.zlib], 32, (table) => table.writeBigUInt64BE(2n ** 40n, chunkAt(1) + 32))
    await expect(openBytes(vast, { name: 'disc.dmg' })).rejects.toThrow(/“disc.dmg”/)
  })

  itWith('xz', 'whose block of xz unpacks to more than its sectors is an error, and the next one is read', () => {
    const bomb = spawnSync('xz', ['-c'], { input: Buffer.alloc(40 << 20), maxBuffer: 1 << 20 }).stdout
    expect(() => unpackXz(bomb, 1 << 20)).toThrow('more than 1048576 bytes')
    const sound = spawnSync('xz', ['-c'], { input: LONG, maxBuffer: 1 << 20 }).stdout
    expect(Buffer.from(unpackXz(sound, LONG.length)).toString()).toBe(LONG)
  })

  it('of which no block unpacks is refused by its name', async () => {
    const bytes = buildDmg(disc, [ChunkKind.zlib])
    bytes.fill(0x55, 0, bytes.indexOf(0x3c))
    await expect(openBytes(bytes, { name: 'disc.dmg' })).rejects.toMatchObject({
      code: 'NOTHING_READABLE',
      message: expect.stringContaining('“disc.dmg” is damaged: a block of it does not unpack.') as string,
    })
  })

  describe('carries checksums', () => {
    const SOUND = buildDmg(disc, [ChunkKind.stored, ChunkKind.zlib])
    const PART = 'whole disk (unknown partition : 0)'
    const verified = async (bytes: Uint8Array): Promise<{ verdict: string; failures: string[] }> => {
      const image = await openBytes(bytes, { name: 'disc.dmg' })
      const { checks, verdict } = await verify(image)
      const failures = checks.filter((check) => check.kind === 'container' && check.verdict !== 'passed')
      return { verdict, failures: failures.map((check) => `${check.verdict}: ${check.detail}`) }
    }

    it('which are checked', async () => {
      const { checks, verdict } = await verify(await openBytes(SOUND, { name: 'disc.dmg' }))
      expect(verdict).toBe('passed')
      expect(checks.find(({ kind }) => kind === 'container')?.detail).toContain('3 checksums')
    })

    it('of what is packed and of each partition, by its name', async () => {
      const bytes = SOUND.slice()
      // Within the first chunk, which is stored, and of the system area, which nothing else looks at.
      bytes[100] = 1
      expect(await verified(bytes)).toEqual({
        verdict: 'failed',
        failures: [
          'failed: What is packed in “disc.dmg” is damaged: it does not give its own checksum.',
          `failed: The partition “${PART}” of “disc.dmg” is damaged: it does not give its own checksum.`,
        ],
      })
    })

    it('of the checksums themselves', async () => {
      const bytes = SOUND.slice()
      const place = bytes.byteLength - 512 + 360
      bytes[place] = (bytes[place] ?? 0) ^ 1
      expect(await verified(bytes)).toEqual({
        verdict: 'failed',
        failures: [expect.stringMatching(/^failed: The list of the partitions’ checksums/)],
      })
    })

    it('that say nothing of what no chunk was written to, and none of kinds that are not known', async () => {
      // A chunk of the kind that nothing was written to counts for nothing.
      const disk = Buffer.concat([disc, Buffer.alloc(64 * 512)])
      const bytes = buildDmg(disk, [ChunkKind.stored], 32, (table) => {
        const last = 204 + (table.readUInt32BE(200) - 2) * 40
        table.writeUInt32BE(2, last)
        table.writeUInt32BE(crc32(disk.subarray(0, Number(table.readBigUInt64BE(last + 8)) * 512)), 72)
      })
      expect(await verified(bytes)).toEqual({ verdict: 'passed', failures: [] })
      const other = SOUND.slice()
      other[other.byteLength - 512 + 83] = 4
      other[other.byteLength - 512 + 355] = 4
      expect(await verified(other)).toEqual({ verdict: 'passed', failures: [] })
    })

    it('whose bytes cannot be had, which is said', async () => {
      const bytes = buildDmg(disc, [ChunkKind.zlib])
      bytes.fill(0x55, bytes.byteLength / 2, bytes.byteLength / 2 + 2000)
      const { failures } = await verified(bytes)
      expect(failures).toContainEqual(expect.stringMatching(/^unreadable: The partition “whole disk.*does not unpack/))
    })

    it('of which one tells of a partition whose file system cannot even be opened', async () => {
      const sector = 512
      const start = 64
      const volume = buildFat(12, [{ name: 'hello', data: new TextEncoder().encode('hello') }])
      const disk = Buffer.alloc(start * sector + volume.byteLength)
      disk.set(volume, start * sector)
      disk[446 + 4] = 0x01
      disk.writeUInt32LE(start, 446 + 8)
      disk.writeUInt32LE(volume.byteLength / sector, 446 + 12)
      disk.set([0x55, 0xaa], 510)
      const sound = buildDmg(disk, [ChunkKind.zlib])
      expect(await verified(sound)).toEqual({ verdict: 'passed', failures: [] })
      const bytes = sound.slice()
      // The third chunk: the beginning of the partition.
      const table = Buffer.from(
        /<data>([^]*?)<\/data>/.exec(Buffer.from(bytes).toString('latin1'))?.[1] ?? '',
        'base64',
      )
      const at = Number(table.readBigUInt64BE(204 + 2 * 40 + 24))
      bytes.fill(0x55, at, at + Number(table.readBigUInt64BE(204 + 2 * 40 + 32)))
      const { verdict, failures } = await verified(bytes)
      expect(verdict).toBe('failed')
      expect(failures).toContainEqual(expect.stringContaining(`“${PART}”`))
    })

    itWith(SEVEN_ZIP, 'as 7-Zip checks them', () => {
      const folder = temporaryFolder()
      const file = path.join(folder, 'disc.dmg')
      fs.writeFileSync(file, SOUND)
      run(SEVEN_ZIP, ['t', '-tdmg', file])
      const bytes = SOUND.slice()
      bytes[100] = 1
      fs.writeFileSync(file, bytes)
      expect(() => run(SEVEN_ZIP, ['t', '-tdmg', file])).toThrow(/CRC|[Cc]hecksum/)
    })
  })

  it('packed in a way that is not known is named', async () => {
    await expect(openBytes(buildDmg(disc, [0x80000009]), { name: 'disc.dmg' })).rejects.toThrow(/0x80000009.*macOS/)
  })

  itWith(SEVEN_ZIP, 'is read by 7-Zip as here', () => {
    const folder = temporaryFolder()
    const file = path.join(folder, 'disc.dmg')
    fs.writeFileSync(
      file,
      buildDmg(disc, [ChunkKind.zlib, ChunkKind.stored, ChunkKind.adc, ChunkKind.bzip2, ChunkKind.lzfse], 64),
    )
    run(SEVEN_ZIP, ['x', '-y', `-o${folder}/out`, file])
    // It enters what is inside.
    expect(fs.readFileSync(path.join(folder, 'out', 'LONG.TXT'), 'utf8')).toBe(LONG)
    expect(fs.readFileSync(path.join(folder, 'out', 'A.TXT'), 'utf8')).toBe('inside')
  })
})
