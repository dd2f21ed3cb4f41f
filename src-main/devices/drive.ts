/** How a drive is connected. `loop` and `file` stand for a drive in tests; `emmc` is soldered in. */
export type Bus =
  'usb' | 'sd' | 'mmc' | 'emmc' | 'ata' | 'nvme' | 'scsi' | 'virtio' | 'optical' | 'loop' | 'file' | 'unknown'

/** What a drive holds that has a file system. */
export interface DriveVolume {
  /** The node of the machine that it is. */
  id: string
  label: string
  /** As the system calls it: `vfat`, `exfat`, `ntfs`; empty where it is not known. */
  fileSystem: string
  /** Null where it is not mounted. */
  mountPoint: string | null
  byteLength: number
  /** Null where it is not mounted, or the system does not say. */
  usedBytes: number | null
}

/** A whole drive, as it was found. */
export interface Drive {
  /** The node of the machine that it is. */
  id: string
  /** By which the system opens it: `/dev/sdb`, `\\.\PhysicalDrive2`, `/dev/disk4`, or a plain file. */
  path: string
  /** Empty where it does not say. */
  model: string
  serial: string
  /** 0 where there is no medium in it. */
  byteLength: number
  bus: Bus
  removable: boolean
  readOnly: boolean
  /** Linux numbers every medium that it has seen; null elsewhere. */
  diskSequence: string | null
  volumes: DriveVolume[]
}

/**
 * What something on this computer is used for.
 * - `image`: it is itself what is read
 * - `mounted`: outside the places for removable media; `removable` inside them: may be unmounted
 * - `held`: by something that cannot be looked through: a pool, a loop device
 */
export type UseKind =
  | 'system'
  | 'boot'
  | 'swap'
  | 'mounted'
  | 'removable'
  | 'image'
  | 'holds-image'
  | 'program'
  | 'profile'
  | 'scratch'
  | 'held'

export interface Use {
  kind: UseKind
  /** Where: a mount point, a path. */
  what: string
}

/** A disk, a partition, or whatever is made of them: mapped and RAID devices, pools, loop devices, file systems, files. */
export interface MachineNode {
  id: string
  /** What people know it by: `sdb1`, `/dev/mapper/home`. */
  name: string
  kind: 'disk' | 'partition' | 'layer' | 'file'
  /** The nodes that it lies on. */
  on: string[]
  uses: Use[]
}

/** Everything that stores, and what lies on what. */
export interface Machine {
  drives: Drive[]
  nodes: MachineNode[]
}

/** A file or folder that nothing may be written over while this runs. */
export interface InUse {
  kind: 'image' | 'program' | 'profile' | 'scratch'
  path: string
  /** It is not there yet: the path is that of the folder that it would lie in, which others use as well. */
  isFolderAround?: boolean
}
