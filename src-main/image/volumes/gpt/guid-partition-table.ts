import { ByteReader, isAllZero } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import type { Partition } from '../volume-map'

const ENTRY_LIMIT = 1024
/** UEFI 5.3: the header is in sector 1, of 512 bytes or of what the medium has. */
export const GPT_SECTOR_SIZES = [512, 2048, 4096]
const TYPES: Record<string, string> = {
  'c12a7328-f81f-11d2-ba4b-00a0c93ec93b': 'efi-system',
  'ebd0a0a2-b9e5-4433-87c0-68b6b72699c7': 'basic-data',
  '0fc63daf-8483-4772-8e79-3d69d8477de4': 'linux',
  '48465300-0000-11aa-aa11-00306543ecac': 'hfs',
  '21686148-6449-6e6f-744e-656564454649': 'bios-boot',
  '83bd6b9d-7f41-11dc-be0b-001560b84f0f': 'freebsd-boot',
}

/** UEFI 5.3.2, 5.3.3. None where there is no table. */
export async function readGuidPartitionTable(source: ByteSource): Promise<Partition[]> {
  for (const sectorSize of GPT_SECTOR_SIZES) {
    const header = new ByteReader(await source.read(sectorSize, 512))
    if (!header.matches(0, 'EFI PART')) continue
    const count = Math.min(header.u32Le(80), ENTRY_LIMIT)
    const size = header.u32Le(84)
    if (size < 128 || size > 4096) continue
    const entries = new ByteReader(await source.read(header.u64Le(72) * sectorSize, count * size))
    return readEntries(entries, count, size, sectorSize)
  }
  return []
}

function readEntries(entries: ByteReader, count: number, size: number, sectorSize: number): Partition[] {
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
