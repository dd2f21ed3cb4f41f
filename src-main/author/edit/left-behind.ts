import { because, inWords, isTreeOfFiles, type Said, type ViewInfo, type ViewKind } from '../../../src-shared/model'
import { differenceOf, SourceError, type ByteSource, type DiscImage, type EntryTable } from '../../image'
import { isAllZero } from '../../image/core/byte-reader'
import { bootEntriesOf, type PlacedEntry } from './boot-entries'

/** Larger trees are not held beside each other: that would take too much memory. */
const COMPARED_AT_MOST = 300_000
const CHUNK = 1 << 20
/** Nobody fills up with more than this, in bytes; what is longer is not read. */
const PADDING_LIMIT = 64 << 20
/** Two readings of the same records. */
const PRIMARY = new Set<ViewKind>(['rock-ridge', 'iso9660'])

/** What a copy does not have that is made of one tree of an image. */
export interface LeftBehind {
  /** Files that only another tree of the same volume or session shows. */
  files: Said[]
  /** Other sessions and volumes, and what lies behind the volume: an image that a session is added to keeps them. */
  around: Said[]
}

/**
 * @param id the view that the copy is made of
 * @param table its entries
 */
export async function leftBehind(image: DiscImage, id: string, table: EntryTable): Promise<LeftBehind> {
  const entries = await bootEntriesOf(image)
  const kept = bootVolumes(image, entries)
  const { views } = image.info
  const trees = views.filter(isTreeOfFiles)
  const own = trees.find((each) => each.id === id)
  const found: LeftBehind = { files: [], around: [] }
  if (own === undefined) return found
  const told = new Set([placeOf(own)])
  for (const other of trees) {
    if (kept.has(other.id)) continue
    const place = placeOf(other)
    if (place === placeOf(own)) {
      const hasOwnRecords = !(PRIMARY.has(own.kind) && PRIMARY.has(other.kind))
      if (hasOwnRecords) found.files.push(...(await onlyIn(image, other, table)))
    } else if (!told.has(place)) {
      told.add(place)
      found.around.push(volumeLeft(other))
    }
  }
  const appended = await appendedPartitions(image, id, entries)
  found.around.push(...appended, ...(await tracksLeft(image)))
  // What lies in those is what lies behind the volume.
  if (appended.length === 0) found.around.push(...(await tailLeft(image)))
  return found
}

function volumeLeft({ label: name, entryCount: n }: ViewInfo): Said {
  if (n === null) return { message: `“${name}” is not in the new image.`, details: because('notInNewImage', { name }) }
  return {
    message: `“${name}” with its ${n} entries is not in the new image.`,
    details: because('notInNewImageWith', { name, n }),
  }
}

/** Tracks of sound, and those of data in which no files are found: no image of files has them. */
async function tracksLeft(image: DiscImage): Promise<Said[]> {
  const { views } = image.info
  const view = views.find(({ kind }) => kind === 'tracks')
  if (view === undefined) return []
  const table = await image.view(view.id).readTree()
  const names = Array.from({ length: table.length - 1 }, (_, index) => table.nameOf(index + 1))
  const dataCount = names.filter((name) => name.endsWith('.iso')).length
  const volumes = new Set(views.filter(isTreeOfFiles).map(({ id }) => image.view(id).volume.byteOffset))
  const left = [
    { n: names.length - dataCount, what: 'audio track' },
    { n: dataCount - volumes.size, what: 'data track without files' },
  ]
  return left
    .filter(({ n }) => n > 0)
    .map(({ n, what }) => ({
      message: `${n === 1 ? `1 ${what} is` : `${n} ${what.replace('track', 'tracks')} are`} not in the new image. The view “${view.label}” has all of them.`,
    }))
}

/** What lies behind the volume, and nothing says what it is. */
async function tailLeft({ info: { name, diagnostics }, blocks }: DiscImage): Promise<Said[]> {
  const tail = diagnostics.find(({ code }) => code === 'TAIL_AFTER_VOLUME')
  if (tail === undefined || (await isBlank(blocks, tail.byteOffset ?? 0))) return []
  const size = blocks.byteLength - (tail.byteOffset ?? 0)
  return [
    {
      message: `${inWords(size)} lie behind the volume of “${name}”, and are not in the new image.`,
      details: because('tailNotInNewImage', { name, size }),
    },
  ]
}

/** Where the volume ends that a view is a tree of, in bytes of the blocks. */
export function volumeEndOf(image: DiscImage, id: string): number {
  return image.view(id).volume.byteEnd || image.volumeEnd
}

/**
 * Partitions that lie behind the volume of a view, as other programs append them: a copy has none of them, but for what
 * the image starts from, which is written again as a boot image. Those with trees of their own are told as such.
 */
export async function appendedPartitions(
  image: DiscImage,
  id: string,
  entries: readonly PlacedEntry[],
): Promise<Said[]> {
  const { name, views } = image.info
  const view = views.find(({ kind }) => kind === 'partitions')
  if (view === undefined) return []
  const table = await image.view(view.id).readTree()
  const found: Said[] = []
  const end = volumeEndOf(image, id)
  const told = new Set(views.filter(isTreeOfFiles).map((each) => image.view(each.id).volume.byteOffset))
  for (let index = 1; index < table.length; index++) {
    const byteOffset = table.discPositionOf(index)
    // Several tables may have the same one.
    if (told.has(byteOffset)) continue
    if (byteOffset < end || entries.some(({ content }) => content?.discPosition === byteOffset)) continue
    const size = table.byteLengthOf(index)
    if (size === 0 || (await isBlankFile(table, index))) continue
    told.add(byteOffset)
    const number = partitionNumber(table, index)
    found.push({
      message: `Partition ${number} of “${name}” (${inWords(size)}) lies behind the volume, and is not in the new image. If you need it, extract it first: it is in the view “${view.label}”.`,
      details: because('partitionBehind', { name, number, size }),
    })
  }
  return found
}

/**
 * Views of volumes in partitions that are boot images: what the image starts from is written again.
 * @returns their ids
 */
export function bootVolumes(image: DiscImage, entries: readonly PlacedEntry[]): Set<string> {
  const starts = new Set(entries.map(({ content }) => content?.discPosition ?? -1))
  const trees = image.info.views.filter(isTreeOfFiles)
  return new Set(trees.map(({ id }) => id).filter((id) => starts.has(image.view(id).volume.byteOffset)))
}

/** As its table numbers it, by which the view of partitions calls it. */
function partitionNumber(table: EntryTable, index: number): number {
  return Number(/^[a-z]+-(\d+)/.exec(table.nameOf(index))?.[1] ?? index)
}

async function isBlankFile(table: EntryTable, index: number): Promise<boolean> {
  const content = table.content(index)
  if (content === null) return true
  try {
    return await isBlank(content, 0)
  } finally {
    await content.close()
  }
}

/** What was appended to fill up to where a partition has to end is nobody's loss. */
async function isBlank(source: ByteSource, from: number): Promise<boolean> {
  if (source.byteLength - from > PADDING_LIMIT) return false
  try {
    for (let at = from; at < source.byteLength; at += CHUNK)
      if (!isAllZero(await source.read(at, Math.min(CHUNK, source.byteLength - at)))) return false
    return true
  } catch (error) {
    // What cannot be read is not known to be blank.
    if (error instanceof SourceError) return false
    throw error
  }
}

/** One sentence about the files of a tree that a table has not; none where it has all. */
async function onlyIn(image: DiscImage, { id, label: tree }: ViewInfo, table: EntryTable): Promise<Said[]> {
  const other = await image.view(id).readTree()
  if (Math.max(table.length, other.length) > COMPARED_AT_MOST)
    return [
      {
        message: `Whether the ${tree} tree has files that no other has is not known: there are too many to be compared.`,
        details: because('treeNotCompared', { tree }),
      },
    ]
  const { onlyInSecond } = differenceOf(table, other)
  const [first] = onlyInSecond
  if (first === undefined) return []
  const path = other.pathOf(first)
  const n = onlyInSecond.length - 1
  const end = `in the ${tree} tree alone, and not in the new image.`
  return n === 0
    ? [{ message: `“${path}” is ${end}`, details: because('onlyInTree', { path, tree }) }]
    : [{ message: `“${path}” and ${n} more are ${end}`, details: because('onlyInTreeMore', { path, tree, n }) }]
}

/** The session or volume of a view: the plain id is the one that is shown. */
function placeOf({ id }: ViewInfo): string {
  return id.split('@')[1] ?? ''
}
