import { SourceError, type ByteSource } from './core/byte-source'
import { DiagnosticLog } from './core/diagnostic-log'
import { NotAnImageError } from './core/disc-image'
import type { DeletedFiles } from './filesystems/deleted-files'
import { FILE_SYSTEMS } from './filesystems/registry'
import type { Beginning } from './filesystems/file-system'
import { makeVolume } from './find-volumes'
import { readPartitions } from './volumes/read-partitions'

export type { DeletedFile } from './filesystems/deleted-files'
export type { Beginning, FoundBeginning } from './filesystems/file-system'

/** A volume of a disk that can say what was deleted from it. */
export interface DeletedVolume {
  /** Of its first byte, in bytes of the disk. */
  byteOffset: number
  byteLength: number
  deleted: DeletedFiles
}

/** How images show themselves wherever they lie. */
export const BEGINNINGS: readonly Beginning[] = FILE_SYSTEMS.flatMap(({ beginnings }) => beginnings ?? [])

/** The volumes of a disk that can say what was deleted from them. @throws {SourceError} where the disk is gone */
export async function findDeleted(disk: ByteSource, charset?: string): Promise<DeletedVolume[]> {
  const log = new DiagnosticLog()
  const whole = await makeVolume(disk, { byteOffset: 0, byteLength: disk.byteLength }, '', log)
  const volumes = [whole]
  for (const partition of await readPartitions(whole.structures)) {
    if (volumes.some(({ byteOffset }) => byteOffset === partition.byteOffset)) continue
    volumes.push(await makeVolume(disk, partition, `partition ${partition.number}`, log))
  }
  const found: DeletedVolume[] = []
  for (const volume of volumes) {
    for (const driver of FILE_SYSTEMS) {
      const deleted = (await driver.deleted?.(volume, charset).catch(unlessGone)) ?? null
      if (deleted === null) continue
      found.push({ byteOffset: volume.byteOffset, byteLength: volume.source.byteLength, deleted })
      break
    }
  }
  return found
}

/** A volume that is damaged says nothing. @throws {SourceError} */
function unlessGone(error: unknown): null {
  if (error instanceof NotAnImageError) return null
  if (error instanceof SourceError && error.code === 'CONTENT_DAMAGED') return null
  throw error
}
