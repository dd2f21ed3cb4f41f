import path from 'node:path'
import { extract, type ExtractRequest, type FindSums } from '../../../extract/extract'
import type { ReadyFile } from '../../../sinks/atomic-file'
import type { ReadyItem } from '../../../sinks/ready-item'
import { freeName, nameRulesFor, safeName, splitExtension } from '../../../extract/safe-names'
import { NOT_WANTED, selectEntries, type Selection } from '../../../extract/selection'
import type { Diagnostic, EntryOutcome, JobSummary } from '../../../../src-shared/model'
import type { DiscImage, EntryTable, ImageView } from '../../../image'
import { findSumsIn } from '../../../image/sums/sums-above'
import { failingTreeSums } from '../../../verify/tree-sums'
import { takeTurns, type Control } from '../../../task'
import { twinDamage, twinDamageOf } from '../../../verify/twin-trees'
import type { OpenedLocation } from './image-source'
import { pathIsThere } from '../../../files/listing'

export interface ExtractImageRequest extends Omit<
  ExtractRequest,
  'imagePath' | 'table' | 'sums' | 'destination' | 'folder'
> {
  opened: OpenedLocation
  view: ImageView
  /** Where to put things, decided when it is known what there is. */
  where: (table: EntryTable, selection: Selection) => { destination: string; folder: string | null }
  /** Another name for the one entry that is extracted; for several, of a folder to put them into. */
  rename?: string | null
  /** SHA-256 of files by their paths, as the image gave them before. */
  knownHashes?: ReadonlyMap<string, string>
  signal?: AbortSignal
}

/** Reads the part of the view that is asked for and extracts it. Throws as {@link extract} does. */
export async function extractImage(request: ExtractImageRequest): Promise<JobSummary> {
  const { opened, view, where, rename, signal, knownHashes, ...rest } = request
  const { paths } = request.selection
  const read = await readFor(view, request.selection, signal, request.control)
  const [only] = paths ?? []
  const isOne = rename && only !== undefined && paths?.length === 1
  const table = isOne ? withName(read, only, rename) : read
  const selection = isOne ? { ...request.selection, paths: [besides(only, rename)] } : request.selection
  const told = { whole: null as JobSummary | null }
  const onLastStep = async (item: ReadyItem, summary: JobSummary): Promise<void> => {
    told.whole = await withDamage(summary, request, read)
    await request.onLastStep?.(item, told.whole)
  }
  const summary = await extract({
    ...rest,
    ...originOf(opened),
    table,
    sums: () => sumsFor(view, read, knownHashes),
    selection,
    ...where(table, selectEntries(table, selection)),
    ...(rename && !isOne ? { folder: rename } : {}),
    ...(request.onLastStep ? { onLastStep } : {}),
  })
  return told.whole ?? withDamage(summary, request, read)
}

/**
 * Damage to what describes the entries is a problem of its own: files may be missing that nobody can name. What was met
 * while opening, and what the sums of the image's directories say, where it carries them, count where everything is wanted
 * (`paths` null); what its other tree of the same files says, for what is wanted.
 */
export async function damageMet(
  { opened, view, table }: { opened: OpenedLocation; view: ImageView; table: EntryTable },
  paths: readonly string[] | null,
): Promise<Diagnostic[]> {
  const { image } = opened
  const met = [...table.damage]
  if (paths === null) met.unshift(...image.damage, ...(await sumDamage(image)))
  const { id } = view.info
  if (paths === null) met.push(...(await twinDamage(image, id, table)))
  else met.push(...(await twinDamageOf(image, id, table, paths, commonFolder(paths))))
  met.push(...opened.rewritten())
  const key = ({ code, byteOffset, message }: Diagnostic): string => `${code} ${byteOffset ?? message}`
  return [...new Map(met.map((one) => [key(one), one])).values()]
}

async function withDamage(
  summary: JobSummary,
  { opened, view, selection, onOutcome }: Pick<ExtractImageRequest, 'opened' | 'view' | 'selection' | 'onOutcome'>,
  table: EntryTable,
): Promise<JobSummary> {
  const damage = await damageMet({ opened, view, table }, selection.paths)
  for (const one of damage) onOutcome?.(damageOutcome(opened.image.info.name, one))
  return { ...summary, problems: summary.problems + damage.length }
}

async function sumDamage(image: DiscImage): Promise<Diagnostic[]> {
  const failed = await failingTreeSums(image.blocks).catch((error: unknown) => {
    // What cannot be read is told by the files that lie there.
    if ((error as { name?: string }).name === 'SourceError') return []
    throw error
  })
  return failed.map(({ detail }): Diagnostic => ({ code: 'SUM_MISMATCH', severity: 'damage', message: detail }))
}

function damageOutcome(name: string, { code, message, details }: Diagnostic): EntryOutcome {
  return { path: name, to: null, byteLength: 0, status: 'failed', code, message, ...(details ? { details } : {}) }
}

/** What the image says of its files, and what is known of the others from before. */
async function sumsFor(
  view: ImageView,
  table: EntryTable,
  knownHashes?: ReadonlyMap<string, string>,
): ReturnType<FindSums> {
  const sums = await findSumsIn(view, table)
  if (knownHashes === undefined || knownHashes.size === 0) return sums
  for (let index = 1; index < table.length; index++) {
    if (table.kindOf(index) !== 'file' || sums.has(index)) continue
    const hex = knownHashes.get(table.pathOf(index))
    if (hex !== undefined) sums.set(index, { algorithm: 'sha256', hex, from: null, isCatalogued: true })
  }
  return sums
}

/** The same entries, one of which goes by another name. Its path, by which it is known in the image, stays. */
function withName(table: EntryTable, entryPath: string, name: string): EntryTable {
  let renamed = -1
  for (let i = table.length - 1; i >= 0 && renamed < 0; i--) if (table.pathOf(i) === entryPath) renamed = i
  const nameOf = (index: number): string => {
    if (index === renamed) return name
    const own = table.nameOf(index)
    // A sibling that has the name already is not extracted, and must not be taken for the one that is.
    return own === name && table.parentOf(index) === table.parentOf(renamed) ? `${own}\0` : own
  }
  return Object.create(table, { nameOf: { value: nameOf } }) as EntryTable
}

/** The path of another name in the same directory. */
function besides(entryPath: string, name: string): string {
  return entryPath.slice(0, entryPath.lastIndexOf('/') + 1) + name
}

/** Reads as much of a view as holds what is selected. */
export async function readFor(
  view: ImageView,
  { paths, children }: Selected,
  signal?: AbortSignal,
  control?: Control,
): Promise<EntryTable> {
  const from = children ? children.directory : commonFolder(paths)
  // A path below something that is no directory is found out by the whole tree, with a better sentence.
  const located = from === '' ? null : await view.lookup(from)
  return view.readTree({
    ...(located?.entry.kind === 'directory' ? { from } : {}),
    ...(signal ? { signal } : {}),
    ...(signal || control ? { onBatch: countIn(takeTurns(), control) } : {}),
  })
}

type Selected = Pick<ExtractRequest['selection'], 'paths' | 'children'>

function countIn(turn: () => void | Promise<void>, control?: Control) {
  return (_table: EntryTable, _first: number, end: number): void | Promise<void> => {
    control?.progress({ entriesTotal: end, isCounting: true })
    return turn()
  }
}

/** The file on this computer that the mark of where it came from is taken from. */
function originOf(opened: OpenedLocation): { imagePath?: string } {
  return opened.path === null ? {} : { imagePath: opened.path }
}

export type ArchiveFormat = 'zip' | '7z'

export interface ArchiveImageRequest extends Omit<
  ExtractImageRequest,
  'where' | 'conflicts' | 'keepsTopApart' | 'onReady'
> {
  format: ArchiveFormat
  /** How hard it is packed, 0 (not at all) to 9; absent: as is usual. */
  level?: number
  /** The archive to make. */
  target: string
  password?: string
  /** Told when the archive is whole and only its last rename is left to do. */
  onReady?: (file: ReadyFile, summary: JobSummary) => void
}

/** Extracts into an archive instead of a folder. Throws as {@link extract} does. */
export async function archiveImage(request: ArchiveImageRequest): Promise<JobSummary> {
  const { opened, view, format, signal, knownHashes, ...given } = request
  const rest = { ...given, sums: (table: EntryTable) => sumsFor(view, table, knownHashes) }
  const table = await readFor(view, { paths: null }, signal, request.control)
  // Loaded when they are needed: most extractions make folders.
  const told = { whole: null as JobSummary | null }
  const onReady = async (file: ReadyFile, summary: JobSummary): Promise<void> => {
    told.whole = await withDamage(summary, request, table)
    request.onReady?.(file, told.whole)
  }
  const summary =
    format === 'zip'
      ? await (await import('../../../extract/zip')).extractZip({ ...rest, table, onReady })
      : await (
          await import('../../../extract/seven-zip')
        ).extractSevenZip({ ...rest, ...originOf(opened), table, onReady })
  return told.whole ?? summary
}

/**
 * Where an archive goes: `to` itself if it is named like one, else a file named after the image inside it.
 * @param to the folder or file that was asked for
 */
export function archivePath(to: string, imageName: string, format: ArchiveFormat): string {
  if (to.toLowerCase().endsWith(`.${format}`)) return to
  return path.join(to, `${safeName(folderNameFor(imageName), nameRulesFor(process.platform))}.${format}`)
}

/**
 * A file whose name is free in a folder.
 * @param stem its name without the extension: see {@link stemOf}
 */
export function freeFilePath(folder: string, stem: string, extension: ArchiveFormat | 'iso' | 'img'): string {
  const rules = nameRulesFor(process.platform)
  const wanted = `${safeName(stem, rules)}.${extension}`
  return path.join(
    folder,
    freeName(wanted, (name) => pathIsThere(path.join(folder, name)), rules),
  )
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

/** `debian.iso.gz` → `debian`; a name without a known extension gets one, since the file itself has that name. */
function folderNameFor(imageName: string): string {
  const stem = stemOf(imageName)
  return stem === imageName ? `${imageName} contents` : stem
}

/** A file's name without its extension, nor that of a compression around it. */
export function stemOf(fileName: string): string {
  return splitExtension(fileName.replace(/\.(?:gz|xz|zst|bz2|001|iso\.1)$/i, '')).stem
}
