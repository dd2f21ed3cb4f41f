import { describe, expect, it } from 'vitest'
import type { InUse } from '../../../src-main/devices/drive'
import { verdict } from '../../../src-main/devices/guard'
import { diskNames, readMacMachine, type MacRecord } from '../../../src-main/devices/list/macos'
import { parsePlist } from '../../../src-main/devices/list/plist'

type Value = string | number | boolean | Value[] | { [key: string]: Value }
type Facts = Record<string, Value>

function plist(value: Value): string {
  const write = (each: Value): string => {
    if (typeof each === 'string') return `<string>${each.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</string>`
    if (typeof each === 'number') return `<integer>${each}</integer>`
    if (typeof each === 'boolean') return each ? '<true/>' : '<false/>'
    if (Array.isArray(each)) return `<array>\n${each.map(write).join('\n')}</array>`
    return `<dict>\n${Object.entries(each)
      .map(([key, own]) => `\t<key>${key}</key>\n\t${write(own)}`)
      .join('\n')}\n</dict>`
  }
  return `<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">\n<plist version="1.0">\n${write(value)}\n</plist>\n`
}

/** A Mac whose system lies in an APFS container, with a stick beside it. Constructed after `diskutil`’s own output. */
function record(inUse: InUse[] = [], changes: Record<string, Facts> = {}): MacRecord {
  const info: Record<string, Facts> = {
    disk0: {
      DeviceIdentifier: 'disk0',
      MediaName: 'APPLE SSD AP0512',
      BusProtocol: 'Apple Fabric',
      TotalSize: 5e11,
      WritableMedia: true,
      VirtualOrPhysical: 'Physical',
    },
    disk0s2: { DeviceIdentifier: 'disk0s2', Size: 4e11 },
    disk3: {
      DeviceIdentifier: 'disk3',
      Size: 4e11,
      VirtualOrPhysical: 'Virtual',
      BusProtocol: 'Apple Fabric',
      APFSPhysicalStores: [{ APFSPhysicalStore: 'disk0s2' }],
    },
    disk3s1: {
      DeviceIdentifier: 'disk3s1',
      VolumeName: 'Macintosh HD',
      FilesystemType: 'apfs',
      TotalSize: 4e11,
      FreeSpace: 1e11,
      MountPoint: '',
    },
    disk3s1s1: {
      DeviceIdentifier: 'disk3s1s1',
      VolumeName: 'Macintosh HD',
      FilesystemType: 'apfs',
      TotalSize: 4e11,
      FreeSpace: 1e11,
      MountPoint: '/',
    },
    disk4: {
      DeviceIdentifier: 'disk4',
      MediaName: 'Ultra',
      BusProtocol: 'USB',
      TotalSize: 32e9,
      Ejectable: true,
      RemovableMedia: true,
      WritableMedia: true,
      VirtualOrPhysical: 'Physical',
    },
    disk4s1: {
      DeviceIdentifier: 'disk4s1',
      VolumeName: 'HOLIDAY & SUN',
      FilesystemType: 'msdos',
      TotalSize: 31e9,
      FreeSpace: 19e9,
      MountPoint: '/Volumes/HOLIDAY',
    },
  }
  for (const [name, change] of Object.entries(changes)) info[name] = { ...info[name], ...change }
  const list: Value = {
    AllDisks: Object.keys(info),
    AllDisksAndPartitions: [
      { DeviceIdentifier: 'disk0', Partitions: [{ DeviceIdentifier: 'disk0s2' }] },
      {
        DeviceIdentifier: 'disk3',
        APFSPhysicalStores: [{ DeviceIdentifier: 'disk0s2' }],
        APFSVolumes: [{ DeviceIdentifier: 'disk3s1' }],
      },
      { DeviceIdentifier: 'disk4', Partitions: [{ DeviceIdentifier: 'disk4s1' }] },
    ],
    WholeDisks: ['disk0', 'disk3', 'disk4'],
  }
  return {
    list: plist(list),
    info: Object.fromEntries(Object.entries(info).map(([name, own]) => [name, plist(own)])),
    inUse,
  }
}

const codeOf = (name: string, machine = readMacMachine(record())): string | null =>
  verdict(
    machine.drives.find(({ id }) => id === name)!,
    machine,
    true,
  )?.code ?? null

describe('drives of macOS', () => {
  it('are whole disks that are there, with their volumes', () => {
    const { drives } = readMacMachine(record())
    expect(drives.map(({ path }) => path)).toEqual(['/dev/disk0', '/dev/disk4'])
    expect(drives[1]).toMatchObject({ model: 'Ultra', bus: 'usb', removable: true, byteLength: 32e9, readOnly: false })
    expect(drives[1]?.volumes).toMatchObject([
      { label: 'HOLIDAY & SUN', mountPoint: '/Volumes/HOLIDAY', usedBytes: 12e9 },
    ])
  })

  it('are refused through an APFS container that lies on them', () => {
    expect(codeOf('disk0')).toBe('system')
    expect(codeOf('disk4')).toBeNull()
    const onStick = record([], { disk3: { APFSPhysicalStores: [{ APFSPhysicalStore: 'disk4s1' }] } })
    expect(codeOf('disk4', readMacMachine(onStick))).toBe('system')
  })

  it('are refused for what is used on them', () => {
    const used = (kind: InUse['kind'], path: string): string | null =>
      codeOf('disk4', readMacMachine(record([{ kind, path }])))
    expect(used('image', '/Volumes/HOLIDAY/a.iso')).toBe('holds-image')
    expect(used('image', '/dev/rdisk4')).toBe('image')
    expect(used('profile', '/Volumes/HOLIDAY')).toBe('profile')
    expect(used('profile', '/Volumes/HOLIDAYS/x')).toBeNull()
    expect(codeOf('disk4', readMacMachine(record([], { disk4s1: { MountPoint: '/opt/data' } })))).toBe('mounted')
    expect(codeOf('disk4', readMacMachine(record([], { disk4: { WritableMedia: false } })))).toBe('read-only')
  })
})

describe('a property list', () => {
  it('is read as what it says', () => {
    const value = { a: ['x', 1, true, {}, []], 'b & c': '<tag> “é”', empty: '' }
    expect(parsePlist(plist(value))).toEqual(value)
    expect(diskNames(record().list)).toContain('disk3s1s1')
  })

  it.each([
    '',
    'diskutil: not found',
    '<plist><dict><key>a</key>',
    '<plist><dict><string>a</string></dict></plist>',
    `<plist>${'<array>'.repeat(100)}`,
  ])('is not read out of %s', (text) => {
    expect(() => parsePlist(text)).toThrow(SyntaxError)
  })
})
