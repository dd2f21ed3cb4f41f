import type { ByteSource } from './core/byte-source'
import { isAllZero } from './core/byte-reader'
import type { DiagnosticLog } from './core/diagnostic-log'
import type { NotAnImageError } from './core/disc-image'
import type { Volume } from './filesystems/file-system'
import { knownByMagic } from './looks-like'
import { nameUnsupported } from './unsupported-formats'
import type { Partition } from './volumes/volume-map'

/** How many places of a partition are looked at, and how much of each. */
const SAMPLES = 64
const SAMPLE_LENGTH = 4096

/**
 * Says what is the matter with a partition in which no file system was found.
 * @param refusal what the one that is there was refused with; undefined where none answered
 */
export async function reportUnread(
  volume: Volume,
  { type, byteOffset, holdsFileSystem }: Partition,
  refusal: NotAnImageError | undefined,
  log: DiagnosticLog,
): Promise<void> {
  const name = volume.label.replace(/^./, (letter) => letter.toUpperCase())
  const note = (code: string, what: string): void => {
    log.note(code, `${name} ${what}`, byteOffset)
  }
  if (refusal?.code === 'NOTHING_READABLE') {
    log.damage('VOLUME_UNREADABLE', `${name} cannot be read. ${refusal.message}`, byteOffset)
    return
  }
  const other = (await nameUnsupported(volume.structures)) ?? (await knownByMagic(volume.structures))
  if (refusal !== undefined) note('PARTITION_NOT_READ', `is not read. ${refusal.message}`)
  else if (other !== null) note('PARTITION_NOT_READ', other.rest.replace(/\.?$/, '.'))
  else if (holdsFileSystem !== true) return
  else if (await isBlank(volume)) note('PARTITION_BLANK', 'holds nothing but zeros: it was never formatted.')
  else {
    const message = `${name} is one for a file system (${type}), and none is found in it: its first blocks are damaged. Nothing of it is shown but the partition itself.`
    log.damage('VOLUME_UNREADABLE', message, byteOffset)
  }
}

/** Whether a volume begins with zeros, and none of many places in it has anything else. */
async function isBlank({ head, structures }: Volume): Promise<boolean> {
  if (!isAllZero(head)) return false
  const last = Math.max(0, structures.byteLength - SAMPLE_LENGTH)
  for (let index = 1; index <= SAMPLES; index++)
    if (!(await isBlankAt(structures, Math.floor((last * index) / SAMPLES)))) return false
  return true
}

async function isBlankAt(source: ByteSource, byteOffset: number): Promise<boolean> {
  return isAllZero(await source.read(byteOffset, SAMPLE_LENGTH))
}
