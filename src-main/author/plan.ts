import { createHash } from 'node:crypto'
import type { ByteSource } from '../image'
import { AuthorError } from './author-error'
import { nodeAt, walk, type AuthorContent, type AuthorNode } from './author-tree'
import { patchBootImage, writeBootCatalog, type PlacedBoot } from './boot/el-torito'
import { measureTree, writeDirectory, writePathTable } from './iso9660/directory-records'
import { buildIsoTree, type IsoTree } from './iso9660/directory-tree'
import { enhancedForm, jolietForm, plainForm } from './iso9660/identifiers'
import {
  writeBootRecord,
  writeTerminator,
  writeTreeDescriptor,
  type PathTables,
  type VolumeTexts,
} from './iso9660/volume-descriptors'
import { BLOCK, blocksOf, bytesContent, Layout, type Segment } from './layout'
import { enhancedRule, isoRule, jolietRule, type NameChange } from './names'
import type { AuthorOptions } from './options'
import { recognition } from './udf/structures'
import { buildUdfTree, writeUdfTree, type UdfTree } from './udf/udf-tree'
import {
  SEQUENCE_BLOCKS,
  writeAnchor,
  writeFileSet,
  writeIntegrity,
  writeVolumeSequence,
  type UdfVolumeFacts,
} from './udf/volume-structures'

const SYSTEM_AREA_BLOCKS = 16
/** ECMA-167 3/8.4.2.1. */
const ANCHOR_BLOCK = 256
const MAIN_SEQUENCE_BLOCK = 32
const RESERVE_SEQUENCE_BLOCK = MAIN_SEQUENCE_BLOCK + SEQUENCE_BLOCKS
const INTEGRITY_BLOCK = 64
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
  /** Things that a tree has no way to record, by tree: links in Joliet and the like. */
  unrecorded: { path: string; tree: string; message: string }[]
  boots: readonly PlacedBoot[]
  /** Where each content begins, in blocks. */
  places: ReadonlyMap<AuthorContent, number>
  files: number
  directories: number
  symlinks: number
}

interface PlannedIso {
  kind: 'primary' | 'joliet' | 'enhanced'
  tree: IsoTree
  tables: PathTables
  hasRockRidge: boolean
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
 * @throws {AuthorError} where no such image can be made
 */
export async function planImage(root: AuthorNode, options: AuthorOptions, equal?: EqualFiles): Promise<Plan> {
  if (options.isoLevel === null && options.udf === null)
    throw new AuthorError('BAD_REQUEST', 'An image needs a tree: ISO 9660 or UDF.')
  if (options.dedupe) await shareEqual(root, equal)
  const counts = numberLinks(root)
  const isoTrees = planIsoTrees(root, options)
  const udfTree = options.udf === null ? null : buildUdfTree(root)
  const boots = placeBoots(root, options)
  assertSections(root, options)

  // Descriptors, up to where the trees begin.
  const descriptorCount = isoTrees.trees.length + (isoTrees.trees.length > 0 ? 1 : 0) + (boots.length > 0 ? 1 : 0)
  const blocks = new BlockAllocator(SYSTEM_AREA_BLOCKS + descriptorCount)
  const recognitionBlock = blocks.next
  if (udfTree !== null) blocks.take(3)
  if (udfTree !== null) blocks.next = ANCHOR_BLOCK + 1
  const partitionStart = blocks.next
  if (udfTree !== null) blocks.take(2 + udfTree.blockCount)
  const segments: Segment[] = []
  const catalogBlock = boots.length > 0 ? blocks.take(1) : 0
  for (const { tree, tables } of isoTrees.trees) {
    const tableBlocks = blocksOf(tables.byteLength)
    tables.littleEndianBlock = blocks.take(tableBlocks)
    tables.bigEndianBlock = blocks.take(tableBlocks)
    for (const directory of tree.directories) {
      directory.block = blocks.take(blocksOf(directory.byteLength))
      directory.continuationBlock = blocks.take(blocksOf(directory.continuationByteLength))
    }
  }
  const places = new Map<AuthorContent, number>()
  for (const { node } of walk(root)) {
    const { content } = node
    if (content === null || content.byteLength === 0 || places.has(content)) continue
    const block = blocks.take(blocksOf(content.byteLength))
    places.set(content, block)
    segments.push({ kind: 'content', content, byteOffset: block * BLOCK, byteLength: content.byteLength })
  }
  blocks.take(PADDING_BLOCKS)
  // The last block is the second anchor; the partition reaches up to it, and the blocks of the whole past it.
  const lastBlock = udfTree === null ? -1 : blocks.take(1)
  const blockCount = blocks.next
  const placed = boots.map((boot) => ({ ...boot, block: places.get(boot.content) ?? 0 }))
  await patchBoots(placed, segments)

  const date = options.date ?? Date.now()
  const put = (block: number, bytes: Uint8Array): void => {
    segments.push({ kind: 'bytes', bytes, byteOffset: block * BLOCK, byteLength: bytes.byteLength })
  }
  if (boots.length > 0) put(catalogBlock, writeBootCatalog(placed))
  writeIso(isoTrees.trees, places, put)
  writeDescriptors(
    isoTrees.trees,
    options,
    { blockCount, date, catalogBlock: boots.length > 0 ? catalogBlock : null },
    put,
  )
  if (udfTree !== null && options.udf !== null) {
    const facts: UdfVolumeFacts = {
      revision: options.udf,
      label: options.label,
      volumeSetId: volumeSetId(root, options, date),
      application: options.application,
      date,
      partitionStart,
      partitionLength: lastBlock - partitionStart,
      integrityBlock: INTEGRITY_BLOCK,
      fileCount: udfTree.entries.length - udfTree.directories.length,
      directoryCount: udfTree.directories.length,
      nextUniqueId: udfTree.nextUniqueId,
    }
    writeUdf(udfTree, facts, places, { recognitionBlock, lastBlock }, put, segments)
  }
  return {
    layout: new Layout(segments, blockCount * BLOCK),
    root,
    isoTrees: isoTrees.trees.map(({ kind, tree }) => ({ view: kind === 'primary' ? 'iso9660' : kind, tree })),
    udfTree,
    views: viewsOf(isoTrees.trees, udfTree),
    changes: [...isoTrees.trees.flatMap(({ tree }) => tree.changes), ...(udfTree?.changes ?? [])],
    unrecorded: isoTrees.unrecorded,
    boots: placed,
    places,
    ...counts,
  }
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
    node.children.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
    for (const child of node.children) sort(child)
  }
  sort(root)
  let serial = 1
  root.links.serial = serial++
  for (const { node } of walk(root)) {
    if (node.links.serial === 0) node.links.serial = serial++
    if (node.kind === 'directory') counts.directories++
    else if (node.kind === 'symlink') counts.symlinks++
    else counts.files++
  }
  return counts
}

/** Finds files of equal content; the answer's key is the same for equal ones. */
export type EqualFiles = (content: AuthorContent) => Promise<string>

async function shareEqual(root: AuthorNode, equal: EqualFiles = sha256Of): Promise<void> {
  const byLength = new Map<number, AuthorNode[]>()
  for (const { node } of walk(root)) {
    if (node.content === null || node.content.byteLength === 0) continue
    const same = byLength.get(node.content.byteLength)
    if (same === undefined) byLength.set(node.content.byteLength, [node])
    else same.push(node)
  }
  for (const nodes of byLength.values()) {
    if (new Set(nodes.map(({ content }) => content)).size < 2) continue
    const byKey = new Map<string, AuthorContent>()
    const keys = new Map<AuthorContent, string>()
    for (const node of nodes) {
      if (node.content === null) continue
      let key = keys.get(node.content)
      if (key === undefined) keys.set(node.content, (key = await equal(node.content)))
      const first = byKey.get(key)
      if (first === undefined) byKey.set(key, node.content)
      else node.content = first
    }
  }
}

const HASH_CHUNK = 1 << 20

async function sha256Of(content: AuthorContent): Promise<string> {
  const source: ByteSource = content.open()
  const hash = createHash('sha256')
  try {
    for (let at = 0; at < content.byteLength; at += HASH_CHUNK) hash.update(await source.read(at, HASH_CHUNK))
    return hash.digest('hex')
  } finally {
    await source.close()
  }
}

function planIsoTrees(
  root: AuthorNode,
  options: AuthorOptions,
): { trees: PlannedIso[]; unrecorded: Plan['unrecorded'] } {
  const { isoLevel, rockRidge, joliet, jolietLong, deep } = options
  const unrecorded: Plan['unrecorded'] = []
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
    measureTree(tree, hasRockRidge)
    trees.push({
      kind,
      tree,
      hasRockRidge,
      tables: { byteLength: writePathTable(tree, false).byteLength, littleEndianBlock: 0, bigEndianBlock: 0 },
    })
  }
  add('primary', rockRidge, { rule: isoRule(isoLevel === 4 ? 3 : isoLevel), form: plainForm })
  if (isoLevel === 4) add('enhanced', false, { rule: enhancedRule, form: enhancedForm })
  if (joliet) add('joliet', false, { rule: jolietRule(jolietLong), form: jolietForm })
  return { trees, unrecorded }
}

/** Levels 1 and 2 record a file in one section (ECMA-119 10.1, 10.2). */
function assertSections(root: AuthorNode, { isoLevel }: AuthorOptions): void {
  if (isoLevel === null || isoLevel >= 3) return
  for (const { node, path } of walk(root)) {
    if ((node.content?.byteLength ?? 0) < 2 ** 32) continue
    throw new AuthorError(
      'FILE_TOO_LARGE',
      `“${path}” is larger than a file of ISO 9660 level ${isoLevel} can be (4 GiB). Use level 3, or UDF alone.`,
    )
  }
}

function placeBoots(root: AuthorNode, { boots, isoLevel }: AuthorOptions): PlacedBoot[] {
  if (boots.length > 0 && isoLevel === null)
    throw new AuthorError('BAD_REQUEST', 'Boot entries need an ISO 9660 tree beside UDF.')
  return boots.map((boot) => {
    const node = nodeAt(root, boot.path)
    if (node?.kind !== 'file' || node.content === null || node.content.byteLength === 0)
      throw new AuthorError('BOOT_FILE', `“${boot.path}” is not a file of the image, so it cannot be a boot image.`)
    return { ...boot, content: node.content, block: 0 }
  })
}

/** A loader's own tables say where it lies: its bytes are then other than those of the file that it came from. */
async function patchBoots(boots: readonly PlacedBoot[], segments: Segment[]): Promise<void> {
  for (const boot of boots) {
    if (!boot.hasInfoTable && !boot.hasGrubTable) continue
    const source = boot.content.open()
    let image: Uint8Array
    try {
      image = await source.read(0, boot.content.byteLength)
    } finally {
      await source.close()
    }
    const bytes = patchBootImage(image, boot, boot.block, SYSTEM_AREA_BLOCKS)
    const index = segments.findIndex((each) => each.kind === 'content' && each.content === boot.content)
    const segment = segments[index]
    if (segment !== undefined)
      segments[index] = { ...segment, kind: 'content', content: bytesContent(bytes, boot.content.origin) }
  }
}

function writeIso(
  trees: readonly PlannedIso[],
  places: ReadonlyMap<AuthorContent, number>,
  put: (block: number, bytes: Uint8Array) => void,
): void {
  for (const { tree, tables, hasRockRidge } of trees) {
    put(tables.littleEndianBlock, writePathTable(tree, false))
    put(tables.bigEndianBlock, writePathTable(tree, true))
    for (const directory of tree.directories) {
      const { bytes, continuation } = writeDirectory(directory, directory === tree.root, hasRockRidge, places)
      put(directory.block, bytes)
      put(directory.continuationBlock, continuation)
    }
  }
}

function writeDescriptors(
  trees: readonly PlannedIso[],
  options: AuthorOptions,
  { blockCount, date, catalogBlock }: { blockCount: number; date: number; catalogBlock: number | null },
  put: (block: number, bytes: Uint8Array) => void,
): void {
  if (trees.length === 0) return
  let block = SYSTEM_AREA_BLOCKS
  for (const [index, { kind, tree, tables }] of trees.entries()) {
    put(
      block++,
      writeTreeDescriptor({ kind, tree, texts: textsFor(kind, options), blockCount, pathTables: tables, date }),
    )
    // El Torito 2.0: the boot record follows the primary descriptor.
    if (index === 0 && catalogBlock !== null) put(block++, writeBootRecord(catalogBlock))
  }
  put(block, writeTerminator())
}

/** In the primary descriptor only capitals, digits and underscores may stand (ECMA-119 8.4). */
function textsFor(kind: PlannedIso['kind'], options: AuthorOptions): VolumeTexts {
  const isPlain = kind === 'primary'
  const d = (text: string): string => (isPlain ? text.toUpperCase().replace(/[^A-Z0-9_]/g, '_') : text)
  // eslint-disable-next-line no-control-regex
  const a = (text: string): string => (isPlain ? text.toUpperCase().replace(/[^\x20-\x5f]/g, '_') : text)
  return {
    label: d(options.label),
    systemId: a(options.systemId),
    volumeSetId: d(options.volumeSetId),
    publisher: a(options.publisher),
    preparer: a(options.preparer),
    application: a(options.application),
    copyrightFile: d(options.copyrightFile),
    abstractFile: d(options.abstractFile),
    bibliographicFile: d(options.bibliographicFile),
  }
}

function writeUdf(
  tree: UdfTree,
  facts: UdfVolumeFacts,
  places: ReadonlyMap<AuthorContent, number>,
  { recognitionBlock, lastBlock }: { recognitionBlock: number; lastBlock: number },
  put: (block: number, bytes: Uint8Array) => void,
  segments: Segment[],
): void {
  const { revision, partitionStart } = facts
  put(recognitionBlock, recognition(revision))
  put(MAIN_SEQUENCE_BLOCK, writeVolumeSequence(facts, MAIN_SEQUENCE_BLOCK))
  put(RESERVE_SEQUENCE_BLOCK, writeVolumeSequence(facts, RESERVE_SEQUENCE_BLOCK))
  put(INTEGRITY_BLOCK, writeIntegrity(facts))
  for (const block of [ANCHOR_BLOCK, lastBlock])
    put(block, writeAnchor(revision, block, MAIN_SEQUENCE_BLOCK, RESERVE_SEQUENCE_BLOCK))
  put(partitionStart, writeFileSet(facts, tree.root.entry.block))
  segments.push(...writeUdfTree(tree, partitionStart, places, revision))
}

/** UDF 2.2.2.5: unlike that of any other volume, and yet the same for the same input. */
function volumeSetId(root: AuthorNode, options: AuthorOptions, date: number): string {
  const hash = createHash('sha256').update(`${options.label}\n${date}\n`)
  for (const { node, path } of walk(root)) hash.update(`${path}\n${node.content?.byteLength ?? 0}\n${node.modified}\n`)
  return `${hash.digest('hex').slice(0, 16).toUpperCase()}${options.volumeSetId || options.label}`
}
