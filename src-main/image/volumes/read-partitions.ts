import { ByteReader } from '../core/byte-reader'
import type { ByteSource } from '../core/byte-source'
import { Likelihood } from '../core/likelihood'
import { VOLUME_MAPS } from './registry'
import { MAP_HEAD_LENGTH, type Partition } from './volume-map'

/** The partitions of every table in the image that begin inside it. */
export async function readPartitions(source: ByteSource): Promise<Partition[]> {
  const head = new ByteReader(await source.read(0, MAP_HEAD_LENGTH))
  const partitions: Partition[] = []
  for (const map of VOLUME_MAPS) {
    if (map.probe(head) !== Likelihood.no) partitions.push(...(await map.open(source, head)))
  }
  return partitions.filter((partition) => partition.byteOffset < source.byteLength && partition.byteLength > 0)
}
