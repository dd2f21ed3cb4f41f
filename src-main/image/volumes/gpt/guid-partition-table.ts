import type { ByteReader } from '../../core/byte-reader'
import { isAllZero } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import type { TellFault } from '../table-faults'
import type { Partition } from '../volume-map'
import { findGuidTable } from './find-table'
import type { GuidTable } from '../../core/guid-table'

const TYPES: Record<string, string> = {
  'c12a7328-f81f-11d2-ba4b-00a0c93ec93b': 'efi-system',
  'ebd0a0a2-b9e5-4433-87c0-68b6b72699c7': 'basic-data',
  '0fc63daf-8483-4772-8e79-3d69d8477de4': 'linux',
  '48465300-0000-11aa-aa11-00306543ecac': 'hfs',
  '21686148-6449-6e6f-744e-656564454649': 'bios-boot',
  '83bd6b9d-7f41-11dc-be0b-001560b84f0f': 'freebsd-boot',
}

/** What tools give to a partition whose type nobody has said: loaders of boards lie in such as well. */
const USUAL = new Set(['ebd0a0a2-b9e5-4433-87c0-68b6b72699c7', '0fc63daf-8483-4772-8e79-3d69d8477de4'])
/** Types of partitions with file systems that are read: those above, and Linux’ and Windows’ further ones. */
const WITH_FILE_SYSTEM = new Set([
  'c12a7328-f81f-11d2-ba4b-00a0c93ec93b',
  '48465300-0000-11aa-aa11-00306543ecac',
  '4f68bce3-e8cd-4db1-96e7-fbcaf984b709',
  'b921b045-1df0-41c3-af44-4c6f280d3fae',
  '933ac7e1-2eb4-4f13-b844-0e14e2aef915',
  'bc13c2ff-59e6-4262-a352-b275fd6f7172',
  'de94bba4-06d1-4d40-a16a-bfd50179d6ac',
])

/** UEFI 5.3.2, 5.3.3. None where there is no table. */
export async function readGuidPartitions(source: ByteSource, head: ByteReader, tell: TellFault): Promise<Partition[]> {
  const table = await findGuidTable(source, head, tell)
  return table === null ? [] : readEntries(table)
}

function readEntries({ entries, entryCount: count, entryLength: size, sectorSize }: GuidTable): Partition[] {
  const partitions: Partition[] = []
  for (let index = 0; index < count && entries.has(index * size, size); index++) {
    const at = index * size
    if (isAllZero(entries.slice(at, 16))) continue
    const first = entries.u64Le(at + 32)
    const last = entries.u64Le(at + 40)
    if (!Number.isFinite(first) || !Number.isFinite(last) || last < first) continue
    const type = readGuid(entries, at)
    partitions.push({
      scheme: 'gpt',
      number: index + 1,
      type: TYPES[type] ?? type.slice(0, 8),
      name: new TextDecoder('utf-16le').decode(entries.slice(at + 56, 72)).replace(/\0[\s\S]*$/, ''),
      byteOffset: first * sectorSize,
      byteLength: (last - first + 1) * sectorSize,
      holdsFileSystem: WITH_FILE_SYSTEM.has(type) ? 'always' : USUAL.has(type) ? 'usually' : undefined,
    })
  }
  return partitions
}

/** The first three groups are little-endian. */
function readGuid(reader: ByteReader, at: number): string {
  const hex = (value: number, width: number): string => value.toString(16).padStart(width, '0')
  const tail = Array.from(reader.slice(at + 8, 8), (byte) => hex(byte, 2)).join('')
  return [
    hex(reader.u32Le(at), 8),
    hex(reader.u16Le(at + 4), 4),
    hex(reader.u16Le(at + 6), 4),
    tail.slice(0, 4),
    tail.slice(4),
  ].join('-')
}
