import { because } from '../../src-shared/model'
import { AuthorError } from './author-error'
import { walk, type AuthorContent, type AuthorNode } from './author-tree'
import { measureTree, writeDirectory, writePathTable, type RecordedSums } from './iso9660/directory-records'
import { buildIsoTree, type IsoTree } from './iso9660/directory-tree'
import { enhancedForm, jolietForm, plainForm } from './iso9660/identifiers'
import { writeBootRecord, writeTerminator, writeTreeDescriptor, type PathTables } from './iso9660/volume-descriptors'
import { volumeTexts } from './iso9660/volume-texts'
import { enhancedRule, isoRule, jolietRule } from './names'
import { blocksOf } from './layout'
import type { AuthorOptions } from './options'

/** Something that a tree has no way to record: links in Joliet and the like. */
export interface Unrecorded {
  path: string
  tree: string
  message: string
}

export interface PlannedIso {
  kind: 'primary' | 'joliet' | 'enhanced'
  tree: IsoTree
  tables: PathTables
  hasRockRidge: boolean
  /** What its records say of sums: what is measured is what is written. */
  sums: RecordedSums | null
}

/** Names and measures every ISO 9660 tree that is asked for. */
export function planIsoTrees(
  root: AuthorNode,
  options: AuthorOptions,
  sums: RecordedSums | null,
): { trees: PlannedIso[]; unrecorded: Unrecorded[] } {
  const { isoLevel, rockRidge, joliet, jolietLong, deep } = options
  const unrecorded: Unrecorded[] = []
  if (isoLevel === null) return { trees: [], unrecorded }
  const trees: PlannedIso[] = []
  const add = (
    kind: PlannedIso['kind'],
    hasRockRidge: boolean,
    request: Pick<Parameters<typeof buildIsoTree>[1], 'rule' | 'form'>,
  ): void => {
    const tree = buildIsoTree(root, {
      ...request,
      hasRockRidge,
      relocates: hasRockRidge && deep === 'relocate',
      onLeftOut: (path, { kind: what }) => {
        unrecorded.push({ path, tree: request.rule.tree, message: `A ${what} cannot be recorded in this tree.` })
      },
    })
    const own = hasRockRidge ? sums : null
    measureTree(tree, hasRockRidge, own)
    trees.push({
      kind,
      tree,
      hasRockRidge,
      sums: own,
      tables: { byteLength: writePathTable(tree, false).byteLength, littleEndianBlock: 0, bigEndianBlock: 0 },
    })
  }
  add('primary', rockRidge, { rule: isoRule(isoLevel === 4 ? 3 : isoLevel), form: plainForm })
  if (isoLevel === 4) add('enhanced', false, { rule: enhancedRule, form: enhancedForm })
  if (joliet) add('joliet', false, { rule: jolietRule(jolietLong), form: jolietForm })
  return { trees, unrecorded }
}

/** Levels 1 and 2 record a file in one section (ECMA-119 10.1, 10.2). */
export function assertSections(root: AuthorNode, { isoLevel }: AuthorOptions): void {
  if (isoLevel === null || isoLevel >= 3) return
  for (const { node, path } of walk(root)) {
    if ((node.content?.byteLength ?? 0) < 2 ** 32) continue
    throw new AuthorError(
      'FILE_TOO_LARGE',
      `“${path}” is larger than a file of ISO 9660 level ${isoLevel} can be (4 GiB). Use level 3, or UDF alone.`,
      because('tooLargeForIso', { path }),
    )
  }
}

/** Path tables and directories get their places. @param take hands out so many blocks */
export function placeIso(trees: readonly PlannedIso[], take: (count: number) => number): void {
  for (const { tree, tables } of trees) {
    const tableBlocks = blocksOf(tables.byteLength)
    tables.littleEndianBlock = take(tableBlocks)
    tables.bigEndianBlock = take(tableBlocks)
    for (const directory of tree.placed) {
      directory.block = take(blocksOf(directory.byteLength))
      directory.continuationBlock = take(blocksOf(directory.continuationByteLength))
    }
  }
}

/** How many blocks the descriptors of these trees take. */
export function descriptorBlocks(trees: readonly PlannedIso[], hasBoots: boolean): number {
  return trees.length + (trees.length > 0 ? 1 : 0) + (hasBoots ? 1 : 0)
}

/** Path tables, directories and what goes on behind them. */
export function writeIso(
  trees: readonly PlannedIso[],
  places: ReadonlyMap<AuthorContent, number>,
  put: (block: number, bytes: Uint8Array) => void,
): void {
  for (const { tree, tables, hasRockRidge, sums } of trees) {
    put(tables.littleEndianBlock, writePathTable(tree, false))
    put(tables.bigEndianBlock, writePathTable(tree, true))
    for (const directory of tree.directories) {
      const { bytes, continuation } = writeDirectory(directory, directory === tree.root, hasRockRidge, places, sums)
      put(directory.block, bytes)
      put(directory.continuationBlock, continuation)
    }
  }
}

/** What volume descriptors say besides the texts. */
export interface DescriptorFacts {
  /** Where they begin, in blocks of the image. */
  block: number
  blockCount: number
  date: number
  catalogBlock: number | null
}

/** The volume descriptors of a session. */
export function writeDescriptors(
  trees: readonly PlannedIso[],
  options: AuthorOptions,
  { block, blockCount, date, catalogBlock }: DescriptorFacts,
  put: (block: number, bytes: Uint8Array) => void,
): void {
  if (trees.length === 0) return
  for (const [index, { kind, tree, tables }] of trees.entries()) {
    put(
      block++,
      writeTreeDescriptor({
        kind,
        tree,
        texts: volumeTexts(kind, options).texts,
        blockCount,
        pathTables: tables,
        date,
        recordedDates: options.recordedDates,
      }),
    )
    // El Torito 2.0: the boot record follows the primary descriptor.
    if (index === 0 && catalogBlock !== null) put(block++, writeBootRecord(catalogBlock))
  }
  put(block, writeTerminator())
}
