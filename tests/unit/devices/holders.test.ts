import { describe, expect, it } from 'vitest'
import { heldBy, scriptIn } from '../../../src-main/devices/list/holders'
import { parseMountInfo, strangerAt } from '../../../src-main/devices/list/mount-info'
import { mountedOver } from '../../../src-main/mount/linux/unmount'

const line = (device: string, point: string, fileSystem: string, source = fileSystem): string =>
  `1 2 ${device} / ${point} rw - ${fileSystem} ${source} rw`

describe('what stops a file system from being unmounted', () => {
  it('is told in the words of people', () => {
    const said = (...words: string[]): string => scriptIn(words.map((word) => `${word}\0`).join(''))
    expect(said('/usr/bin/node', '--no-warnings', '/opt/bin/isolde.mjs', 'mount', '--foreground')).toBe('isolde mount')
    expect(said('/usr/bin/node', '/srv/server.js', '--port')).toBe('server')
    expect(said('/usr/bin/node')).toBe('node')
  })

  it('is what umount says where nobody is found, once', () => {
    expect(heldBy('/nowhere/at/all', 'umount: /nowhere/at/all: target is busy.\n')).toBe('target is busy')
  })

  it('is what lies over it, or below', () => {
    const text = [line('8:1', '/media/a', 'vfat'), line('0:5', '/media/a', 'tmpfs'), line('0:6', '/media/b/c', 'proc')]
    const mounts = parseMountInfo(text.join('\n'))
    const own = new Set(['8:1'])
    expect(strangerAt(['/media/a'], own, mounts)?.mount.fileSystem).toBe('tmpfs')
    expect(strangerAt(['/media/b'], own, mounts)?.mount.point).toBe('/media/b/c')
    expect(strangerAt(['/media/a'], own, mounts.slice(0, 1))).toBeNull()
    expect(strangerAt(['/media/b'], new Set(['0:6']), mounts)).toBeNull()
  })

  it('counts for images that are mounted, too', () => {
    const own = line('0:9', '/mnt/i', 'fuse.isolde')
    expect(mountedOver('/mnt/i', own)).toBeNull()
    expect(mountedOver('/mnt/i', `${own}\n${line('0:5', '/mnt/i', 'ext4', '/dev/sdb1')}`)).toBe('/dev/sdb1')
  })
})
