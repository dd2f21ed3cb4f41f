import { createHash } from 'node:crypto'
import fs from 'node:fs'
import zlib from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { readDentry } from '../../../src-main/image/core/wim/dentry'
import { reparseTarget } from '../../../src-main/image/core/reparse-point'
import type { DiscImage, EntryTable } from '../../../src-main/image'
import { verifyImage } from '../../../src-main/verify/verify'
import { UNCONTROLLED } from '../../../src-main/task'
import { openBytes, readAll, siblings } from '../../images/open-bytes'
import { indexOf } from '../../images/small-tree'

const FOLDER = 'tests/images/wim'

const lines = (to: number): Buffer => Buffer.from(Array.from({ length: to }, (_, index) => `${index + 1}\n`).join(''))

/** As tests/images/make-wim.sh makes them. */
function code(): Buffer {
  const bytes = Buffer.alloc(70_000)
  for (let i = 0; i < bytes.length; i++) bytes[i] = (i * 7) & 0x3f
  for (let i = 40; i + 5 < bytes.length; i += 50) {
    const isCall = i % 100 !== 0
    bytes[i] = isCall ? 0xe8 : 0xff
    if (!isCall) bytes[i + 1] = 0x15
    bytes.writeInt32LE(3000 - i, i + (isCall ? 1 : 2))
  }
  return bytes
}

function waves(): Buffer {
  const bytes = Buffer.alloc(60_000)
  for (let i = 0; i + 4 <= bytes.length; i += 4) bytes.writeUInt32LE(i * 3, i)
  return bytes
}

function random(): Buffer {
  let seed = 1
  return Buffer.from(Array.from({ length: 5000 }, () => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) >> 16))
}

const CONTENTS: Record<string, Buffer> = {
  'hello.txt': Buffer.from('hello\n'),
  'folder/same.txt': Buffer.from('hello\n'),
  empty: Buffer.alloc(0),
  zeros: Buffer.alloc(100_000),
  'Grüße 日本.txt': Buffer.from('x'),
  'folder/numbers': lines(20_000),
  'folder/code': code(),
  'folder/waves': waves(),
  'folder/random': random(),
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const bytesOf = (name: string): Uint8Array =>
  new Uint8Array(zlib.zstdDecompressSync(fs.readFileSync(`${FOLDER}/${name}.zst`)))

/** @param missing parts that are not beside the first */
async function openSplit(missing: readonly string[] = []): Promise<DiscImage> {
  const names = ['part.swm', 'part2.swm'].filter((name) => !missing.includes(name))
  const beside = siblings(Object.fromEntries(names.map((name) => [name, bytesOf(name)])))
  return openBytes(bytesOf('part.swm'), { name: 'part.swm', ...beside })
}

async function expectContents(image: DiscImage, view = 'wim'): Promise<void> {
  for (const [path, expected] of Object.entries(CONTENTS)) {
    const located = await image.view(view).lookup(path)
    expect(located?.entry.status, path).toBe('complete')
    expect(sha256(await readAll(located?.content)), path).toBe(sha256(expected))
  }
}

const WHOLE = ['lzx.wim', 'xpress.wim', 'lzms.wim', 'none.wim', 'install.esd', 'solid-lzx.esd', 'pipable.wim']

describe.each(WHOLE)('%s', (name) => {
  it('lists everything, and gives every byte', async () => {
    const image = await openBytes(bytesOf(name), { name })
    const table = await image.view('wim').readTree()
    const paths = Array.from({ length: table.length - 1 }, (_, i) => table.pathOf(i + 1))
    expect(paths.toSorted()).toEqual([...Object.keys(CONTENTS), 'folder', 'folder/empty', 'folder/link'].toSorted())
    expect([...image.damage, ...table.damage]).toEqual([])
    expect((await image.view('wim').lookup('folder/link'))?.entry).toMatchObject({
      kind: 'symlink',
      target: '../hello.txt',
    })
    expect((await image.view('wim').lookup('hello.txt'))?.entry).toMatchObject({
      mode: 0o644,
      modified: Date.UTC(2001, 1, 3, 4, 5, 6),
    })
    const index = (path: string): number => paths.indexOf(path) + 1
    expect(table.hardLinkGroupOf(index('hello.txt'))).toBeGreaterThanOrEqual(0)
    expect(table.hardLinkGroupOf(index('hello.txt'))).toBe(table.hardLinkGroupOf(index('folder/same.txt')))
    await expectContents(image)
  })

  it('gives any range of a file', async () => {
    const image = await openBytes(bytesOf(name), { name })
    const content = (await image.view('wim').lookup('folder/numbers'))?.content
    const expected = CONTENTS['folder/numbers'] ?? Buffer.alloc(0)
    for (const [at, length] of [
      [90_000, 50],
      [32_760, 20],
      [0, 1],
      [108_000, 5000],
    ] as const)
      expect(Buffer.from((await content?.read(at, length)) ?? [])).toEqual(expected.subarray(at, at + length))
  })

  it('is verified by the SHA-1 of every file', async () => {
    const bytes = bytesOf(name)
    const report = await verifyImage(await openBytes(bytes, { name }), 'wim', UNCONTROLLED)
    expect(report.verdict).toBe('passed')
    expect(report.checks.map(({ kind }) => kind)).toContain('recorded-sum')
  })
})

it('chunks may be as long as wimlib makes them', async () => {
  const bytes = bytesOf('lzms.wim')
  // Every file fits into one of them, of whatever length.
  new DataView(bytes.buffer).setUint32(20, 1 << 30, true)
  await expectContents(await openBytes(bytes, { name: 'lzms.wim' }))
})

describe('damage', () => {
  it.each(['none.wim', 'xpress.wim', 'lzms.wim', 'install.esd'])('of any byte of %s is told', async (name) => {
    const whole = bytesOf(name)
    for (let at = 250; at < whole.byteLength - 2000; at += Math.ceil(whole.byteLength / 12)) {
      const bytes = Uint8Array.from(whole)
      bytes[at] = (bytes[at] ?? 0) ^ 0x10
      const image = await openBytes(bytes, { name }).catch(() => null)
      if (image === null) continue
      const report = await verifyImage(image, 'wim', UNCONTROLLED)
      expect(report.verdict, `byte ${at}`).toBe('failed')
    }
  })

  /** Where a name stands: first in what a link holds, last in a folder. */
  const placesOf = (bytes: Uint8Array): [link: number, folder: number] => {
    const name = Buffer.from('hello.txt', 'utf16le')
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    return [buffer.indexOf(name), buffer.lastIndexOf(name)]
  }
  const treeOf = async (bytes: Uint8Array): Promise<EntryTable> =>
    (await openBytes(bytes, { name: 'none.wim' })).view('wim').readTree()

  it('of folders that are not packed is told by their own SHA-1', async () => {
    const bytes = bytesOf('none.wim')
    bytes[placesOf(bytes)[1]] = 'j'.charCodeAt(0)
    const table = await treeOf(bytes)
    expect(table.damage.map(({ code }) => code)).toEqual(['DIRECTORY_SUM_WRONG'])
    expect(indexOf(table, 'jello.txt')).toBeGreaterThan(0)
  })

  it('of folders that are zeros from somewhere on is told, though they seem to end there', async () => {
    const bytes = bytesOf('none.wim')
    const [, place] = placesOf(bytes)
    bytes.fill(0, Math.floor((place - 102) / 8) * 8, place + 18)
    const table = await treeOf(bytes)
    expect(table.damage.map(({ code }) => code)).toContain('DIRECTORY_SUM_WRONG')
  })

  it('of where a link leads is told by its SHA-1', async () => {
    const bytes = bytesOf('none.wim')
    bytes[placesOf(bytes)[0]] = 'j'.charCodeAt(0)
    expect((await treeOf(bytes)).damage.map(({ code }) => code)).toEqual(['LINK_DAMAGED'])
  })

  it('that cuts the end off, where the table of contents lies, is told as a file that was not copied in full', async () => {
    const bytes = bytesOf('lzx.wim')
    await expect(openBytes(bytes.subarray(0, (bytes.byteLength * 2) / 3), { name: 'lzx.wim' })).rejects.toMatchObject({
      code: 'NOTHING_READABLE',
      message: expect.stringContaining('shorter than it says') as string,
    })
  })

  it('that makes a file longer than can be loses it, without reading for ever', async () => {
    const bytes = bytesOf('none.wim')
    const { byteOffset, count } = blobTableOf(bytes)
    const view = new DataView(bytes.buffer)
    for (let i = 0; i < count; i++) view.setBigUint64(byteOffset + i * 50 + 16, 1n << 60n, true)
    const image = await openBytes(bytes, { name: 'x.wim' })
    const statuses = await Promise.all(
      ['folder/code', 'zeros'].map(async (path) => (await image.view('wim').lookup(path))?.entry.status),
    )
    expect(statuses.filter((status) => status !== undefined)).not.toContain('complete')
  })
})

/** Where the table of contents lies: these files have it stored. */
function blobTableOf(bytes: Uint8Array): { byteOffset: number; count: number } {
  const view = new DataView(bytes.buffer)
  return { byteOffset: Number(view.getBigUint64(56, true)), count: Number(view.getBigUint64(64, true)) / 50 }
}

describe('several images in one file', () => {
  it('are views of their own, named as they are described', async () => {
    const image = await openBytes(bytesOf('lzx.wim'), { name: 'lzx.wim' })
    expect(image.info.views.map(({ id, label }) => [id, label])).toEqual([
      ['wim@1', 'First edition'],
      ['wim@2', 'Second & last'],
    ])
    expect((await image.view('wim@2').lookup('only.txt'))?.entry.byteLength).toBe(7)
    expect(await image.view('wim').lookup('only.txt')).toBeNull()
    expect(['wim', 'wim@1', 'wim@2', 'wim@3'].map((id) => image.hasView(id))).toEqual([true, true, true, false])
    await expectContents(image, 'wim@1')
  })
})

describe('a split file', () => {
  it('is one with all its parts beside it', async () => {
    const image = await openSplit()
    expect(image.damage).toEqual([])
    await expectContents(image)
  })

  it('lists everything where a part is missing, names that part, and says what is lost', async () => {
    const image = await openSplit(['part2.swm'])
    const table = await image.view('wim').readTree()
    expect(table.length).toBe(Object.keys(CONTENTS).length + 4)
    expect(image.damage.map(({ message }) => message).join()).toContain('part2.swm')
    const statuses = Array.from({ length: table.length }, (_, index) => table.statusOf(index))
    expect(statuses).toContain('lost')
    expect(statuses).toContain('complete')
  })

  it('is opened by its first part', async () => {
    await expect(openBytes(bytesOf('part2.swm'), { name: 'part2.swm' })).rejects.toThrow('is part 2 of')
  })
})

describe('where reparse points lead', () => {
  const data = (path: string, flags: number | null): Uint8Array => {
    const text = Buffer.from(path, 'utf16le')
    const head = Buffer.alloc(flags === null ? 8 : 12)
    head.writeUInt16LE(text.length, 2)
    if (flags !== null) head.writeUInt32LE(flags, 8)
    return Buffer.concat([head, text])
  }

  it.each([
    [0xa000000c, data('..\\a\\b', 1), '../a/b'],
    [0xa000000c, data('\\??\\C:\\Users\\All', 0), '/Users/All'],
    [0xa0000003, data('\\??\\C:\\Data', null), '/Data'],
    [0xa000001d, Buffer.from('\x02\0\0\0etc/x', 'latin1'), 'etc/x'],
    [0x80000017, data('anything', 0), null],
    [0xa000000c, data('x', 1).subarray(0, 9), null],
  ])('tag %#', (tag, bytes, target) => {
    expect(reparseTarget(tag, bytes)).toBe(target)
  })
})

describe('the entry of a file', () => {
  const entry = (...names: string[]): Buffer => {
    const bytes = Buffer.alloc(104)
    bytes.writeUInt32LE(bytes.length, 0)
    bytes.writeUInt16LE(names.length, 96)
    const streams = names.map((name) => {
      const stream = Buffer.alloc(64)
      stream.writeUInt32LE(stream.length, 0)
      stream.fill(7, 16, 36)
      stream.writeUInt16LE(name.length * 2, 36)
      stream.write(name, 38, 'utf16le')
      return stream
    })
    return Buffer.concat([bytes, ...streams])
  }

  it.each([
    [[], '', []],
    [[''], '\x07'.repeat(20), []],
    [['', 'Zone'], '\x07'.repeat(20), ['Zone']],
    [['Zone', 'Other'], '', ['Zone', 'Other']],
  ])('with streams %j', (names, hash, named) => {
    const dentry = readDentry(entry(...names), 0)
    expect(dentry?.hash).toBe(hash)
    expect(dentry?.namedStreams.map(({ name }) => Buffer.from(name).toString('utf16le'))).toEqual(named)
  })
})
