import type { ByteSource } from '../core/byte-source'
import { FlatTree, type FlatItem } from '../core/flat-tree'
import { foundView, ViewRank, type FoundView } from '../core/found-view'
import type { Partition } from './volume-map'

/** Each partition as a file. Null where there are none. */
export function partitionsView(source: ByteSource, partitions: readonly Partition[]): FoundView | null {
  if (partitions.length === 0) return null
  const items = partitions.map<FlatItem>(({ scheme, number, type, name, byteOffset, byteLength }) => ({
    name: `${[scheme, String(number), type, name]
      .filter(Boolean)
      .join('-')
      .replace(/[/\s]+/g, '-')}.img`,
    byteLength,
    runs: [byteOffset, byteLength],
  }))
  return foundView({
    kind: 'partitions',
    label: 'Partitions',
    format: [...new Set(partitions.map(({ scheme }) => scheme.toUpperCase()))].join(', '),
    rank: ViewRank.partitions,
    openTree: () => new FlatTree(source, items),
  })
}
