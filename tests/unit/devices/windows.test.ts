import { describe, expect, it } from 'vitest'
import type { InUse } from '../../../src-main/devices/drive'
import { verdict } from '../../../src-main/devices/guard'
import { LIST_SCRIPT, readWindowsMachine, type WindowsAnswer } from '../../../src-main/devices/list/windows'

/** A computer with its system on NVMe, BitLocker over it, and a stick of two partitions. Constructed after the cmdlets’ documentation. */
const ANSWER: WindowsAnswer = {
  disks: [
    {
      Number: 0,
      FriendlyName: 'Samsung SSD 980 PRO 1TB',
      SerialNumber: ' 0025_38B1 ',
      Size: 1e12,
      BusType: 'NVMe',
      IsBoot: true,
      IsSystem: true,
      IsReadOnly: false,
    },
    {
      Number: 1,
      FriendlyName: 'SanDisk Ultra  USB Device',
      SerialNumber: '4C53',
      Size: 32e9,
      BusType: 'USB',
      IsBoot: false,
      IsSystem: false,
      IsReadOnly: false,
    },
    {
      Number: 2,
      FriendlyName: 'Generic STORAGE DEVICE',
      SerialNumber: null,
      Size: 0,
      BusType: 7,
      IsBoot: false,
      IsSystem: false,
      IsReadOnly: false,
    },
    {
      Number: 3,
      FriendlyName: 'WDC WD40',
      SerialNumber: 'WD',
      Size: 4e12,
      BusType: 'SATA',
      IsBoot: false,
      IsSystem: false,
      IsReadOnly: false,
    },
    {
      Number: 4,
      FriendlyName: 'Kingston',
      SerialNumber: 'K',
      Size: 64e9,
      BusType: 'USB',
      IsBoot: false,
      IsSystem: false,
      IsReadOnly: true,
    },
  ],
  partitions: [
    {
      DiskNumber: 0,
      PartitionNumber: 1,
      DriveLetter: '\0',
      AccessPaths: ['\\\\?\\Volume{a}\\'],
      Size: 1e8,
      IsBoot: false,
      IsSystem: true,
    },
    {
      DiskNumber: 0,
      PartitionNumber: 3,
      DriveLetter: 'C',
      AccessPaths: ['C:\\', '\\\\?\\Volume{b}\\'],
      Size: 9e11,
      IsBoot: true,
      IsSystem: false,
    },
    {
      DiskNumber: 1,
      PartitionNumber: 1,
      DriveLetter: 'E',
      AccessPaths: ['E:\\', '\\\\?\\Volume{c}\\'],
      Size: 32e9,
      IsBoot: false,
      IsSystem: false,
    },
    {
      DiskNumber: 3,
      PartitionNumber: 1,
      DriveLetter: 68,
      AccessPaths: ['D:\\'],
      Size: 4e12,
      IsBoot: false,
      IsSystem: false,
    },
  ],
  volumes: [
    {
      DriveLetter: 'C',
      Path: '\\\\?\\Volume{b}\\',
      FileSystemLabel: 'Windows',
      FileSystem: 'NTFS',
      Size: 9e11,
      SizeRemaining: 4e11,
    },
    {
      DriveLetter: 'E',
      Path: '\\\\?\\Volume{c}\\',
      FileSystemLabel: 'HOLIDAY',
      FileSystem: 'FAT32',
      Size: 32e9,
      SizeRemaining: 20e9,
    },
  ],
  pageFiles: { Name: 'C:\\pagefile.sys' },
  pools: null,
}

const machineOf = (answer: WindowsAnswer, inUse: InUse[] = []): ReturnType<typeof readWindowsMachine> =>
  readWindowsMachine(JSON.stringify(answer), inUse)
const codeOf = (
  number: number,
  answer: WindowsAnswer = ANSWER,
  inUse: InUse[] = [],
  isFixedAllowed = false,
): string | null => {
  const machine = machineOf(answer, inUse)
  const drive = machine.drives.find(({ path }) => path === `\\\\.\\PhysicalDrive${number}`)!
  return verdict(drive, machine, isFixedAllowed)?.code ?? null
}

describe('drives of Windows', () => {
  it('are told with their volumes', () => {
    const [, stick] = machineOf(ANSWER).drives
    expect(stick).toMatchObject({
      path: '\\\\.\\PhysicalDrive1',
      model: 'SanDisk Ultra USB Device',
      serial: '4C53',
      bus: 'usb',
      byteLength: 32e9,
      removable: true,
    })
    expect(stick?.volumes).toMatchObject([
      { label: 'HOLIDAY', fileSystem: 'FAT32', mountPoint: 'E:\\', usedBytes: 12e9 },
    ])
  })

  it('are refused where Windows needs them', () => {
    expect(codeOf(0)).toBe('system')
    expect(codeOf(0, ANSWER, [], true)).toBe('system')
    expect(codeOf(1)).toBeNull()
    expect(codeOf(2)).toBe('no-medium')
    expect(codeOf(3)).toBe('fixed')
    expect(codeOf(3, ANSWER, [], true)).toBeNull()
    expect(codeOf(4)).toBe('read-only')
  })

  it('are refused for what lies on them', () => {
    expect(codeOf(1, ANSWER, [{ kind: 'image', path: 'e:\\images\\a.iso' }])).toBe('holds-image')
    expect(codeOf(1, ANSWER, [{ kind: 'image', path: '\\\\.\\PhysicalDrive1' }])).toBe('image')
    expect(codeOf(1, ANSWER, [{ kind: 'profile', path: 'E:/Isolde' }])).toBe('profile')
    expect(codeOf(1, { ...ANSWER, pageFiles: [{ Name: 'E:\\pagefile.sys' }] })).toBe('swap')
    expect(codeOf(1, { ...ANSWER, pools: [{ DeviceId: '1' }] })).toBe('held')
    const folder = { DiskNumber: 1, PartitionNumber: 2, DriveLetter: null, AccessPaths: 'C:\\mounted\\', Size: 1 }
    expect(codeOf(1, { ...ANSWER, partitions: [folder] })).toBe('mounted')
  })

  it('may be one, or none, which PowerShell gives in another form', () => {
    const [disk] = ANSWER.disks as [NonNullable<WindowsAnswer['disks']>]
    expect(machineOf({ disks: disk }).drives).toHaveLength(1)
    expect(machineOf({}).drives).toEqual([])
    expect(() => readWindowsMachine('Get-Disk : not found', [])).toThrow(SyntaxError)
  })

  it('are asked for by a script that nothing goes into', () => {
    expect(LIST_SCRIPT).not.toMatch(/\$\{|Invoke-Expression|iex /)
  })
})
