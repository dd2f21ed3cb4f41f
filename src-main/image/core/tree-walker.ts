import { because } from '../../../src-shared/model'
import { DirectoryFinisher } from './directory-finisher'
import { DiagnosticLog } from './diagnostic-log'
import type { ImageLimits, LocatedEntry, ReadTreeOptions } from './disc-image'
import { decodeUtf8 } from '../../../src-shared/charset/detect'
import { ArenaFullError } from './column-store'
import type { EntryColumns } from './entry-columns'
import { EntryFlag, Kind, KIND_MASK } from './entry-flags'
import type { LocatedTableEntry, ReadContext, TreeReader } from './tree-reader'
import { copied } from './copied'
import { streamSink } from './named-streams'

export const DEFAULT_LIMITS: ImageLimits = { entryCount: 20_000_000, depth: 1024 }

/** Directories handed to a reader at a time: enough to read neighbours together, few enough to report progress. */
const BATCH = 4096
/** How far names are looked at before an encoding is settled on. */
const SAMPLE_DIRECTORIES = 2048
const SAMPLE_NAMES = 4000
/** Windows' limit, the longest there is; a thousand long names deep would make every path a quarter of a megabyte. */
const PATH_LIMIT = 32_767
const SHALLOW = 24
/** Children that a long directory shows early: some screens full. */
const BEGINNING = 1000
/** Directories that are read under a further name; so that few that hold each other do not become millions. */
const REPEAT_LIMIT = 10_000
/** Directories kept for lookups that follow one another. */
const CACHED_DIRECTORIES = 16
const CACHED_ENTRIES = 200_000

export interface WalkerOptions {
  log: DiagnosticLog
  limits: ImageLimits
  charset: string | undefined
  /** Whether named streams and forks are entries beside their files. */
  listsStreams?: boolean | undefined
}

/** Everything about reading a tree that does not depend on the format: order, loops, limits, paths. */
export class TreeWalker {
  private readonly finisher: DirectoryFinisher
  private readonly cache = new Map<string, EntryColumns>()

  constructor(
    /** A reader keeps its place between awaits, so each walk has one of its own. */
    private readonly openTree: (log: DiagnosticLog) => TreeReader,
    private readonly options: WalkerOptions,
  ) {
    this.finisher = new DirectoryFinisher(options.log, options.charset, () => this.sampleNames())
  }

  async readTree(options: ReadTreeOptions = {}): Promise<EntryColumns> {
    const from = options.from ?? ''
    const log = this.options.log.branch()
    const tree = this.openTree(log)
    const columns = tree.createColumns(from)
    if (from === '') {
      await tree.readRoot(columns)
    } else {
      const found = await this.locate(from)
      if (found?.columns.kindOf(found.index) !== 'directory') {
        throw new RangeError(`There is no folder “${from}” in this view.`)
      }
      columns.adopt(found.columns, found.index)
    }
    const isWhole = await this.readBelow(tree, columns, this.finisher, options, Infinity, log)
    await tree.finishWalk?.(columns, isWhole && from === '')
    columns.damage = log.costs
    return columns
  }

  /** The top of the tree: as many directories as told, breadth first. */
  async readFirst(directoryLimit: number): Promise<EntryColumns> {
    const tree = this.openTree(this.options.log)
    const columns = tree.createColumns('')
    await tree.readRoot(columns)
    await this.readBelow(tree, columns, this.finisher, {}, directoryLimit)
    return columns
  }

  /** How many entries the root has, but no more than `limit`; −1 where it cannot be read. */
  async countRoot(limit: number): Promise<number> {
    const log = this.options.log.branch()
    const tree = this.openTree(log)
    const columns = tree.createColumns('')
    await tree.readRoot(columns)
    if ((columns.start[0] ?? -1) < 0) return -1
    const context = this.context(columns, { finish: () => undefined }, log)
    await tree.readChildren(columns, [0], { ...context, entriesLeft: () => limit + 1 - columns.length })
    const count = columns.length - 1
    if (count === 0) await tree.finishWalk?.(columns, false)
    return count === 0 && log.costs.length > 0 ? -1 : count
  }

  /** Whether the root by itself shows that entries of it may be missing or wrong. Nothing is told. */
  async isRootDamaged(limit: number): Promise<boolean> {
    const log = new DiagnosticLog()
    const tree = this.openTree(log)
    const columns = tree.createColumns('')
    await tree.readRoot(columns)
    if ((columns.start[0] ?? -1) < 0) return true
    const context = this.context(columns, { finish: () => undefined }, log)
    await tree.readChildren(columns, [0], { ...context, entriesLeft: () => limit + 1 - columns.length })
    await tree.finishWalk?.(columns, false)
    return log.costs.length > 0
  }

  async lookup(path: string): Promise<LocatedEntry | null> {
    const found = await this.locate(path)
    return found === null
      ? null
      : { entry: found.columns.entry(found.index), content: found.columns.content(found.index) }
  }

  /** The children of a directory, with the directory as entry 0. Null where the path is no directory. */
  async listDirectory(path: string): Promise<EntryColumns | null> {
    const cached = this.cache.get(path)
    if (cached !== undefined) return cached
    const tree = this.openTree(this.options.log)
    const columns = tree.createColumns(path)
    if (path === '') {
      await tree.readRoot(columns)
    } else {
      const found = await this.locate(path)
      if (found?.columns.kindOf(found.index) !== 'directory') return null
      columns.adopt(found.columns, found.index)
    }
    if ((columns.start[0] ?? -1) >= 0) {
      const context = this.context(columns, this.finisher, this.options.log)
      await tree.readChildren(columns, [0], context)
      if (context.entriesLeft() <= 0) this.reportLimit(this.options.log)
    }
    this.remember(path, columns)
    return columns
  }

  async locate(path: string): Promise<LocatedTableEntry | null> {
    if (path === '') {
      const tree = this.openTree(this.options.log)
      const columns = tree.createColumns('')
      await tree.readRoot(columns)
      return { columns, index: 0 }
    }
    const slash = path.lastIndexOf('/')
    const columns = await this.listDirectory(slash < 0 ? '' : path.slice(0, slash))
    if (columns === null) return null
    const index = columns.findChild(0, path.slice(slash + 1))
    return index < 0 ? null : { columns, index }
  }

  private remember(path: string, columns: EntryColumns): void {
    let entries = columns.length
    for (const table of this.cache.values()) entries += table.length
    for (const [key, table] of this.cache) {
      if (this.cache.size < CACHED_DIRECTORIES && entries <= CACHED_ENTRIES) break
      this.cache.delete(key)
      entries -= table.length
    }
    // One larger than all of that stays too: whoever looks into it mostly looks again.
    this.cache.set(path, columns)
  }

  private reportLimit(log: DiagnosticLog): void {
    const limit = this.options.limits.entryCount
    log.damage(
      'TOO_MANY_ENTRIES',
      `The list is not complete: there are more entries than the ${limit} that such an image has room for.`,
    )
  }

  private context(
    columns: EntryColumns,
    finisher: ReadContext['finisher'],
    log: DiagnosticLog,
    signal?: AbortSignal,
  ): ReadContext {
    const limit = this.options.limits.entryCount
    const streams = streamSink(this.options.listsStreams === true)
    return { finisher, log, streams, entriesLeft: () => limit - columns.length, signal }
  }

  /** True where nothing was left out for a limit's sake. */
  private async readBelow(
    tree: TreeReader,
    columns: EntryColumns,
    finisher: ReadContext['finisher'],
    options: ReadTreeOptions,
    directoryLimit = Infinity,
    log = this.options.log,
  ): Promise<boolean> {
    const context: ReadContext = this.context(columns, finisher, log, options.signal)
    const visited: Visited = { starts: new Set(), repeats: 0 }
    let reported = 0
    const { onBeginning } = options
    if (onBeginning)
      context.onBeginning = async (table, directory, first) => {
        // The last one may be continued by the next record.
        const end = this.finisher.settledEnd(table, first, Math.min(first + BEGINNING, table.length - 1))
        if (end > first) await onBeginning(table, directory, first, end)
      }
    let directoriesLeft = directoryLimit
    let level = [0]
    for (let depth = 0; level.length > 0; depth++) {
      const readable = this.readableDirectories(tree, columns, level, visited, depth, log)
      const levelStart = columns.length
      for (let at = 0; at < readable.length && directoriesLeft > 0; at += BATCH) {
        options.signal?.throwIfAborted()
        const batch = readable.slice(at, Math.min(at + BATCH, at + directoriesLeft))
        directoriesLeft -= batch.length
        try {
          await tree.readChildren(columns, batch, context)
        } catch (error) {
          if (!(error instanceof ArenaFullError)) throw error
          log.damage('TOO_MANY_NAMES', 'The image holds more names than fit; the rest is left out.')
          return false
        }
        await options.onBatch?.(columns, reported, columns.length)
        reported = columns.length
        if (context.entriesLeft() <= 0) {
          this.reportLimit(log)
          return false
        }
      }
      level = directoriesFrom(columns, levelStart)
    }
    if (reported === 0) await options.onBatch?.(columns, 0, columns.length)
    if (directoriesLeft > 0 && (options.from ?? '') === '') context.streams.settle(log)
    return directoriesLeft > 0
  }

  private readableDirectories(
    tree: TreeReader,
    columns: EntryColumns,
    level: readonly number[],
    visited: Visited,
    depth: number,
    log: DiagnosticLog,
  ): number[] {
    const { limits } = this.options
    if (depth >= limits.depth) {
      log.damage('TOO_DEEP', 'Folders are nested deeper than the limit allows; what lies below is left out.')
      return []
    }
    const readable: number[] = []
    for (const index of level) {
      const start = columns.start[index] ?? -1
      if (start < 0) continue
      const isRepeated = visited.starts.has(start)
      const mayRepeat = tree.meetAgain !== undefined && visited.repeats < REPEAT_LIMIT
      if (isRepeated && (!mayRepeat || isInItself(columns, index))) {
        // Some entry names a place that is not its own: what it should hold is not found by it.
        log.damage(
          'DIRECTORY_LOOP',
          `“${columns.pathOf(index)}” is a folder that appears elsewhere in the tree; it is shown empty here.`,
          undefined,
          because('folderLoop', { path: columns.pathOf(index) }),
        )
        continue
      }
      // Short of this depth no path comes near the limit.
      if (depth > SHALLOW && columns.pathOf(index).length > PATH_LIMIT) {
        log.damage('PATH_TOO_LONG', 'A path is longer than any system allows; what lies below it is left out.')
        continue
      }
      if (isRepeated) {
        visited.repeats++
        tree.meetAgain?.(columns, index)
      }
      visited.starts.add(start)
      readable.push(index)
    }
    // In disc order, so that neighbours are read together.
    return readable.sort((a, b) => (columns.start[a] ?? 0) - (columns.start[b] ?? 0))
  }

  /** Names that are not UTF-8, gathered breadth first from the root whoever asks, so that the answer never varies. */
  private async sampleNames(): Promise<Uint8Array[]> {
    const tree = this.openTree(this.options.log)
    const columns = tree.createColumns('')
    await tree.readRoot(columns)
    const names: Uint8Array[] = []
    const keep = (index: number): void => {
      if (names.length >= SAMPLE_NAMES || ((columns.flags[index] ?? 0) & EntryFlag.oddName) === 0) return
      for (const bytes of [columns.nameBytes(index), columns.arenaTargetBytes(index)]) {
        if (bytes.byteLength > 0 && decodeUtf8(bytes) === null) names.push(copied(bytes))
      }
    }
    const collector: ReadContext['finisher'] = {
      finish(table, parent, first) {
        for (let index = first; index < table.length; index++) keep(index)
        table.firstChild[parent] = first
        table.childCount[parent] = table.length - first
      },
    }
    await this.readBelow(tree, columns, collector, {}, SAMPLE_DIRECTORIES)
    return names
  }
}

/** Directories that one walk has been to, by their `start`. */
interface Visited {
  starts: Set<number>
  /** How many were read once more. */
  repeats: number
}

/** Whether a directory is one of those that it lies in. */
function isInItself(columns: EntryColumns, index: number): boolean {
  const start = columns.start[index]
  for (let at = index; at !== 0;) {
    at = columns.parentOf(at)
    if (columns.start[at] === start) return true
  }
  return false
}

function directoriesFrom(columns: EntryColumns, first: number): number[] {
  const directories: number[] = []
  for (let index = first; index < columns.length; index++) {
    if (((columns.flags[index] ?? 0) & KIND_MASK) === Kind.directory) directories.push(index)
  }
  return directories
}
