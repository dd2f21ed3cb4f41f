import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import zlib from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { buildFat } from '../../images/fat-builder'
import { codes, contentOf, openBytes, pathsOf } from '../../images/open-bytes'
import { itWith, run } from '../desktop/programs'
import { temporaryFolder } from '../support'

/** The HFS or HFS+ partition of a hybrid, by its Apple partition map: start and length in blocks of 512 bytes or more. */
function partitionOf(name: string): Uint8Array {
  const bytes = zlib.zstdDecompressSync(fs.readFileSync(`tests/images/${name}.iso.zst`))
  const blockLength = bytes.readUInt16BE(2)
  for (let index = 1; index < 16; index++) {
    const at = index * blockLength
    if (bytes.toString('latin1', at, at + 2) !== 'PM') break
    if (!bytes.toString('latin1', at + 48, at + 80).startsWith('Apple_HFS')) continue
    const start = bytes.readUInt32BE(at + 8) * blockLength
    return new Uint8Array(bytes.subarray(start, start + bytes.readUInt32BE(at + 12) * blockLength))
  }
  throw new Error(`${name} has no such partition.`)
}

const zeroed = (bytes: Uint8Array, from: number, to: number, value = 0): Uint8Array =>
  bytes.slice().fill(value, from, to)

describe('an HFS+ volume whose header is lost', () => {
  const volume = partitionOf('hfsplus')

  it.each([
    ['zeros', 0],
    ['noise', 0x5a],
  ])('to %s is read by the one at its end, which is said', async (_, value) => {
    const sound = await openBytes(volume, { name: 'a.img' })
    expect(codes(sound)).toEqual([])
    const image = await openBytes(zeroed(volume, 1024, 1536, value), { name: 'a.img' })
    expect(image.info.views.map(({ id }) => id)).toEqual(['hfsplus'])
    expect(await pathsOf(image)).toEqual(await pathsOf(sound))
    expect(await contentOf(image, 'DIR1/A.BIN')).toBe('a')
    expect(image.diagnostics).toMatchObject([
      { code: 'HEADER_DAMAGED', severity: 'damage', message: expect.stringContaining('at the end') as string },
    ])
    // Everything is there all the same.
    expect(image.damage).toEqual([])
  })

  it('is none where its end says that it was another one', async () => {
    const longer = new Uint8Array(volume.byteLength + 100_000)
    longer.set(volume, 100_000)
    await expect(openBytes(longer, { name: 'a.img' })).rejects.toMatchObject({ code: 'NOT_AN_IMAGE' })
  })

  it('is none where another file system has taken its place', async () => {
    const other = zeroed(volume, 0, 4096)
    // The superblock of ext.
    other.set([0x53, 0xef], 1080)
    await expect(openBytes(other, { name: 'a.img' })).rejects.toThrow(/ext2/)
    const fat = buildFat(16, [{ name: 'f', data: Uint8Array.of(1) }])
    const both = new Uint8Array(fat)
    both.set(volume.subarray(-1024), both.byteLength - 1024)
    const image = await openBytes(both, { name: 'a.img' })
    expect(image.info.views.map(({ id }) => id)).toEqual(['fat'])
    expect(codes(image)).toEqual([])
  })
})

describe('an HFS volume whose master directory block is lost', () => {
  itWith('hformat', 'is read by the one at its end', async () => {
    const folder = temporaryFolder()
    const file = path.join(folder, 'hfs.img')
    fs.writeFileSync(file, Buffer.alloc(1 << 20))
    fs.writeFileSync(path.join(folder, 'readme'), 'read me\n')
    run('env', [`HOME=${folder}`, 'hformat', '-l', 'Volume', file])
    run('env', [`HOME=${folder}`, 'hcopy', '-r', path.join(folder, 'readme'), ':'])
    run('env', [`HOME=${folder}`, 'humount'])
    const bytes = new Uint8Array(fs.readFileSync(file))
    const sound = await openBytes(bytes, { name: 'a.img' })
    expect(await contentOf(sound, 'readme')).toBe('read me\n')
    const image = await openBytes(zeroed(bytes, 1024, 1536), { name: 'a.img' })
    expect(await contentOf(image, 'readme')).toBe('read me\n')
    expect(codes(image)).toEqual(['HEADER_DAMAGED'])
  })
})

describe('a FAT32 volume whose boot sector is lost', () => {
  const volume = buildFat(32, [{ name: 'hello', data: new TextEncoder().encode('hello') }])

  it('is read by its copy in sector 6, which is said', async () => {
    const image = await openBytes(zeroed(volume, 0, 512), { name: 'a.img' })
    expect(image.info.views.map(({ id }) => id)).toEqual(['fat'])
    expect(await contentOf(image, 'hello')).toBe('hello')
    expect(image.diagnostics).toMatchObject([{ code: 'HEADER_DAMAGED', severity: 'damage' }])
    expect(codes(await openBytes(volume, { name: 'a.img' }))).toEqual([])
  })

  it('is read in a partition, which is named', async () => {
    const start = 2048
    const disk = new Uint8Array(start * 512 + volume.byteLength)
    disk.set(zeroed(volume, 0, 512), start * 512)
    const table = new DataView(disk.buffer)
    disk[446 + 4] = 0x0c
    table.setUint32(446 + 8, start, true)
    table.setUint32(446 + 12, volume.byteLength / 512, true)
    disk.set([0x55, 0xaa], 510)
    const image = await openBytes(disk, { name: 'a.img' })
    expect(await contentOf(image, 'hello', 'fat')).toBe('hello')
    expect(image.diagnostics).toMatchObject([
      { code: 'HEADER_DAMAGED', message: expect.stringContaining('partition 1') as string },
    ])
  })

  it('is none where no copy says that it is one', async () => {
    const bytes = zeroed(volume, 0, 512)
    bytes[6 * 512 + 50] = 7
    await expect(openBytes(bytes, { name: 'a.img' })).rejects.toMatchObject({ code: 'NOT_AN_IMAGE' })
  })

  itWith('mkfs.fat', 'of mkfs.fat too', async () => {
    const file = path.join(temporaryFolder(), 'fat.img')
    fs.writeFileSync(file, Buffer.alloc(40 << 20))
    run('mkfs.fat', ['-F', '32', '-S', '512', '-s', '1', file])
    const { status } = spawnSync('mcopy', ['-i', file, '-', '::/readme'], { input: 'read me\n' })
    const bytes = new Uint8Array(fs.readFileSync(file))
    const image = await openBytes(zeroed(bytes, 0, 512, 0xff), { name: 'a.img' })
    expect(codes(image)).toEqual(['HEADER_DAMAGED'])
    if (status === 0) expect(await contentOf(image, 'readme')).toBe('read me\n')
  })
})
