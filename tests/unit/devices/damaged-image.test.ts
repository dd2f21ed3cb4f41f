import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import zlib from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { collect, planImage, PRESETS, writePlan } from '../../../src-main/author'
import { Medium } from '../../../src-main/devices/helper/medium'
import { Written } from '../../../src-main/devices/helper/written'
import type { DrivePlan } from '../../../src-main/devices'
import type { ByteSource } from '../../../src-main/image'
import { UNCONTROLLED } from '../../../src-main/task'
import { temporaryFolder } from '../support'
import { diskImage, flip, has, headOf, isBuilt, MIB, noise, plainDrive, run } from './drives-for-tests'
import { writeImage } from './write-image'

if (!isBuilt) throw new Error('Run “npm run build” first: these tests start the built helper.')

const isEmpty = (bytes: Buffer): boolean => bytes.every((byte) => byte === 0)
/** What {@link plainDrive} is full of. */
const isUntouched = (bytes: Buffer): boolean => bytes.every((byte) => byte === 0xa5)

/** Bytes as a file beside others of its own. */
function fileOf(name: string, bytes: Uint8Array): string {
  const file = path.join(temporaryFolder(), name)
  fs.writeFileSync(file, bytes)
  return file
}

/** A disk with one partition of noise from 1 MiB on. */
function gptImage(byteLength: number, name = 'gpt.img'): string {
  const image = fileOf(name, noise(byteLength))
  const descriptor = fs.openSync(image, 'r+')
  fs.writeSync(descriptor, Buffer.alloc(MIB), 0, MIB, 0)
  fs.closeSync(descriptor)
  run('sgdisk', '--clear', '--new=1:2048:0', '--typecode=1:ef00', image)
  return image
}

const cut = (bytes: Buffer): Buffer => bytes.subarray(0, Math.floor(bytes.byteLength * 0.6))
const flipped = (bytes: Buffer, at: number): Buffer => {
  const damaged = Buffer.from(bytes)
  damaged[at] = (damaged[at] ?? 0) ^ 0xff
  return damaged
}

describe('an image that is known to be damaged is not written', () => {
  const packed = (): Buffer => zlib.gzipSync(fs.readFileSync(diskImage(6 * MIB)), { level: 1 })

  it.each<[string, () => string, RegExp]>([
    ['a stream that is cut', () => fileOf('disk.img.gz', cut(packed())), /disk\.img\.gz.* is cut short/],
    ['a sum that is wrong', () => fileOf('disk.img.gz', flipped(packed(), packed().length - 8)), /checksum/],
    ['bytes that are wrong', () => fileOf('disk.img.gz', flipped(packed(), 3 * MIB)), /disk\.img\.gz.* is damaged/],
    [
      'Zstandard that is cut',
      () => fileOf('disk.img.zst', cut(zlib.zstdCompressSync(fs.readFileSync(diskImage(6 * MIB))))),
      /cut/,
    ],
    [
      'a disk that is cut',
      () => fileOf('disk.img', cut(fs.readFileSync(diskImage(6 * MIB)))),
      /partition 1 \(MBR\) ends at byte 6291456/,
    ],
    [
      'a set without its last part',
      () => fileOf('disk.img.001', fs.readFileSync(diskImage(6 * MIB)).subarray(0, 4 * MIB)),
      /partition 1/,
    ],
  ])('%s', async (_, make, sentence) => {
    const drive = plainDrive(16 * MIB)
    await expect(writeImage(make(), drive)).rejects.toMatchObject({
      code: 'CONTENT_DAMAGED',
      message: expect.stringMatching(sentence) as unknown,
    })
    expect(isUntouched(headOf(drive))).toBe(true)
  })

  it('nor one whose later partitions begin behind its end', async () => {
    const bytes = fs.readFileSync(diskImage(6 * MIB))
    bytes.writeUInt32LE(2048, 458)
    bytes[466] = 0x82
    bytes.writeUInt32LE(100_000, 470)
    bytes.writeUInt32LE(2048, 474)
    await expect(writeImage(fileOf('disk.img', bytes), plainDrive(16 * MIB))).rejects.toThrow(/partition 2 \(MBR\)/)
  })

  it('nor file by file', async () => {
    const folder = temporaryFolder()
    fs.mkdirSync(path.join(folder, 'EFI/BOOT'), { recursive: true })
    fs.writeFileSync(path.join(folder, 'EFI/BOOT/bootx64.efi'), noise(100_000))
    const image = path.join(temporaryFolder(), 'win.iso')
    await writePlan(await planImage(collect([{ path: folder, at: '' }]).root, PRESETS.windows), image, UNCONTROLLED)
    const bytes = zlib.gzipSync(fs.readFileSync(image), { level: 1 })
    const drive = plainDrive(80 * MIB)
    await expect(writeImage(fileOf('win.iso.gz', flipped(bytes, bytes.length - 8)), drive)).rejects.toMatchObject({
      code: 'CONTENT_DAMAGED',
    })
    expect(isUntouched(headOf(drive))).toBe(true)
  })

  it('and one inside another is as damaged as that', async () => {
    const folder = temporaryFolder()
    fs.copyFileSync(diskImage(3 * MIB), path.join(folder, 'disk.img'))
    const image = path.join(temporaryFolder(), 'outer.iso')
    await writePlan(await planImage(collect([{ path: folder, at: '' }]).root, PRESETS.windows), image, UNCONTROLLED)
    const bytes = zlib.gzipSync(fs.readFileSync(image), { level: 1 })
    const outer = fileOf('outer.iso.gz', flipped(bytes, bytes.length - 8))
    const drive = plainDrive(16 * MIB)
    await expect(writeImage(outer, drive, { inside: ['disk.img'] })).rejects.toMatchObject({ code: 'CONTENT_DAMAGED' })
    expect(isUntouched(headOf(drive))).toBe(true)
  })
})

describe('damage that is only met while an image is read', () => {
  const reading =
    (read: (at: number, wrong: (problem: string) => void) => void) =>
    (plan: DrivePlan): DrivePlan => {
      const { source } = plan
      const readChecked: NonNullable<ByteSource['readChecked']> = (at, length, wrong) => {
        read(at, wrong)
        return source.read(at, length)
      }
      return {
        ...plan,
        descriptor: null,
        ranges: plan.ranges.map(({ byteOffset, byteLength }) => ({ byteOffset, byteLength })),
        source: {
          byteLength: source.byteLength,
          read: (at, length) => source.read(at, length),
          readChecked,
          locate: () => null,
          close: () => undefined,
        },
      }
    }

  it.each<[string, string, (at: number, wrong: (problem: string) => void) => void, RegExp]>([
    [
      'bytes that do not give their sum',
      'CONTENT_DAMAGED',
      (at, wrong) => {
        if (at > 0) wrong('Hunk 7 does not give its own checksum.')
      },
      /Hunk 7 .* The drive is empty now/,
    ],
    [
      'a disk that fails',
      'SOURCE_UNREADABLE',
      (at) => {
        if (at > 0) throw Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO', errno: -5, syscall: 'read' })
      },
      /^The image cannot be read.* The drive is empty now/,
    ],
  ])('%s leaves the drive empty', async (_, code, read, sentence) => {
    const drive = plainDrive(16 * MIB)
    await expect(writeImage(diskImage(9 * MIB), drive, { change: reading(read) })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(sentence) as unknown,
    })
    expect(isEmpty(headOf(drive))).toBe(true)
  })

  it('is told of the image, not of the drive, by the helper too', async () => {
    const medium = Medium.open(plainDrive(8 * MIB), 8 * MIB)
    const folder = fs.openSync(temporaryFolder(), 'r')
    await expect(new Written(medium, () => undefined).copy(folder, 0, 0, MIB)).rejects.toMatchObject({
      code: 'SOURCE_UNREADABLE',
    })
    fs.closeSync(folder)
    medium.close()
  })
})

describe('an image that is good is written', () => {
  it('though its GPT was made for a larger disk, where all partitions are there', async () => {
    if (!has('sgdisk')) return
    const image = gptImage(20 * MIB)
    run('sgdisk', '--delete=1', '--new=1:2048:+8M', '--typecode=1:ef00', image)
    fs.truncateSync(image, 12 * MIB)
    expect((await writeImage(image, plainDrive(32 * MIB))).byteLength).toBe(12 * MIB)
  })

  it('though its partition goes on, where the file system in it is all there', async () => {
    const fat = path.resolve('tests/images/small.fat')
    const bytes = Buffer.alloc(MIB)
    diskTable(bytes, 20 * MIB)
    const inner = smallSquashfs() ?? (fs.existsSync(fat) ? fs.readFileSync(fat) : null)
    if (inner === null) return
    const image = fileOf('router.img', Buffer.concat([bytes, inner]))
    expect((await writeImage(image, plainDrive(32 * MIB))).how).toBe('as-is')
  })

  it.skipIf(!has('xorriso'))('though a hybrid’s partition is rounded up, and one was appended (xorriso)', async () => {
    const folder = temporaryFolder()
    fs.writeFileSync(path.join(folder, 'file'), noise(MIB))
    const esp = fileOf('esp.img', noise(MIB))
    for (const options of [
      ['-append_partition', '2', '0xef', esp],
      ['-append_partition', '2', '0xef', esp, '-appended_part_as_gpt', '-partition_offset', '16'],
    ]) {
      const image = path.join(temporaryFolder(), 'hybrid.iso')
      run('xorriso', '-as', 'mkisofs', '-quiet', '-o', image, ...options, folder)
      expect((await writeImage(image, plainDrive(32 * MIB))).how).toBe('as-is')
    }
    const image = path.join(temporaryFolder(), 'isohybrid.iso')
    run('xorriso', '-as', 'mkisofs', '-quiet', '-o', image, folder)
    const bytes = fs.readFileSync(image)
    const table = Buffer.alloc(MIB)
    diskTable(table, bytes.byteLength + MIB, 0)
    table.copy(bytes, 0, 0, 512)
    fs.writeFileSync(image, bytes)
    expect((await writeImage(image, plainDrive(32 * MIB))).how).toBe('as-is')
  })
})

describe.skipIf(!has('sgdisk'))('moving the copy of a GPT (sgdisk)', () => {
  it('takes the copy where the first table is damaged', async () => {
    const image = gptImage(20 * MIB)
    flip(image, 1064)
    const drive = plainDrive(64 * MIB)
    await writeImage(image, drive, { isFitted: true })
    expect(run('sgdisk', '-v', drive)).toContain('No problems found')
    expect(run('sgdisk', '-i', '1', drive)).toContain('EFI system partition')
  })

  it('is told to be needed where the first table is damaged and the drive is longer', async () => {
    const image = gptImage(20 * MIB)
    flip(image, 1064)
    const drive = plainDrive(64 * MIB)
    await expect(writeImage(image, drive)).rejects.toMatchObject({
      code: 'CONTENT_DAMAGED',
      message: expect.stringMatching(/gpt\.img is damaged.* Write it with --fit/) as unknown,
    })
    expect(isUntouched(headOf(drive))).toBe(true)
    expect((await writeImage(image, plainDrive(20 * MIB))).byteLength).toBe(20 * MIB)
  })

  it('refuses where both are damaged', async () => {
    const image = gptImage(20 * MIB)
    flip(image, 1064)
    flip(image, 20 * MIB - 512 + 40)
    const drive = plainDrive(64 * MIB)
    await expect(writeImage(image, drive, { isFitted: true })).rejects.toMatchObject({ code: 'CONTENT_DAMAGED' })
    expect(isEmpty(headOf(drive))).toBe(false)
  })

  it('makes nothing whole that is cut', async () => {
    const image = gptImage(20 * MIB)
    fs.truncateSync(image, 15 * MIB)
    await expect(writeImage(image, plainDrive(64 * MIB), { isFitted: true })).rejects.toMatchObject({
      code: 'CONTENT_DAMAGED',
    })
  })
})

/** One partition of a disk; its type is Linux’. */
function diskTable(bytes: Buffer, end: number, from = MIB): void {
  bytes[450] = 0x83
  bytes.writeUInt32LE(from / 512, 454)
  bytes.writeUInt32LE((end - from) / 512, 458)
  bytes.writeUInt16LE(0xaa55, 510)
}

function smallSquashfs(): Buffer | null {
  if (!has('mksquashfs')) return null
  const folder = temporaryFolder()
  const file = path.join(temporaryFolder(), 'root.squashfs')
  fs.writeFileSync(path.join(folder, 'file'), noise(100_000))
  return spawnSync('mksquashfs', [folder, file]).status === 0 ? fs.readFileSync(file) : null
}
