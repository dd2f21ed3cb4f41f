import { because, inWords, isTreeOfFiles, type Said, type ViewInfo, type ViewKind } from '../../../src-shared/model'
import { differenceOf, type DiscImage, type EntryTable } from '../../image'
import { isWrittenTree } from './written-trees'

/** Larger trees are not held beside each other: that would take too much memory. */
const COMPARED_AT_MOST = 300_000
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
  const { views } = image.info
  const trees = views.filter(isTreeOfFiles)
  const own = trees.find((each) => each.id === id)
  const found: LeftBehind = { files: [], around: [] }
  if (own === undefined) return found
  const told = new Set([placeOf(own)])
  for (const other of trees) {
    const place = placeOf(other)
    if (place === placeOf(own)) {
      // Of trees that are not written again at all, that itself is told.
      const hasOwnRecords = !(PRIMARY.has(own.kind) && PRIMARY.has(other.kind))
      if (hasOwnRecords && isWrittenTree(other.kind)) found.files.push(...(await onlyIn(image, other, table)))
    } else if (!told.has(place)) {
      told.add(place)
      found.around.push(volumeLeft(other))
    }
  }
  const appended = await appendedPartitions(image)
  found.around.push(...appended)
  // What lies in those is what lies behind the volume.
  if (appended.length === 0) found.around.push(...tailLeft(image))
  return found
}

function volumeLeft({ label: name, entryCount: n }: ViewInfo): Said {
  if (n === null) return { message: `“${name}” is not in the new image.`, details: because('notInNewImage', { name }) }
  return {
    message: `“${name}” with its ${n} entries is not in the new image.`,
    details: because('notInNewImageWith', { name, n }),
  }
}

/** What lies behind the volume, and nothing says what it is. */
function tailLeft({ info: { name, diagnostics }, blocks }: DiscImage): Said[] {
  return diagnostics
    .filter(({ code }) => code === 'TAIL_AFTER_VOLUME')
    .map(({ byteOffset }) => {
      const size = blocks.byteLength - (byteOffset ?? 0)
      return {
        message: `${inWords(size)} lie behind the volume of “${name}”, and are not in the new image.`,
        details: because('tailNotInNewImage', { name, size }),
      }
    })
}

/**
 * Partitions that lie behind the volume, as other programs append them: a copy has none of them, but for what the image
 * starts from, which is written again as a boot image.
 */
export async function appendedPartitions(image: DiscImage): Promise<Said[]> {
  const { name, views, boot, completeness } = image.info
  const view = views.find(({ kind }) => kind === 'partitions')
  if (view === undefined) return []
  const table = await image.view(view.id).readTree()
  const found: Said[] = []
  for (let number = 1; number < table.length; number++) {
    const byteOffset = table.plainRunOf(number)?.byteOffset ?? -1
    if (byteOffset < completeness.expectedByteLength || boot.some((entry) => entry.byteOffset === byteOffset)) continue
    const size = table.byteLengthOf(number)
    found.push({
      message: `Partition ${number} of “${name}” (${inWords(size)}) lies behind the volume, and is not in the new image. If you need it, extract it first: it is in the view “${view.label}”.`,
      details: because('partitionBehind', { name, number, size }),
    })
  }
  return found
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
