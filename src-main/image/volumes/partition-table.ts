import { ByteReader } from '../core/byte-reader'
import type { ByteSource } from '../core/byte-source'
import { FlatTree, type FlatItem } from '../core/flat-tree'
import type { FoundView } from '../core/opened-image'
import { readApplePartitionMap } from './apm/apple-partition-map'
import type { DiskPartition } from './disk-partition'
import { readGuidPartitionTable } from './gpt/guid-partition-table'
import { readLogicalPartitions, readMasterBootRecord, type MbrPartition } from './mbr/master-boot-record'

const SECTOR = 512

/** Every partition table in the image: hybrids have several over the same bytes. */
export async function readPartitions(source: ByteSource): Promise<DiskPartition[]> {
  const start = new ByteReader(await source.read(0, 64 * 1024))
  const partitions: DiskPartition[] = []
  const mbr = readMasterBootRecord(start)
  if (mbr !== null && isPlausible(mbr, source.byteLength)) {
    const logical = await readLogicalPartitions(source, mbr)
    for (const partition of [...mbr, ...logical]) partitions.push(fromMbr(partition))
  }
  partitions.push(...(await readGuidPartitionTable(source)))
  partitions.push(...(await readApplePartitionMap(source, start)))
  return partitions.filter((partition) => partition.byteOffset < source.byteLength && partition.byteLength > 0)
}

/** Boot sectors of file systems end in 55 AA as well; their code is no table. */
function isPlausible(partitions: readonly MbrPartition[], byteLength: number): boolean {
  return partitions.some((partition) => partition.startSector * SECTOR < byteLength)
}

function fromMbr(partition: MbrPartition): DiskPartition {
  return {
    scheme: 'mbr',
    number: partition.number,
    type: mbrTypeName(partition.type),
    name: '',
    byteOffset: partition.startSector * SECTOR,
    byteLength: partition.sectorCount * SECTOR,
  }
}

function mbrTypeName(type: number): string {
  const names: Record<number, string> = {
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
  return names[type] ?? `0x${type.toString(16).padStart(2, '0')}`
}

/** Null where there are none. */
export function partitionsView(source: ByteSource, partitions: readonly DiskPartition[]): FoundView | null {
  if (partitions.length === 0) return null
  const items = partitions.map<FlatItem>((partition) => {
    const words = [partition.scheme, String(partition.number), partition.type, partition.name]
    return {
      name: `${words
        .filter(Boolean)
        .join('-')
        .replace(/[/\s]+/g, '-')}.img`,
      byteLength: partition.byteLength,
      runs: [partition.byteOffset, partition.byteLength],
    }
  })
  const schemes = [...new Set(partitions.map((partition) => partition.scheme.toUpperCase()))]
  return {
    info: {
      id: 'partitions',
      kind: 'partitions',
      label: 'Partitions',
      format: schemes.join(', '),
      volumeName: '',
      entryCount: null,
      isDefault: false,
    },
    openTree: () => new FlatTree(source, items),
    charset: undefined,
  }
}
