import { gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { unpackLzo } from '../../../src-main/image/codecs/lzo'
import { LzmaDecoder, lzmaProperties } from '../../../src-main/image/codecs/lzma'
import { sectors } from '../../images/cd-sectors'
import { openBytes, scratch } from '../../images/open-bytes'
import { expectContents, indexOf, sampleImage, seq } from '../../images/small-tree'

/** What tests/images/make-cpio.sh puts into the second archive. */
const SECOND: Record<string, Buffer> = {
  'hello.txt': Buffer.from('hello\n'),
  'folder/same.txt': Buffer.from('hello\n'),
  'folder/numbers': Buffer.from(seq(1, 2000)),
  empty: Buffer.alloc(0),
}
const BOTH = { ...SECOND, 'kernel/x86/code.bin': Buffer.from('microcode\n') }
const FOLDERS = ['folder', 'kernel', 'kernel/x86']
const PACKED = ['gz', 'xz', 'zst', 'bz2', 'lzma', 'lz4', 'lzo']

/** A file of an archive of the newer form. */
function newc(
  name: string,
  data = '',
  fields: Partial<Record<'mode' | 'links' | 'inode' | 'size', number>> = {},
): Buffer {
  const { mode = 0o100644, links = 1, inode = 1, size = data.length } = fields
  const numbers = [inode, mode, 0, 0, links, 981_173_106, size, 0, 0, 0, 0, name.length + 1, 0]
  const header = `070701${numbers.map((value) => value.toString(16).padStart(8, '0')).join('')}`
  const pad = (text: string): string => text + '\0'.repeat((4 - (text.length % 4)) % 4)
  return Buffer.from(pad(`${header}${name}\0`) + pad(data), 'latin1')
}
const TRAILER = newc('TRAILER!!!')

/** Whole sectors of user data. */
const padded = (bytes: Uint8Array): Uint8Array => Buffer.concat([bytes, Buffer.alloc(-bytes.byteLength & 2047)])

async function listed(bytes: Uint8Array) {
  const table = await (await openBytes(bytes, { name: 'initrd', ...scratch })).view('cpio').readTree()
  const paths = Array.from({ length: table.length - 1 }, (_, index) => table.pathOf(index + 1)).toSorted()
  return { table, paths, told: table.damage.map(({ code }) => code) }
}

describe.each(['newc', 'crc', 'odc', 'bin'])('a cpio archive (%s)', (form) => {
  it('lists everything and gives every byte', async () => {
    const bytes = sampleImage(`cpio/${form}.cpio.zst`)
    const { table, paths, told } = await listed(bytes)
    expect(told).toEqual([])
    expect(paths).toEqual([...Object.keys(SECOND), 'folder', 'folder/link'].toSorted())
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
    await expectContents(await openBytes(bytes, { name: 'a.cpio' }), 'cpio', SECOND)
  })
})

describe.each(PACKED)('an initrd whose second archive is packed (%s)', (packing) => {
  it('shows both as one tree', async () => {
    const image = await openBytes(sampleImage(`cpio/${packing}.img`), { name: 'initrd', ...scratch })
    expect(image.info.containers).toEqual(['initrd'])
    await expectContents(image, 'cpio', BOTH)
    const { paths, told } = await listed(sampleImage(`cpio/${packing}.img`))
    expect(told).toEqual([])
    expect(paths).toEqual([...Object.keys(BOTH), ...FOLDERS, 'folder/link'].toSorted())
  })

  it('tells that it is cut short, and shows what there is', async () => {
    const bytes = sampleImage(`cpio/${packing}.img`)
    const image = await openBytes(bytes.subarray(0, bytes.byteLength - 600), { name: 'initrd', ...scratch })
    const table = await image.view('cpio').readTree()
    expect(image.damage.length + table.damage.length).toBeGreaterThan(0)
    expect(table.statusOf(indexOf(table, 'kernel/x86/code.bin'))).toBe('complete')
  })
})

describe('the sums of an archive of the form crc (cpio(5), c_check)', () => {
  const packed = 'cpio/crc.cpio.zst'

  it('are those of its files, linked ones among them, and of nothing else', async () => {
    const { table } = await listed(sampleImage(packed))
    const { algorithm, sums } = await table.recordedSums()
    expect(algorithm).toBe('sum32')
    expect([...sums.keys()].map((index) => table.pathOf(index)).toSorted()).toEqual(Object.keys(SECOND).toSorted())
    for (const [index, hex] of sums) {
      const bytes = SECOND[table.pathOf(index)] ?? Buffer.alloc(0)
      expect(parseInt(hex, 16)).toBe(bytes.reduce((sum, byte) => sum + byte, 0))
    }
  })

  it('are in no other form', async () => {
    for (const form of ['newc', 'odc', 'bin']) {
      const { table } = await listed(sampleImage(`cpio/${form}.cpio.zst`))
      expect((await table.recordedSums()).sums.size).toBe(0)
    }
  })
})

describe('archives one behind the other', () => {
  it('are packed each in its own way, and the later names count', async () => {
    const image = await openBytes(sampleImage('cpio/three.img'), { name: 'initrd', ...scratch })
    await expectContents(image, 'cpio', { ...BOTH, 'hello.txt': Buffer.from('later\n') })
  })

  it('need no unpacking where none is packed', async () => {
    const bytes = Buffer.concat([newc('a', 'first'), TRAILER, Buffer.alloc(512), newc('a', 'second'), TRAILER])
    const image = await openBytes(bytes, { name: 'initrd' })
    expect(image.info.containers).toEqual(['plain'])
    await expectContents(image, 'cpio', { a: Buffer.from('second') })
  })

  it('are told of where something else follows', async () => {
    const bytes = Buffer.concat([newc('a', 'first'), TRAILER, Buffer.alloc(512), Buffer.from('something else')])
    const image = await openBytes(bytes, { name: 'initrd' })
    await image.view('cpio').readTree()
    expect(image.diagnostics.map(({ code }) => code)).toContain('BYTES_AFTER_ARCHIVE')
  })
})

describe('an archive whose beginning is destroyed, behind another', () => {
  const first = Buffer.concat([newc('a', 'first'), TRAILER, Buffer.alloc(512)])
  const second = newc('b', 'x'.repeat(200))
  const flipped = (bytes: Buffer): Buffer => Buffer.concat([Buffer.from([(bytes[0] ?? 0) ^ 1]), bytes.subarray(1)])
  const frame = Buffer.concat([Buffer.from('04224d18', 'hex'), Buffer.alloc(100, 1)])
  const zst = zstdCompressSync(Buffer.concat([second, TRAILER]))
  const cases: [what: string, bytes: Buffer, kind: string][] = [
    ['as it is', Buffer.concat([first, flipped(second), TRAILER]), 'something that is no archive'],
    ['packed by gzip', Buffer.concat([first, flipped(gzipSync(second))]), 'something that is no archive'],
    ['packed as the first is', Buffer.concat([zstdCompressSync(first), flipped(zst)]), 'something that is no archive'],
    ['packed in a way that is not read', Buffer.concat([first, frame]), 'an LZ4 frame'],
    ['packed so behind one that is packed', Buffer.concat([gzipSync(first), frame]), 'an LZ4 frame'],
  ]

  it.each(cases)('is missing, which is damage: %s', async (_, bytes, kind) => {
    const image = await openBytes(bytes, { name: 'initrd', ...scratch })
    await image.view('cpio').readTree()
    const told = image.diagnostics.filter(({ code }) => code === 'ARCHIVE_UNREAD')
    expect(told).toMatchObject([{ severity: 'damage', message: expect.stringContaining(kind) as string }])
  })

  it('is nothing that is missing where the configuration of the start stands there', async () => {
    const text = Buffer.from(`kernel.loglevel = 7\n${'#'.repeat(80)}\n`)
    const bytes = Buffer.concat([first, text, Buffer.alloc(8), Buffer.from('#BOOTCONFIG\n')])
    for (const image of [
      await openBytes(bytes, { name: 'initrd', ...scratch }),
      await openBytes(Buffer.concat([gzipSync(first), bytes.subarray(first.byteLength)]), {
        name: 'initrd',
        ...scratch,
      }),
    ]) {
      await image.view('cpio').readTree()
      expect(image.diagnostics.map(({ code }) => code)).not.toContain('ARCHIVE_UNREAD')
    }
  })
})

describe('a cpio archive that is cut short', () => {
  const whole = Buffer.concat([newc('a', 'first'), newc('b', 'x'.repeat(1000)), TRAILER])
  const lengths = { 'in a file': 600, 'behind a file': whole.byteLength - TRAILER.byteLength, 'in its trailer': 50 }

  it.each(Object.entries(lengths))('is not called complete: %s', async (place, length) => {
    const kept = place === 'in its trailer' ? whole.byteLength - length : length
    const image = await openBytes(whole.subarray(0, kept), { name: 'initrd' })
    const { status, missingByteLength, expectedByteLength } = image.info.completeness
    expect({ status, missingByteLength, expectedByteLength }).toEqual({
      status: 'truncated',
      missingByteLength: whole.byteLength - kept,
      expectedByteLength: whole.byteLength,
    })
    expect((await listed(whole.subarray(0, kept))).told).toContain('ARCHIVE_CUT_SHORT')
  })
})

describe('what is packed as a whole, in the sectors of a CD', () => {
  it('is unpacked as it is outside of them', async () => {
    const image = await openBytes(sectors(padded(sampleImage('cpio/gz.img'))), { name: 'disc.bin', ...scratch })
    expect(image.info.containers).toEqual(['raw-2352', 'initrd'])
    await expectContents(image, 'cpio', BOTH)
  })
})

describe('a cpio archive that lies', () => {
  it('keeps names inside', async () => {
    const { paths } = await listed(Buffer.concat([newc('../../etc/x', 'x'), newc('/abs/./y', 'y'), TRAILER]))
    expect(paths).toEqual(['__', '__/__', '__/__/etc', '__/__/etc/x', 'abs', 'abs/y'])
  })

  it('has the content of the last name only where there is one', async () => {
    const link = { links: 3, inode: 7 }
    const bytes = Buffer.concat([newc('a', '', link), newc('b', '', link), newc('c', 'content', link), TRAILER])
    const image = await openBytes(bytes, { name: 'initrd' })
    const content = Buffer.from('content')
    await expectContents(image, 'cpio', { a: content, b: content, c: content })
  })

  it('has a file of 4 GiB in a few bytes marked, and says that it is cut short', async () => {
    const { table, told } = await listed(Buffer.concat([newc('big', 'abc', { size: 0xffffffff }), TRAILER]))
    expect(table.statusOf(indexOf(table, 'big'))).toBe('partial')
    expect(told).toEqual(['ARCHIVE_CUT_SHORT'])
  })

  it('shows what stands in front of a header that cannot be read', async () => {
    const bytes = Buffer.concat([newc('a', 'first'), newc('b', 'x'), TRAILER])
    bytes.write('zzzzzzzz', newc('a', 'first').byteLength + 6)
    const { paths, told } = await listed(bytes)
    expect(paths).toEqual(['a'])
    expect(told).toEqual(['ARCHIVE_DAMAGED'])
  })

  it('is refused where no header can be read at all', async () => {
    const bytes = newc('a', 'x')
    bytes.write('zzzzzzzz', 6)
    await expect(openBytes(bytes, { name: 'initrd' })).rejects.toMatchObject({ code: 'NOTHING_READABLE' })
  })
})

describe('LZO1X', () => {
  it('refuses matches in front of the data, lengths without end, and data that are cut short', () => {
    expect(() => unpackLzo(Uint8Array.from([18, 0x61, 0x40, 0xff]), 100)).toThrow(RangeError)
    expect(() => unpackLzo(new Uint8Array(5000), 100)).toThrow(RangeError)
    expect(() => unpackLzo(Uint8Array.from([20, 0x61]), 100)).toThrow(RangeError)
  })
})

describe('LZMA', () => {
  it('refuses properties that there are not, and matches in front of the data', () => {
    expect(lzmaProperties(225)).toBeNull()
    const decoder = new LzmaDecoder(lzmaProperties(0x5d)!, 100)
    decoder.give(new Uint8Array(64).fill(0xff))
    expect(() => decoder.run(100, true)).toThrow(RangeError)
    decoder.release()
  })
})
