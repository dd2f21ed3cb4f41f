import { describe, expect, it } from 'vitest'
import { unpackLznt1 } from '../../../src-main/image/codecs/lznt1'
import type { EntryTable } from '../../../src-main/image'
import { codes, contentOf, openBytes, pathsOf } from '../../images/open-bytes'
import { expectContents, indexOf, sampleImage, seq, smallTree } from '../../images/small-tree'

const whole = Buffer.concat([Buffer.from(seq(1, 3000)), Buffer.alloc(30_000)])
const small = smallTree(300_000, 100)
const pieces = Array.from({ length: 30_000 }, (_, index) => `${String(index + 1).padStart(7, '0')}\n`).join('')
/** What tests/images/make-ntfs.sh puts into it. */
const CONTENTS: Record<string, Buffer> = {
  ...small,
  'folder/pieces': Buffer.from(pieces),
  ...Object.fromEntries(
    [1, 2, 3, 4].map((number) => [
      `folder/another rather long name of the file in pieces, number ${number}`,
      Buffer.from(pieces),
    ]),
  ),
  'packed/mixed': small['folder/deep/mixed']!,
  'packed/zeros': Buffer.alloc(70_000),
  whole0: whole,
  whole1: whole,
  whole2: whole,
  whole3: whole,
}
const LINKS = {
  'folder/link': '../hello.txt',
  'folder/windows-link': '../hello.txt',
  'folder/interix-link': '../hello.txt',
}
const image = (): Uint8Array => sampleImage('ntfs/small.img.zst')
const CLUSTER = 512
const RECORD = 1024

/** Where the record of a file lies, in bytes: the first that has the name. */
function recordOf(bytes: Uint8Array, name: string): number {
  const wanted = Buffer.from(name, 'utf16le')
  for (let at = 0; at < bytes.byteLength; at += CLUSTER) {
    const record = Buffer.from(bytes.buffer, at, RECORD)
    if (record.toString('latin1', 0, 4) === 'FILE' && record.includes(wanted)) return at
  }
  throw new Error(`no record of ${name}`)
}

/** Where an attribute of a record begins, in bytes of the volume. */
function attributeOf(bytes: Uint8Array, record: number, type: number): number {
  const view = new DataView(bytes.buffer)
  for (let at = record + view.getUint16(record + 20, true); at < record + RECORD;) {
    if (view.getUint32(at, true) === type) return at
    if (view.getUint32(at, true) === 0xffffffff) break
    at += view.getUint32(at + 4, true)
  }
  throw new Error(`no attribute ${type}`)
}

async function treeOf(bytes: Uint8Array): Promise<{ table: EntryTable; told: string[] }> {
  const table = await (await openBytes(bytes, { name: 'disk.img' })).view('ntfs').readTree()
  return { table, told: table.damage.map(({ code }) => code) }
}

describe('NTFS', () => {
  it('lists everything but its own files: links of three kinds, hard links, times, the label', async () => {
    const opened = await openBytes(image(), { name: 'disk.img' })
    expect(opened.info.views.map(({ id, volumeName }) => [id, volumeName])).toEqual([['ntfs', 'small']])
    expect(opened.info.completeness.status).toBe('complete')
    const table = await opened.view('ntfs').readTree()
    expect(table.damage).toEqual([])
    const found = Array.from({ length: table.length - 1 }, (_, index) => table.pathOf(index + 1))
    expect(found.toSorted()).toEqual(
      [...Object.keys(CONTENTS), ...Object.keys(LINKS), 'folder', 'folder/deep', 'packed'].toSorted(),
    )
    for (const [path, target] of Object.entries(LINKS))
      expect(table.entry(indexOf(table, path))).toMatchObject({ kind: 'symlink', target })
    expect(table.modifiedOf(indexOf(table, 'hello.txt'))).toBe(Date.UTC(2001, 1, 3, 4, 5, 6))
    const group = table.hardLinkGroupOf(indexOf(table, 'hello.txt'))
    expect(group).toBe(table.hardLinkGroupOf(indexOf(table, 'folder/same.txt')))
    expect(group).toBeGreaterThan(0)
    expect(table.hardLinkGroupOf(indexOf(table, 'whole0'))).toBe(-1)
  })

  it('gives every byte: in records, in pieces, sparse, compressed, packed as a whole', async () => {
    const opened = await openBytes(image(), { name: 'disk.img' })
    await expectContents(opened, 'ntfs', CONTENTS)
    const table = await opened.view('ntfs').readTree()
    expect(table.extentsOf(indexOf(table, 'folder/pieces'))!.length).toBeGreaterThan(150)
    expect(attributeOf(image(), recordOf(image(), 'pieces'), 0x20)).toBeGreaterThan(0)
    for (const path of ['packed/mixed', 'whole0', 'whole1']) expect(table.isPackedOf(indexOf(table, path))).toBe(true)
  })

  it('has named streams, of which it is said that they are not listed', async () => {
    const opened = await openBytes(image(), { name: 'disk.img' })
    const view = opened.view('ntfs')
    await view.readTree()
    expect(opened.diagnostics.map(({ message }) => message)).toContainEqual(expect.stringMatching(/^1 file has named/))
  })

  it('lists named streams beside their files where that is asked for', async () => {
    const opened = await openBytes(image(), { name: 'disk.img', listsStreams: true })
    const paths = await pathsOf(opened, 'ntfs')
    expect(paths.filter((each) => each.includes(':'))).toEqual(['folder/same.txt:note', 'hello.txt:note'])
    expect(await contentOf(opened, 'hello.txt:note')).toBe('stream\n')
    expect(await contentOf(opened, 'hello.txt')).toBe('hello\n')
    expect(codes(opened)).not.toContain('NAMED_STREAMS')
  })

  it('is read by the copy of its boot sector, and by the mirror of its table, and it is said', async () => {
    const bootless = image()
    bootless.fill(0, 0, 512)
    const other = await openBytes(bootless, { name: 'disk.img' })
    expect(codes(other)).toContain('HEADER_DAMAGED')
    expect(await contentOf(other, 'hello.txt')).toBe('hello\n')
    const tableless = image()
    const table = Number(new DataView(tableless.buffer).getBigUint64(48, true)) * CLUSTER
    tableless.fill(0, table, table + 4)
    const mirrored = await openBytes(tableless, { name: 'disk.img' })
    expect(codes(mirrored)).toContain('HEADER_DAMAGED')
    expect(await contentOf(mirrored, 'folder/f7')).toBe('file 7\n')
  })
})

describe('an NTFS volume that lies', () => {
  it('has a record that was written in part told, and the others read', async () => {
    const bytes = image()
    new DataView(bytes.buffer).setUint16(recordOf(bytes, 'numbers') + 510, 0x7777, true)
    const { table, told } = await treeOf(bytes)
    expect(table.statusOf(indexOf(table, 'folder/numbers'))).toBe('lost')
    expect(table.statusOf(indexOf(table, 'folder/pieces'))).toBe('complete')
    expect(told).toEqual(['RECORD_DAMAGED'])
  })

  it('has a file of 2^60 bytes marked as lost', async () => {
    const bytes = image()
    const data = attributeOf(bytes, recordOf(bytes, 'numbers'), 0x80)
    new DataView(bytes.buffer).setBigUint64(data + 48, 2n ** 60n, true)
    const { table, told } = await treeOf(bytes)
    expect(table.statusOf(indexOf(table, 'folder/numbers'))).toBe('lost')
    expect(told).toEqual(['RECORD_DAMAGED'])
  })

  it('has encrypted files told as that', async () => {
    const bytes = image()
    const data = attributeOf(bytes, recordOf(bytes, 'numbers'), 0x80)
    new DataView(bytes.buffer).setUint16(data + 12, 0x4000, true)
    const { table } = await treeOf(bytes)
    expect(table.statusOf(indexOf(table, 'folder/numbers'))).toBe('lost')
    expect(table.isEncryptedOf(indexOf(table, 'folder/numbers'))).toBe(true)
    expect(table.damage).toEqual([])
  })

  it('has runs outside the volume told', async () => {
    const bytes = image()
    const data = attributeOf(bytes, recordOf(bytes, 'numbers'), 0x80)
    const mapping = data + new DataView(bytes.buffer).getUint16(data + 32, true)
    bytes.set([0x41, 0x10, 0xff, 0xff, 0xff, 0x7f, 0], mapping)
    const { table, told } = await treeOf(bytes)
    expect(table.statusOf(indexOf(table, 'folder/numbers'))).toBe('lost')
    expect(told).toEqual(['RECORD_DAMAGED'])
  })

  it('loses names only with the block of the index that they stand in', async () => {
    const bytes = image()
    const block = Array.from({ length: bytes.byteLength / CLUSTER }, (_, index) => index * CLUSTER).find((at) => {
      const text = Buffer.from(bytes.buffer, at, 4096)
      return text.toString('latin1', 0, 4) === 'INDX' && text.includes(Buffer.from('f42', 'utf16le'))
    })!
    new DataView(bytes.buffer).setUint16(block + 510, 0x7777, true)
    const { table, told } = await treeOf(bytes)
    expect(told).toEqual(['DIRECTORY_UNREADABLE'])
    expect(table.length).toBeGreaterThan(60)
    expect(table.length).toBeLessThan(120)
  })

  it.each([
    ['no sectors in a cluster', 13, 0],
    ['a table of files outside', 48, 0x7fffffff],
    ['records of 2^100 bytes', 64, 0x9c],
  ])('is refused in a sentence: %s', async (_, at, value) => {
    const bytes = image()
    if (value < 256) bytes[at] = value
    else new DataView(bytes.buffer).setUint32(at, value, true)
    await expect(openBytes(bytes, { name: 'disk.img' })).rejects.toMatchObject({
      code: 'NOTHING_READABLE',
      message: expect.stringMatching(/^This NTFS volume .*\.$/) as string,
    })
  })
})

describe('LZNT1', () => {
  it('unpacks literals and matches, chunks that are stored, and zeros behind them', () => {
    // “abc”, then nine bytes from three before ([MS-XCA] 2.5: twelve bits of length while less than 17 bytes are there).
    const packed = [0x05, 0xb0, 0b1000, 0x61, 0x62, 0x63, 0x06, 0x20, 0x01, 0x30, 0x78, 0x79]
    const out = unpackLznt1(Uint8Array.from(packed), 5000)
    expect(Buffer.from(out.subarray(0, 12)).toString()).toBe('abcabcabcabc')
    expect(Buffer.from(out.subarray(4096, 4098)).toString()).toBe('xy')
    expect(out.subarray(4098).every((byte) => byte === 0)).toBe(true)
  })

  it('refuses matches in front of their chunk, and chunks that are cut short', () => {
    expect(() => unpackLznt1(Uint8Array.from([0x03, 0xb0, 0b10, 0x61, 0x00, 0x20]), 4096)).toThrow(RangeError)
    expect(() => unpackLznt1(Uint8Array.from([0xff, 0xbf, 0]), 4096)).toThrow(RangeError)
  })
})
