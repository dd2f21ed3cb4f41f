import { sureIf } from '../../core/likelihood'
import type { Partition, VolumeMap } from '../volume-map'
import { readLogicalPartitions } from './extended-partition'
import { readMasterBootRecord, type MbrPartition } from './master-boot-record'

const SECTOR = 512
const TYPES: Record<number, string> = {
  0x01: 'fat12',
  0x04: 'fat16',
  0x06: 'fat16',
  0x07: 'ntfs',
  0x0b: 'fat32',
  0x0c: 'fat32',
  0x0e: 'fat16',
  0x17: 'iso-hybrid',
  0x83: 'linux',
  0xaf: 'hfs',
  0xcd: 'iso',
  0xee: 'gpt-protective',
  0xef: 'efi-system',
}
/** Types of file systems that are read. */
const WITH_FILE_SYSTEM = new Set([0x01, 0x04, 0x06, 0x07, 0x0b, 0x0c, 0x0e, 0xaf, 0xef])
/** What tools give to a partition whose type nobody has said. */
const LINUX = 0x83
/** What is there is said by a GPT. */
const PROTECTIVE = 0xee

/** A master boot record: four entries, and a chain of logical partitions inside an extended one. */
export const mbr: VolumeMap = {
  id: 'mbr',
  probe: (head) => sureIf(readMasterBootRecord(head) !== null),
  open: async (source, head, tell) => {
    const primary = readMasterBootRecord(head)
    // Boot sectors of file systems end in 55 AA as well; their code is no table.
    if (!primary?.some(({ startSector }) => startSector * SECTOR < source.byteLength)) return []
    return [...primary, ...(await readLogicalPartitions(source, primary, tell))].map((each) =>
      describe(each, source.byteLength),
    )
  },
  measure: (firstSector) => {
    const partitions = readMasterBootRecord(firstSector)
    return partitions && Math.max(...partitions.map((each) => (each.startSector + each.sectorCount) * SECTOR))
  },
}

/** @param diskLength in bytes */
function describe({ number, type, startSector, sectorCount }: MbrPartition, diskLength: number): Partition {
  const known = TYPES[type]
  const byteOffset = startSector * SECTOR
  const byteLength = sectorCount * SECTOR
  return {
    scheme: 'mbr',
    number,
    type: known ?? `0x${type.toString(16).padStart(2, '0')}`,
    name: '',
    byteOffset,
    // It keeps others off the whole disk, however long that was, or may be said to be (UEFI 5.2.3).
    byteLength: type === PROTECTIVE ? Math.min(byteLength, Math.max(0, diskLength - byteOffset)) : byteLength,
    isDoubtful: known === undefined,
    holdsFileSystem: WITH_FILE_SYSTEM.has(type) ? 'always' : type === LINUX ? 'usually' : undefined,
  }
}
