import type { DiagnosticLog } from './core/diagnostic-log'
import type { NotAnImageError } from './core/disc-image'
import type { Volume } from './filesystems/file-system'
import { knownByMagic } from './looks-like'
import { hasTraces, isPartOfRaid } from './volume-traces'
import { nameUnsupported } from './unsupported-formats'
import type { Partition } from './volumes/volume-map'

/** How many places of a partition are looked at, and how much of each. */
const SAMPLES = 256
const SAMPLE_LENGTH = 64 * 1024

/**
 * Says what is the matter with a partition in which no file system was found.
 * @param refusal what the one that is there was refused with; undefined where none answered
 */
export async function reportUnread(
  volume: Volume,
  { type, byteOffset, byteLength, holdsFileSystem }: Partition,
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
  else if (holdsFileSystem === undefined) return
  // Of one that goes on behind the end of the disk the rest is not known.
  else if (volume.source.byteLength >= byteLength && (await isBlank(volume)))
    note('PARTITION_BLANK', 'holds nothing but zeros: it was never formatted.')
  else if (await isPartOfRaid(volume.structures)) note('PARTITION_NOT_READ', 'is a part of a RAID of Linux.')
  else if (holdsFileSystem === 'usually' && !(await hasTraces(volume.structures)))
    note('PARTITION_NOT_READ', 'holds no file system that is known here, nor anything that one would have left.')
  else {
    const message = `${name} is one for a file system (${type}), and none is found in it: its first blocks are damaged, or it begins elsewhere. Nothing of it is shown but the partition itself.`
    log.damage('VOLUME_UNREADABLE', message, byteOffset)
  }
}

/**
 * Where a partition ends that goes on behind the end of the image, in bytes of the blocks: nobody knows what it holds
 * there. 0 where it does not, and where nothing was ever written to what there is of it: images are trimmed behind what
 * is used.
 */
export async function endOfCutPartition(
  volume: Volume,
  { byteOffset, byteLength, isDoubtful }: Partition,
): Promise<number> {
  if (isDoubtful === true || volume.source.byteLength >= byteLength || (await isBlank(volume))) return 0
  return byteOffset + byteLength
}

/**
 * Whether a volume begins with zeros, or with the ones of erased flash memory, and none of many places in it has anything
 * else; of a small one, none at all.
 */
async function isBlank({ head, structures }: Volume): Promise<boolean> {
  const [blank] = head
  const isBlankHere = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === blank)
  if ((blank !== 0 && blank !== 0xff) || !isBlankHere(head)) return false
  const { byteLength } = structures
  const step = Math.max(SAMPLE_LENGTH, Math.floor(byteLength / SAMPLES))
  for (let at = 0; at < byteLength; at += step) if (!isBlankHere(await structures.read(at, SAMPLE_LENGTH))) return false
  return true
}
