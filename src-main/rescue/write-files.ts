import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { makeFolders } from '../sinks/make-folders'
import { explainWriteError } from '../../src-shared/model'
import { collisionKey, FreeNames, nameRulesFor, safeName, type NameRules } from '../extract/safe-names'
import { claimName, sweepAbandoned } from '../sinks/claim'
import { placeItem } from '../sinks/placing'
import { whyNoRoom } from '../sinks/room'
import { removeQuietly } from '../sinks/stage-name'
import type { Control } from '../task'
import { lengthToWrite, readAround, type PlannedItem } from './plan'
import { RescueError } from './rescue-error'

const CHUNK = 1 << 20

/** What becomes of files that are not all there. */
export type PartialFiles = 'zeros' | 'cut' | 'skip'

export interface WrittenItem extends PlannedItem {
  /** Below the destination, with `/`; null where it was not written. */
  to: string | null
}

export interface WriteOptions {
  destination: string
  partial: PartialFiles
  control: Control
  /** What is put beside the files, once it is known what became of each: name and text. */
  reports(written: readonly WrittenItem[]): readonly [name: string, text: string][]
}

/**
 * Writes what can be saved into a folder: below a hidden name first, read back, and moved to its own names at the end.
 * What is in the folder already is never replaced.
 * @throws {RescueError} `NAME_TAKEN`, `NO_SPACE` before the first byte, or whatever the disk says
 */
export async function writeItems(items: readonly PlannedItem[], options: WriteOptions): Promise<WrittenItem[]> {
  const destination = path.resolve(options.destination)
  const rules = nameRulesFor(process.platform)
  const placed = placeNames(items, options.partial, rules)
  const isThere = fs.existsSync(destination)
  let stage: string | null = null
  let release: (() => void) | null = null
  try {
    assertFree(destination, placed)
    makeFolders(destination)
    assertRoom(destination, items, options.partial)
    sweepAbandoned(destination)
    const claim = claimName(destination)
    release = () => {
      claim.release()
    }
    stage = path.join(destination, claim.name)
    fs.mkdirSync(stage)
    const written = await fill(stage, placed, options)
    for (const [name, text] of options.reports(written)) fs.writeFileSync(path.join(stage, name), text, { flag: 'wx' })
    moveIn(stage, destination)
    return written
  } catch (error) {
    throw asRescueError(error, destination)
  } finally {
    if (stage !== null) removeQuietly(stage)
    release?.()
    if (!isThere) removeEmpty(destination)
  }
}

interface Placed {
  item: PlannedItem
  to: string | null
}

/** The reports’ own names come before those of anything in the image. */
export const REPORT_NAMES = ['rescue.json', 'rescue.html']

function placeNames(items: readonly PlannedItem[], partial: PartialFiles, rules: NameRules): Placed[] {
  const folders = new Map<string, Folder>([['', new Folder('', rules, REPORT_NAMES)]])
  const folderOf = (own: string): Folder => {
    const known = folders.get(own)
    if (known !== undefined) return known
    const slash = own.lastIndexOf('/')
    const above = folderOf(slash < 0 ? '' : own.slice(0, slash))
    const made = new Folder(above.add(own.slice(slash + 1)), rules)
    folders.set(own, made)
    return made
  }
  // Folders first: a file never takes the name of one that others lie in.
  for (const { path: own, kind } of items) {
    if (kind === 'directory') folderOf(own)
    else if (own.includes('/')) folderOf(own.slice(0, own.lastIndexOf('/')))
  }
  return items.map((item) => {
    if (item.kind === 'directory') return { item, to: folderOf(item.path).to }
    if (!isWritten(item, partial)) return { item, to: null }
    const slash = item.path.lastIndexOf('/')
    return { item, to: folderOf(slash < 0 ? '' : item.path.slice(0, slash)).add(item.path.slice(slash + 1)) }
  })
}

class Folder {
  private readonly taken = new Set<string>()
  private readonly names: FreeNames

  constructor(
    readonly to: string,
    private readonly rules: NameRules,
    taken: readonly string[] = [],
  ) {
    for (const name of taken) this.taken.add(collisionKey(name, rules))
    this.names = new FreeNames(rules, (name) => this.taken.has(collisionKey(name, rules)))
  }

  /** @returns the path of a name in it that is free */
  add(name: string): string {
    const free = this.names.next(safeName(name, this.rules))
    this.taken.add(collisionKey(free, this.rules))
    return this.to === '' ? free : `${this.to}/${free}`
  }
}

function isWritten({ kind, status }: PlannedItem, partial: PartialFiles): boolean {
  if (kind === 'symlink') return true
  if (kind !== 'file') return false
  return status === 'proven' || status === 'whole' || (status === 'partial' && partial !== 'skip')
}

async function fill(
  stage: string,
  placed: readonly Placed[],
  { partial, control }: WriteOptions,
): Promise<WrittenItem[]> {
  const bytesTotal = placed.reduce((sum, { item, to }) => sum + (to === null ? 0 : item.byteLength), 0)
  let bytesDone = 0
  const written = new Map<PlannedItem, WrittenItem>()
  for (const { item, to } of placed) {
    if (to === null) continue
    const folder = item.kind === 'directory' ? to : path.posix.dirname(to)
    fs.mkdirSync(path.join(stage, folder), { recursive: true })
  }
  const files = placed.toSorted((a, b) => (a.item.runs[0] ?? 0) - (b.item.runs[0] ?? 0))
  for (const { item, to } of files) {
    const wait = control.checkpoint()
    if (wait) await wait
    control.progress({ bytesDone, bytesTotal, current: () => item.path })
    written.set(item, { ...item, ...(await writeOne(stage, item, to, partial === 'cut')) })
    if (to !== null) bytesDone += item.byteLength
  }
  return placed.map(({ item, to }) => written.get(item) ?? { ...item, to })
}

async function writeOne(
  stage: string,
  item: PlannedItem,
  to: string | null,
  isCut: boolean,
): Promise<Partial<WrittenItem> & { to: string | null }> {
  if (to === null) return { to }
  const target = path.join(stage, to)
  if (item.kind === 'directory') return { to }
  if (item.kind === 'symlink') {
    const link = item.target ?? ''
    if (!staysInside(to, link))
      return { to: null, status: 'lost', why: `The link leads out of the folder, to “${link}”, and was not made.` }
    fs.symlinkSync(link, target)
    return { to }
  }
  const digest = createHash('sha256')
  const content = item.open()
  const descriptor = fs.openSync(target, 'wx')
  const length = lengthToWrite(item, isCut)
  try {
    for (let at = 0; content !== null && at < length; at += CHUNK) {
      const bytes = await readAround(content, item.holes, at, Math.min(CHUNK, length - at))
      for (let done = 0; done < bytes.byteLength;)
        done += fs.writeSync(descriptor, bytes, done, bytes.byteLength - done, at + done)
      digest.update(bytes)
    }
    if (Number.isFinite(item.modified)) fs.futimesSync(descriptor, new Date(item.modified), new Date(item.modified))
  } finally {
    fs.closeSync(descriptor)
    await content?.close()
  }
  if (digestOfFile(target) !== digest.digest('hex'))
    throw new RescueError(
      'VERIFY_FAILED',
      `${to} does not read back as it was written: the disk is at fault. Choose another one.`,
    )
  return { to }
}

function digestOfFile(file: string): string {
  const digest = createHash('sha256')
  const descriptor = fs.openSync(file, 'r')
  const buffer = Buffer.allocUnsafe(CHUNK)
  try {
    for (;;) {
      const count = fs.readSync(descriptor, buffer, 0, CHUNK, null)
      if (count === 0) return digest.digest('hex')
      digest.update(buffer.subarray(0, count))
    }
  } finally {
    fs.closeSync(descriptor)
  }
}

/** Links of a damaged image are made only where they cannot lead anywhere else, whatever the others are. */
function staysInside(to: string, target: string): boolean {
  if (target === '' || target.startsWith('/') || target.includes('\0') || /^[A-Za-z]:|\\/.test(target)) return false
  let depth = to.split('/').length - 1
  let isUp = true
  for (const name of target.split('/')) {
    if (name === '' || name === '.') continue
    if (name === '..') {
      // Up again out of what may be a link itself leads who knows where.
      if (!isUp || --depth < 0) return false
    } else isUp = false
  }
  return true
}

function assertFree(destination: string, placed: readonly Placed[]): void {
  const stat = fs.statSync(destination, { throwIfNoEntry: false })
  if (stat !== undefined && !stat.isDirectory())
    throw new RescueError('NOT_A_FOLDER', `“${destination}” is no folder. Name another with --to.`)
  if (stat === undefined) return
  const there = new Set(fs.readdirSync(destination))
  const tops = new Set([...REPORT_NAMES, ...placed.flatMap(({ to }) => to?.split('/')[0] ?? [])])
  for (const name of tops)
    if (there.has(name))
      throw new RescueError('NAME_TAKEN', `“${path.join(destination, name)}” already exists. Choose another folder.`)
}

function assertRoom(destination: string, items: readonly PlannedItem[], partial: PartialFiles): void {
  const needed = items.reduce(
    (sum, item) => sum + (isWritten(item, partial) ? lengthToWrite(item, partial === 'cut') : 0),
    0,
  )
  const why = whyNoRoom(destination, destination, { diskBytes: needed, largest: null })
  if (why !== null) throw new RescueError(why.code, why.message, why.details)
}

function moveIn(stage: string, destination: string): void {
  for (const name of fs.readdirSync(stage)) {
    const from = path.join(stage, name)
    const isFolder = fs.lstatSync(from).isDirectory()
    const to = (free: string): string => path.join(destination, free)
    if (placeItem({ from, to, name, isFolder }, () => null) === null)
      throw new RescueError('NAME_TAKEN', `“${to(name)}” already exists. Choose another folder.`)
  }
}

function removeEmpty(folder: string): void {
  try {
    fs.rmdirSync(folder)
  } catch {
    // It holds what was saved.
  }
}

function asRescueError(error: unknown, destination: string): Error {
  if (!(error instanceof Error) || typeof (error as { errno?: unknown }).errno !== 'number') return error as Error
  const { code, message } = explainWriteError(error, destination)
  return new RescueError(code, message)
}
