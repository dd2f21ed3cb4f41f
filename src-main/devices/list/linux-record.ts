import fs from 'node:fs'
import path from 'node:path'
import type { InUse } from '../drive'
import type { LinuxRecord, RecordedBlock, RecordedFile } from './linux'
import { parseMountInfo, parseSwaps } from './mount-info'

const BLOCKS = '/sys/class/block'
const ATTRIBUTES = [
  ...['size', 'ro', 'removable', 'diskseq', 'partition', 'dm/name', 'dm/uuid', 'md/level', 'loop/backing_file'],
  ...['device/model', 'device/vendor', 'device/serial', 'device/name', 'device/type'],
]

/** Asks this machine for everything that {@link LinuxRecord} holds. What cannot be read is absent. */
export function recordLinux(extraDrives: readonly string[], inUse: readonly InUse[]): LinuxRecord {
  const blocks = namesIn(BLOCKS).map(recordBlock)
  const mountInfo = textOf('/proc/self/mountinfo') ?? ''
  const swaps = textOf('/proc/swaps') ?? ''
  const backing = blocks.flatMap(({ attributes }) => attributes['loop/backing_file'] ?? [])
  const asked = new Set([...parseSwaps(swaps), ...backing, ...inUse.map((each) => each.path), ...extraDrives])
  const files: Record<string, RecordedFile> = {}
  for (const each of asked) {
    const file = recordFile(each)
    if (file !== null) files[each] = file
  }
  const devices = new Set(blocks.map(({ device }) => device))
  const used: Record<string, number> = {}
  for (const { point, device } of parseMountInfo(mountInfo)) if (devices.has(device)) recordUsed(point, used)
  return { blocks, mountInfo, swaps, btrfs: recordBtrfs(), files, used, extraDrives, inUse }
}

function recordBlock(name: string): RecordedBlock {
  const folder = path.join(BLOCKS, name)
  const attributes: Record<string, string> = {}
  for (const attribute of ATTRIBUTES) {
    const text = textOf(path.join(folder, attribute))
    if (text !== null) attributes[attribute] = text.trimEnd()
  }
  const device = (textOf(path.join(folder, 'dev')) ?? '').trim()
  let devicePath = folder
  try {
    devicePath = fs.realpathSync(folder)
  } catch {
    // It has gone while it was looked at.
  }
  const slaves = namesIn(path.join(folder, 'slaves'))
  return { name, device, devicePath, attributes, slaves, udev: textOf(`/run/udev/data/b${device}`) ?? '' }
}

/** `/sys/fs/btrfs/ID/devices`: names of the devices of each file system that is mounted. */
function recordBtrfs(): Record<string, string[]> {
  const pools: Record<string, string[]> = {}
  for (const id of namesIn('/sys/fs/btrfs')) {
    const members = namesIn(path.join('/sys/fs/btrfs', id, 'devices'))
    if (members.length > 0) pools[id] = members
  }
  return pools
}

/** Null where there is none. Follows links: it is about what is there, not what it is called. */
export function recordFile(filePath: string): RecordedFile | null {
  let stat: fs.BigIntStats
  try {
    stat = fs.statSync(filePath, { bigint: true })
  } catch {
    return null
  }
  let readOnly = false
  try {
    fs.accessSync(filePath, fs.constants.W_OK)
  } catch {
    readOnly = stat.isFile()
  }
  return {
    device: deviceText(stat.dev),
    inode: String(stat.ino),
    block: stat.isBlockDevice() ? deviceText(stat.rdev) : null,
    byteLength: Number(stat.size),
    readOnly,
  }
}

/** As the kernel writes it, of glibc’s packing of both numbers. */
export function deviceText(device: bigint): string {
  const major = ((device >> 8n) & 0xfffn) | ((device >> 32n) & 0xfffff000n)
  const minor = (device & 0xffn) | ((device >> 12n) & 0xffffff00n)
  return `${major}:${minor}`
}

function recordUsed(point: string, used: Record<string, number>): void {
  try {
    const { blocks, bfree, bsize } = fs.statfsSync(point)
    used[point] = (blocks - bfree) * bsize
  } catch {
    // Nobody may look into it.
  }
}

function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder).sort()
  } catch {
    return []
  }
}

function textOf(file: string): string | null {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch {
    return null
  }
}
