import { createHash } from 'node:crypto'
import fs from 'node:fs'
import { unpackHere } from '../../../src-main/image/codecs/unpackers'
import { describe, expect, it } from 'vitest'
import { compressorOf } from '../../../src-main/image/filesystems/squashfs/compressors'
import { MemoryByteSource } from '../../../src-main/image/core/byte-source'
import { Metadata } from '../../../src-main/image/filesystems/squashfs/metadata'
import { openBytes, readAll } from '../../images/open-bytes'
import { buildSquashfs } from '../../images/squashfs-builder'

const seq = (from: number, to: number): string =>
  Array.from({ length: to - from + 1 }, (_, index) => `${from + index}\n`).join('')

/** What tests/images/make-squashfs.sh puts into each of them. */
const CONTENTS: Record<string, Buffer> = {
  'hello.txt': Buffer.from('hello\n'),
  'folder/same.txt': Buffer.from('hello\n'),
  empty: Buffer.alloc(0),
  'folder/numbers': Buffer.from(seq(1, 20_000)),
  zeros: Buffer.alloc(300_000),
  'folder/deep/mixed': Buffer.concat([Buffer.from(seq(1, 3000)), Buffer.alloc(200_000), Buffer.from(seq(3001, 6000))]),
  ...Object.fromEntries(Array.from({ length: 400 }, (_, i) => [`folder/f${i + 1}`, Buffer.from(`file ${i + 1}\n`)])),
}
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const imageOf = (compressor: string): Uint8Array =>
  new Uint8Array(fs.readFileSync(`tests/images/squashfs/${compressor}.squashfs`))
const HELLO_LZMA = 'XQAAgAD//////////wA0GUnujelWCsG2ILf//7o0AAA='
const COMPRESSORS = ['gzip', 'lzma', 'lzo', 'xz', 'lz4', 'zstd']

describe.each(COMPRESSORS)('SquashFS, packed by %s', (compressor) => {
  it('lists everything, with owners, modes, times and links', async () => {
    const image = await openBytes(imageOf(compressor), { name: 'live.squashfs' })
    expect(image.info.views.map(({ id }) => id)).toEqual(['squashfs'])
    expect(image.info.completeness.status).toBe('complete')
    const table = await image.view('squashfs').readTree()
    expect(table.damage).toEqual([])
    const entries = new Map(
      Array.from({ length: table.length - 1 }, (_, i) => [table.pathOf(i + 1), table.entry(i + 1)]),
    )
    expect([...entries.keys()].toSorted()).toEqual(
      [...Object.keys(CONTENTS), 'folder', 'folder/deep', 'folder/link'].toSorted(),
    )
    expect(entries.get('folder/link')).toMatchObject({ kind: 'symlink', target: '../hello.txt' })
    expect(entries.get('hello.txt')).toMatchObject({
      kind: 'file',
      mode: 0o644,
      uid: 0,
      gid: 0,
      modified: Date.UTC(2001, 1, 3, 4, 5, 6),
      status: 'complete',
    })
    const index = (path: string): number =>
      Array.from({ length: table.length }, (_, at) => at).find((at) => table.pathOf(at) === path)!
    expect(table.hardLinkGroupOf(index('hello.txt'))).toBe(table.hardLinkGroupOf(index('folder/same.txt')))
    expect(table.hardLinkGroupOf(index('folder/numbers'))).toBe(-1)
  })

  it('gives every byte of every file, and any range of them', async () => {
    const image = await openBytes(imageOf(compressor), { name: 'live.squashfs' })
    const view = image.view('squashfs')
    for (const [path, expected] of Object.entries(CONTENTS)) {
      const content = (await view.lookup(path))?.content
      expect(sha256(await readAll(content)), path).toBe(sha256(expected))
    }
    const mixed = (await view.lookup('folder/deep/mixed'))!.content!
    const expected = CONTENTS['folder/deep/mixed']!
    const ranges = [
      [0, 10],
      [131_071, 2],
      [131_072, 70_000],
      [expected.byteLength - 5, 50],
    ] as const
    const read = await Promise.all(ranges.map(async ([from, length]) => mixed.read(from, length)))
    for (const [at, [from, length]] of ranges.entries())
      expect(sha256(read[at]!)).toBe(sha256(expected.subarray(from, from + length)))
  })

  it('says what is missing of one that is cut short', async () => {
    const whole = imageOf(compressor)
    // The tables lie behind the data: without them nothing is there, and that is said.
    const image = await openBytes(whole.slice(0, new DataView(whole.buffer).getUint32(40, true) - 4000), {
      name: 'live.squashfs',
    })
    const table = await image.view('squashfs').readTree()
    expect(table.damage.length).toBeGreaterThan(0)
    expect(image.info.completeness.status).toBe('truncated')
  })
})

describe('SquashFS', () => {
  it('tells a block that does not unpack, and gives no zeros for it', async () => {
    const bytes = imageOf('gzip')
    // The first data block lies behind the superblock.
    bytes.fill(0xff, 96, 140)
    const image = await openBytes(bytes, { name: 'live.squashfs' })
    const view = image.view('squashfs')
    const failures: string[] = []
    for (const path of ['folder/deep/mixed', 'folder/numbers', 'hello.txt']) {
      const content = (await view.lookup(path))!.content!
      try {
        await content.read(0, content.byteLength)
      } catch (error) {
        failures.push((error as Error).message)
      }
    }
    expect(failures.length).toBeGreaterThan(0)
    for (const message of failures) expect(message).toContain('does not unpack')
  })

  it('says nothing of owners whose table is damaged, instead of giving files to root', async () => {
    const bytes = imageOf('gzip')
    const view = new DataView(bytes.buffer)
    const block = Number(view.getBigUint64(Number(view.getBigUint64(48, true)), true))
    view.setUint16(block, 0, true)
    const image = await openBytes(bytes, { name: 'live.squashfs' })
    const table = await image.view('squashfs').readTree()
    const index = Array.from({ length: table.length }, (_, at) => at).find((at) => table.pathOf(at) === 'hello.txt')!
    expect(table.entry(index)).toMatchObject({ uid: null, gid: null, mode: 0o644, status: 'complete' })
    expect(table.damage.filter(({ message }) => message.includes('belong to'))).toHaveLength(1)
  })

  it('does not take a mistake of the program for damage', async () => {
    for (const id of [1, 2, 3, 4, 5, 6]) {
      const { unpack } = compressorOf(id, unpackHere)!
      await expect(unpack(null as unknown as Uint8Array, 10)).rejects.toThrow(TypeError)
      await expect(unpack(Uint8Array.of(1, 2, 3), 10)).rejects.toMatchObject({ code: 'CONTENT_DAMAGED' })
    }
  })

  it('says which compressor it does not read', async () => {
    const bytes = imageOf('gzip')
    bytes[20] = 9
    await expect(openBytes(bytes, { name: 'live.squashfs' })).rejects.toThrow(/packed with compressor 9.*unsquashfs/)
  })

  it('unpacks a block of LZMA to no more than it may have, whatever its header says', async () => {
    const { unpack } = compressorOf(2, unpackHere)!
    // printf 'hello hello hello hello\n' | xz --format=lzma: length unknown, with an end marker.
    const packed = Uint8Array.from(Buffer.from(HELLO_LZMA, 'base64'))
    const text = 'hello hello hello hello\n'
    expect(Buffer.from(await unpack(packed, 8192)).toString()).toBe(text)
    const known = packed.slice()
    new DataView(known.buffer).setBigUint64(5, BigInt(text.length), true)
    expect(Buffer.from(await unpack(known, 24)).toString()).toBe(text)
    for (const length of [25n, 2n ** 40n]) {
      new DataView(known.buffer).setBigUint64(5, length, true)
      await expect(unpack(known, 24)).rejects.toMatchObject({ code: 'CONTENT_DAMAGED' })
    }
  })

  it('reads lists of blocks once for each file, and none that cannot all be there', async () => {
    // Each has a million blocks of four KiB, and all their lists lie in the same four MiB.
    const nodes = Array.from({ length: 200 }, (_, index) => ({ name: `f${index}`, byteLength: 2 ** 32 - 4096 }))
    const image = await openBytes(buildSquashfs(nodes, 4 << 20), { name: 'vast.squashfs' })
    const table = await image.view('squashfs').readTree()
    expect(table.length).toBe(201)
    expect(table.damage.filter(({ message }) => message.includes('more blocks than')).length).toBeGreaterThan(0)
    const statuses = Array.from({ length: 200 }, (_, i) => table.statusOf(i + 1))
    expect(statuses.filter((status) => status === 'complete').length).toBeLessThan(4)
    // One alone has room enough, and is zeros.
    const one = await openBytes(buildSquashfs(nodes.slice(0, 1), 4 << 20), { name: 'vast.squashfs' })
    const whole = await one.view('squashfs').readTree()
    expect(whole.damage).toEqual([])
    expect(Buffer.from((await whole.content(1)?.read(2 ** 31, 10)) ?? [])).toEqual(Buffer.alloc(10))
  })

  it('lists all that its packed tables hold, however short they are', async () => {
    const nodes = Array.from({ length: 5000 }, (_, index) => ({ name: `f${index}`, byteLength: 0 }))
    const bytes = buildSquashfs(nodes, 0)
    expect(bytes.byteLength).toBeLessThan(30_000)
    const image = await openBytes(bytes, { name: 'many.squashfs' })
    const table = await image.view('squashfs').readTree()
    expect(table.length).toBe(5001)
    expect(table.damage).toEqual([])
    expect((await image.view('squashfs').readFolder(''))?.length).toBe(5001)
  })

  it('says of a folder that is not listed to its end for a limit that it is not', async () => {
    const nodes = Array.from({ length: 300 }, (_, index) => ({ name: `f${index}`, byteLength: 0 }))
    const image = await openBytes(buildSquashfs(nodes, 0), { name: 'many.squashfs', limits: { entryCount: 100 } })
    expect((await image.view('squashfs').readFolder(''))?.length).toBe(100)
    expect(image.diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([
      expect.stringMatching(/^TOO_MANY_ENTRIES The list is not complete.*100/),
    ])
  })

  it('takes no memory for what a length only says', async () => {
    const metadata = new Metadata(new MemoryByteSource(Uint8Array.of(4, 0x80, 1, 2, 3, 4)), () =>
      Promise.resolve(new Uint8Array(0)),
    )
    await expect(metadata.read(0, 0, 2 ** 50)).rejects.toMatchObject({ code: 'CONTENT_DAMAGED' })
    expect(await metadata.read(0, 1, 3)).toEqual(Uint8Array.of(2, 3, 4))
  })

  it.each([
    ['number', 12],
    ['kind', 0],
  ])('tells an inode of another %s than its folder names', async (_, at) => {
    const spoil = (inodes: Buffer): void => {
      // A file becomes a pipe, which has no content.
      inodes[32 + at] = at === 0 ? 6 : 77
    }
    const nodes = ['a', 'b', 'c'].map((name) => ({ name, byteLength: 5000 }))
    const image = await openBytes(buildSquashfs(nodes, 0, spoil), { name: 'other.squashfs' })
    const table = await image.view('squashfs').readTree()
    expect(table.damage.map(({ code, message }) => [code, message])).toEqual([
      ['INODE_DAMAGED', expect.stringContaining('“b”')],
    ])
    expect((await openBytes(buildSquashfs(nodes, 0), { name: 'same.squashfs' })).damage).toEqual([])
  })

  it('tells an inode that cannot be read, and lists its neighbours', async () => {
    const names = ['a', 'b', 'c']
    const image = await openBytes(
      buildSquashfs(
        names.map((name) => ({ name, byteLength: 0 })),
        0,
        // What kind it is: there are fourteen.
        (inodes) => inodes.writeUInt16LE(99, 32),
      ),
      { name: 'live.squashfs' },
    )
    const table = await image.view('squashfs').readTree()
    expect(table.damage).toEqual([
      {
        code: 'INODE_DAMAGED',
        severity: 'damage',
        message: '“b” is lost: The SquashFS has an inode of a kind that there is not.',
      },
    ])
    expect(names.map((_, index) => table.statusOf(index + 1))).toEqual(['complete', 'lost', 'complete'])
  })

  it('ends where directories lead in circles', async () => {
    for (let seed = 0; seed < 60; seed++) {
      const bytes = imageOf('lz4')
      for (let i = 0; i < 40; i++)
        bytes[96 + ((seed * 7919 + i * 104_729) % (bytes.byteLength - 96))] = (seed * 31 + i) & 0xff
      const image = await openBytes(bytes, { name: 'live.squashfs' }).catch(() => null)
      const table = await image?.view('squashfs').readTree()
      expect(table?.length ?? 0).toBeLessThan(5000)
    }
  })
})
