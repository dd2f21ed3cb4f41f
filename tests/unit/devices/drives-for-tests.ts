import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import { temporaryFolder } from '../support'

export const MIB = 1 << 20
export const has = (program: string): boolean => spawnSync('which', [program], { stdio: 'ignore' }).status === 0
/** Loop devices are made by root alone, and not in every container; where there is no /sys, nobody tells of drives. */
export const hasLoops =
  process.getuid?.() === 0 && fs.existsSync('/dev/loop-control') && fs.existsSync('/sys/block') && has('losetup')
export const isBuilt = fs.existsSync('dist/helper/device-helper.mjs')

export function run(program: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${status} ${stderr}`)
  return stdout.trim()
}

/** The same bytes for the same seed, unlike any others. */
export function noise(length: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(length)
  let state = seed
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    bytes[i] = state >>> 16
  }
  return bytes
}

/** A file full of what was there before, that stands for a drive; `ISOLDE_DRIVES` names it until the test ends. */
export function plainDrive(byteLength: number, name = 'stick.img'): string {
  const file = path.join(temporaryFolder(), name)
  fs.writeFileSync(file, Buffer.alloc(Math.min(byteLength, 4 * MIB), 0xa5))
  fs.truncateSync(file, byteLength)
  announce(file)
  return file
}

/** A loop device over such a file. */
export function loopDrive(byteLength: number, ...options: string[]): { device: string; file: string } {
  const file = plainDrive(byteLength)
  const device = run('losetup', '-f', '--show', ...options, file)
  onTestFinished(() => {
    spawnSync('losetup', ['-d', device])
  })
  announce(device)
  return { device, file }
}

function announce(drive: string): void {
  const before = process.env.ISOLDE_DRIVES
  const list = path.join(temporaryFolder(), 'drives')
  fs.writeFileSync(list, `${drive}\n`)
  process.env.ISOLDE_DRIVES = list
  onTestFinished(() => {
    if (before === undefined) delete process.env.ISOLDE_DRIVES
    else process.env.ISOLDE_DRIVES = before
  })
}

/** A disk image with one partition of noise. */
export function diskImage(byteLength: number, name = 'disk.img'): string {
  const bytes = noise(byteLength)
  bytes.fill(0, 440, 512)
  bytes[446] = 0x80
  bytes[450] = 0x83
  bytes.writeUInt32LE(2048, 454)
  bytes.writeUInt32LE(byteLength / 512 - 2048, 458)
  bytes.writeUInt16LE(0xaa55, 510)
  const file = path.join(temporaryFolder(), name)
  fs.writeFileSync(file, bytes)
  return file
}

export function headOf(file: string): Buffer {
  const bytes = Buffer.alloc(MIB)
  const descriptor = fs.openSync(file, 'r')
  fs.readSync(descriptor, bytes, 0, MIB, 0)
  fs.closeSync(descriptor)
  return bytes
}

export function flip(file: string, at: number): void {
  const descriptor = fs.openSync(file, 'r+')
  const byte = Buffer.alloc(1)
  fs.readSync(descriptor, byte, 0, 1, at)
  byte[0] = (byte[0] ?? 0) ^ 0xff
  fs.writeSync(descriptor, byte, 0, 1, at)
  fs.fsyncSync(descriptor)
  fs.closeSync(descriptor)
}
