import path from 'node:path'
import { isTreeOfFiles, lacksKey, type Diagnostic } from '../../src-shared/model'
import { findSumsBeside } from '../files/sums-beside'
import { NotAnImageError, type DiscImage } from '../image'
import { readU32Be, readU32Le } from '../image/core/byte-reader'
import { findLostTrees, type LostTree } from '../image/find-lost-trees'
import { SliceSource } from '../image/core/sources/slice-source'
import type { Control } from '../task'
import { Carver } from './carve'
import { gatherEvidence, type Evidence, type EvidenceRequest } from './evidence'
import { proveRanges, sumsOfImage } from './image-proofs'
import { FOUND_BY_CONTENT, ItemList, LOST_FOLDERS, type RescueItem } from './items'
import { openRescued, type RescuedImage } from './open-rescued'
import { planItems, type PlannedItem } from './plan'

const BLOCK = 2048

export interface RescueRequest extends EvidenceRequest {
  charset?: string | undefined
  /** Look for files that nothing describes by what they begin with. */
  carve: boolean
}

/** What can be saved of an image. */
export interface RescuePlan {
  items: PlannedItem[]
  /** A sentence each. */
  notes: string[]
  /** Something that describes files is damaged: there may have been more than anybody can tell now. */
  isIncomplete: boolean
  evidence: Evidence
  image: RescuedImage
  close(): Promise<void>
}

/**
 * Finds out what can be saved of an image. Nothing is written but what is mended, which goes to memory or to a temporary
 * file; the image, its copies and its error correction are only read.
 * @throws {NotAnImageError} `NOTHING_READABLE` where there is nothing to save, {@link RescueError}, {@link SourceError}
 */
export async function planRescue(request: RescueRequest, control: Control): Promise<RescuePlan> {
  const evidence = await gatherEvidence(request, control)
  try {
    await proveFile(request, evidence, control)
    const opened = await openRescued(evidence, request.imagePath, request.charset)
    const notes = [...evidence.notes]
    if (opened.map !== null && opened.image !== null)
      await proveRanges(opened.blocks, await sumsOfImage(opened.blocks), opened.map, control)
    const { list, damage, isFound, isBetter } = await gatherItems(request, opened, control)
    if (opened.image === null)
      notes.push('No descriptor of a volume is left: directories were looked for in all of its blocks.')
    const hasOrphans = list.items.some(({ path: own }) => own.startsWith(`${LOST_FOLDERS}/`))
    const isIncomplete = damage.isInTree || hasOrphans || (damage.isInVolume && !isFound)
    if (damage.first !== null) notes.push(damage.first)
    if (isBetter) notes.push('What a volume descriptor described that is destroyed was found in the blocks.')
    if (isIncomplete)
      notes.push('What describes the files is damaged: there may have been more of them than are named here.')
    // A volume may well be empty.
    if (list.items.length === 0 && (isIncomplete || opened.image === null))
      throw new NotAnImageError(
        'NOTHING_READABLE',
        `Nothing in ${path.basename(request.imagePath)} describes a file${request.carve ? ', or begins like one' : ': try again with --carve, which looks for files by their contents'}.`,
      )
    const items = await planItems(list.items, {
      map: opened.map,
      rescued: evidence.rescued,
      disputes: evidence.disputes,
      control,
    })
    const doubtful = items.filter(({ status, isDoubtful }) => status === 'whole' && isDoubtful).length
    if (doubtful > 0)
      notes.push(`A sum does not fit that is over ${doubtful} of the files that are whole: any of them may be wrong.`)
    const close = async (): Promise<void> => {
      await opened.image?.close()
      await evidence.close()
    }
    return { items, notes, isIncomplete, evidence, image: opened, close }
  } catch (error) {
    await evidence.close()
    throw error
  }
}

/** What lists beside the image say of the whole of its file. */
async function proveFile({ imagePath }: RescueRequest, { rescued, map }: Evidence, control: Control): Promise<void> {
  const { byteLength } = rescued
  if (map.byteLength !== byteLength) return
  const beside = findSumsBeside(imagePath).map(({ algorithm, hex, from }) => {
    return { byteOffset: 0, byteLength, algorithm, hex, by: from ?? algorithm }
  })
  await proveRanges(rescued, beside, map, control)
}

/** What reading the trees had to skip or guess. */
interface TreeDamage {
  isInVolume: boolean
  isInTree: boolean
  /** The first of it, as a sentence. */
  first: string | null
}

/** What the trees of an image name, what nothing leads to, and what is damaged of all that. */
interface Gathered {
  list: ItemList
  damage: TreeDamage
  /** All of what the volume describes was found, in spite of its damage. */
  isFound: boolean
  /** A tree that no descriptor describes any more tells more than those that one does, and comes first. */
  isBetter: boolean
}

async function gatherItems(request: RescueRequest, opened: RescuedImage, control: Control): Promise<Gathered> {
  const { image } = opened
  let list = new ItemList()
  let damage = await addViews(opened, list)
  const carver = request.carve ? new Carver() : null
  const trees = await lostTrees(request, opened, list, carver, control)
  const roots = trees.filter(({ isRoot, isComplete }) => isRoot && isComplete)
  const isDestroyed = image?.damage.some(({ code }) => code === 'DESCRIPTOR_DAMAGED') === true
  // The root of a view is found as well, and is not what the destroyed descriptor described.
  const shown = new Set<string>(image?.info.views.map(({ kind }) => kind))
  const others = isDestroyed ? roots.filter(({ kind }) => !shown.has(kind)) : roots
  const better = others.find(({ kind }) => kind === 'rock-ridge')
  const isBetter = isDestroyed && better !== undefined
  if (isBetter) {
    // Links and long names are in that one alone: what the others have is its twin.
    list = new ItemList()
    await list.add(better.table, better.kind)
    damage = await addViews(opened, list)
  }
  await addLost(trees, list)
  if (carver !== null) await addCarved(opened, list, carver)
  return { list, damage, isFound: others.length > 0, isBetter }
}

/** The tree that is shown first, and of its twins what it lost. */
async function addViews({ image }: RescuedImage, list: ItemList): Promise<TreeDamage> {
  if (image === null) return { isInVolume: true, isInTree: false, first: null }
  const { views, defaultViewId } = image.info
  const trees = views.filter((view) => isTreeOfFiles(view) && !view.id.includes('@'))
  const shown = trees.length > 0 ? trees : views
  let damage = image.damage.filter((one) => !lacksKey(one))
  let isInTree = false
  for (const view of shown.toSorted((a, b) => Number(b.id === defaultViewId) - Number(a.id === defaultViewId))) {
    const table = await image.view(view.id).readTree()
    const before = list.items.length
    await list.add(table, view.kind)
    const doubtful = await contradictions(image, table.damage)
    for (const item of list.items.slice(before))
      if (doubtful.has(item.byteLength) || doubtful.has((item.runs[0] ?? -1) / BLOCK)) item.isContested = true
    const met = table.damage.filter((one) => !lacksKey(one))
    if (view.id !== defaultViewId || met.length === 0) continue
    isInTree = true
    damage = [...met, ...damage]
  }
  return { isInVolume: image.damage.some((one) => !lacksKey(one)), isInTree, first: damage[0]?.message ?? null }
}

/** The numbers between which records in both byte orders leave the choice (ECMA-119 7.3.3): blocks and lengths. */
async function contradictions(image: DiscImage, damage: readonly Diagnostic[]): Promise<Set<number>> {
  const numbers = new Set<number>()
  for (const { code, byteOffset } of damage) {
    if (code !== 'BOTH_ENDIAN_MISMATCH' || byteOffset === undefined) continue
    const bytes = await image.blocks.read(byteOffset, 8)
    for (const number of [readU32Le(bytes, 0), readU32Be(bytes, 4)]) if (number > 0) numbers.add(number)
  }
  return numbers
}

function lostTrees(
  { charset }: RescueRequest,
  { blocks }: RescuedImage,
  list: ItemList,
  carver: Carver | null,
  control: Control,
): Promise<LostTree[]> {
  const known = new Recorded(list.items)
  return findLostTrees(blocks, {
    charset,
    isContent: (byteOffset) => known.next(byteOffset) === byteOffset,
    look: (bytes, byteOffset) => carver?.look(bytes, byteOffset),
    checkpoint: (bytesDone) => {
      control.progress({ bytesDone, bytesTotal: blocks.byteLength })
      return control.checkpoint()
    },
  })
}

async function addLost(trees: readonly LostTree[], list: ItemList): Promise<void> {
  for (const { table, kind, byteOffset, isRoot } of trees) {
    const block = byteOffset / BLOCK
    // The root of a volume whose descriptors are lost is its root all the same.
    const isTop =
      isRoot && (list.items.length === 0 || !list.items.some(({ path: own }) => own.startsWith(LOST_FOLDERS)))
    await list.add(table, kind, isTop ? '' : `${LOST_FOLDERS}/${block}`)
  }
}

async function addCarved({ blocks }: RescuedImage, list: ItemList, carver: Carver): Promise<void> {
  const recorded = new Recorded(list.items)
  for (const { kind, extension, byteOffset, byteLength } of await carver.carve(blocks, (at) => recorded.next(at)))
    list.push({
      path: `${FOUND_BY_CONTENT}/${kind}-${byteOffset / BLOCK}.${extension}`,
      kind: 'file',
      byteLength,
      modified: NaN,
      target: null,
      tree: 'carved',
      runs: [byteOffset, byteLength],
      isPacked: false,
      isEncrypted: false,
      sum: null,
      recorded: 'complete',
      isContested: false,
      open: () => new SliceSource(blocks, byteOffset, byteLength),
    })
}

/** Where the files that are recorded lie. */
class Recorded {
  private readonly starts: Float64Array
  private readonly ends: Float64Array

  constructor(items: readonly RescueItem[]) {
    const runs: [number, number][] = []
    for (const item of items)
      for (let i = 0; i + 1 < item.runs.length; i += 2) {
        const start = item.runs[i] ?? -1
        const length = item.runs[i + 1] ?? 0
        if (start >= 0 && length > 0) runs.push([start, start + length])
      }
    runs.sort((a, b) => a[0] - b[0])
    this.starts = Float64Array.from(runs, ([start]) => start)
    // Of runs over one another the longest counts.
    let furthest = 0
    this.ends = Float64Array.from(runs, ([, end]) => (furthest = Math.max(furthest, end)))
  }

  /** The place itself inside of a file, else where the next one begins; Infinity behind the last. */
  next(byteOffset: number): number {
    let low = 0
    let high = this.starts.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.starts[middle] ?? 0) <= byteOffset) low = middle + 1
      else high = middle
    }
    if (low > 0 && (this.ends[low - 1] ?? 0) > byteOffset) return byteOffset
    return this.starts[low] ?? Infinity
  }
}
