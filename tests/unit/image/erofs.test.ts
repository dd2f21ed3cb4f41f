import zlib from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { unpackExtent } from '../../../src-main/image/filesystems/erofs/unpack'
import { codes, openBytes } from '../../images/open-bytes'
import { expectContents, indexOf, sampleImage, seq, smallTree } from '../../images/small-tree'

/** What tests/images/make-erofs.sh puts into each of them. */
const CONTENTS = smallTree(300_000, 300, 5000)
const KINDS = ['plain', 'chunks', 'lz4', 'legacy', 'clusters', 'tails', 'fragments']
const image = (name: string): Uint8Array => sampleImage(`erofs/${name}.erofs.zst`)

describe.each(KINDS)('EROFS (%s)', (name) => {
  it('lists everything, with owners, modes, times and links', async () => {
    const opened = await openBytes(image(name), { name: 'system.img' })
    expect(opened.info.views.map(({ id }) => id)).toEqual(['erofs'])
    expect(opened.info.completeness.status).toBe('complete')
    const table = await opened.view('erofs').readTree()
    expect(table.damage).toEqual([])
    const found = Array.from({ length: table.length - 1 }, (_, index) => table.pathOf(index + 1))
    expect(found.toSorted()).toEqual([...Object.keys(CONTENTS), 'folder', 'folder/deep', 'folder/link'].toSorted())
    expect(table.entry(indexOf(table, 'folder/link'))).toMatchObject({ kind: 'symlink', target: '../hello.txt' })
    expect(table.entry(indexOf(table, 'hello.txt'))).toMatchObject({
      mode: 0o644,
      uid: 0,
      modified: Date.UTC(2001, 1, 3, 4, 5, 6),
      status: 'complete',
    })
    const group = table.hardLinkGroupOf(indexOf(table, 'hello.txt'))
    expect(group).toBeGreaterThan(0)
    expect(table.hardLinkGroupOf(indexOf(table, 'folder/same.txt'))).toBe(group)
  })

  it('gives every byte of every file, and any range of them', async () => {
    await expectContents(await openBytes(image(name), { name: 'system.img' }), 'erofs', CONTENTS)
  })
})

/** In bytes of the volume. */
const rootAt = (bytes: Uint8Array): number => {
  const view = new DataView(bytes.buffer)
  return view.getUint32(1024 + 40, true) * 2 ** (bytes[1024 + 12] ?? 0) + view.getUint16(1024 + 14, true) * 32
}

describe('an EROFS image that lies', () => {
  it.each([
    ['its root outside', 14, 0xffff],
    ['features of tomorrow', 80, 0x80000000],
    ['blocks of 2^200 bytes', 12, 200],
  ])('is refused in a sentence: %s', async (_, at, value) => {
    const bytes = image('plain')
    const view = new DataView(bytes.buffer)
    if (value < 256) view.setUint8(1024 + at, value)
    else if (value < 65_536) view.setUint16(1024 + at, value, true)
    else view.setUint32(1024 + at, value, true)
    await expect(openBytes(bytes, { name: 'system.img' })).rejects.toMatchObject({
      code: 'NOTHING_READABLE',
      message: expect.stringMatching(/^This EROFS image .*\.$/) as string,
    })
  })

  it.each([
    ['before 1970', -86_400n, Date.UTC(1969, 11, 31)],
    ['in no year that is counted', 1n << 60n, null],
  ])('gives the times of files %s', async (_, seconds, modified) => {
    const bytes = image('plain')
    const view = new DataView(bytes.buffer)
    const recorded = Buffer.alloc(8)
    recorded.writeBigInt64LE(BigInt(Date.UTC(2001, 1, 3, 4, 5, 6) / 1000))
    for (let at = 0; (at = Buffer.from(bytes.buffer).indexOf(recorded, at)) >= 0; at++)
      view.setBigInt64(at, seconds, true)
    // Without the sum of the first block, where such a time stands as well.
    view.setUint32(1024 + 8, view.getUint32(1024 + 8, true) & ~1, true)
    const table = await (await openBytes(bytes, { name: 'system.img' })).view('erofs').readTree()
    expect(table.entry(indexOf(table, 'hello.txt')).modified).toBe(modified)
  })

  it('has a first block told that does not give its sum, whatever lies in it', async () => {
    const bytes = image('plain')
    const view = new DataView(bytes.buffer)
    expect(view.getUint32(1024 + 8, true) & 1).toBe(1)
    expect((await openBytes(bytes, { name: 'system.img' })).damage).toEqual([])
    // The time of all files, which nothing else would show.
    view.setUint8(1024 + 24, view.getUint8(1024 + 24) ^ 1)
    expect(codes(await openBytes(bytes, { name: 'system.img' }))).toEqual(['SUPERBLOCK_SUM_WRONG'])
    // A writer that makes no sums is none the worse for it.
    view.setUint32(1024 + 8, view.getUint32(1024 + 8, true) & ~1, true)
    expect((await openBytes(bytes, { name: 'system.img' })).damage).toEqual([])
  })

  it.each([
    ['zeros', 0],
    ['of another kind than its folder says', 0o100644],
  ])('has an inode told that is %s', async (_, mode) => {
    const bytes = image('plain')
    const view = new DataView(bytes.buffer)
    const clean = await (await openBytes(bytes, { name: 'system.img' })).view('erofs').readTree()
    // The root's entries stand in front of its names, and each says where its name begins: the fourth is the folder's.
    const namesAt = Buffer.from(bytes.buffer).indexOf(Buffer.from('...emptyfolderhello.txt'))
    let first = namesAt - 12
    while (view.getUint16(first + 8, true) !== namesAt - first) first -= 12
    const folder = Number(view.getBigUint64(first + 3 * 12, true))
    const at = view.getUint32(1024 + 40, true) * 2 ** (bytes[1024 + 12] ?? 0) + folder * 32
    if (mode === 0) bytes.fill(0, at, at + 32)
    else view.setUint16(at + 4, mode, true)
    const table = await (await openBytes(bytes, { name: 'system.img' })).view('erofs').readTree()
    expect(table.damage.map(({ code }) => code)).toContain('INODE_DAMAGED')
    expect(table.length).toBeLessThan(clean.length)
  })

  const rootNames = '...emptyfolderhello.txt'
  /** Where the entries of a directory begin: they stand in front of its names, and each says where its name begins. */
  const entriesAt = (bytes: Uint8Array, names: string): number => {
    const view = new DataView(bytes.buffer)
    const namesAt = Buffer.from(bytes.buffer).indexOf(Buffer.from(names))
    let first = namesAt - 12
    while (view.getUint16(first + 8, true) !== namesAt - first) first -= 12
    return first
  }

  it.each([
    [
      'names out of order',
      'NAMES_DISAGREE',
      (bytes: Uint8Array) => (bytes[Buffer.from(bytes.buffer).indexOf(Buffer.from(rootNames)) + 3] = 0x7a),
    ],
    [
      'an entry of its own that leads to another',
      'DIRECTORY_MISPLACED',
      (bytes: Uint8Array) => (bytes[entriesAt(bytes, rootNames)] = (bytes[entriesAt(bytes, rootNames)] ?? 0) ^ 1),
    ],
    [
      'a file twice that should have one name',
      'INODE_DAMAGED',
      // “f10” becomes what “f1” is.
      (bytes: Uint8Array) => {
        const first = entriesAt(bytes, '...deepf1f10f100')
        bytes.copyWithin(first + 4 * 12, first + 3 * 12, first + 3 * 12 + 8)
      },
    ],
  ])('has a directory told that has %s', async (_, code, change) => {
    const bytes = image('plain')
    change(bytes)
    const table = await (await openBytes(bytes, { name: 'system.img' })).view('erofs').readTree()
    expect(table.damage.map((damage) => damage.code)).toContain(code)
  })

  it('has a directory of 2^60 bytes told', async () => {
    const bytes = image('plain')
    const root = rootAt(bytes)
    const view = new DataView(bytes.buffer)
    // Compact inodes have 32 bits for it.
    if ((view.getUint16(root, true) & 1) !== 0) view.setBigUint64(root + 8, 2n ** 60n, true)
    else view.setUint32(root + 8, 0xffffffff, true)
    const table = await (await openBytes(bytes, { name: 'system.img' })).view('erofs').readTree()
    expect(table.damage.map(({ code }) => code)).toContain('DIRECTORY_UNREADABLE')
  })

  it('has names outside of their block told', async () => {
    const bytes = image('plain')
    const needle = Buffer.from(bytes.buffer).indexOf('hello.txt')
    // The root's entries stand in front of its names. Where one begins is where the one in front ends: both are lost.
    const namesAt = Buffer.from(bytes.buffer).lastIndexOf(Buffer.from('...emptyfolderhello.txt'), needle)
    const view = new DataView(bytes.buffer)
    view.setUint16(namesAt - 12 + 8, 0xfff0, true)
    const table = await (await openBytes(bytes, { name: 'system.img' })).view('erofs').readTree()
    expect(table.damage.map(({ code }) => code)).toContain('DIRECTORY_UNREADABLE')
    expect(Array.from({ length: table.length - 1 }, (_, index) => table.pathOf(index + 1))).toEqual(['empty'])
  })

  it('has extents that do not unpack told while they are read, and others given', async () => {
    const bytes = image('lz4')
    const opened = await openBytes(bytes, { name: 'system.img' })
    const clean = await opened.view('erofs').readTree()
    const [place] = Array.from(clean.storedRunsOf(indexOf(clean, 'folder/numbers')))
    bytes.fill(0, place, place! + 4096)
    const view = (await openBytes(bytes, { name: 'system.img' })).view('erofs')
    const content = (await view.lookup('folder/numbers'))!.content!
    await expect(Promise.resolve(content.read(0, 100))).rejects.toMatchObject({ code: 'CONTENT_DAMAGED' })
    const end = await content.read(content.byteLength - 5, 5)
    expect(Buffer.from(end).toString()).toBe('5000\n')
  })

  it('is told as partial where its end is missing', async () => {
    const bytes = image('plain')
    const opened = await openBytes(bytes.subarray(0, bytes.byteLength - 8192), { name: 'system.img' })
    const table = await opened.view('erofs').readTree()
    const all = Array.from({ length: table.length }, (_, index) => table.statusOf(index))
    expect(all).toContain('complete')
    expect(all.some((status) => status !== 'complete')).toBe(true)
    expect(opened.info.completeness.status).not.toBe('complete')
  })
})

describe('an EROFS image whose content lies on a device that is not there', () => {
  it('has none of its bytes, and nothing of what lies at the start of the image instead', async () => {
    const opened = await openBytes(image('elsewhere'), { name: 'system.img' })
    const table = await opened.view('erofs').readTree()
    expect(table.damage.map(({ code }) => code)).toContain('INODE_DAMAGED')
    for (const name of ['hello.txt', 'folder/numbers', 'folder/deep/mixed', 'folder/f1']) {
      const index = indexOf(table, name)
      expect(table.entry(index)).toMatchObject({ status: 'lost', byteLength: CONTENTS[name]!.byteLength, extents: [] })
      expect(table.plainRunOf(index)).toBe(null)
      expect(Array.from(table.storedRunsOf(index))).toEqual([])
      const content = (await opened.view('erofs').lookup(name))!.content!
      expect((await content.read(0, content.byteLength)).byteLength).toBe(0)
      expect(content.recorded?.(0, content.byteLength)).toBe(0)
      expect(content.locate(0, 1)).toBe(null)
    }
    expect(table.entry(indexOf(table, 'empty'))).toMatchObject({ status: 'complete', extents: [] })
  })
})

describe('an extent of a file', () => {
  const content = Buffer.from(seq(1, 2000))
  const padded = (packed: Uint8Array): Uint8Array => Buffer.concat([new Uint8Array(100), packed])
  /** The LZMA data of an initrd, their header made that of MicroLZMA. */
  const microLzma = (): { packed: Buffer; byteLength: number } => {
    const initrd = Buffer.from(sampleImage('cpio/lzma.img'))
    const at = initrd.indexOf(Buffer.from([0x5d, 0, 0]))
    const packed = Buffer.from(initrd.subarray(at + 13))
    packed[0] = ~0x5d & 0xff
    return { packed, byteLength: Buffer.from(sampleImage('cpio/newc.cpio.zst')).byteLength }
  }

  it.each([
    ['DEFLATE', 2, zlib.deflateRawSync(content)],
    ['zstd', 3, zlib.zstdCompressSync(content)],
  ])('unpacks, whole or its beginning: %s', (_, algorithm, packed) => {
    expect(Buffer.from(unpackExtent(algorithm, padded(packed), content.byteLength, true))).toEqual(content)
    expect(Buffer.from(unpackExtent(algorithm, padded(packed), 100, true))).toEqual(content.subarray(0, 100))
    expect(() => unpackExtent(algorithm, padded(packed), content.byteLength + 1, true)).toThrow('does not unpack')
    expect(() => unpackExtent(algorithm, padded(packed.subarray(0, 60)), content.byteLength, true)).toThrow()
  })

  it('unpacks MicroLZMA', () => {
    const { packed, byteLength } = microLzma()
    const expected = Buffer.from(sampleImage('cpio/newc.cpio.zst'))
    const beginning = unpackExtent(1, padded(packed), 2000, true)
    expect(Buffer.from(beginning)).toEqual(expected.subarray(0, 2000))
    expect(Buffer.from(unpackExtent(1, padded(packed), byteLength, true))).toEqual(expected)
    expect(() => unpackExtent(1, padded(packed.subarray(0, 200)), byteLength, true)).toThrow('does not unpack')
  })

  it('is refused where its way of packing is unknown, or there is nothing', () => {
    expect(() => unpackExtent(9, content, 10, false)).toThrow('packed in a way that there is not')
    expect(() => unpackExtent(0, new Uint8Array(4096), 10, true)).toThrow('does not unpack')
  })
})
