import { ByteReader } from '../core/byte-reader'
import type { ByteSource } from '../core/byte-source'
import { Likelihood } from '../core/likelihood'
import { VOLUME_MAPS } from './registry'
import type { TellFault } from './table-faults'
import { MAP_HEAD_LENGTH, type Partition } from './volume-map'

/**
 * The partitions of every table in the image that begin inside it.
 * @param tell of what is wrong with the tables
 */
export async function readPartitions(source: ByteSource, tell: TellFault = () => undefined): Promise<Partition[]> {
  const head = new ByteReader(await source.read(0, MAP_HEAD_LENGTH))
  const partitions: Partition[] = []
  for (const map of VOLUME_MAPS) {
    if (map.probe(head) !== Likelihood.no) partitions.push(...(await map.open(source, head, tell)))
  }
  for (const { scheme, number, byteOffset, holdsFileSystem } of partitions) {
    if (byteOffset < source.byteLength || holdsFileSystem !== true) continue
    const message = `Partition ${number} (${scheme.toUpperCase()}) begins at byte ${byteOffset}, behind the end of the disk: the disk is not all there, or the table is damaged.`
    tell({ cost: 'lost', isProven: false, code: 'PARTITION_MISSING', message, byteOffset })
  }
  return partitions.filter((partition) => partition.byteOffset < source.byteLength && partition.byteLength > 0)
}
