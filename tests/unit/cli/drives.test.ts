import { spawn, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { diskImage, hasLoops, headOf, loopDrive, MIB, plainDrive, run } from '../devices/drives-for-tests'
import { SAMPLE, temporaryFolder } from '../support'
import { isolde } from './command-line'

const SYSTEM_NODE = '/usr/bin/node'
/** Whether it is one that the launcher leaves for its own. */
function isOld(node: string): boolean {
  const [major = 99] = spawnSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8' })
    .stdout.split('.')
    .map(Number)
  return major < 22
}
const SUMMARY = ['summary', 'drive', 'byteLength', 'bytesWritten', 'bytesChecked', 'sha256', 'how', 'parts', 'problems']

describe('isolde drives', () => {
  it('lists what may be written, with the word for it', () => {
    const drive = plainDrive(8 * MIB)
    const { status, rows } = isolde(['drives', '--json'])
    expect(status).toBe(0)
    const own = rows.find((row) => row.path === drive)
    const facts = {
      model: '',
      serial: '',
      byteLength: 8 * MIB,
      bus: 'file',
      removable: true,
      readOnly: false,
      volumes: [],
    }
    expect(own).toEqual({ path: drive, ...facts, confirm: 'stick.img', refused: null })
  })

  it('tells what lies on one, mounted or not', () => {
    const drive = plainDrive(64 * MIB)
    const volumes = (): unknown => isolde(['drives', '--json']).rows.find(({ path: own }) => own === drive)?.volumes
    for (const [type, name] of [
      ['fat32', 'vfat'],
      ['exfat', 'exfat'],
    ] as const) {
      const args = ['erase', drive, '--confirm', 'stick.img', '--as', type, '--label', 'DATA']
      expect(isolde(args).status).toBe(0)
      expect(volumes()).toMatchObject([{ label: 'DATA', fileSystem: name, mountPoint: null, usedBytes: null }])
    }
  })

  it.skipIf(!hasLoops || !fs.existsSync('/usr/sbin/mkfs.ext4'))(
    'has labels without udev (loop devices, as root)',
    () => {
      const { device } = loopDrive(16 * MIB)
      run('mkfs.ext4', '-q', '-L', 'DATA', device)
      const told = isolde(['drives', '--json']).rows.find(({ path: own }) => own === device)
      expect(told?.volumes).toMatchObject([{ label: 'DATA', fileSystem: 'ext4' }])
    },
  )

  it('passes over whatever else is named as a drive', () => {
    const list = path.join(temporaryFolder(), 'drives')
    fs.writeFileSync(list, `/dev/null\n${temporaryFolder()}\n/nowhere\n`)
    const { status, stderr } = isolde(['drives', '--json'], { env: { ISOLDE_DRIVES: list } })
    expect(status).toBe(0)
    expect(stderr.match(/adds nothing else/g)).toHaveLength(2)
    expect(stderr).toContain("/nowhere, which ISOLDE_DRIVES names as a drive, doesn't exist.")
  })
})

describe('isolde write, erase and read', () => {
  it('write, check, and sum it up', () => {
    const image = diskImage(3 * MIB)
    const drive = plainDrive(8 * MIB)
    const { status, rows, stderr } = isolde(['write', image, '--to', drive, '--confirm', 'stick.img', '--json'])
    expect(stderr).toBe('')
    expect(status).toBe(0)
    expect(Object.keys(rows.at(-1) ?? {})).toEqual(expect.arrayContaining([...SUMMARY, 'path']))
    expect(rows.at(-1)).toMatchObject({
      summary: true,
      drive,
      path: image,
      bytesChecked: 3 * MIB,
      how: 'as-is',
      problems: 0,
    })
    expect(
      fs
        .readFileSync(drive)
        .subarray(0, 3 * MIB)
        .equals(fs.readFileSync(image)),
    ).toBe(true)
  })

  it.each([
    [2, (image: string, drive: string) => ['write', image, '--to', drive], 'say --confirm "stick.img"'],
    [2, (image: string) => ['write', image, '--confirm', 'x'], 'Name the drive'],
    [2, (image: string, drive: string) => ['write', image, '--to', drive, '--how', 'dd'], '--how takes'],
    [4, (image: string, drive: string) => ['write', image, '--to', drive, '--confirm', 'x'], 'not “x”'],
    [4, (image: string) => ['write', image, '--to', image, '--confirm', 'x'], 'is not a drive'],
    [4, (_: string, drive: string) => ['write', SAMPLE, '--to', drive, '--confirm', 'stick.img'], 'Burn it'],
    [4, (image: string) => ['write', image, '--to', '/dev/nowhere', '--confirm', 'x'], 'is not a drive'],
    [
      2,
      (image: string, drive: string) => ['write', image, '--to', drive, '--confirm', 'stick.img', '--table', 'gpt'],
      '--table goes with --how files',
    ],
    [
      2,
      (_: string, drive: string) => ['erase', drive, '--confirm', 'stick.img', '--as', 'fat32', '--label', 'été'],
      'cannot be the label',
    ],
    [2, (_: string, drive: string) => ['erase', drive], 'say --confirm "stick.img"'],
    [4, (_: string, drive: string) => ['erase', drive, '--confirm', 'x'], 'not “x”'],
    [
      4,
      (_: string, drive: string) => ['erase', drive, '--confirm', 'stick.img', '--as', 'fat32'],
      'too small for FAT32',
    ],
    [2, (_: string, drive: string) => ['read', drive], 'Name the file'],
    [4, (_: string, drive: string) => ['read', drive, drive], 'what is to be read'],
    [4, () => ['read', '/nowhere', '/nowhere.iso'], "doesn't exist"],
  ])('end with %i and change nothing', (status, args, sentence) => {
    const [image, drive] = [diskImage(3 * MIB), plainDrive(8 * MIB)]
    const before = fs.readFileSync(drive)
    const ran = isolde(args(image, drive))
    expect(ran.stderr).toContain(sentence)
    expect(ran.status).toBe(status)
    expect(fs.readFileSync(drive).equals(before)).toBe(true)
  })

  it.each([
    [
      'refused',
      (image: string, drive: string) => ['write', image, '--to', drive, '--confirm', 'x'],
      4,
      'NOT_CONFIRMED',
    ],
    ['no drive', (image: string) => ['write', image, '--to', '/dev/nowhere', '--confirm', 'x'], 4, 'NO_SUCH_DRIVE'],
    [
      'too small',
      (_: string, drive: string) => ['erase', drive, '--as', 'fat32', '--confirm', 'stick.img'],
      4,
      'DRIVE_TOO_SMALL',
    ],
    ['no source', () => ['read', '/nowhere', '/nowhere.iso'], 4, 'NO_SUCH_DRIVE'],
    ['no burner', (image: string, drive: string) => ['burn', image, '--to', `${drive}.not`], 4, 'NO_SUCH_DRIVE'],
  ] as const)('sum up what they did not do: %s', (_, args, expected, code) => {
    const drive = plainDrive(8 * MIB)
    const { status, rows, stderr } = isolde([...args(diskImage(2 * MIB), drive), '--json'])
    expect(status).toBe(expected)
    expect(rows).toMatchObject([
      { status: 'failed', code, message: stderr.replace(/^isolde: /, '').trimEnd() },
      { summary: true, bytesWritten: 0, bytesChecked: 0, sha256: null, problems: 1 },
    ])
    expect(Object.keys(rows[1] ?? {})).toEqual(expect.arrayContaining(SUMMARY))
  })

  it('tell what of an image is not on the drive, and make copies of links', () => {
    const folder = temporaryFolder()
    fs.mkdirSync(path.join(folder, 'EFI/BOOT'), { recursive: true })
    fs.writeFileSync(path.join(folder, 'EFI/BOOT/bootx64.efi'), 'boot')
    fs.writeFileSync(path.join(folder, 'aux.txt'), 'x')
    fs.symlinkSync('bootx64.efi', path.join(folder, 'EFI/BOOT/grub.efi'))
    fs.symlinkSync('/nowhere', path.join(folder, 'out'))
    const image = path.join(temporaryFolder(), 'linux.iso')
    expect(isolde(['create', image, folder]).status).toBe(0)
    const drive = plainDrive(80 * MIB)
    const ran = isolde(['write', image, '--to', drive, '--confirm', 'stick.img', '--json'])
    expect(ran.status).toBe(1)
    expect(ran.rows).toMatchObject([
      { path: 'out', status: 'skipped', code: 'UNSUPPORTED_KIND' },
      { summary: true, problems: 1 },
    ])
    expect(ran.stderr).toContain('“aux.txt” is there, and Windows cannot open it')
    expect(isolde(['cat', drive, 'EFI/BOOT/grub.efi']).stdout).toBe('boot')
  })

  it('leave an empty drive behind Ctrl+C', async () => {
    const [image, drive] = [diskImage(64 * MIB), plainDrive(80 * MIB)]
    const args = ['bin/isolde.mjs', 'write', image, '--to', drive, '--confirm', 'stick.img', '--progress']
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    child.stderr.on('data', (bytes: Buffer) => {
      const isFirst = !said.includes('%')
      said += bytes.toString()
      if (isFirst && said.includes('%')) child.kill('SIGINT')
    })
    const status = await new Promise((resolve) => child.once('exit', resolve))
    expect(said).toContain('The drive is empty now')
    expect(status).toBe(130)
    expect(headOf(drive).every((byte) => byte === 0)).toBe(true)
  })

  it.skipIf(!isOld(SYSTEM_NODE))('end with the launcher on another Node, however that is killed', async () => {
    const [image, drive] = [diskImage(64 * MIB), plainDrive(80 * MIB)]
    const args = ['bin/isolde.mjs', 'write', image, '--to', drive, '--confirm', 'stick.img', '--progress']
    const child = spawn(SYSTEM_NODE, args, { stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    child.stderr.on('data', (bytes: Buffer) => {
      const isFirst = !said.includes('%')
      said += bytes.toString()
      if (isFirst && said.includes('%')) child.kill('SIGKILL')
    })
    // The other one has the pipe as well: it is closed when both have ended.
    await new Promise((resolve) => child.once('close', resolve))
    expect(said).toContain('The drive is empty now')
    expect(headOf(drive).every((byte) => byte === 0)).toBe(true)
  })

  it('read a file in place of a drive', () => {
    const target = path.join(temporaryFolder(), 'out.iso')
    const { status, rows } = isolde(['read', SAMPLE, target, '--json'])
    expect(status).toBe(0)
    expect(Object.keys(rows.at(-1) ?? {})).toEqual(expect.arrayContaining([...SUMMARY, 'path']))
    expect(fs.readFileSync(target).equals(fs.readFileSync(SAMPLE))).toBe(true)
  })
})
