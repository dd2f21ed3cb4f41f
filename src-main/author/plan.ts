import { createHash } from 'node:crypto'
import picomatch from 'picomatch'
import { assertAppendable, baseSegments, FirstSession, keptPlaces, sessionStartBehind, type AppendBase } from './append'
import { AuthorError } from './author-error'
import { compareNames, walk, type AuthorContent, type AuthorNode } from './author-tree'
import { writeBootCatalog, type PlacedBoot } from './boot/el-torito'
import { findMbrCode, patchedContents, wantedBoots } from './boot/find-boots'
import { BACKUP_BLOCKS, writeHybrid } from './boot/hybrid'
import { patchBoots, placeBoots, SYSTEM_AREA_BLOCKS } from './boot/place-boots'
import { videoSets, videoSetStart } from './dvd-video'
import type { IsoTree } from './iso9660/directory-tree'
import { volumeTexts, type TextChange } from './iso9660/volume-texts'
import { BLOCK, blocksOf, Layout, type Segment } from './layout'
import type { NameChange } from './names'
import type { AuthorOptions } from './options'
import {
  assertSections,
  descriptorBlocks,
  placeIso,
  planIsoTrees,
  writeDescriptors,
  writeIso,
  type PlannedIso,
  type Unrecorded,
} from './plan-iso'
import {
  ANCHOR_BLOCK,
  MAIN_SEQUENCE_BLOCK,
  placeMirror,
  placeStructures,
  RECOGNITION_BLOCKS,
  SEQUENCES_BLOCKS,
  writeUdf,
  type UdfPlace,
} from './plan-udf'
import { shareEqual } from './share-equal'
import { ImageSums } from './sums/image-sums'
import { SumTable, writeTag } from './sums/libisofs'
import { addSumList } from './sums/sum-list'
import { assertZisofs } from './zisofs'
import { buildUdfTree, type UdfTree } from './udf/udf-tree'
import { SEQUENCE_BLOCKS, type UdfVolumeFacts } from './udf/volume-structures'

/** Drives read ahead past the end of what a disc holds; this much may be missing without harm. */
const PADDING_BLOCKS = 150
/** Block numbers have 32 bits. */
const BLOCK_LIMIT = 2 ** 32 - 1

/** One tree of the image, as `info` will name it. */
export type PlannedView = 'rock-ridge' | 'joliet' | 'enhanced' | 'iso9660' | 'udf'

export interface Plan {
  layout: Layout
  isoTrees: readonly { view: PlannedView; tree: IsoTree }[]
  udfTree: UdfTree | null
  root: AuthorNode
  views: PlannedView[]
  /** Names that are not the same in every tree. */
  changes: NameChange[]
  /** Texts of the volume that are not in every descriptor as they were given. */
  textChanges: TextChange[]
  unrecorded: Unrecorded[]
  boots: readonly PlacedBoot[]
  /** Where each content begins, in blocks. */
  places: ReadonlyMap<AuthorContent, number>
  /** The sum of the whole goes into the descriptor when it is written. */
  implantsMd5: boolean
  files: number
  directories: number
  symlinks: number
}

/** Hands out blocks one behind the other. */
class BlockAllocator {
  constructor(public next: number) {}

  take(count: number): number {
    const block = this.next
    this.next += count
    if (this.next > BLOCK_LIMIT)
      throw new AuthorError(
        'IMAGE_TOO_LARGE',
        'The image would have more blocks than its trees can number (8 TiB). Leave something out.',
      )
    return block
  }
}

/**
 * Decides where everything of an image lies. Nothing is written; contents are not read, but for boot images and, where
 * equal files are to be found, files of one length.
 * @param base an image that this becomes another session of
 * @throws {AuthorError} where no such image can be made
 */
export async function planImage(
  root: AuthorNode,
  options: AuthorOptions,
  base: AppendBase | null = null,
): Promise<Plan> {
  if (options.isoLevel === null && options.udf === null)
    throw new AuthorError('BAD_REQUEST', 'An image needs a tree: ISO 9660 or UDF.')
  if (options.dedupe) await shareEqual(root, patchedContents(root, options))
  if (options.md5 && (options.isoLevel === null || !options.rockRidge))
    throw new AuthorError('BAD_REQUEST', 'MD5 sums of files are kept with Rock Ridge, which this image has not.')
  if (options.implantMd5 && options.isoLevel === null)
    throw new AuthorError('BAD_REQUEST', 'A sum is implanted into an ISO 9660 descriptor, which this image has not.')
  if (options.implantMd5 && options.md5)
    throw new AuthorError(
      'BAD_REQUEST',
      'An implanted sum changes what the MD5 sums of the volume are of. Choose one of the two.',
    )
  if (options.sha256sums) addSumList(root)
  if (base !== null) assertAppendable(options)
  const films = options.dvdVideo !== false ? await videoSets(root, options) : []
  assertZisofs(root, options)
  const counts = numberLinks(root)
  if (base?.before) numberLinks(base.before.root)
  const boots = await placeBoots(root, { ...options, boots: wantedBoots(root, options) })
  const made = boots.flatMap((boot) => boot.made ?? [])
  const contents = contentsInOrder(root, options.sort, base?.before?.root)
  const sums = options.md5 ? new SumTable(contents) : null
  const algorithms = new Set(contents.flatMap(({ late }) => [...(late?.algorithms ?? [])]))
  if (options.md5) algorithms.add('md5')
  const imageSums = new ImageSums({ whole: options.md5, files: algorithms })
  // Boot images that are no files lie behind the files.
  const isoTrees = planIsoTrees(root, options, sums)
  const udfTree = options.udf === null ? null : buildUdfTree(root)
  assertSections(root, options)

  // Descriptors, up to where the trees begin.
  const descriptorCount = descriptorBlocks(isoTrees.trees, boots.length > 0)
  const recognitionBlock = SYSTEM_AREA_BLOCKS + descriptorCount
  const blocks = new BlockAllocator(0)
  const take = (count: number): number => blocks.take(count)
  const first = base?.before ? new FirstSession(base.before) : null
  if (base !== null) blocks.next = blocksOf(base.image.byteLength)
  first?.place(take)
  const sessionStart = base === null ? 0 : sessionStartBehind(blocks.next)
  blocks.next = sessionStart + recognitionBlock
  if (udfTree !== null) blocks.take(RECOGNITION_BLOCKS)
  const descriptorTag = sums === null ? 0 : blocks.take(1)
  if (udfTree !== null && base === null) blocks.next = ANCHOR_BLOCK + 1
  // The structures of a later session lie in it; only its anchors lie where all do.
  const sequenceBlock = base === null || udfTree === null ? MAIN_SEQUENCE_BLOCK : blocks.take(SEQUENCES_BLOCKS)
  const partitionStart = ANCHOR_BLOCK + 1
  const segments: Segment[] = []
  const placeUdf = (): UdfPlace | null =>
    udfTree === null || options.udf === null ? null : placeStructures(udfTree, options.udf, partitionStart, take)
  // Programs that look for the second anchor behind what UDF holds (7-Zip) are to find nothing else there: where no
  // file may follow, its structures are the last.
  const mayEndHere = base !== null || contents.every(({ byteLength }) => byteLength === 0)
  const early = mayEndHere ? null : placeUdf()
  const catalogBlock = boots.length > 0 ? blocks.take(1) : 0
  placeIso(isoTrees.trees, take)
  const udfPlace = mayEndHere ? placeUdf() : early
  const treeTag = sums === null ? 0 : blocks.take(1)
  const descriptors = {
    block: SYSTEM_AREA_BLOCKS,
    count: descriptorCount + (udfTree === null ? 0 : RECOGNITION_BLOCKS),
  }
  const anchors = udfTree === null ? [] : [{ block: 0, count: ANCHOR_BLOCK + 1 }]
  const overwritten = [descriptors, ...anchors, ...(first === null ? [] : [first.overwritten])]
  const places = base === null ? new Map<AuthorContent, number>() : keptPlaces(base, overwritten)
  const lay = (content: AuthorContent, block: number): void => {
    const { byteLength, late } = content
    places.set(content, block)
    const byteOffset = block * BLOCK
    if (late !== undefined) segments.push({ kind: 'late', byteOffset, byteLength, make: () => late.make(imageSums) })
    else segments.push({ kind: 'content', content, byteOffset, byteLength })
  }
  let firstFilm: number | null = null
  for (const film of films) {
    blocks.next = videoSetStart(film, blocks.next, firstFilm)
    const start = blocks.take(film.blockCount)
    firstFilm ??= start
    for (const { content, block } of film.files) lay(content, start + block)
  }
  const left = new Set([...contents, ...made].filter((each) => each.byteLength > 0 && !places.has(each)))
  const last = [...left].at(-1)
  for (const content of left) {
    // Programs that look for the second anchor behind the files (7-Zip) are to find nothing else there.
    if (content === last && udfPlace !== null) placeMirror(udfPlace, take)
    lay(content, blocks.take(blocksOf(content.byteLength)))
  }
  imageSums.setFiles([...places].map(([content, block]) => ({ content, byteOffset: block * BLOCK })))
  if (sums !== null) {
    sums.block = blocks.take(sums.blockCount)
    const tableLength = sums.blockCount * BLOCK
    segments.push({
      kind: 'late',
      byteOffset: sums.block * BLOCK,
      byteLength: tableLength,
      make: () => sums.write(imageSums),
    })
    const sessionTag = blocks.take(1)
    for (const [kind, block, next] of [
      ['descriptors', descriptorTag, treeTag],
      ['tree', treeTag, sessionTag],
      ['session', sessionTag, null],
    ] as const) {
      const make = (): Uint8Array => writeTag(kind, block, next, imageSums.soFar())
      segments.push({ kind: 'late', byteOffset: block * BLOCK, byteLength: BLOCK, make })
    }
  }
  // Where a disk's table has the end, the second anchor lies 256 blocks before it (ECMA-167 3/8.4.2.1).
  const hasBackup = options.hybrid === 'gpt' || options.hybrid === 'both'
  if (!hasBackup || udfTree === null) blocks.take(PADDING_BLOCKS)
  if (udfPlace !== null && left.size === 0) placeMirror(udfPlace, take)
  // The last block is the second anchor; the partition reaches up to it, and the blocks of the whole past it.
  const lastBlock = udfTree === null ? -1 : blocks.take(1)
  if (hasBackup) blocks.take(udfTree === null ? BACKUP_BLOCKS : ANCHOR_BLOCK)
  const blockCount = blocks.next
  const placed = boots.map((boot) => ({ ...boot, block: places.get(boot.content) ?? 0 }))
  await patchBoots(placed, segments)

  const date = options.date ?? Date.now()
  const identity = volumeSetId(root, options, date)
  const put = (block: number, bytes: Uint8Array): void => {
    segments.push({ kind: 'bytes', bytes, byteOffset: block * BLOCK, byteLength: bytes.byteLength })
  }
  if (options.hybrid !== null) {
    const { hybrid, diskIdentity: disk } = options
    const code = options.mbrCode ?? (hybrid === 'gpt' ? null : await findMbrCode(root, boots))
    for (const { byteOffset, bytes } of writeHybrid({ hybrid, code, boots: placed, blockCount, identity, disk }))
      segments.push({ kind: 'bytes', bytes, byteOffset, byteLength: bytes.byteLength })
  }
  if (boots.length > 0) put(catalogBlock, writeBootCatalog(placed))
  writeIso(isoTrees.trees, places, put)
  const catalog = { date, catalogBlock: boots.length > 0 ? catalogBlock : null }
  writeDescriptors(isoTrees.trees, options, { ...catalog, block: SYSTEM_AREA_BLOCKS, blockCount }, put)
  if (base !== null) {
    // Once more in the session itself, where its length is its own.
    const own = { ...catalog, block: sessionStart + SYSTEM_AREA_BLOCKS, blockCount: blockCount - sessionStart }
    writeDescriptors(isoTrees.trees, options, own, put)
    first?.write(places, date, put)
  }
  if (udfTree !== null && udfPlace !== null && options.udf !== null) {
    const facts: UdfVolumeFacts = {
      revision: options.udf,
      label: options.label,
      volumeSetId: identity,
      application: options.application,
      date,
      partitionStart,
      partitionLength: lastBlock - partitionStart,
      integrityBlock: sequenceBlock + 2 * SEQUENCE_BLOCKS,
      fileSetBlock: udfTree.firstBlock,
      metadata: udfPlace.metadata,
      fileCount: udfTree.entries.length - udfTree.directories.length,
      directoryCount: udfTree.directories.length,
      nextUniqueId: udfTree.nextUniqueId,
    }
    writeUdf(udfTree, facts, udfPlace, places, { recognitionBlock, lastBlock, sequenceBlock }, put, segments)
  }
  if (base !== null) segments.push(...baseSegments(base, segments))
  return {
    layout: new Layout(segments, blockCount * BLOCK, imageSums.isNeeded ? imageSums : null),
    root,
    isoTrees: isoTrees.trees.map(({ kind, tree }) => ({ view: kind === 'primary' ? 'iso9660' : kind, tree })),
    udfTree,
    views: viewsOf(isoTrees.trees, udfTree),
    changes: [...isoTrees.trees.flatMap(({ tree }) => tree.changes), ...(udfTree?.changes ?? [])],
    textChanges: isoTrees.trees.flatMap(({ kind }) => volumeTexts(kind, options).changes),
    unrecorded: [...isoTrees.unrecorded, ...(udfTree?.unrecorded ?? [])],
    boots: placed,
    places,
    implantsMd5: options.implantMd5,
    ...counts,
  }
}

/** Every content once, in the order of the disc: the heaviest first, then by path; what is made late behind all others. */
function contentsInOrder(
  root: AuthorNode,
  sort: AuthorOptions['sort'],
  before: AuthorNode | undefined,
): readonly AuthorContent[] {
  const rules = sort.map(({ pattern, weight }) => ({
    fits: picomatch(pattern.replace(/^\/+(?=.)/, ''), { dot: true }),
    weight,
  }))
  const weights = new Map<AuthorContent, number>()
  for (const { node, path } of walk(root)) {
    const { content } = node
    if (content === null) continue
    const weight = rules.find(({ fits }) => fits(path))?.weight ?? 0
    weights.set(content, Math.max(weight, weights.get(content) ?? -Infinity))
  }
  // What only the session before has may have to move.
  if (before !== undefined)
    for (const { node } of walk(before))
      if (node.content !== null && !weights.has(node.content)) weights.set(node.content, 0)
  const contents = [...weights.keys()]
  // Of those that come from no disc, none lies before another: the order stays that of paths.
  const order = ({ discPosition }: AuthorContent): number => discPosition ?? Number.MAX_VALUE
  contents.sort((a, b) => (weights.get(b) ?? 0) - (weights.get(a) ?? 0) || order(a) - order(b) || 0)
  const isLate = ({ late }: AuthorContent): boolean => late !== undefined
  return [...contents.filter((content) => !isLate(content)), ...contents.filter(isLate)]
}

function viewsOf(trees: readonly PlannedIso[], udf: UdfTree | null): PlannedView[] {
  const views: PlannedView[] = []
  const has = (kind: PlannedIso['kind']): boolean => trees.some((tree) => tree.kind === kind)
  if (trees.some(({ hasRockRidge }) => hasRockRidge)) views.push('rock-ridge')
  if (has('joliet')) views.push('joliet')
  if (has('enhanced')) views.push('enhanced')
  if (has('primary')) views.push('iso9660')
  if (udf !== null) views.push('udf')
  return views
}

/** Children in the order of their names, so that the same input gives the same image; serial numbers in that order. */
function numberLinks(root: AuthorNode): { files: number; directories: number; symlinks: number } {
  const counts = { files: 0, directories: 0, symlinks: 0 }
  const sort = (node: AuthorNode): void => {
    node.children.sort(compareNames)
    for (const child of node.children) sort(child)
  }
  sort(root)
  // What was deleted or replaced is a name less of its file.
  for (const { node } of walk(root)) node.links.count = 0
  let serial = 1
  root.links.serial = serial++
  for (const { node } of walk(root)) {
    node.links.count++
    if (node.links.serial === 0) node.links.serial = serial++
    if (node.kind === 'directory') counts.directories++
    else if (node.kind === 'symlink') counts.symlinks++
    else counts.files++
  }
  return counts
}

/** UDF 2.2.2.5: unlike that of any other volume, and yet the same for the same input. */
function volumeSetId(root: AuthorNode, options: AuthorOptions, date: number): string {
  const hash = createHash('sha256').update(`${options.label}\n${date}\n`)
  for (const { node, path } of walk(root)) hash.update(`${path}\n${node.content?.byteLength ?? 0}\n${node.modified}\n`)
  return `${hash.digest('hex').slice(0, 16).toUpperCase()}${options.volumeSetId || options.label}`
}
