import type { Bus, Drive, DriveVolume, InUse, Machine, MachineNode, Use } from '../drive'

/**
 * What is asked of Windows: one constant script, nothing of which comes from outside. Its answer is one JSON value, see
 * {@link WindowsAnswer}.
 */
export const LIST_SCRIPT = `
$ErrorActionPreference = 'SilentlyContinue'
[Console]::OutputEncoding = [Text.Encoding]::UTF8
$disks = @(Get-Disk | Select-Object Number, FriendlyName, SerialNumber, Size, BusType, IsBoot, IsSystem, IsReadOnly, IsOffline, OperationalStatus, UniqueId)
$partitions = @(Get-Partition | Select-Object DiskNumber, PartitionNumber, DriveLetter, AccessPaths, Size, Offset, IsBoot, IsSystem, Type)
$volumes = @(Get-Volume | Select-Object DriveLetter, Path, FileSystemLabel, FileSystem, Size, SizeRemaining, DriveType)
$pageFiles = @(Get-CimInstance Win32_PageFileUsage | Select-Object Name)
$pools = @(Get-PhysicalDisk | Where-Object { -not $_.CanPool -and $_.CannotPoolReason -contains 'In a Pool' } | Select-Object DeviceId)
ConvertTo-Json -Compress -Depth 4 @{ disks = $disks; partitions = $partitions; volumes = $volumes; pageFiles = $pageFiles; pools = $pools }
`

interface WindowsDisk {
  Number: number
  FriendlyName?: string | null
  SerialNumber?: string | null
  Size?: number | null
  BusType?: string | number | null
  IsBoot?: boolean | null
  IsSystem?: boolean | null
  IsReadOnly?: boolean | null
}
interface WindowsPartition {
  DiskNumber: number
  PartitionNumber: number
  /** A letter; or NUL, in text or as a number. */
  DriveLetter?: string | number | null
  AccessPaths?: string | string[] | null
  Size?: number | null
  IsBoot?: boolean | null
  IsSystem?: boolean | null
}
interface WindowsVolume {
  DriveLetter?: string | number | null
  Path?: string | null
  FileSystemLabel?: string | null
  FileSystem?: string | null
  Size?: number | null
  SizeRemaining?: number | null
}
/** Get-Disk, Get-Partition, Get-Volume, page files and members of pools. A list of one may come as the one. */
export interface WindowsAnswer {
  disks?: WindowsDisk[] | WindowsDisk | null
  partitions?: WindowsPartition[] | WindowsPartition | null
  volumes?: WindowsVolume[] | WindowsVolume | null
  pageFiles?: { Name?: string | null }[] | { Name?: string | null } | null
  pools?: { DeviceId?: string | number | null }[] | { DeviceId?: string | number | null } | null
}

/** MSFT_Disk, `BusType`, by name or by number. */
const BUSES: Readonly<Record<string, Bus>> = {
  ...{ USB: 'usb', SD: 'sd', MMC: 'mmc', SATA: 'ata', ATA: 'ata', ATAPI: 'optical', NVMe: 'nvme' },
  ...{ SCSI: 'scsi', SAS: 'scsi', RAID: 'scsi', 'Storage Spaces': 'scsi', Spaces: 'scsi' },
  ...{
    7: 'usb',
    12: 'sd',
    13: 'mmc',
    11: 'ata',
    3: 'ata',
    2: 'optical',
    17: 'nvme',
    1: 'scsi',
    10: 'scsi',
    8: 'scsi',
    16: 'scsi',
  },
}

/**
 * The machine that PowerShell describes.
 * @param json what {@link LIST_SCRIPT} printed
 * @throws {SyntaxError} a part of a sentence, where it is no JSON
 */
export function readWindowsMachine(json: string, inUse: readonly InUse[]): Machine {
  const answer = answerIn(json)
  const [disks, partitions, volumes] = [listOf(answer.disks), listOf(answer.partitions), listOf(answer.volumes)]
  const pageFiles = listOf(answer.pageFiles).flatMap(({ Name }) => Name ?? [])
  const pooled = new Set(listOf(answer.pools).map(({ DeviceId }) => String(DeviceId)))
  const nodes: MachineNode[] = []
  for (const disk of disks) {
    const uses: Use[] = []
    if (disk.IsSystem === true) uses.push({ kind: 'boot', what: 'IsSystem' })
    if (disk.IsBoot === true) uses.push({ kind: 'system', what: 'IsBoot' })
    if (pooled.has(String(disk.Number))) uses.push({ kind: 'held', what: 'a storage pool' })
    nodes.push({ id: diskId(disk.Number), name: `disk ${disk.Number}`, kind: 'disk', on: [], uses })
  }
  for (const partition of partitions) {
    const letter = letterOf(partition.DriveLetter)
    const places = placesOf(partition)
    const uses: Use[] = []
    if (partition.IsBoot === true) uses.push({ kind: 'system', what: letter ?? 'IsBoot' })
    if (partition.IsSystem === true) uses.push({ kind: 'boot', what: letter ?? 'IsSystem' })
    for (const file of pageFiles) if (isBelow(file, places)) uses.push({ kind: 'swap', what: file })
    for (const { kind, path } of inUse)
      if (isBelow(path, places)) uses.push({ kind: kind === 'image' ? 'holds-image' : kind, what: path })
    // A volume in a folder of another one is there for good; a letter is what a stick gets.
    const folder = places.find((place) => !/^[A-Z]:\\?$/i.test(place) && !place.startsWith('\\\\'))
    if (folder !== undefined) uses.push({ kind: 'mounted', what: folder })
    else if (letter !== null) uses.push({ kind: 'removable', what: letter })
    const id = `partition:${partition.DiskNumber}:${partition.PartitionNumber}`
    nodes.push({ id, name: letter ?? id, kind: 'partition', on: [diskId(partition.DiskNumber)], uses })
  }
  for (const { kind, path } of inUse) {
    const number = /^\\\\[.?]\\PhysicalDrive(\d+)$/i.exec(path)?.[1]
    if (number !== undefined) nodes.find(({ id }) => id === diskId(Number(number)))?.uses.push({ kind, what: path })
  }
  const volumesOn = (disk: WindowsDisk): DriveVolume[] =>
    partitions
      .filter(({ DiskNumber }) => DiskNumber === disk.Number)
      .flatMap((partition) => volumeOf(partition, volumes))
  return { drives: disks.map((disk) => driveOf(disk, volumesOn(disk))), nodes }
}

function driveOf(disk: WindowsDisk, volumes: DriveVolume[]): Drive {
  const bus = BUSES[String(disk.BusType ?? '')] ?? 'unknown'
  return {
    id: diskId(disk.Number),
    path: `\\\\.\\PhysicalDrive${disk.Number}`,
    model: (disk.FriendlyName ?? '').trim().replace(/\s+/g, ' '),
    serial: (disk.SerialNumber ?? '').trim(),
    byteLength: disk.Size ?? 0,
    bus,
    removable: bus === 'usb' || bus === 'sd' || bus === 'mmc',
    readOnly: disk.IsReadOnly === true,
    diskSequence: null,
    volumes,
  }
}

/** A partition without a volume is none that a person knows; one that BitLocker has locked has neither name nor size. */
function volumeOf(partition: WindowsPartition, volumes: readonly WindowsVolume[]): DriveVolume[] {
  const letter = letterOf(partition.DriveLetter)
  const paths = listOf(partition.AccessPaths)
  const volume = volumes.find(
    (each) => (letter !== null && letterOf(each.DriveLetter) === letter) || paths.includes(each.Path ?? ''),
  )
  if (volume === undefined && letter === null) return []
  const { FileSystem, FileSystemLabel } = volume ?? {}
  const [size, free] = [volume?.Size ?? 0, volume?.SizeRemaining ?? null]
  const usedBytes = size === 0 || free === null ? null : size - free
  return [
    {
      id: `partition:${partition.DiskNumber}:${partition.PartitionNumber}`,
      label: FileSystemLabel ?? '',
      fileSystem: FileSystem ?? '',
      mountPoint: letter,
      byteLength: partition.Size ?? size,
      usedBytes,
    },
  ]
}

function diskId(number: number): string {
  return `disk:${number}`
}

function placesOf(partition: WindowsPartition): string[] {
  const letter = letterOf(partition.DriveLetter)
  return [...(letter === null ? [] : [letter]), ...listOf(partition.AccessPaths)]
}

/** `E:\`; null where there is none. */
function letterOf(letter: string | number | null | undefined): string | null {
  const text = typeof letter === 'number' ? String.fromCharCode(letter) : (letter ?? '')
  return /^[A-Za-z]$/.test(text) ? `${text.toUpperCase()}:\\` : null
}

function isBelow(file: string, places: readonly string[]): boolean {
  const wanted = file.toLowerCase().replaceAll('/', '\\')
  return places.some((place) => {
    const folder = place.toLowerCase().replace(/\\?$/, '\\')
    return wanted.startsWith(folder) || `${wanted}\\` === folder
  })
}

/** PowerShell gives a list of one as the one, and an empty one as nothing. */
function listOf<T>(value: T[] | T | null | undefined): T[] {
  return value === null || value === undefined ? [] : Array.isArray(value) ? value : [value]
}

/** @throws {Error} a part of a sentence, where PowerShell is not there, or is a stand-in that says nothing */
function answerIn(json: string): WindowsAnswer {
  try {
    return JSON.parse(json.replace(/^\uFEFF/, '')) as WindowsAnswer
  } catch {
    throw new SyntaxError('PowerShell gave no list of them')
  }
}
