import type { Bus, Drive, DriveVolume, InUse, Machine, MachineNode, Use } from '../drive'
import { parsePlist, type PlistValue } from './plist'

type Facts = Record<string, PlistValue>

const BUSES: Readonly<Record<string, Bus>> = {
  ...{ USB: 'usb', 'Secure Digital': 'sd', SATA: 'ata', ATA: 'ata', ATAPI: 'optical', 'PCI-Express': 'nvme' },
  ...{ 'Apple Fabric': 'nvme', SAS: 'scsi', SCSI: 'scsi', 'Disk Image': 'unknown' },
}

/** What `diskutil` prints: `list -plist`, and `info -plist DISK` for each name in it. */
export interface MacRecord {
  list: string
  /** By the name of the disk: `disk2`. */
  info: Readonly<Record<string, string>>
  inUse: readonly InUse[]
}

/** The names of everything that `diskutil list -plist` lists. @throws {SyntaxError} */
export function diskNames(list: string): string[] {
  return textsOf(factsOf(parsePlist(list)).AllDisks)
}

/**
 * The machine that `diskutil` describes. An APFS container is a disk of its own that lies on its stores.
 * @throws {SyntaxError} where what was printed is no property list
 */
export function readMacMachine({ list, info, inUse }: MacRecord): Machine {
  const names = diskNames(list)
  const facts = new Map(names.map((name) => [name, info[name] === undefined ? {} : factsOf(parsePlist(info[name]))]))
  const listed = listOf(factsOf(parsePlist(list)).AllDisksAndPartitions).map(factsOf)
  const nodes = names.map((name) => nodeOf(name, facts.get(name) ?? {}, listed))
  // The place that is longest is the volume that a file lies in.
  for (const { kind, path } of inUse) {
    const device = /^\/dev\/r?(disk\d+(s\d+)*)$/.exec(path)?.[1]
    const on = device ?? volumeOf(path, facts)
    const own = nodes.find(({ id }) => id === on)
    own?.uses.push({ kind: kind === 'image' && device === undefined ? 'holds-image' : kind, what: path })
  }
  const drives = names.flatMap((name) => driveOf(name, facts, nodes) ?? [])
  return { drives, nodes }
}

function nodeOf(name: string, facts: Facts, listed: readonly Facts[]): MachineNode {
  const whole = wholeOf(name)
  const on = whole === name ? [] : [whole]
  const container = listed.find((each) => each.DeviceIdentifier === name)
  for (const store of [...listOf(container?.APFSPhysicalStores), ...listOf(facts.APFSPhysicalStores)].map(factsOf)) {
    const id = textOf(store.DeviceIdentifier) || textOf(store.APFSPhysicalStore)
    if (id !== '' && !on.includes(id)) on.push(id)
  }
  const isLayer = whole === name && (on.length > 0 || facts.VirtualOrPhysical === 'Virtual')
  const kind = whole !== name ? 'partition' : isLayer ? 'layer' : 'disk'
  return { id: name, name, kind, on, uses: usesAt(textOf(facts.MountPoint), facts) }
}

function usesAt(point: string, facts: Facts): Use[] {
  if (point === '') return []
  if (point === '/' || point.startsWith('/System/Volumes/')) {
    return [{ kind: point.endsWith('/VM') ? 'swap' : point.endsWith('/Preboot') ? 'boot' : 'system', what: point }]
  }
  if (facts.SystemImage === true) return [{ kind: 'system', what: point }]
  return [{ kind: /^\/Volumes\/[^/]/.test(point) ? 'removable' : 'mounted', what: point }]
}

/** Null for partitions, containers and disk images that are attached. */
function driveOf(name: string, all: ReadonlyMap<string, Facts>, nodes: readonly MachineNode[]): Drive | null {
  const facts = all.get(name) ?? {}
  if (nodes.find(({ id }) => id === name)?.kind !== 'disk') return null
  const bus = facts.OpticalDeviceType === undefined ? (BUSES[textOf(facts.BusProtocol)] ?? 'unknown') : 'optical'
  return {
    id: name,
    path: `/dev/${name}`,
    model: (textOf(facts.MediaName) || textOf(facts.IORegistryEntryName)).trim(),
    serial: '',
    byteLength: numberOf(facts.TotalSize) || numberOf(facts.Size),
    bus,
    removable: facts.Ejectable === true || facts.RemovableMedia === true,
    readOnly: facts.WritableMedia === false,
    diskSequence: null,
    volumes: nodes.filter(({ on }) => on.includes(name)).flatMap(({ id }) => volumeFacts(id, all.get(id) ?? {})),
  }
}

function volumeFacts(id: string, facts: Facts): DriveVolume[] {
  const fileSystem = textOf(facts.FilesystemType)
  if (fileSystem === '' && textOf(facts.VolumeName) === '') return []
  const byteLength = numberOf(facts.TotalSize) || numberOf(facts.Size)
  const mountPoint = textOf(facts.MountPoint)
  const free = numberOf(facts.FreeSpace)
  return [
    {
      id,
      label: textOf(facts.VolumeName),
      fileSystem,
      mountPoint: mountPoint === '' ? null : mountPoint,
      byteLength,
      usedBytes: mountPoint === '' ? null : byteLength - free,
    },
  ]
}

function volumeOf(path: string, facts: ReadonlyMap<string, Facts>): string | null {
  let best: { name: string; length: number } | null = null
  for (const [name, { MountPoint }] of facts) {
    const point = textOf(MountPoint)
    const isBelow = point !== '' && (path === point || path.startsWith(point.replace(/\/?$/, '/')))
    if (isBelow && point.length > (best?.length ?? 0)) best = { name, length: point.length }
  }
  return best?.name ?? null
}

/** `disk2s1s1` is a part of `disk2`. */
function wholeOf(name: string): string {
  return /^disk\d+/.exec(name)?.[0] ?? name
}

function factsOf(value: PlistValue | undefined): Facts {
  return typeof value === 'object' && !Array.isArray(value) ? value : {}
}

function listOf(value: PlistValue | undefined): PlistValue[] {
  return Array.isArray(value) ? value : []
}

function textsOf(value: PlistValue | undefined): string[] {
  return listOf(value).filter((each) => typeof each === 'string')
}

function textOf(value: PlistValue | undefined): string {
  return typeof value === 'string' ? value : ''
}

function numberOf(value: PlistValue | undefined): number {
  return typeof value === 'number' ? value : 0
}
