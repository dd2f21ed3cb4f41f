import type { AuthorContent } from './author-tree'
import type { Segment } from './layout'
import { METADATA_UNIT, metadataEntries, type MetadataFiles } from './udf/metadata-partition'
import { hasMetadataPartition, recognition, type UdfRevision } from './udf/structures'
import { moveUdfTree, writeUdfTree, type UdfTree } from './udf/udf-tree'
import {
  SEQUENCE_BLOCKS,
  writeAnchor,
  writeFileSet,
  writeIntegrity,
  writeVolumeSequence,
  type UdfVolumeFacts,
} from './udf/volume-structures'

/** ECMA-167 3/8.4.2.1. */
export const ANCHOR_BLOCK = 256
export const MAIN_SEQUENCE_BLOCK = 32
/** ECMA-167 2/9.1. */
export const RECOGNITION_BLOCKS = 3
/** Both sequences, and room for what says that the volume is whole. */
export const SEQUENCES_BLOCKS = 3 * SEQUENCE_BLOCKS

/** Where the structures of the file system lie, in blocks of the image. */
export interface UdfPlace {
  partitionStart: number
  structuresStart: number
  metadata: MetadataFiles | null
}

/**
 * Places the structures of the file system in front of the files.
 * @param take hands out so many blocks
 */
export function placeStructures(
  tree: UdfTree,
  revision: UdfRevision,
  partitionStart: number,
  take: (count: number) => number,
): UdfPlace {
  if (!hasMetadataPartition(revision)) {
    moveUdfTree(tree, take(tree.blockCount) - partitionStart)
    return { partitionStart, structuresStart: partitionStart, metadata: null }
  }
  const entryBlock = take(1) - partitionStart
  const blockCount = Math.ceil(tree.blockCount / METADATA_UNIT) * METADATA_UNIT
  const structuresStart = takeAligned(blockCount, partitionStart, take)
  const startBlock = structuresStart - partitionStart
  return {
    partitionStart,
    structuresStart,
    metadata: { entryBlock, startBlock, blockCount, mirrorEntryBlock: 0, mirrorStartBlock: 0 },
  }
}

/** Places the mirror among the files, far from the first. */
export function placeMirror({ partitionStart, metadata }: UdfPlace, take: (count: number) => number): void {
  if (metadata === null) return
  metadata.mirrorStartBlock = takeAligned(metadata.blockCount, partitionStart, take) - partitionStart
  metadata.mirrorEntryBlock = take(1) - partitionStart
}

function takeAligned(count: number, partitionStart: number, take: (count: number) => number): number {
  const over = (take(0) - partitionStart) % METADATA_UNIT
  if (over > 0) take(METADATA_UNIT - over)
  return take(count)
}

/** Everything of a UDF volume but the files' contents. */
export function writeUdf(
  tree: UdfTree,
  facts: UdfVolumeFacts,
  place: UdfPlace,
  places: ReadonlyMap<AuthorContent, number>,
  at: { recognitionBlock: number; lastBlock: number; sequenceBlock: number },
  put: (block: number, bytes: Uint8Array) => void,
  segments: Segment[],
): void {
  const { revision, partitionStart, date } = facts
  const { structuresStart, metadata } = place
  const main = at.sequenceBlock
  const reserve = main + SEQUENCE_BLOCKS
  put(at.recognitionBlock, recognition(revision))
  put(main, writeVolumeSequence(facts, main))
  put(reserve, writeVolumeSequence(facts, reserve))
  put(facts.integrityBlock, writeIntegrity(facts))
  for (const block of [ANCHOR_BLOCK, at.lastBlock]) put(block, writeAnchor(revision, block, main, reserve))
  const starts = [structuresStart]
  if (metadata !== null) {
    for (const { block, bytes } of metadataEntries(metadata, date, revision)) put(partitionStart + block, bytes)
    starts.push(partitionStart + metadata.mirrorStartBlock)
  }
  for (const start of starts) {
    put(start + tree.firstBlock, writeFileSet(facts, tree.root.entry.block))
    segments.push(...writeUdfTree(tree, { partitionStart, structuresStart: start }, places, revision))
  }
}
