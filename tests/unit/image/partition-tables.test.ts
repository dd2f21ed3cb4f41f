import { describe, expect, it } from 'vitest'
import { sampleImage } from '../../images/small-tree'
import type { DiscImage } from '../../../src-main/image'
import { verifyImage } from '../../../src-main/verify/verify'
import { buildFat } from '../../images/fat-builder'
import { buildHfs } from '../../images/hfs-builder'
import { buildIso } from '../../images/iso-builder'
import { codes, contentOf, damages, openBytes, pathsOf } from '../../images/open-bytes'
import {
  buildAppleDisk,
  buildExtendedDisk,
  buildGptDisk,
  buildMbrDisk,
  GUID,
  putMbrEntry,
  SECTOR,
  signGpt,
} from '../../images/table-builder'

const fat = (name: string, bits: 12 | 16 = 12): Uint8Array =>
  buildFat(bits, [{ name, data: new TextEncoder().encode(name) }])
const open = (bytes: Uint8Array, name = 'disk.img'): Promise<DiscImage> => openBytes(bytes, { name })
const ids = (image: DiscImage): string[] => image.info.views.map(({ id }) => id)
const control = { checkpoint: () => Promise.resolve(), progress: () => undefined }
const verdict = async (image: DiscImage): Promise<string> =>
  (await verifyImage(image, image.info.defaultViewId, control)).verdict

describe('a GUID partition table', () => {
  const disk = (): Buffer =>
    buildGptDisk([
      { start: 64, bytes: fat('first'), type: GUID.efi },
      { start: 4096, bytes: fat('second', 16), type: GUID.data },
    ])
  const lastOf = (bytes: Buffer): number => bytes.byteLength / SECTOR - 1
  const entriesOf = (bytes: Buffer): number => (lastOf(bytes) - 32) * SECTOR

  it('may stand behind a protective record of any length, on a disk that was trimmed behind its last partition', async () => {
    const whole = buildGptDisk([{ start: 64, bytes: new Uint8Array(1 << 20), type: GUID.data }])
    whole.fill(1, 64 * SECTOR, 65 * SECTOR)
    for (const [length, bytes] of [
      [0xffffffff, whole],
      [whole.byteLength / SECTOR - 1, whole.subarray(0, 64 * SECTOR + (1 << 20))],
    ] as const) {
      const image = Buffer.from(bytes)
      putMbrEntry(image, 0, 0, 0xee, 1, length)
      const opened = await open(image)
      const table = await opened.view('partitions').readTree()
      expect(Array.from({ length: table.length - 1 }, (_, at) => table.statusOf(at + 1))).toEqual([
        'complete',
        'complete',
      ])
      expect(codes(opened)).not.toContain('FILES_OVERLAP')
      expect(await verdict(opened)).not.toBe('failed')
    }
  })

  it('is read without a word', async () => {
    const image = await open(disk())
    expect(ids(image)).toEqual(['fat', 'fat@2', 'partitions'])
    expect(codes(image)).toEqual([])
  })

  it.each<[string, (bytes: Buffer) => unknown]>([
    ['a header of zeros', (bytes) => bytes.fill(0, 512, 1024)],
    ['a bit of the signature', (bytes) => (bytes[512] = 0x44)],
    ['a bit of the place of the entries', (bytes) => (bytes[512 + 72] = 3)],
    ['no entries', (bytes) => (bytes[512 + 80] = 0)],
    ['a bit of the place of the other one', (bytes) => (bytes[512 + 33] = 0x55)],
    ['entries of zeros', (bytes) => bytes.fill(0, 1024, 1536)],
    ['a bit of an entry', (bytes) => (bytes[1024 + 33] = 2)],
  ])('with %s is read by its copy, which is said', async (_, damage) => {
    const bytes = disk()
    damage(bytes)
    const image = await open(bytes)
    expect(ids(image)).toEqual(['fat', 'fat@2', 'partitions'])
    expect(await contentOf(image, 'second', 'fat@2')).toBe('second')
    expect(image.diagnostics).toMatchObject([{ code: 'GPT_COPY_USED', severity: 'damage', byteOffset: 512 }])
    expect(image.damage).toEqual([])
    expect(await verdict(image)).toBe('failed')
  })

  it('that is lost is found by the copy where the first sector says that the disk ends', async () => {
    const bytes = Buffer.concat([disk(), Buffer.alloc(100 * SECTOR)])
    bytes.fill(0, 512, 1024)
    const image = await open(bytes)
    expect(damages(image)).toEqual(['GPT_COPY_USED'])
    expect(await contentOf(image, 'first')).toBe('first')
  })

  it('whose copy is damaged is told of, and costs nothing', async () => {
    for (const damage of [
      (bytes: Buffer) => bytes.fill(0, lastOf(bytes) * SECTOR),
      (bytes: Buffer) => bytes.fill(1, entriesOf(bytes), entriesOf(bytes) + 1),
    ]) {
      const bytes = disk()
      damage(bytes)
      const image = await open(bytes)
      expect(damages(image)).toEqual(['GPT_COPY_DAMAGED'])
      expect(image.damage).toEqual([])
    }
  })

  it('whose copy names other partitions is told of', async () => {
    const bytes = disk()
    bytes.writeUInt32LE(65, entriesOf(bytes) + 32)
    signGpt(bytes, lastOf(bytes))
    const image = await open(bytes)
    expect(damages(image)).toEqual(['GPT_TABLES_DIFFER'])
    expect(await contentOf(image, 'first')).toBe('first')
  })

  it('that names no copy says so', async () => {
    const bytes = disk()
    bytes.writeBigUInt64LE(0n, 512 + 32)
    signGpt(bytes, 1)
    const image = await open(bytes)
    expect(image.diagnostics.map(({ message }) => message)).toEqual([
      expect.stringContaining('names no copy of itself'),
    ])
    expect(damages(image)).toEqual([])
  })

  it('whose copy is cut off, or not at the end of a larger disk, is no damage', async () => {
    const bytes = disk()
    const cut = await open(bytes.subarray(0, -33 * SECTOR))
    expect(codes(cut)).toEqual(['GPT_COPY_ELSEWHERE'])
    expect(damages(cut)).toEqual([])
    expect(damages(await open(Buffer.concat([bytes, Buffer.alloc(50 * SECTOR)])))).toEqual([])
    // Moved to the end, as tools do that know no better: the first one still says where it was.
    const moved = Buffer.concat([
      bytes.subarray(0, -33 * SECTOR),
      Buffer.alloc(99 * SECTOR),
      bytes.subarray(-33 * SECTOR),
    ])
    const last = lastOf(moved)
    moved.writeBigUInt64LE(BigInt(last), last * SECTOR + 24)
    moved.writeBigUInt64LE(BigInt(last - 32), last * SECTOR + 72)
    signGpt(moved, last)
    expect(damages(await open(moved))).toEqual([])
  })

  it('of which nothing is left but what protects it is lost, and said to be', async () => {
    const bytes = disk()
    bytes.fill(0, 512, 1024)
    bytes.fill(0, lastOf(bytes) * SECTOR)
    const image = await open(bytes)
    expect(damages(image)).toEqual(['PARTITION_TABLE_LOST'])
    expect(image.damage).toHaveLength(1)
  })

  it('that is damaged together with its copy is used, and that is damage', async () => {
    const bytes = disk()
    bytes[1024 + 56] = 0x41
    bytes.fill(0, lastOf(bytes) * SECTOR)
    const image = await open(bytes)
    expect(await contentOf(image, 'first')).toBe('first')
    expect(image.damage).toMatchObject([{ code: 'PARTITION_TABLE_DAMAGED' }])
  })

  it('is not looked for where the disk was given another table', async () => {
    const bytes = disk()
    putMbrEntry(bytes, 0, 0, 0x0c, 64, 1000)
    bytes[1024 + 33] = 2
    const image = await open(bytes)
    expect(codes(image)).toContain('GPT_LEFT_OVER')
    expect(damages(image)).toEqual([])
    expect(ids(image)).toEqual(['fat', 'partitions'])
  })

  it('of a hybrid disc that does not fit, and one that went with its padding, are no damage', async () => {
    const iso = buildIso([{ name: 'A;1', data: 'a' }]).bytes
    const table = disk().subarray(0, 34 * SECTOR)
    const bytes = Buffer.from(iso)
    bytes.set(table)
    expect(damages(await open(bytes, 'a.iso'))).toEqual([])
    // As isohybrid makes them: another entry beside the one that protects.
    putMbrEntry(bytes, 0, 1, 0xef, 64, 100)
    bytes[1024 + 56] = 0x41
    const image = await open(bytes, 'a.iso')
    expect(image.info.defaultViewId).toBe('iso9660')
    expect(damages(image)).toEqual([])
  })
})

describe('a chain of logical partitions', () => {
  const FIRST = 100
  const SECOND = 3000
  const disk = (): Buffer =>
    buildExtendedDisk(
      [
        { start: FIRST + 1, bytes: fat('five'), type: 1 },
        { start: SECOND, bytes: fat('six'), type: 1 },
      ],
      FIRST,
    )
  const record = (SECOND - 1) * SECTOR

  it('is read without a word', async () => {
    const image = await open(disk())
    expect(ids(image)).toEqual(['fat', 'fat@2', 'partitions'])
    expect(codes(image)).toEqual([])
  })

  it.each<[string, number, (bytes: Buffer) => unknown]>([
    ['a record of zeros', record, (bytes) => bytes.fill(0, record, record + 512)],
    ['a record without its mark', record, (bytes) => (bytes[record + 510] = 0)],
    ['a link to elsewhere', (SECOND - 5) * SECTOR, (bytes) => (bytes[FIRST * SECTOR + 470]! -= 4)],
    ['a link behind the end', FIRST * SECTOR, (bytes) => (bytes[FIRST * SECTOR + 473] = 1)],
    ['a ring', record, (bytes) => putMbrEntry(bytes, SECOND - 1, 1, 5, 0, 100)],
  ])('that breaks off at %s is damage', async (_, byteOffset, damage) => {
    const bytes = disk()
    damage(bytes)
    const image = await open(bytes)
    expect(await contentOf(image, 'five')).toBe('five')
    expect(image.damage).toMatchObject([{ code: 'PARTITION_CHAIN_BROKEN', byteOffset }])
    expect(await verdict(image)).toBe('failed')
  })

  it('whose first record is lost says so where nothing else is there', async () => {
    const bytes = disk().fill(0, FIRST * SECTOR, (FIRST + 1) * SECTOR)
    await expect(open(bytes)).rejects.toMatchObject({
      code: 'NOTHING_READABLE',
      message: expect.stringContaining('chain of logical partitions') as string,
    })
  })

  it('that is empty, or has lost its first one to a deletion, is whole', async () => {
    const bytes = disk()
    bytes.fill(0, FIRST * SECTOR + 446, FIRST * SECTOR + 462)
    const image = await open(bytes)
    expect(codes(image)).toEqual([])
    expect(await contentOf(image, 'six')).toBe('six')
  })

  it('is damage where a record names two partitions and none to follow', async () => {
    const bytes = disk()
    // The type of the link.
    bytes[FIRST * SECTOR + 466] = 4
    const image = await open(bytes)
    expect(await contentOf(image, 'five')).toBe('five')
    expect(image.damage).toMatchObject([{ code: 'PARTITION_CHAIN_BROKEN' }])
  })

  it('with a partition behind its end is told of', async () => {
    const bytes = disk()
    bytes.writeUInt32LE(1_000_000, record + 446 + 12)
    expect(damages(await open(bytes))).toEqual(['PARTITION_OUTSIDE'])
  })
})

describe('an Apple partition map', () => {
  const disk = (): Buffer =>
    buildAppleDisk([
      { start: 64, bytes: buildHfs([{ name: 'one', data: Uint8Array.of(1) }]).bytes, type: 'Apple_HFS' },
      { start: 4096, bytes: buildHfs([{ name: 'two', data: Uint8Array.of(2) }]).bytes, type: 'Apple_HFS' },
    ])

  it('is read without a word', async () => {
    const image = await open(disk())
    expect(ids(image)).toEqual(['hfs', 'hfs@2', 'partitions'])
    expect(codes(image)).toEqual([])
  })

  it.each([1, 2, 3])('whose entry %i counts other entries is read by what the others say', async (entry) => {
    for (const count of [1, 2, 200]) {
      const bytes = disk()
      bytes.writeUInt32BE(count, entry * SECTOR + 4)
      const image = await open(bytes)
      expect(ids(image)).toEqual(['hfs', 'hfs@2', 'partitions'])
      expect(damages(image)).toEqual(['PARTITION_TABLE_DAMAGED'])
      expect(image.damage).toEqual([])
    }
  })

  it('without its own entry is read by the others', async () => {
    const image = await open(disk().fill(0, SECTOR, 2 * SECTOR))
    expect(ids(image)).toEqual(['hfs', 'hfs@2', 'partitions'])
    expect(damages(image)).toEqual(['PARTITION_TABLE_DAMAGED'])
    expect(image.damage).toEqual([])
  })

  it.each([2, 3])('without entry %i has lost a volume', async (entry) => {
    const image = await open(disk().fill(0, entry * SECTOR, (entry + 1) * SECTOR))
    expect(ids(image)).toEqual(['hfs', 'partitions'])
    expect(image.damage).toMatchObject([{ code: 'PARTITION_TABLE_DAMAGED', byteOffset: entry * SECTOR }])
  })

  it('that leads to nothing is named', async () => {
    const bytes = disk().fill(0, 2 * SECTOR, 4 * SECTOR)
    await expect(open(bytes)).rejects.toMatchObject({
      message: expect.stringContaining('Apple partition map') as string,
    })
  })

  it('with another map for larger blocks in every fourth block is whole', async () => {
    const bytes = disk()
    // Of five entries for blocks of 512 bytes the fourth is the other map’s only one, in blocks of 2048.
    for (const entry of [1, 2, 3]) bytes.writeUInt32BE(5, entry * SECTOR + 4)
    bytes.copy(bytes, 5 * SECTOR, SECTOR, 2 * SECTOR)
    bytes.write('Apple_Free\0', 5 * SECTOR + 48, 'latin1')
    bytes.copy(bytes, 4 * SECTOR, 2 * SECTOR, 3 * SECTOR)
    bytes.writeUInt32BE(1, 4 * SECTOR + 4)
    bytes.writeUInt32BE(16, 4 * SECTOR + 8)
    const image = await open(bytes)
    expect(ids(image)).toEqual(['hfs', 'hfs@2', 'partitions'])
    expect(codes(image)).toEqual([])
  })
})

describe('a partition for a file system in which none is found', () => {
  const disk = (type: number, content = fat('lost')): Buffer =>
    buildMbrDisk([
      { start: 8, bytes: fat('whole'), type: 1 },
      { start: 2048, bytes: content, type },
    ])
  const START = 2048 * SECTOR
  /** mdadm's mark, the lowest byte first. */
  const RAID = [0xfc, 0x4e, 0x2b, 0xa9]

  it.each([0x01, 0x07, 0x0c, 0x83, 0xef])('is damage, by its type 0x%x', async (type) => {
    const image = await open(disk(type).fill(0, START, START + SECTOR))
    expect(await pathsOf(image)).toEqual(['whole'])
    expect(image.damage).toMatchObject([{ code: 'VOLUME_UNREADABLE', byteOffset: START }])
    expect(await verdict(image)).toBe('failed')
  })

  it('that is read by a copy is shown in the place that it has without damage', async () => {
    const bytes = buildMbrDisk([
      { start: 8, bytes: fat('boot'), type: 0x0c },
      { start: 2048, bytes: sampleImage('ext/ext4.img.zst'), type: 0x83 },
    ])
    const whole = await open(bytes)
    const damaged = await open(Buffer.from(bytes).fill(0, START + 1080, START + 1082))
    expect(damages(damaged)).toEqual(['SUPERBLOCK_COPY_USED'])
    expect(ids(damaged)).toEqual(ids(whole))
    expect(damaged.info.defaultViewId).toBe(whole.info.defaultViewId)
  })

  it('is damage where it is the only one', async () => {
    const bytes = buildMbrDisk([{ start: 8, bytes: fat('lost'), type: 0x0c }]).fill(0, 8 * SECTOR, 9 * SECTOR)
    const image = await open(bytes)
    expect(image.info.defaultViewId).toBe('partitions')
    expect(image.damage).toMatchObject([{ code: 'VOLUME_UNREADABLE' }])
  })

  it.each([
    ['a loader', (bytes: Uint8Array) => bytes.fill(0x5a)],
    ['erased flash', (bytes: Uint8Array) => bytes.fill(0xff)],
    ['a part of a RAID', (bytes: Uint8Array) => bytes.set(RAID, bytes.byteLength - 8192)],
    ['a part of an old RAID', (bytes: Uint8Array) => bytes.set(RAID, bytes.byteLength - 65536)],
    ['NILFS2', (bytes: Uint8Array) => bytes.set([0x34, 0x34], 1030)],
    ['Minix', (bytes: Uint8Array) => bytes.set([0x8f, 0x13], 1040)],
    ['sums of another volume', (bytes: Uint8Array) => bytes.set(Buffer.from('verity\0\0'))],
    ['swap space with pages of 64 KiB', (bytes: Uint8Array) => bytes.set(Buffer.from('SWAPSPACE2'), 65526)],
    ['the sleep of a computer', (bytes: Uint8Array) => bytes.set(Buffer.from('S1SUSPEND\0'), 4086)],
  ])('is none of a type for anything, with %s in it', async (_, fill) => {
    const content = new Uint8Array(1 << 20)
    fill(content)
    expect(damages(await open(disk(0x83, content)))).toEqual([])
  })

  it.each([
    ['the folder that ext makes', 700, '\x0a\x02lost+found'],
    ['the sectors that FAT32 counts in', 512, 'RRaA'.padEnd(484, '\0') + 'rrAa'],
    ['records of NTFS', 16 << 10, 'FILE0\0'],
    ['a table of FAT', 32 * SECTOR, '\xf8\xff\xff'],
    ['a boot sector', 0, '\xeb\x58\x90'.padEnd(510, 'x') + '\x55\xaa'],
  ])('is one of such a type with %s in it', async (_, at, trace) => {
    const content = new Uint8Array(1 << 20)
    content.set(Buffer.from(trace, 'latin1'), at)
    expect(damages(await open(disk(0x83, content)))).toEqual(['VOLUME_UNREADABLE'])
  })

  it('is none of a Linux type with the journal of another volume in it, unless the journal is missing', async () => {
    const content = Buffer.alloc(1 << 20)
    content.writeUInt16LE(0xef53, 1024 + 56)
    content.writeUInt32LE(1, 1024 + 76)
    content.writeUInt32LE(8, 1024 + 96)
    expect(damages(await open(disk(0x83, content)))).toEqual(['VOLUME_UNREADABLE'])
    content.writeUInt32BE(0xc03b3998, 2048)
    expect(damages(await open(disk(0x83, content)))).toEqual([])
  })

  it('is damage where it begins with zeros and goes on with something', async () => {
    const content = new Uint8Array(4 << 20).fill(0x5a, 1 << 20)
    expect(damages(await open(disk(0x0c, content)))).toEqual(['VOLUME_UNREADABLE'])
  })

  it('is damage where the file system is refused', async () => {
    const content = new Uint8Array(1 << 20)
    content.set(new TextEncoder().encode('NTFS    '), 3)
    expect(damages(await open(disk(0x07, content)))).toEqual(['VOLUME_UNREADABLE'])
  })

  it('is worth a note where it was never formatted', async () => {
    const image = await open(disk(0x83, new Uint8Array(1 << 18)))
    expect(codes(image)).toEqual(['PARTITION_BLANK'])
    expect(damages(image)).toEqual([])
  })

  it('is damage where it is blank, and goes on behind the end of the disk', async () => {
    const bytes = disk(0x0c, new Uint8Array(1 << 18)).subarray(0, -SECTOR)
    expect(damages(await open(bytes))).toEqual(['VOLUME_UNREADABLE'])
  })

  it.each([
    ['LUKS', 0, 'LUKS\xba\xbe'],
    ['XFS', 0, 'XFSB'],
    ['Btrfs', 65600, '_BHRfS_M'],
    ['UFS', 9564, '\x54\x19\x01\0'],
    ['F2FS', 1024, '\x10\x20\xf5\xf2'],
    ['LVM', 512, 'LABELONE'],
    ['swap', 4086, 'SWAPSPACE2'],
    ['RAID', 4096, '\xfc\x4e\x2b\xa9'],
  ])('is worth a note where it is of a kind that is not read: %s', async (name, at, magic) => {
    const content = Buffer.alloc(1 << 18, 1)
    content.write(magic, at, 'latin1')
    const image = await open(disk(0x83, content))
    expect(image.diagnostics).toMatchObject([
      { code: 'PARTITION_NOT_READ', severity: 'note', message: expect.stringContaining(name) as string },
    ])
  })

  it('makes the image one that is cut, where it goes on behind the end', async () => {
    const content = Buffer.alloc(1 << 18, 1)
    content.write('LUKS\xba\xbe', 0, 'latin1')
    for (const bytes of [disk(0x83, content), disk(0x83, Buffer.alloc(1 << 18, 0x5a))]) {
      expect((await open(bytes)).info.completeness).toMatchObject({ status: 'complete', missingByteLength: 0 })
      const cut = await open(bytes.subarray(0, -10 * SECTOR))
      expect(cut.info.completeness).toEqual({
        status: 'truncated',
        expectedByteLength: bytes.byteLength,
        missingByteLength: 10 * SECTOR,
      })
    }
    // Nothing was ever written to it: images are trimmed so.
    const trimmed = await open(disk(0x83, new Uint8Array(1 << 18)).subarray(0, -10 * SECTOR))
    expect(trimmed.info.completeness.status).toBe('complete')
  })

  it('is damage where it begins behind the end of the disk', async () => {
    const image = await open(disk(0x0c).subarray(0, START - SECTOR))
    expect(image.damage).toMatchObject([{ code: 'PARTITION_MISSING', byteOffset: START }])
  })

  it.each<[string, string, number, number]>([
    ['begins where the table lies', 'PARTITION_MISSING', 8, 0],
    ['has no length', 'PARTITION_MISSING', 12, 0],
    ['lies over another', 'PARTITIONS_OVERLAP', 8, 8],
  ])('is damage where it %s', async (_, code, field, value) => {
    const bytes = disk(0x0c)
    bytes.writeUInt32LE(value, 446 + 16 + field)
    const image = await open(bytes)
    expect(await pathsOf(image)).toEqual(['whole'])
    expect(image.damage).toMatchObject([{ code }])
  })

  it('says nothing over a disc that is read', async () => {
    const bytes = Buffer.from(buildIso([{ name: 'A;1', data: 'a' }]).bytes)
    putMbrEntry(bytes, 0, 0, 0x0c, 64, 4)
    putMbrEntry(bytes, 0, 1, 0x83, 1_000_000, 4)
    expect(damages(await open(bytes, 'a.iso'))).toEqual([])
  })
})

describe('a disk that is cut inside a volume', () => {
  it.each([
    ['GPT', () => buildGptDisk([{ start: 64, bytes: fat('first', 16), type: GUID.efi }])],
    ['MBR', () => buildMbrDisk([{ start: 64, bytes: fat('first', 16), type: 0x0e }])],
  ])('is cut, and what is missing is told (%s)', async (_, build) => {
    const bytes = build()
    const end = 64 * SECTOR + fat('first', 16).byteLength
    const image = await open(bytes.subarray(0, end - 10 * SECTOR))
    expect(image.info.completeness).toMatchObject({ status: 'truncated', missingByteLength: 10 * SECTOR })
    expect((await open(bytes.subarray(0, end))).info.completeness.status).toBe('complete')
  })
})
