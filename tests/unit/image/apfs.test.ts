import zlib from 'node:zlib'
import { describe, expect, it, test } from 'vitest'
import { buildApfs, type ApfsNode } from '../../images/apfs-builder'
import { codes, contentOf, openBytes, pathsOf, readAll } from '../../images/open-bytes'

const BLOCK = 4096
const LONG = Array.from({ length: 5000 }, (_, index) => `${(index * 7919) % 100_003}`).join(' ')

/** As macOS keeps a small file that it has compressed by zlib: a header, and the stream. */
function packed(text: string): Uint8Array {
  const header = Buffer.alloc(16)
  header.write('fpmc')
  header.writeUInt32LE(3, 4)
  header.writeBigUInt64LE(BigInt(text.length), 8)
  return Buffer.concat([header, zlib.deflateSync(text)])
}

const TREE: ApfsNode[] = [
  { name: 'hello.txt', data: Buffer.from('hello') },
  { name: 'empty' },
  { name: 'größe', data: Buffer.from(LONG) },
  {
    name: 'folder',
    children: [{ name: 'deep', children: [{ name: 'file', data: Buffer.from('deep') }] }],
    mode: 0o700,
  },
  { name: 'link', target: 'folder/deep/file', mode: 0o777 },
  { name: 'holes', pieces: [Buffer.alloc(BLOCK, 'a'), BLOCK * 2, Buffer.from('end')] },
  { name: 'packed', isCompressed: true, attributes: { 'com.apple.decmpfs': packed(LONG.slice(0, 2000)) } },
  { name: 'fork', attributes: { 'com.apple.ResourceFork': Buffer.from('resources') } },
  ...Array.from({ length: 60 }, (_, index) => ({ name: `f${index}`, data: Buffer.from(`file ${index}`) })),
]
const opened = (bytes: Uint8Array, options: Parameters<typeof openBytes>[1] = {}): ReturnType<typeof openBytes> =>
  openBytes(new Uint8Array(bytes), { name: 'mac.img', ...options })

describe.each([true, false])('an APFS volume, names with a hash: %s', (isHashed) => {
  it('lists its newest checkpoint, and reads its files', async () => {
    const image = await opened(buildApfs(TREE, { name: 'Macintosh HD', isHashed }))
    expect(image.info.views.map(({ id, volumeName }) => [id, volumeName])).toEqual([['apfs', 'Macintosh HD']])
    const paths = await pathsOf(image)
    expect(paths).toHaveLength(70)
    expect(paths).toContain('folder/deep/file')
    expect(await contentOf(image, 'hello.txt')).toBe('hello')
    expect(await contentOf(image, 'empty')).toBe('')
    expect(await contentOf(image, 'größe')).toBe(LONG)
    expect(await contentOf(image, 'folder/deep/file')).toBe('deep')
    expect(await contentOf(image, 'f59')).toBe('file 59')
    expect(await contentOf(image, 'holes')).toBe('a'.repeat(BLOCK) + '\0'.repeat(BLOCK * 2) + 'end')
    expect(await contentOf(image, 'packed')).toBe(LONG.slice(0, 2000))
    expect(codes(image)).toEqual(['NAMED_STREAMS'])
    await image.close()
  })
})

describe('an APFS volume', () => {
  it('tells modes, owners, times, links and forks', async () => {
    const image = await opened(buildApfs(TREE))
    const view = image.view('apfs')
    const entryOf = async (path: string): Promise<unknown> => (await view.lookup(path))?.entry
    expect(await entryOf('link')).toMatchObject({ kind: 'symlink', target: 'folder/deep/file' })
    expect(await entryOf('folder')).toMatchObject({ kind: 'directory', mode: 0o700, uid: 501, gid: 20 })
    expect(await entryOf('hello.txt')).toMatchObject({ byteLength: 5, modified: Date.UTC(2020, 1, 3, 4, 5, 6) })
    await view.readTree()
    expect(codes(image)).toContain('NAMED_STREAMS')
    await image.close()
  })

  it('lists a fork as AppleDouble where that is asked for', async () => {
    const image = await opened(buildApfs(TREE), { listsStreams: true })
    const fork = await image.view('apfs').lookup('._fork')
    expect(fork?.entry).toMatchObject({ kind: 'file', hidden: true })
    // AppleDouble: a header of 82 bytes, and the fork (RFC 1740).
    expect(new TextDecoder().decode((await readAll(fork?.content)).subarray(82))).toBe('resources')
    await image.close()
  })

  it('is refused by its name where it is encrypted', async () => {
    await expect(opened(buildApfs(TREE, { name: 'Secrets', isEncrypted: true }))).rejects.toMatchObject({
      code: 'UNSUPPORTED_CONTAINER',
      message: expect.stringMatching(/“Secrets” in “mac.img” is encrypted/) as string,
    })
  })

  it('tells a node whose sum does not fit', async () => {
    const bytes = buildApfs(TREE)
    bytes[9 * BLOCK + BLOCK - 300]! ^= 1
    const image = await opened(bytes)
    expect((await image.view('apfs').readTree()).damage.map(({ code }) => code)).toContain('NODE_DAMAGED')
    await image.close()
  })

  it('goes by the checkpoint that fits its sum', async () => {
    const bytes = buildApfs(TREE)
    // A newer one that was not written whole.
    bytes.copy(bytes, 2 * BLOCK, BLOCK, 2 * BLOCK)
    bytes.writeBigUInt64LE(9n, 2 * BLOCK + 16)
    bytes.writeBigUInt64LE(0n, 2 * BLOCK + 160)
    const image = await opened(bytes)
    expect(await contentOf(image, 'hello.txt')).toBe('hello')
    await image.close()
  })

  test.each<[string, (bytes: Buffer) => void]>([
    ['blocks of 2 GiB', (bytes) => bytes.writeUInt32LE(2 ** 31, 36)],
    ['blocks of 0 bytes', (bytes) => bytes.writeUInt32LE(0, 36)],
  ])('that lies: %s', async (_, spoil) => {
    const bytes = buildApfs(TREE)
    spoil(bytes)
    await expect(opened(bytes)).rejects.toMatchObject({ name: 'NotAnImageError' })
  })

  test.each<[string, (bytes: Buffer) => void]>([
    ['2^31 descriptors', (bytes) => bytes.writeUInt32LE(2 ** 31 - 1, 104)],
    ['a tree that is its own child', (bytes) => bytes.copy(bytes, 9 * BLOCK, 8 * BLOCK, 9 * BLOCK)],
    ['a node of 2^32 entries', (bytes) => bytes.writeUInt32LE(0xffffffff, 8 * BLOCK + 36)],
    ['an object map that leads nowhere', (bytes) => bytes.fill(0xff, 7 * BLOCK + BLOCK - 300, 8 * BLOCK - 40)],
  ])('that lies ends: %s', async (_, spoil) => {
    const bytes = buildApfs(TREE)
    spoil(bytes)
    const image = await opened(bytes).catch((error: unknown) => error as Error)
    if (image instanceof Error) expect(image.name).toBe('NotAnImageError')
    else {
      const table = await image.view('apfs').readTree()
      expect(table.length).toBeLessThan(100)
      await image.close()
    }
  })
})
