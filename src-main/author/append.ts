import { SliceSource } from '../image/core/sources/slice-source'
import { AuthorError } from './author-error'
import type { AuthorContent, AuthorNode, LinkGroup } from './author-tree'
import { SYSTEM_AREA_BLOCKS } from './boot/place-boots'
import { BLOCK, blocksOf, type Segment } from './layout'
import type { AuthorOptions } from './options'
import { descriptorBlocks, placeIso, planIsoTrees, writeDescriptors, writeIso, type PlannedIso } from './plan-iso'

/** Where the first session of a medium that can be written over keeps its descriptors: behind a system area of its own. */
const FIRST_SESSION = 32
/** Sessions of such media begin at 64 KiB. */
const ALIGNMENT = 32

/** An image that a session is added to. */
export interface AppendBase {
  /** All of it, as it lies there. */
  image: AuthorContent
  /** Where contents lie in it, in blocks. */
  places: ReadonlyMap<AuthorContent, number>
  /** The tree as it was, which goes on as session 1; null where the image has sessions of its own. */
  before: { root: AuthorNode; options: AuthorOptions; catalogBlock: number | null } | null
}

/** A copy of a tree that changes of the other leave alone; contents are shared. */
export function copyTree(root: AuthorNode): AuthorNode {
  const groups = new Map<LinkGroup, LinkGroup>()
  const copy = (node: AuthorNode): AuthorNode => {
    const links = groups.get(node.links) ?? { ...node.links }
    groups.set(node.links, links)
    return { ...node, links, children: node.children.map(copy) }
  }
  return copy(root)
}

/** The first session once more: its trees behind the image as it was, its descriptors where readers look for them. */
export class FirstSession {
  private readonly trees: PlannedIso[]
  private end = 0

  constructor(private readonly before: NonNullable<AppendBase['before']>) {
    this.trees = planIsoTrees(before.root, before.options, null).trees
  }

  /** @param take hands out so many blocks */
  place(take: (count: number) => number): void {
    placeIso(this.trees, take)
    this.end = take(0)
  }

  write(
    places: ReadonlyMap<AuthorContent, number>,
    date: number,
    put: (block: number, bytes: Uint8Array) => void,
  ): void {
    const { options, catalogBlock } = this.before
    writeIso(this.trees, places, put)
    const block = FIRST_SESSION + SYSTEM_AREA_BLOCKS
    writeDescriptors(this.trees, options, { block, blockCount: this.end - FIRST_SESSION, date, catalogBlock }, put)
  }

  /** Blocks of the image that are written over. */
  get overwritten(): ByteRange {
    const { catalogBlock } = this.before
    return { block: FIRST_SESSION + SYSTEM_AREA_BLOCKS, count: descriptorBlocks(this.trees, catalogBlock !== null) }
  }
}

interface ByteRange {
  block: number
  count: number
}

/** The contents that stay where they lie in the image: all but those that are written over. */
export function keptPlaces({ places }: AppendBase, overwritten: readonly ByteRange[]): Map<AuthorContent, number> {
  const kept = new Map<AuthorContent, number>()
  for (const [content, block] of places) {
    const end = block + blocksOf(content.byteLength)
    const isHit = overwritten.some((each) => block < each.block + each.count && end > each.block)
    if (!isHit) kept.set(content, block)
  }
  return kept
}

/** Where a session may begin behind so many blocks. */
export function sessionStartBehind(block: number): number {
  return Math.ceil(block / ALIGNMENT) * ALIGNMENT
}

/** What stays of the image, as segments around those that are written over it. */
export function baseSegments({ image }: AppendBase, segments: readonly Segment[]): Segment[] {
  const kept: Segment[] = []
  const over = segments
    .filter(({ byteOffset, byteLength }) => byteLength > 0 && byteOffset < image.byteLength)
    .toSorted((a, b) => a.byteOffset - b.byteOffset)
  let at = 0
  const keep = (end: number): void => {
    const [byteOffset, byteLength] = [at, Math.min(end, image.byteLength) - at]
    if (byteLength <= 0) return
    const open = (): SliceSource => new SliceSource(image.open(), byteOffset, byteLength)
    kept.push({ kind: 'content', content: { byteLength, origin: image.origin, open }, byteOffset, byteLength })
  }
  for (const { byteOffset, byteLength } of over) {
    keep(byteOffset)
    // A block is written over as a whole.
    at = Math.max(at, Math.ceil((byteOffset + byteLength) / BLOCK) * BLOCK)
  }
  keep(image.byteLength)
  return kept
}

/** @throws {AuthorError} `BAD_REQUEST` where a session cannot be added with these options */
export function assertAppendable({ isoLevel, md5, implantMd5 }: AuthorOptions): void {
  if (isoLevel === null)
    throw new AuthorError('BAD_REQUEST', 'A session is added to an image of ISO 9660, which this one is not.')
  if (md5 || implantMd5) throw new AuthorError('BAD_REQUEST', 'Sums of a whole image cannot go on with a session.')
}
