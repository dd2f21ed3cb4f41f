import type { Bus, Drive, DriveVolume, InUse, Machine, MachineNode, Use } from '../drive'
import { parseMountInfo, parseSwaps, type Mount } from './mount-info'

/** What `/sys/class/block/NAME` and udev say of a device, as they say it. */
export interface RecordedBlock {
  name: string
  /** `8:17`. */
  device: string
  /** Where its folder really is: it names the way to it, and the disk that a partition is of. */
  devicePath: string
  /** Small files of that folder by name: `size`, `ro`, `device/model`, `dm/name`, `loop/backing_file`. Absent ones are absent. */
  attributes: Readonly<Record<string, string>>
  /** Names of the devices that it is made of. */
  slaves: readonly string[]
  /** `/run/udev/data/b8:17`; empty without udev. */
  udev: string
}

/** Everything that is asked of a machine with Linux, so that a machine can be written down and looked at later. */
export interface LinuxRecord {
  blocks: readonly RecordedBlock[]
  /** `/proc/self/mountinfo`. */
  mountInfo: string
  /** `/proc/swaps`. */
  swaps: string
  /** The names of the devices of every btrfs file system that is mounted, by its id. */
  btrfs: Readonly<Record<string, readonly string[]>>
  /** Where the files that were asked for lie: swap files, those behind loop devices, those in use, drives for tests. */
  files: Readonly<Record<string, RecordedFile>>
  /** Room used in mounted volumes, in bytes, by mount point. */
  used: Readonly<Record<string, number>>
  /** Paths of drives for tests, loop devices and plain files, whatever else they are called. */
  extraDrives: readonly string[]
  inUse: readonly InUse[]
}

export interface RecordedFile {
  /** Of the file system that it lies in: `8:17`. */
  device: string
  inode: string
  /** Of a device file: which device it is. */
  block: string | null
  byteLength: number
  readOnly: boolean
}

/** Where desktops mount what a person puts in. */
const REMOVABLE_PLACES = /^\/(run\/)?media\//
/** Devices that are no drives: memory, mapped and combined ones, what the kernel serves of others. */
const NO_DRIVE =
  /^(ram|zram|dm-|md|loop|nbd|fd|drbd|rbd|bcache|mtdblock|zd)\d*|^nvme\d+c\d+n\d+|^mmcblk\d+(boot|rpmb|gp)\d*/
const SECTOR = 512

/** The machine that a record describes. Pure: recorded machines are looked at as one's own is. */
export function readLinuxMachine(record: LinuxRecord): Machine {
  const mounts = parseMountInfo(record.mountInfo)
  const byDevice = new Map<string, MachineNode>()
  const nodes: MachineNode[] = []
  const add = (node: MachineNode): MachineNode => {
    const known = byDevice.get(node.id)
    if (known !== undefined) return known
    byDevice.set(node.id, node)
    nodes.push(node)
    return node
  }
  const byName = new Map(record.blocks.map((block) => [block.name, block]))
  for (const block of record.blocks) add(nodeOf(block, byName))
  for (const path of record.extraDrives) addFile(record.files[path], path, add)
  for (const block of record.blocks) addBackingFile(block, record, add)
  addFileSystems(mounts, record, byName, add)
  addMounts(mounts, record, byDevice)
  addSwaps(record, byDevice)
  addInUse(record, byDevice)
  return { drives: drivesOf(record, mounts, nodes), nodes }
}

/** How the node of a plain file is called: the same for each of its names. */
export function fileNodeId({ device, inode }: Pick<RecordedFile, 'device' | 'inode'>): string {
  return `file:${device}:${inode}`
}

function nodeOf(block: RecordedBlock, byName: ReadonlyMap<string, RecordedBlock>): MachineNode {
  const { name, device, attributes, slaves } = block
  const disk = diskOf(block)
  const on = slaves.map((slave) => byName.get(slave)?.device ?? `block:${slave}`)
  if (disk !== null) on.push(byName.get(disk)?.device ?? `block:${disk}`)
  const isLayer = slaves.length > 0 || /^(dm-|md|loop)/.test(name)
  const mapped = attributes['dm/name']
  return {
    id: device,
    name: mapped === undefined ? name : `/dev/mapper/${mapped}`,
    kind: disk !== null ? 'partition' : isLayer ? 'layer' : 'disk',
    on,
    uses: [],
  }
}

/** The name of the disk that a partition is of; null for whatever is no partition. */
function diskOf({ devicePath, attributes }: RecordedBlock): string | null {
  if (attributes.partition === undefined) return null
  return devicePath.split('/').at(-2) ?? null
}

function addFile(
  file: RecordedFile | undefined,
  path: string,
  add: (node: MachineNode) => MachineNode,
): MachineNode | null {
  if (file?.block !== null) return null
  return add({ id: fileNodeId(file), name: path, kind: 'file', on: [], uses: [] })
}

/** What a loop device is made of: the file behind it, and through that the file system which that lies in. */
function addBackingFile(block: RecordedBlock, record: LinuxRecord, add: (node: MachineNode) => MachineNode): void {
  const backing = block.attributes['loop/backing_file']
  if (backing === undefined) return
  const file = record.files[backing]
  const loop = add({ id: block.device, name: block.name, kind: 'layer', on: [], uses: [] })
  if (typeof file?.block === 'string') {
    loop.on.push(file.block)
    return
  }
  const node = addFile(file, backing, add)
  // A file that was deleted behind its loop device has no name to be found by.
  if (node === null || file === undefined) return
  loop.on.push(node.id)
  node.uses.push({ kind: 'held', what: `/dev/${block.name}` })
  add({ id: file.device, name: `the file system of ${backing}`, kind: 'layer', on: [], uses: [] })
  // Not `on` of the file: other loop devices of one disk have nothing to do with one another.
  loop.on.push(file.device)
}

/** File systems with a number of their own: those over several disks, and those that are no disk's. */
function addFileSystems(
  mounts: readonly Mount[],
  record: LinuxRecord,
  byName: ReadonlyMap<string, RecordedBlock>,
  add: (node: MachineNode) => MachineNode,
): void {
  const devices = new Set(record.blocks.map(({ device }) => device))
  for (const { device, source, fileSystem, point } of mounts) {
    if (devices.has(device)) continue
    const node = add({ id: device, name: `${fileSystem} at ${point}`, kind: 'layer', on: [], uses: [] })
    // Some file systems name all of their disks, with colons between them.
    const named = source.split(/:(?=\/dev\/)/).flatMap((each) => blockOf(each, record, byName) ?? [])
    const pool = Object.values(record.btrfs).find((names) => named.some(({ name }) => names.includes(name)))
    const members = [
      ...named.map((block) => block.device),
      ...(pool ?? []).map((name) => byName.get(name)?.device ?? `block:${name}`),
    ]
    for (const id of members) if (!node.on.includes(id)) node.on.push(id)
  }
  // A file system of several disks is mounted by one of them, with the number of that one on some kernels.
  for (const members of Object.values(record.btrfs)) {
    const own = members.flatMap((name) => byName.get(name)?.device ?? [])
    const mounted = mounts.filter(({ device }) => own.includes(device))
    for (const { device, point } of mounted)
      for (const id of own)
        if (id !== device)
          add({ id: `btrfs:${id}:${device}`, name: `btrfs at ${point}`, kind: 'layer', on: [id], uses: [useOf(point)] })
  }
}

function blockOf(
  source: string,
  record: LinuxRecord,
  byName: ReadonlyMap<string, RecordedBlock>,
): RecordedBlock | null {
  if (!source.startsWith('/dev/')) return null
  const direct = byName.get(source.slice('/dev/'.length))
  if (direct !== undefined) return direct
  return (
    record.blocks.find(({ attributes, udev }) => {
      const mapped = attributes['dm/name']
      if (mapped !== undefined && source === `/dev/mapper/${mapped}`) return true
      return udevLinks(udev).includes(source)
    }) ?? null
  )
}

function useOf(point: string): Use {
  if (point === '/') return { kind: 'system', what: point }
  if (/^\/(boot|efi)(\/|$)/.test(point)) return { kind: 'boot', what: point }
  return { kind: REMOVABLE_PLACES.test(point) ? 'removable' : 'mounted', what: point }
}

function addMounts(mounts: readonly Mount[], record: LinuxRecord, byDevice: ReadonlyMap<string, MachineNode>): void {
  for (const { device, point } of mounts) byDevice.get(device)?.uses.push(useOf(point))
  // ZFS does not say which disks a pool is made of: none that may be one is touched while any pool is mounted.
  const pool = mounts.find(({ fileSystem }) => fileSystem === 'zfs')
  if (pool === undefined) return
  for (const { device, udev } of record.blocks)
    if (udevProperties(udev).ID_FS_TYPE === 'zfs_member')
      byDevice.get(device)?.uses.push({ kind: 'held', what: `the pool ${pool.source}` })
}

function addSwaps(record: LinuxRecord, byDevice: ReadonlyMap<string, MachineNode>): void {
  for (const path of parseSwaps(record.swaps)) {
    const name = path.replace(/^\/dev\//, '')
    const block = record.blocks.find((each) => each.name === name)
    const file = record.files[path]
    const id = block?.device ?? file?.block ?? file?.device
    if (id !== undefined) byDevice.get(id)?.uses.push({ kind: 'swap', what: path })
    if (file?.block === null) byDevice.get(fileNodeId(file))?.uses.push({ kind: 'swap', what: path })
  }
}

function addInUse(record: LinuxRecord, byDevice: ReadonlyMap<string, MachineNode>): void {
  for (const { kind, path, isFolderAround } of record.inUse) {
    const file = record.files[path]
    if (file === undefined) continue
    if (kind === 'image') {
      const own = file.block ?? fileNodeId(file)
      byDevice.get(own)?.uses.push({ kind: 'image', what: path })
      if (file.block === null) byDevice.get(file.device)?.uses.push({ kind: 'holds-image', what: path })
      continue
    }
    byDevice.get(file.block ?? file.device)?.uses.push({ kind, what: path })
    if (file.block === null) byDevice.get(fileNodeId(file))?.uses.push({ kind, what: path })
    // A file among those of the program, or of the profile, is none to try things out on. Temporary folders have many.
    if (kind === 'scratch' || isFolderAround === true) continue
    for (const node of byDevice.values())
      if (node.kind === 'file' && node.name.startsWith(path.replace(/\/?$/, '/'))) node.uses.push({ kind, what: path })
  }
}

function drivesOf(record: LinuxRecord, mounts: readonly Mount[], nodes: readonly MachineNode[]): Drive[] {
  const wanted = new Set(record.extraDrives.map((path) => record.files[path]?.block))
  const drives = record.blocks
    .filter((block) => diskOf(block) === null && (wanted.has(block.device) || !NO_DRIVE.test(block.name)))
    .map((block) => driveOf(block, record, mounts))
  const files = new Map<string, Drive>()
  for (const path of record.extraDrives) {
    const file = record.files[path]
    if (file?.block !== null) continue
    const id = fileNodeId(file)
    if (nodes.some((node) => node.id === id)) files.set(id, fileDrive(path, id, file))
  }
  return [...drives, ...files.values()]
}

function fileDrive(path: string, id: string, { byteLength, readOnly }: RecordedFile): Drive {
  const facts = { model: '', serial: '', bus: 'file', removable: true, diskSequence: null, volumes: [] } as const
  return { ...facts, id, path, byteLength, readOnly, volumes: [] }
}

function driveOf(block: RecordedBlock, record: LinuxRecord, mounts: readonly Mount[]): Drive {
  const { name, device, attributes } = block
  const properties = udevProperties(block.udev)
  return {
    id: device,
    path: `/dev/${name}`,
    model: modelOf(block, properties),
    serial: (properties.ID_SERIAL_SHORT ?? attributes['device/serial'] ?? '').trim(),
    byteLength: Number(attributes.size ?? 0) * SECTOR,
    bus: busOf(block, properties),
    removable: attributes.removable === '1' || busOf(block, properties) === 'sd',
    readOnly: attributes.ro === '1',
    diskSequence: attributes.diskseq ?? null,
    volumes: volumesOf(block, record, mounts),
  }
}

function modelOf({ attributes }: RecordedBlock, properties: Readonly<Record<string, string>>): string {
  const encoded = properties.ID_MODEL_ENC?.replace(/\\x([0-9a-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(parseInt(hex, 16)),
  )
  const model = attributes['device/model'] ?? encoded ?? properties.ID_MODEL ?? attributes['device/name'] ?? ''
  const vendor = attributes['device/vendor'] ?? ''
  // Of a disk that is no stick, the vendor is the kind of bus, or a number.
  const isNamed = /^[A-Za-z][\w .-]*$/.test(vendor.trim()) && !/^(ATA|NVMe|SCSI|0x)/i.test(vendor.trim())
  return [isNamed ? vendor : '', model]
    .map((text) => text.trim().replace(/\s+/g, ' '))
    .filter(Boolean)
    .join(' ')
}

function busOf({ name, devicePath, attributes }: RecordedBlock, { ID_BUS }: Readonly<Record<string, string>>): Bus {
  if (name.startsWith('loop')) return 'loop'
  if (name.startsWith('sr')) return 'optical'
  if (name.startsWith('mmcblk')) {
    // What is soldered in is an MMC too; cards are not.
    if (attributes['device/type'] === 'SD') return 'sd'
    return attributes['device/type'] === 'MMC' && attributes.removable !== '1' ? 'emmc' : 'mmc'
  }
  if (/\/usb\d+\//.test(devicePath) || ID_BUS === 'usb') return 'usb'
  if (name.startsWith('nvme')) return 'nvme'
  if (devicePath.includes('/virtio')) return 'virtio'
  if (/\/ata\d+\//.test(devicePath) || ID_BUS === 'ata') return 'ata'
  return devicePath.includes('/host') ? 'scsi' : 'unknown'
}

function volumesOf(disk: RecordedBlock, record: LinuxRecord, mounts: readonly Mount[]): DriveVolume[] {
  const parts = record.blocks.filter((block) => diskOf(block) === disk.name)
  return [...(parts.length === 0 ? [disk] : []), ...parts].flatMap((block) => {
    const { ID_FS_LABEL_ENC: label = '', ID_FS_TYPE: type } = udevProperties(block.udev)
    const mount = mounts.find(({ device }) => device === block.device)
    const fileSystem = type ?? mount?.fileSystem ?? ''
    if (block === disk && fileSystem === '' && mount === undefined) return []
    return [
      {
        id: block.device,
        label: label.replace(/\\x([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
        fileSystem,
        mountPoint: mount?.point ?? null,
        byteLength: Number(block.attributes.size ?? 0) * SECTOR,
        usedBytes: mount === undefined ? null : (record.used[mount.point] ?? null),
      },
    ]
  })
}

/** Lines `E:KEY=value` of udev's database. */
function udevProperties(udev: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Array.from(udev.matchAll(/^E:([^=\n]+)=(.*)$/gm), ([, key = '', value = '']) => [key, value]),
  )
}

/** Lines `S:disk/by-id/…`: other names of the device. */
function udevLinks(udev: string): string[] {
  return Array.from(udev.matchAll(/^S:(.*)$/gm), ([, link = '']) => `/dev/${link}`)
}
