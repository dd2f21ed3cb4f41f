import fs from 'node:fs'
import path from 'node:path'
import { isTreeOfFiles, type ViewInfo } from '../../src-shared/model'
import { FileByteSource } from '../files/file-byte-source'
import { openImage } from '../image'
import type { Drive, DriveVolume, MachineNode } from './drive'

/** Where udev keeps what it has found on every device, as soon as it is put in. */
const UDEV = '/run/udev/data'

/**
 * What lies on a drive where nobody else has looked: in a plain file, and on systems without udev. What is known already stays.
 * Never throws: what cannot be read has nothing to tell.
 */
export async function withContents(drive: Drive, nodes: readonly MachineNode[]): Promise<Drive> {
  if (process.platform !== 'linux' || (drive.bus !== 'file' && fs.existsSync(UDEV))) return drive
  if (drive.volumes.length === 0) {
    const found = await volumesIn(drive.path)
    return { ...drive, volumes: found.map((each) => ({ ...each, id: drive.id, mountPoint: null, usedBytes: null })) }
  }
  const volumes: DriveVolume[] = []
  for (const volume of drive.volumes) {
    const name = nodes.find(({ id }) => id === volume.id)?.name
    const [own] = volume.label !== '' || name === undefined ? [] : await volumesIn(path.join('/dev', name))
    const { label = '', fileSystem = '' } = own ?? {}
    volumes.push({ ...volume, label: volume.label || label, fileSystem: volume.fileSystem || fileSystem })
  }
  return { ...drive, volumes }
}

type Found = Pick<DriveVolume, 'label' | 'fileSystem' | 'byteLength'>

/** The volumes that hold a file system, in the order in which they lie there. */
async function volumesIn(named: string): Promise<Found[]> {
  let file: FileByteSource | null = null
  try {
    file = FileByteSource.open(named)
    const image = await openImage(file, { name: path.basename(named) })
    try {
      const found = new Map<number, Found>()
      for (const info of image.info.views.filter(isTreeOfFiles)) {
        const { byteOffset, byteEnd } = image.view(info.id).volume
        const byteLength = Math.max(0, byteEnd - byteOffset)
        if (!found.has(byteOffset))
          found.set(byteOffset, { label: info.volumeName, fileSystem: systemName(info), byteLength })
      }
      return [...found].toSorted(([a], [b]) => a - b).map(([, each]) => each)
    } finally {
      await image.close()
    }
  } catch {
    return []
  } finally {
    file?.close()
  }
}

/** As the system calls it: `vfat`, `ext4`, `iso9660`. */
function systemName({ id, kind, format }: ViewInfo): string {
  if (kind === 'fat') return 'vfat'
  if (/^ext[234]\b/.test(format)) return format.slice(0, 4)
  return ['rock-ridge', 'joliet', 'enhanced'].includes(id) ? 'iso9660' : kind
}
