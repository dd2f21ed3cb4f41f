import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import zlib from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { driveAt, findDrives, planEmpty, writeDrive, type Phase } from '../../../src-main/devices'
import { collect, planImage, PRESETS, writePlan } from '../../../src-main/author'
import { makeMeetingPlace, removeAbandoned } from '../../../src-main/devices/helper-folder'
import { DriveHelper } from '../../../src-main/devices/helper-client'
import { assertSystem } from '../../../src-main/devices/write-drive'
import { CancelledError, UNCONTROLLED, type Control } from '../../../src-main/task'
import { temporaryFolder } from '../support'
import { writeImage } from './write-image'
import {
  diskImage,
  flip,
  has,
  hasLoops,
  headOf,
  isBuilt,
  loopDrive,
  MIB,
  noise,
  plainDrive,
  run,
} from './drives-for-tests'

if (!isBuilt) throw new Error('Run “npm run build” first: these tests start the built helper.')

const sumOf = (file: string): string => createHash('sha256').update(fs.readFileSync(file)).digest('hex')
const isEmpty = (bytes: Buffer): boolean => bytes.every((byte) => byte === 0)
const startOf = (file: string, length: number): Buffer => fs.readFileSync(file).subarray(0, length)

describe('writing a drive (a plain file)', () => {
  it('gives the image’s own bytes, and its sum', async () => {
    const image = diskImage(9 * MIB + 512)
    const drive = plainDrive(32 * MIB)
    const written = await writeImage(image, drive)
    const counts = { bytesWritten: 9 * MIB + 512, bytesChecked: 9 * MIB + 512 }
    expect(written).toMatchObject({ drive, how: 'as-is', sha256: sumOf(image), ...counts })
    expect(startOf(drive, 9 * MIB + 512).equals(fs.readFileSync(image))).toBe(true)
    // A table’s copy of what was there before is gone.
    expect(isEmpty(fs.readFileSync(drive).subarray(-MIB))).toBe(true)
  })

  it('unwraps what the image is packed in', async () => {
    const image = diskImage(6 * MIB)
    const packed = path.join(temporaryFolder(), 'disk.img.gz')
    fs.writeFileSync(packed, zlib.gzipSync(fs.readFileSync(image), { level: 1 }))
    const drive = plainDrive(32 * MIB)
    expect((await writeImage(packed, drive)).sha256).toBe(sumOf(image))
    expect(startOf(drive, 6 * MIB).equals(fs.readFileSync(image))).toBe(true)
  })

  it('takes a drive that is as long as the image', async () => {
    const image = diskImage(5 * MIB)
    const drive = plainDrive(5 * MIB)
    await writeImage(image, drive)
    expect(fs.readFileSync(drive).equals(fs.readFileSync(image))).toBe(true)
  })

  it('names the first byte that is another one, and leaves the drive empty', async () => {
    const image = diskImage(9 * MIB)
    const drive = plainDrive(32 * MIB)
    const onPhase = (phase: Phase): void => {
      if (phase === 'checking') flip(drive, 6 * MIB + 77)
    }
    await expect(writeImage(image, drive, { onPhase })).rejects.toMatchObject({
      code: 'CHECK_FAILED',
      byteOffset: 6 * MIB + 77,
    })
    expect(isEmpty(headOf(drive))).toBe(true)
  })

  it('writes file by file what only has files to start, and names the one that differs', async () => {
    const folder = temporaryFolder()
    fs.mkdirSync(path.join(folder, 'EFI/BOOT'), { recursive: true })
    fs.mkdirSync(path.join(folder, 'sources'))
    fs.writeFileSync(path.join(folder, 'EFI/BOOT/bootx64.efi'), noise(100_000))
    fs.writeFileSync(path.join(folder, 'sources/boot.wim'), Buffer.alloc(3 * MIB, 'boot'))
    const image = path.join(temporaryFolder(), 'win.iso')
    await writePlan(await planImage(collect([{ path: folder, at: '' }]).root, PRESETS.windows), image, UNCONTROLLED)
    const drive = plainDrive(80 * MIB)
    const { how, parts, bytesChecked, bytesWritten } = await writeImage(image, drive)
    expect({ how, parts: parts.map(({ type }) => type) }).toEqual({ how: 'files', parts: ['fat32'] })
    expect(bytesChecked).toBe(bytesWritten)
    // Only what is used is written: two tables, folders and files.
    expect(bytesWritten).toBeLessThan(8 * MIB)
    const at = fs.readFileSync(drive).indexOf('bootboot') + 4096
    const onPhase = (phase: Phase): void => {
      if (phase === 'checking') flip(drive, at)
    }
    const failed = writeImage(image, drive, { onPhase })
    await expect(failed).rejects.toMatchObject({ code: 'CHECK_FAILED', byteOffset: at })
    await expect(failed).rejects.toThrow('in “sources/boot.wim”')
    expect(isEmpty(headOf(drive))).toBe(true)
  })

  it('does not look where it was told not to', async () => {
    const image = diskImage(9 * MIB)
    const drive = plainDrive(32 * MIB)
    const phases: Phase[] = []
    const onPhase = (phase: Phase): void => {
      phases.push(phase)
    }
    expect(await writeImage(image, drive, { isChecked: false, onPhase })).toMatchObject({ bytesChecked: 0 })
    expect(phases).toEqual(['preparing', 'writing', 'finishing'])
    expect(startOf(drive, 9 * MIB).equals(fs.readFileSync(image))).toBe(true)
  })

  it('changes nothing without the word, with another one, or for a drive that is too small', async () => {
    const image = diskImage(9 * MIB)
    const drive = plainDrive(8 * MIB)
    const before = sumOf(drive)
    await expect(writeImage(image, drive, { confirm: '' })).rejects.toMatchObject({ code: 'NOT_CONFIRMED' })
    await expect(writeImage(image, drive, { confirm: 'stick' })).rejects.toMatchObject({ code: 'NOT_CONFIRMED' })
    await expect(writeImage(image, drive)).rejects.toMatchObject({ code: 'DRIVE_TOO_SMALL' })
    expect(sumOf(drive)).toBe(before)
  })

  it('leaves the first MiB empty when it is cancelled', async () => {
    const image = diskImage(24 * MIB)
    const drive = plainDrive(32 * MIB)
    let isWanted = true
    const control: Control = {
      checkpoint: () => {
        if (!isWanted) throw new CancelledError()
      },
      progress: () => undefined,
    }
    const onPhase = async (phase: Phase): Promise<void> => {
      if (phase !== 'checking') return
      isWanted = false
      await new Promise((resolve) => setTimeout(resolve, 300))
    }
    await expect(writeImage(image, drive, { control, onPhase })).rejects.toThrow('The drive is empty now')
    expect(isEmpty(headOf(drive))).toBe(true)
  })

  it('never writes over the image, by whatever name', async () => {
    const drive = plainDrive(8 * MIB)
    const folder = temporaryFolder()
    fs.copyFileSync(diskImage(8 * MIB), drive)
    const [link, hard] = [path.join(folder, 'link.img'), path.join(path.dirname(drive), 'hard.img')]
    fs.symlinkSync(drive, link)
    fs.linkSync(drive, hard)
    for (const [image, to] of [
      [drive, drive],
      [link, drive],
      [hard, drive],
      [drive, link],
      [drive, hard],
    ] as const)
      await expect(writeImage(image, to), `${image} to ${to}`).rejects.toMatchObject({ code: 'DRIVE_REFUSED' })
    expect(sumOf(drive)).toBe(sumOf(hard))
  })

  it('takes no file that is not named as a drive', async () => {
    plainDrive(8 * MIB)
    const other = path.join(temporaryFolder(), 'letters.txt')
    fs.writeFileSync(other, noise(8 * MIB))
    await expect(writeImage(diskImage(MIB * 2), other)).rejects.toMatchObject({ code: 'NO_SUCH_DRIVE' })
  })

  it('notices that the drive was exchanged after it was confirmed', async () => {
    const drive = plainDrive(8 * MIB)
    const onPhase = (phase: Phase): void => {
      if (phase !== 'preparing') return
      fs.renameSync(drive, `${drive}.old`)
      fs.writeFileSync(drive, noise(8 * MIB))
    }
    await expect(writeImage(diskImage(4 * MIB), drive, { onPhase })).rejects.toMatchObject({ code: 'DRIVE_GONE' })
    expect(fs.readFileSync(drive).equals(noise(8 * MIB))).toBe(true)
  })

  it('notices that the drive became another length', async () => {
    const drive = plainDrive(8 * MIB)
    const onPhase = (phase: Phase): void => {
      if (phase === 'preparing') fs.truncateSync(drive, 16 * MIB)
    }
    await expect(writeImage(diskImage(4 * MIB), drive, { onPhase })).rejects.toMatchObject({ code: 'DRIVE_CHANGED' })
  })

  it('notices that the image was written to meanwhile', async () => {
    const image = diskImage(6 * MIB)
    const drive = plainDrive(8 * MIB)
    const onPhase = (phase: Phase): void => {
      if (phase === 'checking') fs.utimesSync(image, new Date(), new Date(Date.now() + 5000))
    }
    await expect(writeImage(image, drive, { onPhase })).rejects.toMatchObject({ code: 'SOURCE_CHANGED' })
    expect(isEmpty(headOf(drive))).toBe(true)
  })

  it.skipIf(!has('sgdisk'))('moves a GPT’s copy to the end of the drive (sgdisk)', async () => {
    const image = path.join(temporaryFolder(), 'gpt.img')
    fs.writeFileSync(image, noise(20 * MIB))
    fs.writeSync(fs.openSync(image, 'r+'), Buffer.alloc(MIB), 0, MIB, 0)
    run('sgdisk', '--clear', '--new=1:2048:0', '--typecode=1:ef00', image)
    const before = fs.readFileSync(image)
    const drive = plainDrive(64 * MIB + 512 * 3)
    const written = await writeImage(image, drive, { isFitted: true })
    expect(run('sgdisk', '-v', drive)).toContain('No problems found')
    const bytes = fs.readFileSync(drive)
    expect(bytes.subarray(MIB, 19 * MIB).equals(before.subarray(MIB, 19 * MIB))).toBe(true)
    expect(written.byteLength).toBe(64 * MIB + 512 * 3)
    await expect(writeImage(diskImage(4 * MIB), plainDrive(8 * MIB), { isFitted: true })).rejects.toMatchObject({
      code: 'NOT_FOR_DRIVES',
    })
  })

  it('is refused where nothing opens a drive for one program alone', () => {
    for (const platform of ['win32', 'darwin', 'freebsd'] as const)
      expect(() => {
        assertSystem(platform)
      }).toThrow('on Linux only')
  })

  it('says what helps where an image is neither for drives nor for UEFI', async () => {
    const folder = temporaryFolder()
    const image = path.join(folder, 'plain.iso')
    fs.copyFileSync('tests/images/sample.iso', image)
    await expect(writeImage(image, plainDrive(8 * MIB))).rejects.toMatchObject({ code: 'NOT_FOR_DRIVES' })
  })

  it('makes an empty drive again', async () => {
    const drive = plainDrive(64 * MIB)
    const found = await findDrives()
    const offered = driveAt(drive, found)
    const options = { confirm: offered.confirm, isChecked: true, isFixedAllowed: false, inUse: [] }
    const plan = planEmpty('exfat', 'PHOTOS', offered.drive.byteLength)
    const written = await writeDrive(offered, found, plan, options, UNCONTROLLED)
    expect(written.parts).toEqual([{ type: 'exfat', label: 'PHOTOS', byteOffset: MIB, byteLength: 63 * MIB }])
    if (!has('fsck.exfat')) return
    const part = `${drive}.part`
    fs.writeFileSync(part, fs.readFileSync(drive).subarray(MIB))
    expect(run('fsck.exfat', '-n', part)).toContain('clean')
  })
})

describe.skipIf(!hasLoops)('writing a drive (loop devices, as root, with /sys)', () => {
  it('writes and checks past the system’s cache', async () => {
    const image = diskImage(9 * MIB + 512)
    const { device, file } = loopDrive(32 * MIB)
    expect(await writeImage(image, device)).toMatchObject({ sha256: sumOf(image), notes: [] })
    expect(startOf(file, 9 * MIB + 512).equals(fs.readFileSync(image))).toBe(true)
  })

  it('finds one byte that was flipped between writing and reading', async () => {
    const { device, file } = loopDrive(32 * MIB)
    const onPhase = (phase: Phase): void => {
      if (phase === 'checking') flip(file, 5 * MIB + 3)
    }
    await expect(writeImage(diskImage(9 * MIB), device, { onPhase })).rejects.toMatchObject({
      code: 'CHECK_FAILED',
      byteOffset: 5 * MIB + 3,
    })
    expect(isEmpty(headOf(file))).toBe(true)
  })

  it('refuses one that is read-only, mounted, or whose file is the image', async () => {
    const image = diskImage(4 * MIB)
    const readOnly = loopDrive(8 * MIB, '-r')
    await expect(writeImage(image, readOnly.device)).rejects.toThrow('read-only')
    const own = loopDrive(8 * MIB)
    fs.copyFileSync(image, own.file)
    await expect(writeImage(own.file, own.device)).rejects.toMatchObject({ code: 'DRIVE_REFUSED' })
    expect(startOf(own.file, 4 * MIB).equals(fs.readFileSync(image))).toBe(true)
  })

  it.skipIf(!has('mkfs.ext4'))(
    'refuses what is mounted elsewhere, and unmounts what a desktop has mounted',
    async () => {
      const { device, file } = loopDrive(8 * MIB)
      run('mkfs.ext4', '-q', device)
      const image = diskImage(4 * MIB)
      const elsewhere = temporaryFolder()
      run('mount', '-o', 'ro', device, elsewhere)
      const before = sumOf(file)
      await expect(writeImage(image, device)).rejects.toThrow(`It is in use at ${elsewhere}.`)
      run('umount', elsewhere)
      expect(sumOf(file)).toBe(before)
      fs.mkdirSync('/media', { recursive: true })
      const place = fs.mkdtempSync('/media/isolde-test-')
      onTestFinished(() => {
        spawnSync('umount', [place])
        fs.rmdirSync(place)
      })
      run('mount', device, place)
      const open = fs.openSync(path.join(place, 'open.txt'), 'w')
      await expect(writeImage(image, device)).rejects.toMatchObject({ code: 'DRIVE_BUSY' })
      fs.closeSync(open)
      await writeImage(image, device)
      expect(startOf(file, 4 * MIB).equals(fs.readFileSync(image))).toBe(true)
    },
  )

  it('unmounts nothing that somebody has mounted over a drive, or below, and names what holds it', async () => {
    const { device, file } = loopDrive(16 * MIB)
    run('mkfs.ext4', '-q', device)
    const image = diskImage(4 * MIB)
    fs.mkdirSync('/media', { recursive: true })
    const place = fs.mkdtempSync('/media/isolde-test-')
    onTestFinished(() => {
      for (const each of [`${place}/sub`, place, place]) spawnSync('umount', [each])
      fs.rmdirSync(place)
    })
    run('mount', device, place)
    run('mount', '-t', 'tmpfs', 'tmpfs', place)
    fs.writeFileSync(path.join(place, 'precious'), '')
    await expect(writeImage(image, device)).rejects.toThrow(`tmpfs is mounted over ${place}, and is not on this drive`)
    expect(fs.readdirSync(place)).toEqual(['precious'])
    run('umount', place)
    fs.mkdirSync(path.join(place, 'sub'))
    run('mount', '-t', 'tmpfs', 'tmpfs', path.join(place, 'sub'))
    await expect(writeImage(image, device)).rejects.toThrow(`tmpfs is mounted below ${place}, at ${place}/sub`)
    run('umount', path.join(place, 'sub'))
    fs.writeFileSync(path.join(place, 'inner.img'), Buffer.alloc(MIB))
    const loop = run('losetup', '-f', '--show', path.join(place, 'inner.img'))
    try {
      await expect(writeImage(image, device)).rejects.toThrow(`unmounted: ${loop} has something open on it.`)
    } finally {
      run('losetup', '-d', loop)
    }
    await writeImage(image, device)
    expect(startOf(file, 4 * MIB).equals(fs.readFileSync(image))).toBe(true)
  })

  it('notices that one was detached, or attached anew, after it was confirmed', async () => {
    const image = diskImage(4 * MIB)
    const { device, file } = loopDrive(8 * MIB)
    const detach = (phase: Phase): void => {
      if (phase === 'preparing') run('losetup', '-d', device)
    }
    await expect(writeImage(image, device, { onPhase: detach })).rejects.toMatchObject({
      code: /DRIVE_(CHANGED|GONE|REFUSED)/,
    })
    run('losetup', device, file)
    const before = sumOf(file)
    const exchange = (phase: Phase): void => {
      if (phase !== 'preparing') return
      run('losetup', '-d', device)
      run('losetup', device, file)
    }
    await expect(writeImage(image, device, { onPhase: exchange })).rejects.toThrow('taken out and put in again')
    expect(sumOf(file)).toBe(before)
  })

  it('is told by any of its names, and is never a part of it', async () => {
    const { device, file } = loopDrive(16 * MIB, '-P')
    const image = diskImage(4 * MIB)
    const link = path.join(temporaryFolder(), 'my-stick')
    fs.symlinkSync(device, link)
    expect(await writeImage(image, link)).toMatchObject({ drive: device })
    expect(startOf(file, 4 * MIB).equals(fs.readFileSync(image))).toBe(true)
    const part = `${device}p1`
    spawnSync('partx', ['-u', device])
    if (!fs.existsSync(part)) return
    await expect(writeImage(image, part)).rejects.toThrow('a part of a drive')
  })
})

describe('the helper', () => {
  const fake = (body: string): string => {
    const program = path.join(temporaryFolder(), 'fake.mjs')
    fs.writeFileSync(
      program,
      `import net from 'node:net'\nimport fs from 'node:fs'\nconst folder = process.argv[2]\nconst say = (socket, message) => { const json = Buffer.from(JSON.stringify(message)); const head = Buffer.alloc(8); head.writeUInt32LE(json.length); socket.write(Buffer.concat([head, json])) }\nconst socket = net.connect(folder + '/socket')\nsocket.on('connect', () => { ${body} })\n`,
    )
    return program
  }
  const start = (program: string): Promise<DriveHelper> =>
    DriveHelper.start({ drivePath: plainDrive(MIB), imageDescriptor: null, program })

  it('is not believed without the secret', async () => {
    const program = fake(`say(socket, { secret: '0'.repeat(64) }); socket.on('close', () => process.exit(0))`)
    await expect(start(program)).rejects.toMatchObject({ code: 'HELPER_FAILED' })
  })

  it('leaves nothing of how they met, and clears away what a killed one has left', () => {
    const parent = temporaryFolder()
    const own = makeMeetingPlace(parent)
    expect(fs.statSync(own).mode & 0o777).toBe(0o700)
    const { pid } = spawnSync('true')
    const [left, others] = [
      path.join(parent, `isolde-drive-${pid}-abcdef`),
      path.join(parent, `isolde-drive-${pid}.txt`),
    ]
    fs.mkdirSync(left)
    fs.writeFileSync(path.join(left, 'secret'), 'x')
    fs.writeFileSync(others, '')
    removeAbandoned(parent)
    expect(fs.readdirSync(parent).sort()).toEqual([path.basename(own), path.basename(others)].sort())
  })

  it('has no folder any more while it works', async () => {
    const folders = (): string[] =>
      fs.readdirSync(os.tmpdir()).filter((name) => name.startsWith(`isolde-drive-${process.pid}-`))
    let seen: string[] | null = null
    const onPhase = (phase: Phase): void => {
      if (phase === 'writing') seen = folders()
    }
    await writeImage(diskImage(2 * MIB), plainDrive(8 * MIB), { onPhase })
    expect(seen).toEqual([])
    expect(folders()).toEqual([])
  })

  it('is missed when it ends', async () => {
    const helper = await start(
      fake(
        `say(socket, { secret: fs.readFileSync(folder + '/secret', 'utf8') }); setTimeout(() => process.exit(1), 200)`,
      ),
    )
    await expect(helper.ask({ op: 'prepare' })).rejects.toMatchObject({ code: 'HELPER_FAILED' })
    await helper.end()
  })

  it('opens nothing that was not confirmed', async () => {
    const drive = plainDrive(4 * MIB)
    const other = path.join(temporaryFolder(), 'other.img')
    fs.writeFileSync(other, noise(4 * MIB))
    const helper = await DriveHelper.start({ drivePath: drive, imageDescriptor: null })
    onTestFinished(() => helper.end())
    await expect(helper.ask({ op: 'prepare' })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    const { identityOf } = await import('../../../src-main/devices/identity')
    const identity = { ...identityOf(driveAt(drive, await findDrives()).drive), path: other }
    const asked = helper.ask({ op: 'open', identity, isFixedAllowed: true, inUse: [] })
    await expect(asked).rejects.toMatchObject({ code: 'DRIVE_CHANGED' })
    expect(fs.readFileSync(other).equals(noise(4 * MIB))).toBe(true)
  })
})
