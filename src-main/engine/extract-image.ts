import path from 'node:path'
import { extract, type ExtractRequest } from '../extract/extract'
import { freeName, nameRulesFor, safeName, splitExtension } from '../extract/safe-names'
import { NOT_WANTED, selectEntries, type Selection } from '../extract/selection'
import type { ByteSource, EntryTable, ImageView } from '../image'
import type { JobSummary } from '../../src-shared/model'
import type { OpenedLocation } from './open-location'
import { pathIsThere } from '../files/listing'

export interface ExtractImageRequest extends Omit<
  ExtractRequest,
  'image' | 'imagePath' | 'table' | 'destination' | 'folder'
> {
  opened: OpenedLocation
  view: ImageView
  /** Where to put things, decided when it is known what there is. */
  where: (table: EntryTable, selection: Selection) => { destination: string; folder: string | null }
  signal?: AbortSignal
}

/** Reads the part of the view that is asked for and extracts it. Throws as {@link extract} does. */
export async function extractImage(request: ExtractImageRequest): Promise<JobSummary> {
  const { opened, view, where, signal, ...rest } = request
  const table = await readFor(view, request.selection.paths, signal)
  return extract({
    ...rest,
    ...imageOf(opened),
    table,
    ...where(table, selectEntries(table, request.selection)),
  })
}

/** Reads as much of a view as holds these paths (all of it for null). */
export async function readFor(
  view: ImageView,
  paths: readonly string[] | null,
  signal?: AbortSignal,
): Promise<EntryTable> {
  const from = commonFolder(paths)
  // A path below something that is no directory is found out by the whole tree, with a better sentence.
  const located = from === '' ? null : await view.lookup(from)
  return view.readTree({
    ...(located?.entry.kind === 'directory' ? { from } : {}),
    ...(signal ? { signal } : {}),
  })
}

function imageOf(opened: OpenedLocation): { image: ByteSource; imagePath?: string } {
  return { image: opened.file, ...(opened.path === null ? {} : { imagePath: opened.path }) }
}

export type ArchiveFormat = 'zip' | '7z'

export interface ArchiveImageRequest extends Omit<ExtractImageRequest, 'where' | 'conflicts' | 'keepsTopApart'> {
  format: ArchiveFormat
  /** The archive to make. */
  target: string
  password?: string
}

/** Extracts into an archive instead of a folder. Throws as {@link extract} does. */
export async function archiveImage(request: ArchiveImageRequest): Promise<JobSummary> {
  const { opened, view, format, signal, ...rest } = request
  const table = await view.readTree(signal ? { signal } : {})
  // Loaded when they are needed: most extractions make folders.
  if (format === 'zip') return (await import('../extract/zip')).extractZip({ ...rest, table })
  return (await import('../extract/seven-zip')).extractSevenZip({ ...rest, ...imageOf(opened), table })
}

/**
 * Where an archive goes: `to` itself if it is named like one, else a file named after the image inside it.
 * @param to the folder or file that was asked for
 */
export function archivePath(to: string, imageName: string, format: ArchiveFormat): string {
  if (to.toLowerCase().endsWith(`.${format}`)) return to
  return path.join(to, `${safeName(folderNameFor(imageName), nameRulesFor(process.platform))}.${format}`)
}

/** A name beside the image that is free. */
export function freeArchivePath(besideFolder: string, imageName: string, format: ArchiveFormat): string {
  const wanted = path.basename(archivePath('', imageName, format))
  const isTaken = (name: string): boolean => pathIsThere(path.join(besideFolder, name))
  return path.join(besideFolder, freeName(wanted, isTaken, nameRulesFor(process.platform)))
}

/** The deepest folder that holds every path: only its part of the tree need be read. */
function commonFolder(paths: readonly string[] | null): string {
  if (paths === null || paths.length === 0) return ''
  let common = parentNames(paths[0] ?? '')
  for (const other of paths) {
    const names = parentNames(other)
    let length = 0
    while (length < common.length && common[length] === names[length]) length++
    common = common.slice(0, length)
  }
  return common.join('/')
}

function parentNames(filePath: string): string[] {
  return filePath.split('/').slice(0, -1)
}

/**
 * Smart Extract Here: one top-level item is extracted as it is, several go into a folder named after the image. The
 * name is free in either case, so that nothing is spilled and nothing replaced.
 */
export function smartDestination(
  table: EntryTable,
  selection: Selection,
  besideFolder: string,
  imageName: string,
): { destination: string; folder: string | null } {
  let topLevel = 0
  const first = table.firstChildOf(0)
  for (let i = first; i < first + table.childCountOf(0); i++) if (selection.marks[i] !== NOT_WANTED) topLevel++
  if (topLevel === 1) return { destination: besideFolder, folder: null }
  const rules = nameRulesFor(process.platform)
  const wanted = safeName(folderNameFor(imageName), rules)
  const free = freeName(wanted, (name) => pathIsThere(path.join(besideFolder, name)), rules)
  return { destination: path.join(besideFolder, free), folder: null }
}

/** `debian.iso.gz` → `debian`; a name without a known ending gets one, since the file itself has that name. */
function folderNameFor(imageName: string): string {
  const packed = imageName.replace(/\.(?:gz|xz|zst|bz2|001|iso\.1)$/i, '')
  const { stem } = splitExtension(packed)
  return stem === imageName ? `${imageName} contents` : stem
}
