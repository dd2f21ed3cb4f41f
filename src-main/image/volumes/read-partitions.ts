import { ByteReader } from '../core/byte-reader'
import type { ByteSource } from '../core/byte-source'
import { Likelihood } from '../core/likelihood'
import { VOLUME_MAPS } from './registry'
import type { TableFault, TellFault } from './table-faults'
import { MAP_HEAD_LENGTH, type Partition } from './volume-map'

/**
 * The partitions of every table in the image that begin inside it.
 * @param tell of what is wrong with the tables
 */
export async function readPartitions(source: ByteSource, tell: TellFault = () => undefined): Promise<Partition[]> {
  const partitions = await readNamedPartitions(source, tell)
  return partitions.filter((partition) => isInside(partition, source))
}

/** As {@link readPartitions}, and those that begin behind the end of the image: what a cut one has lost. */
export async function readNamedPartitions(source: ByteSource, tell: TellFault = () => undefined): Promise<Partition[]> {
  const head = new ByteReader(await source.read(0, MAP_HEAD_LENGTH))
  const partitions: Partition[] = []
  for (const map of VOLUME_MAPS) {
    if (map.probe(head) !== Likelihood.no) partitions.push(...(await map.open(source, head, tell)))
  }
  for (const fault of faultsOfLayout(partitions, source)) tell(fault)
  return partitions
}

function isInside({ byteOffset, byteLength }: Partition, source: ByteSource): boolean {
  return byteOffset < source.byteLength && byteLength > 0
}

/** Of partitions for file systems: where those cannot lie, or cannot all lie. */
function* faultsOfLayout(partitions: readonly Partition[], source: ByteSource): Generator<TableFault> {
  const own = partitions.filter(({ holdsFileSystem }) => holdsFileSystem)
  const fault = (cost: TableFault['cost'], code: string, { number, scheme, byteOffset }: Partition, what: string) => {
    const message = `Partition ${number} (${scheme.toUpperCase()}) ${what}.`
    return { cost, code, message, byteOffset, isProven: false, isUsualInHybrids: true }
  }
  for (const [index, each] of own.entries()) {
    const { byteOffset, byteLength, scheme } = each
    const what =
      byteLength === 0
        ? 'has no length: the table is damaged'
        : byteOffset === 0
          ? 'begins where its own table lies: the table is damaged'
          : byteOffset >= source.byteLength
            ? `begins at byte ${byteOffset}, behind the end of the disk: the disk is not all there, or the table is damaged`
            : null
    if (what !== null) yield fault('lost', 'PARTITION_MISSING', each, what)
    else
      for (const other of own.slice(0, index)) {
        const isApart = byteOffset >= other.byteOffset + other.byteLength || other.byteOffset >= byteOffset + byteLength
        if (isApart || other.scheme !== scheme || other.byteOffset === 0) continue
        // Of two at one place one is not looked for.
        const cost = other.byteOffset === byteOffset ? 'lost' : 'mended'
        yield fault(cost, 'PARTITIONS_OVERLAP', each, `lies over partition ${other.number}: the table is damaged`)
      }
  }
}
