import type { DiagnosticLog } from '../../core/diagnostic-log'
import { forkKey, PRIVATE_FOLDERS, ROOT_FOLDER, type Catalog, type CatalogRecord, type Fork } from './catalog'

/** The parent of the root folder. */
const ABOVE_ROOT = 1

/** What the header of a volume says that its catalog has; the root folder is not among them. */
export interface RecordedCounts {
  files: number
  folders: number
  /** HFS: of these, how many lie in the root folder, as their low 16 bits. */
  inRoot?: { files: number; folders: number }
}

/**
 * Compares what a catalog records more than once: folders count what they hold, threads (TN1150 “Catalog Thread Records”;
 * Inside Macintosh: Files, 2-72) repeat names and places, the header counts all.
 *
 * @param counts null where the header is the other one, which is not kept up to date
 */
export function checkCatalog(catalog: Catalog, counts: RecordedCounts | null, log: DiagnosticLog): void {
  checkParents(catalog, log)
  checkValences(catalog, log)
  checkThreads(catalog, log)
  checkForks(catalog, log)
  if (counts === null || hasCounts(catalog, counts)) return
  const message = 'The header of the Macintosh volume counts other files and folders than its catalog has.'
  // Where everything else agrees nothing is missing: it is the count that is wrong.
  if (log.costs.length === 0) log.note('HFS_COUNTS_DIFFER', message)
  else log.damage('HFS_COUNTS_DIFFER', message)
}

/** What lies in a folder that is not there is not shown. */
function checkParents({ children }: Catalog, log: DiagnosticLog): void {
  const folders = new Set<number>([ABOVE_ROOT, ROOT_FOLDER])
  for (const records of children.values()) for (const { isFolder, id } of records) if (isFolder) folders.add(id)
  for (const [parent, records] of children) {
    const lost = parent === ABOVE_ROOT ? records.filter(({ id }) => id !== ROOT_FOLDER) : records
    if (lost[0] === undefined || (parent !== ABOVE_ROOT && folders.has(parent))) continue
    const others = lost.length > 1 ? ` and ${lost.length - 1} more` : ''
    log.damage('DIRECTORY_LOST', `The folder of “${lost[0].name}”${others} is lost, and what it holds is not shown.`)
  }
}

/** TN1150 “Catalog Folder Records”, valence; Inside Macintosh: Files, 2-71, dirVal. */
function checkValences({ children }: Catalog, log: DiagnosticLog): void {
  for (const records of children.values()) {
    for (const { id, isFolder, name, valence } of records) {
      if (!isFolder || PRIVATE_FOLDERS.has(name)) continue
      const found = children.get(id)?.length ?? 0
      // HFS counts in 16 bits.
      if (found === valence || (found & 0xffff) === valence) continue
      log.damage('HFS_COUNTS_DIFFER', `“${name}” says that it has ${valence} files and folders; ${found} are there.`)
    }
  }
}

/** Files of HFS mostly have none; one that is there repeats a record. */
function checkThreads({ children, threads }: Catalog, log: DiagnosticLog): void {
  for (const [parent, records] of children) {
    for (const record of records) {
      const thread = threads.get(record.id)
      if (thread === undefined) continue
      threads.delete(record.id)
      if (thread.parent === parent && thread.name === record.name && thread.isFolder === record.isFolder) continue
      const other = thread.name === record.name ? 'lies elsewhere, or is of another kind,' : `is “${thread.name}”`
      log.damage('NAMES_DISAGREE', `“${record.name}” ${other} by another record of it.`)
    }
  }
  for (const { name } of threads.values()) log.damage('RECORD_DAMAGED', `“${name}” is lost: its record is missing.`)
  threads.clear()
}

/** TN1150 “Fork Data Structure”, totalBlocks; Inside Macintosh: Files, 2-72, filPyLen and filRPyLen. */
function checkForks(catalog: Catalog, log: DiagnosticLog): void {
  for (const records of catalog.children.values()) {
    for (const { id, isFolder, name, data, resource } of records) {
      if (isFolder || (isForkWhole(catalog, id, data, false) && isForkWhole(catalog, id, resource, true))) continue
      log.damage('CLUSTERS_WRONG', `“${name}” has other blocks than it counts: what is in it may be wrong.`)
    }
  }
}

function isForkWhole(catalog: Catalog, id: number, fork: Fork, isResource: boolean): boolean {
  const extents = [...fork.extents, ...(catalog.overflow.get(forkKey(id, isResource)) ?? [])]
  let blockCount = 0
  for (let index = 0; index + 1 < extents.length; index += 2) {
    const count = extents[index + 1] ?? 0
    if ((extents[index] ?? 0) + count > catalog.blockCount) return false
    blockCount += count
  }
  return blockCount === fork.blockCount && fork.byteLength <= blockCount * catalog.blockLength
}

function hasCounts({ children }: Catalog, { files, folders, inRoot }: RecordedCounts): boolean {
  let fileCount = 0
  let recordCount = 0
  for (const records of children.values()) {
    fileCount += filesIn(records)
    recordCount += records.length
  }
  if (fileCount !== files || recordCount - fileCount - 1 !== folders) return false
  if (inRoot === undefined) return true
  const root = children.get(ROOT_FOLDER) ?? []
  const rootFiles = filesIn(root)
  return (rootFiles & 0xffff) === inRoot.files && ((root.length - rootFiles) & 0xffff) === inRoot.folders
}

function filesIn(records: readonly CatalogRecord[]): number {
  return records.reduce((count, { isFolder }) => (isFolder ? count : count + 1), 0)
}
