import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { buildElf, type ElfOptions } from '../../images/elf-builder'
import { buildIso } from '../../images/iso-builder'
import { codes, contentOf, openBytes } from '../../images/open-bytes'
import { sampleImage } from '../../images/small-tree'
import { itWith, run } from '../desktop/programs'
import { temporaryFolder } from '../support'

const squash = sampleImage('squashfs/zstd.squashfs')
const name = 'Program.AppImage'
const opened = (...parts: Uint8Array[]): ReturnType<typeof openBytes> => openBytes(Buffer.concat(parts), { name })
const refused = { code: 'NOT_AN_IMAGE', message: expect.stringContaining('a program for Linux') as string }
const toPage = (bytes: Uint8Array, byte = 0): Buffer => Buffer.alloc(-bytes.byteLength & 4095, byte)

describe('a volume behind a program (AppImage specification, “Type 2”)', () => {
  const kinds: [string, ElfOptions][] = [
    ['of 64 bits', {}],
    ['of 32 bits', { isNarrow: true }],
    ['of big-endian words', { isBigEndian: true }],
    ['of 32 bits, big-endian', { isNarrow: true, isBigEndian: true }],
    ['without a table of sections', { isStripped: true }],
  ]

  it.each(kinds)('%s is opened', async (_, options) => {
    const image = await opened(buildElf(options), squash)
    expect(image.info.containers).toEqual(['appimage'])
    expect(image.info.completeness.status).toBe('complete')
    expect(await contentOf(image, 'hello.txt', 'squashfs')).toBe('hello\n')
    await image.close()
  })

  it('may begin at the next page', async () => {
    const program = buildElf()
    const image = await opened(program, toPage(program), squash)
    expect(await contentOf(image, 'hello.txt', 'squashfs')).toBe('hello\n')
    await image.close()
    await expect(opened(program, toPage(program, 1), squash)).rejects.toMatchObject(refused)
  })

  it('may be an EROFS', async () => {
    const program = buildElf()
    const image = await opened(program, toPage(program), sampleImage('erofs/lz4.erofs.zst'))
    expect(image.info.views.map(({ id }) => id)).toEqual(['erofs'])
    await image.close()
  })

  it('says that it was cut short', async () => {
    const image = await opened(buildElf(), squash.subarray(0, 12_000)).catch((error: unknown) => error as Error)
    if (image instanceof Error) throw image
    expect(image.info.completeness.status).toBe('truncated')
    await image.close()
  })
})

describe('a program that holds such bytes, and is no image', () => {
  const spoiled = (spoil: (bytes: Buffer) => void): Buffer => {
    const bytes = Buffer.from(squash)
    spoil(bytes)
    return bytes
  }
  const parts: [string, Uint8Array[]][] = [
    ['within its code', [buildElf({ code: squash })]],
    ['somewhere behind its end', [buildElf(), Buffer.alloc(100, 7), squash]],
    ['as a signature alone', [buildElf(), Buffer.from('hsqs'), Buffer.alloc(8192, 7)]],
    ['with tables in no order', [buildElf(), spoiled((bytes) => bytes.writeBigUInt64LE(0n, 64))]],
    ['with a way of compressing that there is not', [buildElf(), spoiled((bytes) => bytes.writeUInt16LE(9, 20))]],
    ['at its own beginning', [spoiledElf((bytes) => bytes.writeBigUInt64LE(0n, 40))]],
    [
      'with a table of sections behind the end of everything',
      [spoiledElf((bytes) => bytes.fill(0xff, 40, 48)), squash],
    ],
  ]

  it.each(parts)('%s', async (_, bytes) => {
    await expect(opened(...bytes)).rejects.toMatchObject(refused)
  })

  function spoiledElf(spoil: (bytes: Buffer) => void): Buffer {
    const bytes = buildElf({ isStripped: true })
    bytes.writeUInt16LE(0, 56)
    spoil(bytes)
    return bytes
  }
})

describe('a volume behind zeros', () => {
  it.each([512, 8192, 1 << 20])('of %i bytes is opened', async (length) => {
    const image = await openBytes(Buffer.concat([Buffer.alloc(length), squash]), { name: 'part.img' })
    expect(image.info.containers).toEqual(['offset'])
    expect(await contentOf(image, 'hello.txt', 'squashfs')).toBe('hello\n')
    await image.close()
  })

  it('is none where only a signature follows', async () => {
    const bytes = Buffer.concat([Buffer.alloc(8192), Buffer.from('hsqs'), Buffer.alloc(8192, 7)])
    await expect(openBytes(bytes, { name: 'part.img' })).rejects.toMatchObject({ code: 'NOT_AN_IMAGE' })
  })

  it('is looked for in no more than a few bytes of what begins with zeros anyway', async () => {
    const { bytes } = buildIso([{ name: 'A.TXT;1', data: 'a' }])
    const image = await openBytes(bytes)
    expect(image.info.containers).toEqual(['plain'])
    expect(codes(image)).toEqual([])
    await image.close()
  })

  itWith('mksquashfs', 'is what mksquashfs makes with an offset', async () => {
    const folder = temporaryFolder()
    fs.mkdirSync(path.join(folder, 'tree'))
    fs.writeFileSync(path.join(folder, 'tree', 'a.txt'), 'inside')
    const file = path.join(folder, 'offset.img')
    run('mksquashfs', [path.join(folder, 'tree'), file, '-offset', '8192', '-noappend', '-quiet'])
    const image = await openBytes(fs.readFileSync(file), { name: 'offset.img' })
    expect(await contentOf(image, 'a.txt')).toBe('inside')
    await image.close()
  })
})
