import { isTreeOfFiles, type ViewInfo, type ViewKind } from '../../../src-shared/model'
import { differenceOf, type DiscImage, type EntryTable } from '../../image'
import { isWrittenTree } from './written-trees'

/** Larger trees are not held beside each other: that would take too much memory. */
const COMPARED_AT_MOST = 300_000
/** Two readings of the same records. */
const PRIMARY = new Set<ViewKind>(['rock-ridge', 'iso9660'])

/** What a copy does not have that is made of one tree of an image, as sentences. */
export interface LeftBehind {
  /** Files that only another tree of the same volume or session shows. */
  files: string[]
  /** Other sessions and volumes, and what lies behind the volume: an image that a session is added to keeps them. */
  around: string[]
}

/**
 * @param id the view that the copy is made of
 * @param table its entries
 */
export async function leftBehind(image: DiscImage, id: string, table: EntryTable): Promise<LeftBehind> {
  const { views, diagnostics } = image.info
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
      const count = other.entryCount === null ? '' : ` with its ${other.entryCount} entries`
      found.around.push(`“${other.label}”${count} is not in the new image.`)
    }
  }
  for (const { code, message } of diagnostics)
    if (code === 'TAIL_AFTER_VOLUME') found.around.push(`${message} They are not in the new image.`)
  return found
}

/** One sentence about the files of a tree that a table has not; none where it has all. */
async function onlyIn(image: DiscImage, { id, label }: ViewInfo, table: EntryTable): Promise<string[]> {
  const other = await image.view(id).readTree()
  if (Math.max(table.length, other.length) > COMPARED_AT_MOST)
    return [`Whether the ${label} tree has files that no other has is not known: there are too many to be compared.`]
  const { onlyInSecond } = differenceOf(table, other)
  const [first] = onlyInSecond
  if (first === undefined) return []
  const more = onlyInSecond.length > 1 ? ` and ${onlyInSecond.length - 1} more are` : ' is'
  return [`“${other.pathOf(first)}”${more} in the ${label} tree alone, and not in the new image.`]
}

/** The session or volume of a view: the plain id is the one that is shown. */
function placeOf({ id }: ViewInfo): string {
  return id.split('@')[1] ?? ''
}
