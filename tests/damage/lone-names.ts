import type { DiscImage } from '../../src-main/image'
import { isTreeOfFiles } from '../../src-shared/model'

/** Trees whose directories the path table names as well (ECMA-119 9.4). */
const WITH_PATH_TABLE = new Set(['iso9660', 'joliet', 'enhanced'])

/** What an image records of names besides the tree that is compared. */
export interface OtherNames {
  /** Of all other trees, in capitals. */
  names: ReadonlySet<string>
  /** Whether the path table names folders as the tree does. */
  hasPathTable: boolean
  /** Whether another tree has links. */
  hasLinks: boolean
}

/** @param view of the tree that is compared */
export async function otherNames(image: DiscImage, view: string): Promise<OtherNames> {
  const names = new Set<string>()
  let hasLinks = false
  for (const info of image.info.views) {
    if (!isTreeOfFiles(info) || info.id === view) continue
    const table = await image.view(info.id).readTree()
    for (let index = 1; index < table.length; index++) {
      const name = table.pathOf(index).split('/').at(-1) ?? ''
      names.add(name.toUpperCase())
      if (table.kindOf(index) === 'symlink') hasLinks = true
    }
  }
  return { names, hasLinks, hasPathTable: WITH_PATH_TABLE.has(view) }
}

/**
 * Whether the trees are the same but for one character of one name, or of where one link leads, which nothing else in the image repeats: nobody can
 * tell that it was another.
 * @param whole,found what each path is
 */
export function isLoneName(
  whole: ReadonlyMap<string, string>,
  found: ReadonlyMap<string, string>,
  others: OtherNames,
): boolean {
  if (isLoneTarget(whole, found)) return !others.hasLinks
  const [gone, ...moreGone] = namesMissing(whole, found)
  const [added, ...moreAdded] = namesMissing(found, whole)
  if (gone === undefined || added === undefined || moreGone.length + moreAdded.length > 0) return false
  for (const [path, what] of whole) {
    const renamed = path.split('/').map((name) => (name === gone ? added : name))
    if (found.get(path) !== what && found.get(renamed.join('/')) !== what) return false
  }
  const at = changedAt(gone, added)
  const isFolder = [...whole].some(([path, what]) => what === 'directory' && path.split('/').at(-1) === gone)
  return (
    at >= 0 && !(isFolder && others.hasPathTable) && !isRepeated(gone.toUpperCase(), added.toUpperCase(), at, others)
  )
}

function isLoneTarget(whole: ReadonlyMap<string, string>, found: ReadonlyMap<string, string>): boolean {
  const [changed, ...more] = [...whole].filter(([path, what]) => found.get(path) !== what)
  if (changed === undefined || more.length > 0 || whole.size !== found.size) return false
  const other = found.get(changed[0]) ?? ''
  return changed[1].startsWith('symlink ') && changedAt(changed[1], other) >= 'symlink '.length
}

function namesMissing(wanted: ReadonlyMap<string, string>, found: ReadonlyMap<string, string>): string[] {
  const here = new Set([...found.keys()].flatMap((path) => path.split('/')))
  return [...new Set([...wanted.keys()].flatMap((path) => path.split('/')))].filter((name) => !here.has(name))
}

/** Whether another tree has a name that is the same up to that place and at it, as far as its rules let it be. */
function isRepeated(gone: string, added: string, at: number, { names }: OtherNames): boolean {
  if (gone[at] === added[at]) return false
  return [...names].some((name) => {
    for (let i = 0; i <= at; i++) if (name[i] !== gone[i] && (i === at || name[i] !== '_')) return false
    return true
  })
}

/** The only place where two names differ; −1 where there are several. */
function changedAt(name: string, other: string): number {
  if (name.length !== other.length) return -1
  const places = Array.from({ length: name.length }, (_, at) => at).filter((at) => name[at] !== other[at])
  return places.length === 1 ? (places[0] ?? -1) : -1
}
