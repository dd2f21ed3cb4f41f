import { describe, expect, it } from 'vitest'
import { verdict } from '../../../src-main/devices/guard'
import { readLinuxMachine } from '../../../src-main/devices/list/linux'
import { MachineRecord } from './machines'

/** A machine, the drive that is asked about, and the code of the rejection: null where it may be written. */
type Row = [about: string, machine: MachineRecord, drive: string, code: string | null, codeIfFixed?: string | null]

const machine = (): MachineRecord => new MachineRecord().system()
/** The chain that most installers make: a partition, a container for secrets, volumes in it. */
const lvmOnCrypt = (disk: string): MachineRecord => {
  const made = new MachineRecord().block(disk, { on: disk.startsWith('sd') ? 'usb' : 'nvme' })
  made.block(`${disk}p3`, { of: disk }).block('dm-0', {
    on: 'virtual',
    slaves: [`${disk}p3`],
    attributes: { 'dm/name': 'crypt', 'dm/uuid': 'CRYPT-LUKS2-1' },
  })
  made.block('dm-1', { on: 'virtual', slaves: ['dm-0'], attributes: { 'dm/name': 'vg-root', 'dm/uuid': 'LVM-1' } })
  made.block('dm-2', { on: 'virtual', slaves: ['dm-0'], attributes: { 'dm/name': 'vg-swap', 'dm/uuid': 'LVM-2' } })
  return made
}
const loop = (): MachineRecord =>
  machine()
    .block('loop0', { on: 'virtual', attributes: { 'loop/backing_file': '/tmp/stick.img' } })
    .file('/tmp/stick.img', 'nvme0n1p2', '71')
    .device('/dev/loop0', 'loop0')
const plainFile = (): MachineRecord => machine().file('/tmp/stick.img', 'nvme0n1p2', '71').extra('/tmp/stick.img')

const ROWS: Row[] = [
  ['a stick with nothing mounted', machine().stick(), '/dev/sdb', null],
  [
    'a stick that the desktop has mounted',
    machine().stick().block('sdb1', { of: 'sdb' }).mount('sdb1', '/media/ada/HOLIDAY'),
    '/dev/sdb',
    null,
  ],
  [
    'a stick below /run/media',
    machine().stick().block('sdb1', { of: 'sdb' }).mount('sdb1', '/run/media/ada/My stick'),
    '/dev/sdb',
    null,
  ],
  ['a stick without partitions, mounted', machine().stick().mount('sdb', '/media/ada/X'), '/dev/sdb', null],
  [
    'a stick that somebody mounted elsewhere',
    machine().stick().block('sdb1', { of: 'sdb' }).mount('sdb1', '/srv/backup'),
    '/dev/sdb',
    'mounted',
    'mounted',
  ],
  [
    'a stick below a folder that is only called like the places',
    machine().stick().block('sdb1', { of: 'sdb' }).mount('sdb1', '/mediacenter/x'),
    '/dev/sdb',
    'mounted',
  ],
  ['the disk of the system', machine(), '/dev/nvme0n1', 'system', 'system'],
  ['a second disk that is built in', machine().block('sda', { on: 'ata' }), '/dev/sda', 'fixed', null],
  [
    'a second disk with a mount',
    machine().block('sda', { on: 'ata' }).block('sda1', { of: 'sda' }).mount('sda1', '/home'),
    '/dev/sda',
    'mounted',
    'mounted',
  ],
  [
    'a system that runs from a stick',
    new MachineRecord()
      .stick('sda')
      .block('sda1', { of: 'sda' })
      .block('sda2', { of: 'sda' })
      .mount('sda1', '/boot/efi')
      .mount('sda2', '/'),
    '/dev/sda',
    'system',
    'system',
  ],
  [
    'a stick that only /boot lies on',
    machine().stick().block('sdb1', { of: 'sdb' }).mount('sdb1', '/boot'),
    '/dev/sdb',
    'boot',
    'boot',
  ],
  [
    'LVM on crypt, built in',
    lvmOnCrypt('nvme0n1').mount('/dev/mapper/vg-root', '/', { device: '253:3' }).swap('/dev/dm-2'),
    '/dev/nvme0n1',
    'system',
    'system',
  ],
  [
    'LVM on crypt on USB',
    lvmOnCrypt('sda').mount('/dev/mapper/vg-root', '/', { device: '253:3' }),
    '/dev/sda',
    'system',
    'system',
  ],
  ['swap on LVM on crypt on USB', lvmOnCrypt('sda').swap('/dev/dm-2'), '/dev/sda', 'swap', 'swap'],
  [
    'a chain whose file system has a number of its own',
    lvmOnCrypt('sda').mount('/dev/mapper/vg-root', '/srv', { device: '0:44', fileSystem: 'btrfs' }),
    '/dev/sda',
    'mounted',
    'mounted',
  ],
  [
    'btrfs over two disks: the first',
    machine()
      .stick('sdb')
      .stick('sdc')
      .mount('/dev/sdb', '/srv/pool', { device: '0:50', fileSystem: 'btrfs' })
      .pool('u1', 'sdb', 'sdc'),
    '/dev/sdb',
    'mounted',
    'mounted',
  ],
  [
    'btrfs over two disks: the one that no mount names',
    machine()
      .stick('sdb')
      .stick('sdc')
      .mount('/dev/sdb', '/srv/pool', { device: '0:50', fileSystem: 'btrfs' })
      .pool('u1', 'sdb', 'sdc'),
    '/dev/sdc',
    'mounted',
    'mounted',
  ],
  [
    'RAID with the system',
    new MachineRecord()
      .block('sda', { on: 'usb' })
      .block('sdb', { on: 'usb' })
      .block('md0', { on: 'virtual', slaves: ['sda', 'sdb'], attributes: { 'md/level': 'raid1' } })
      .mount('md0', '/'),
    '/dev/sdb',
    'system',
    'system',
  ],
  [
    'a member of a pool while one is mounted',
    machine()
      .stick('sdb')
      .block('sdb1', { of: 'sdb', udev: 'E:ID_FS_TYPE=zfs_member\n' })
      .mount('tank/home', '/tank', { device: '0:60', fileSystem: 'zfs' }),
    '/dev/sdb',
    'held',
    'held',
  ],
  [
    'a swap file on the disk',
    machine()
      .stick()
      .block('sdb1', { of: 'sdb' })
      .mount('sdb1', '/media/ada/X')
      .file('/media/ada/X/swapfile', 'sdb1', '12')
      .swap('/media/ada/X/swapfile'),
    '/dev/sdb',
    'swap',
    'swap',
  ],
  [
    'the stick that holds the image',
    machine()
      .stick()
      .block('sdb1', { of: 'sdb' })
      .mount('sdb1', '/media/ada/X')
      .file('/media/ada/X/a.iso', 'sdb1', '12')
      .uses('image', '/media/ada/X/a.iso'),
    '/dev/sdb',
    'holds-image',
    'holds-image',
  ],
  [
    'the stick that is the image',
    machine().stick().device('/dev/disk/by-id/usb-x', 'sdb').uses('image', '/dev/disk/by-id/usb-x'),
    '/dev/sdb',
    'image',
    'image',
  ],
  [
    'the stick whose partition is the image',
    machine().stick().block('sdb1', { of: 'sdb' }).device('/dev/sdb1', 'sdb1').uses('image', '/dev/sdb1'),
    '/dev/sdb',
    'image',
    'image',
  ],
  [
    'the stick that the program runs from',
    machine()
      .stick()
      .block('sdb1', { of: 'sdb' })
      .mount('sdb1', '/media/ada/X')
      .file('/media/ada/X/isolde', 'sdb1', '12')
      .uses('program', '/media/ada/X/isolde'),
    '/dev/sdb',
    'program',
    'program',
  ],
  [
    'the stick with the profile',
    machine()
      .stick()
      .block('sdb1', { of: 'sdb' })
      .mount('sdb1', '/media/ada/X')
      .file('/media/ada/X/home', 'sdb1', '12')
      .uses('profile', '/media/ada/X/home'),
    '/dev/sdb',
    'profile',
    'profile',
  ],
  [
    'a read-only card',
    machine().block('mmcblk0', { on: 'mmc', attributes: { 'device/type': 'SD', ro: '1' } }),
    '/dev/mmcblk0',
    'read-only',
    'read-only',
  ],
  ['a card', machine().block('mmcblk0', { on: 'mmc', attributes: { 'device/type': 'SD' } }), '/dev/mmcblk0', null],
  [
    'memory that is soldered in',
    machine().block('mmcblk0', { on: 'mmc', attributes: { 'device/type': 'MMC' } }),
    '/dev/mmcblk0',
    'fixed',
    null,
  ],
  ['a card reader without a card', machine().block('sdc', { size: 0 }), '/dev/sdc', 'no-medium', 'no-medium'],
  ['a drive for discs', machine().block('sr0', { on: 'ata' }), '/dev/sr0', 'optical', 'optical'],
  ['a disk of a virtual machine', machine().block('vdb', { on: 'virtio' }), '/dev/vdb', 'fixed', null],
  ['a loop device', loop().extra('/dev/loop0'), '/dev/loop0', null],
  [
    'a loop device that is mounted',
    loop().extra('/dev/loop0').mount('loop0', '/tmp/here'),
    '/dev/loop0',
    'mounted',
    'mounted',
  ],
  [
    'a loop device whose partition is mounted',
    loop().extra('/dev/loop0').block('loop0p1', { of: 'loop0' }).mount('loop0p1', '/tmp/here'),
    '/dev/loop0',
    'mounted',
  ],
  [
    'a loop device over the image',
    loop().extra('/dev/loop0').uses('image', '/tmp/stick.img'),
    '/dev/loop0',
    'image',
    'image',
  ],
  [
    'a loop device over another name of the image',
    loop().extra('/dev/loop0').file('/tmp/hard-link.iso', 'nvme0n1p2', '71').uses('image', '/tmp/hard-link.iso'),
    '/dev/loop0',
    'image',
  ],
  [
    'a loop device beside the image',
    loop().extra('/dev/loop0').file('/tmp/other.iso', 'nvme0n1p2', '72').uses('image', '/tmp/other.iso'),
    '/dev/loop0',
    null,
  ],
  [
    'two loop devices over one file, the other mounted',
    loop()
      .block('loop1', { on: 'virtual', attributes: { 'loop/backing_file': '/tmp/stick.img' } })
      .mount('loop1', '/mnt')
      .extra('/dev/loop0'),
    '/dev/loop0',
    'mounted',
    'mounted',
  ],
  ['a plain file', plainFile(), '/tmp/stick.img', null],
  [
    'a plain file behind a loop device',
    plainFile().block('loop0', { on: 'virtual', attributes: { 'loop/backing_file': '/tmp/stick.img' } }),
    '/tmp/stick.img',
    'held',
    'held',
  ],
  [
    'a plain file behind a loop device that is mounted',
    plainFile()
      .block('loop0', { on: 'virtual', attributes: { 'loop/backing_file': '/tmp/stick.img' } })
      .mount('loop0', '/mnt'),
    '/tmp/stick.img',
    'mounted',
  ],
  [
    'a plain file that is the image',
    plainFile().file('/tmp/hard-link.iso', 'nvme0n1p2', '71').uses('image', '/tmp/hard-link.iso'),
    '/tmp/stick.img',
    'image',
    'image',
  ],
  [
    'a plain file that may not be written',
    plainFile().file('/tmp/stick.img', 'nvme0n1p2', '71', { readOnly: true }),
    '/tmp/stick.img',
    'read-only',
  ],
  ['a plain file that is a swap file', plainFile().swap('/tmp/stick.img'), '/tmp/stick.img', 'swap', 'swap'],
  [
    'a plain file of the profile',
    plainFile().file('/tmp', 'nvme0n1p2', '2').uses('profile', '/tmp'),
    '/tmp/stick.img',
    'profile',
  ],
  [
    'a plain file in the temporary folder',
    plainFile().file('/tmp', 'nvme0n1p2', '2').uses('scratch', '/tmp'),
    '/tmp/stick.img',
    null,
  ],
  [
    'the second of several disks that a mount names',
    machine().stick('sdb').stick('sdc').mount('/dev/sdb:/dev/sdc', '/srv', { device: '0:70', fileSystem: 'bcachefs' }),
    '/dev/sdc',
    'mounted',
    'mounted',
  ],
  [
    'a stick with a disk image that is attached and mounted',
    machine()
      .stick()
      .block('sdb1', { of: 'sdb' })
      .mount('sdb1', '/media/ada/X')
      .file('/media/ada/X/vm.img', 'sdb1', '12')
      .block('loop0', { on: 'virtual', attributes: { 'loop/backing_file': '/media/ada/X/vm.img' } })
      .mount('loop0', '/srv/vm'),
    '/dev/sdb',
    'mounted',
    'mounted',
  ],
  [
    'a device made of one that is not known',
    machine()
      .block('dm-0', { on: 'virtual', slaves: ['sdz'] })
      .device('/dev/dm-0', 'dm-0')
      .extra('/dev/dm-0'),
    '/dev/dm-0',
    'held',
    'held',
  ],
]

describe('which drives may be written over', () => {
  it.each(ROWS)('%s', (_, made, path, code, codeIfFixed) => {
    const found = readLinuxMachine(made.record)
    const drive = found.drives.find((each) => each.path === path)
    expect(drive, `${path} among ${found.drives.map((each) => each.path).join(', ')}`).toBeDefined()
    expect(verdict(drive!, found)?.code ?? null).toBe(code)
    if (codeIfFixed !== undefined) expect(verdict(drive!, found, true)?.code ?? null).toBe(codeIfFixed)
  })

  it('refuses what is not in the machine', () => {
    const [drive] = readLinuxMachine(machine().stick().record).drives.filter(({ path }) => path === '/dev/sdb')
    expect(verdict(drive!, readLinuxMachine(machine().record))?.code).toBe('unknown')
  })

  it('lists no loop device, mapped device or memory disk that nobody named', () => {
    const made = loop().block('dm-0', { on: 'virtual' }).block('zram0', { on: 'virtual' })
    expect(readLinuxMachine(made.record).drives.map(({ path }) => path)).toEqual(['/dev/nvme0n1'])
  })

  it('tells model, serial number, bus and volumes', () => {
    const made = machine()
      .stick()
      .block('sdb1', { of: 'sdb', size: 31, udev: 'E:ID_FS_TYPE=vfat\nE:ID_FS_LABEL_ENC=MY\\x20STICK\n' })
    made.mount('sdb1', '/media/ada/MY STICK', { fileSystem: 'vfat' }).used['/media/ada/MY STICK'] = 12e9
    expect(readLinuxMachine(made.record).drives.find(({ path }) => path === '/dev/sdb')).toMatchObject({
      ...{
        model: 'SanDisk Ultra',
        serial: '4C53000123',
        bus: 'usb',
        removable: true,
        byteLength: 32e9,
        diskSequence: '17',
      },
      volumes: [
        { label: 'MY STICK', fileSystem: 'vfat', mountPoint: '/media/ada/MY STICK', byteLength: 31e9, usedBytes: 12e9 },
      ],
    })
  })
})
