import type { InUse } from '../../../src-main/devices/drive'
import type { LinuxRecord, RecordedBlock, RecordedFile } from '../../../src-main/devices/list/linux'

/** Where sysfs has a device of each kind of bus. */
const WAYS = {
  usb: (name: string) =>
    `/sys/devices/pci0000:00/0000:00:14.0/usb2/2-1/2-1:1.0/host6/target6:0:0/6:0:0:0/block/${name}`,
  ata: (name: string) => `/sys/devices/pci0000:00/0000:00:17.0/ata1/host0/target0:0:0/0:0:0:0/block/${name}`,
  nvme: (name: string) => `/sys/devices/pci0000:00/0000:00:1d.0/0000:04:00.0/nvme/nvme0/${name}`,
  mmc: (name: string) => `/sys/devices/pci0000:00/0000:00:1a.0/mmc_host/mmc0/mmc0:0001/block/${name}`,
  scsi: (name: string) => `/sys/devices/pseudo_0/adapter0/host3/target3:0:0/3:0:0:0/block/${name}`,
  virtio: (name: string) => `/sys/devices/pci0000:00/0000:00:05.0/virtio2/block/${name}`,
  virtual: (name: string) => `/sys/devices/virtual/block/${name}`,
}

export interface BlockFacts {
  on?: keyof typeof WAYS
  /** In GB. */
  size?: number
  attributes?: Record<string, string>
  slaves?: string[]
  udev?: string
  /** The disk that it is a part of. */
  of?: string
}

/** A machine with Linux, written down device by device. Numbers of devices are given in order. */
export class MachineRecord {
  readonly blocks: RecordedBlock[] = []
  readonly files: Record<string, RecordedFile> = {}
  readonly extraDrives: string[] = []
  readonly inUse: InUse[] = []
  readonly btrfs: Record<string, string[]> = {}
  readonly used: Record<string, number> = {}
  private mounts: string[] = []
  private readonly swaps: string[] = []

  block(name: string, { on = 'usb', size = 32, attributes = {}, slaves = [], udev = '', of }: BlockFacts = {}): this {
    const way = of === undefined ? WAYS[on](name) : `${this.blockOf(of).devicePath}/${name}`
    const major = name.startsWith('loop') ? 7 : name.startsWith('nvme') ? 259 : name.startsWith('dm-') ? 253 : 8
    this.blocks.push({
      name,
      device: `${major}:${this.blocks.length}`,
      devicePath: way,
      attributes: {
        size: String((size * 1e9) / 512),
        ro: '0',
        removable: on === 'usb' && of === undefined ? '1' : '0',
        ...(of === undefined ? {} : { partition: /\d+$/.exec(name)?.[0] ?? '1' }),
        ...attributes,
      },
      slaves,
      udev,
    })
    return this
  }

  /** An internal disk with the system on its second partition. */
  system(): this {
    this.block('nvme0n1', { on: 'nvme', size: 512, attributes: { 'device/model': 'Samsung SSD 980' } })
    this.block('nvme0n1p1', { of: 'nvme0n1' }).block('nvme0n1p2', { of: 'nvme0n1' })
    return this.mount('nvme0n1p1', '/boot/efi').mount('nvme0n1p2', '/')
  }

  stick(name = 'sdb', attributes: Record<string, string> = {}): this {
    const facts = { 'device/vendor': 'SanDisk ', 'device/model': 'Ultra           ', diskseq: '17', ...attributes }
    return this.block(name, { attributes: facts, udev: 'E:ID_BUS=usb\nE:ID_SERIAL_SHORT=4C53000123\n' })
  }

  mount(
    source: string,
    point: string,
    { device, fileSystem = 'ext4' }: { device?: string; fileSystem?: string } = {},
  ): this {
    const number = device ?? this.blockOf(source).device
    const named = source.includes('/') || device !== undefined ? source : `/dev/${source}`
    this.mounts.push(
      `${this.mounts.length + 20} 1 ${number} / ${point.replaceAll(' ', '\\040')} rw shared:1 - ${fileSystem} ${named} rw`,
    )
    return this
  }

  swap(path: string): this {
    this.swaps.push(`${path}   partition 1000 0 -2`)
    return this
  }

  /** @param within the device that it lies on */
  file(path: string, within: string, inode: string, facts: Partial<RecordedFile> = {}): this {
    const device = this.blocks.find(({ name }) => name === within)?.device ?? within
    this.files[path] = { device, inode, block: null, byteLength: 1e9, readOnly: false, ...facts }
    return this
  }

  device(path: string, name: string): this {
    this.files[path] = { device: '0:6', inode: name, block: this.blockOf(name).device, byteLength: 0, readOnly: false }
    return this
  }

  uses(kind: InUse['kind'], path: string): this {
    this.inUse.push({ kind, path })
    return this
  }

  extra(...paths: string[]): this {
    this.extraDrives.push(...paths)
    return this
  }

  pool(id: string, ...names: string[]): this {
    this.btrfs[id] = names
    return this
  }

  get record(): LinuxRecord {
    const { blocks, btrfs, files, used, extraDrives, inUse } = this
    const mountInfo = `${this.mounts.join('\n')}\n`
    const swaps = ['Filename Type Size Used Priority', ...this.swaps].join('\n')
    return { blocks, mountInfo, swaps, btrfs, files, used, extraDrives, inUse }
  }

  private blockOf(name: string): RecordedBlock {
    const found = this.blocks.find((block) => block.name === name)
    if (found === undefined) throw new RangeError(`There is no ${name} in this machine.`)
    return found
  }
}
