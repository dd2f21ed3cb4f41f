import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { explainReadError, explainWriteError, type EntryOutcome, type JobSummary } from '../../src-shared/model'
import { FileAccessError } from './listing'

/** What to do where a name is taken; the same words as everywhere. */
export type CopyDecision = 'fail' | 'skip' | 'overwrite' | 'rename'

export interface CopyRequest {
  paths: readonly string[]
  destination: string
  move: boolean
  /** Asked for every file or folder that meets something of its name; two folders are merged without asking. */
  decide: (
    source: string,
    target: string,
    sourceStat: fs.Stats,
    targetStat: fs.Stats,
  ) => Promise<CopyDecision> | CopyDecision
  /** The free name that `rename` gives. */
  freeName: (name: string, isTaken: (candidate: string) => boolean) => string
  checkpoint: () => Promise<void> | void
  onTotals: (totals: { bytesTotal: number; entriesTotal: number }) => void
  progress: (bytesDone: number, entriesDone: number, current: string) => void
  onOutcome: (outcome: EntryOutcome) => void
}

const CHUNK_BYTES = 4 << 20

/**
 * Copies or moves files and folders of this computer into a folder. Each file is written aside and renamed when whole;
 * a move within one disk is a rename. Links are copied as links.
 * @throws {FileAccessError} where the destination does not allow it at all
 */
export async function copyTrees(request: CopyRequest): Promise<JobSummary> {
  const totals = measure(request.paths)
  request.onTotals(totals)
  for (const source of request.paths) refuseIntoItself(source, request.destination)
  const run = new CopyRun(request)
  for (const source of request.paths) await run.copy(source, request.destination, path.basename(source))
  return run.summary
}

class CopyRun {
  readonly summary: JobSummary = { files: 0, directories: 0, symlinks: 0, bytesWritten: 0, problems: 0 }
  private bytesDone = 0
  private entriesDone = 0

  constructor(private readonly request: CopyRequest) {}

  async copy(source: string, folder: string, name: string): Promise<boolean> {
    const wait = this.request.checkpoint()
    if (wait) await wait
    const stat = fs.lstatSync(source, { throwIfNoEntry: false })
    if (!stat) return this.failed(source, 'NO_SUCH_FILE', `${source} is not there any more.`)
    let target = path.join(folder, name)
    const existing = fs.lstatSync(target, { throwIfNoEntry: false })
    let overwrite = false
    if (existing && !(stat.isDirectory() && existing.isDirectory())) {
      const decision = await this.request.decide(source, target, stat, existing)
      if (decision === 'fail')
        throw new FileAccessError('NAME_TAKEN', `${target} is already there. Nothing of it was changed.`)
      if (decision === 'skip') return this.skipped(source)
      if (decision === 'rename')
        target = path.join(
          folder,
          this.request.freeName(name, (candidate) => isThere(path.join(folder, candidate))),
        )
      else if (existing.isDirectory() || stat.isDirectory())
        return this.failed(
          source,
          'NAME_TAKEN',
          `${target} is a ${existing.isDirectory() ? 'folder' : 'file'} and is not replaced by something else.`,
        )
      else overwrite = true
    }
    if (this.request.move && (!existing || overwrite) && this.renamed(source, target, stat)) return true
    const isDone = stat.isDirectory()
      ? await this.copyFolder(source, target, stat)
      : stat.isSymbolicLink()
        ? this.copyLink(source, target, overwrite)
        : await this.copyFile(source, target, stat, overwrite)
    // A folder is only removed when everything in it has arrived.
    if (isDone && this.request.move) fs.rmSync(source, { recursive: stat.isDirectory(), force: true })
    return isDone
  }

  /** Within one disk a move is a rename; across disks the system says EXDEV. */
  private renamed(source: string, target: string, stat: fs.Stats): boolean {
    try {
      fs.renameSync(source, target)
    } catch (error) {
      const code = (error as { code?: string }).code
      if (code === 'EXDEV' || code === 'ENOTEMPTY' || code === 'EEXIST') return false
      throw refused(error, target)
    }
    const { bytesTotal, entriesTotal } = measure([target])
    this.bytesDone += bytesTotal
    this.entriesDone += entriesTotal
    if (stat.isDirectory()) this.summary.directories++
    else this.summary.files++
    this.tell(source, target, stat.isFile() ? stat.size : 0)
    return true
  }

  private async copyFolder(source: string, target: string, stat: fs.Stats): Promise<boolean> {
    const isNew = !isThere(target)
    if (isNew) attempt(target, () => fs.mkdirSync(target, { mode: stat.mode | 0o700 }))
    this.summary.directories++
    this.entriesDone++
    let isWhole = true
    let names: string[]
    try {
      names = fs.readdirSync(source)
    } catch (error) {
      const meaning = explainReadError(error, source)
      return this.failed(source, meaning.code, meaning.message)
    }
    for (const name of names) if (!(await this.copy(path.join(source, name), target, name))) isWhole = false
    if (isNew) {
      fs.chmodSync(target, stat.mode & 0o7777)
      fs.utimesSync(target, stat.atime, stat.mtime)
    }
    return isWhole
  }

  private copyLink(source: string, target: string, overwrite: boolean): boolean {
    attempt(target, () => {
      if (overwrite) fs.unlinkSync(target)
      fs.symlinkSync(fs.readlinkSync(source), target)
    })
    this.summary.symlinks++
    this.entriesDone++
    this.tell(source, target, 0)
    return true
  }

  private async copyFile(source: string, target: string, stat: fs.Stats, overwrite: boolean): Promise<boolean> {
    if (!stat.isFile())
      return this.failed(source, 'UNSUPPORTED_KIND', `${source} is no ordinary file and is not copied.`)
    const aside = path.join(path.dirname(target), `.isolde-${process.pid}-${randomBytes(6).toString('hex')}`)
    try {
      await this.copyContent(source, aside, stat)
      if (overwrite) fs.renameSync(aside, target)
      else moveToFree(aside, target)
    } catch (error) {
      fs.rmSync(aside, { force: true })
      const isExplained = error instanceof FileAccessError || (error as { code?: string }).code === 'CANCELLED'
      throw isExplained ? error : refused(error, target)
    }
    this.summary.files++
    this.entriesDone++
    this.summary.bytesWritten += stat.size
    this.tell(source, target, stat.size)
    return true
  }

  private async copyContent(source: string, aside: string, stat: fs.Stats): Promise<void> {
    let from: number
    try {
      from = fs.openSync(source, 'r')
    } catch (error) {
      const meaning = explainReadError(error, source)
      throw new FileAccessError(meaning.code, meaning.message)
    }
    try {
      const to = fs.openSync(aside, 'wx', stat.mode & 0o777)
      try {
        const buffer = Buffer.allocUnsafeSlow(Math.min(CHUNK_BYTES, Math.max(stat.size, 1)))
        for (;;) {
          const wait = this.request.checkpoint()
          if (wait) await wait
          const count = fs.readSync(from, buffer, 0, buffer.byteLength, null)
          if (count === 0) break
          for (let at = 0; at < count;) at += fs.writeSync(to, buffer, at, count - at)
          this.bytesDone += count
          this.request.progress(this.bytesDone, this.entriesDone, source)
        }
        fs.futimesSync(to, stat.atime, stat.mtime)
      } finally {
        fs.closeSync(to)
      }
    } finally {
      fs.closeSync(from)
    }
  }

  private tell(source: string, target: string, byteLength: number): void {
    this.request.progress(this.bytesDone, this.entriesDone, source)
    const to = path.relative(this.request.destination, target)
    const status = path.basename(source) === path.basename(target) ? 'written' : 'renamed'
    this.request.onOutcome({ path: source, to, byteLength, status })
  }

  private skipped(source: string): boolean {
    this.summary.problems++
    this.entriesDone++
    this.request.onOutcome({
      path: source,
      to: null,
      byteLength: 0,
      status: 'skipped',
      code: 'NAME_TAKEN',
      message: 'The name was taken.',
    })
    return false
  }

  private failed(source: string, code: string, message: string): boolean {
    this.summary.problems++
    this.entriesDone++
    this.request.onOutcome({ path: source, to: null, byteLength: 0, status: 'failed', code, message })
    return false
  }
}

function refuseIntoItself(source: string, destination: string): void {
  if (!isThere(source)) return
  const from = fs.realpathSync(source)
  const to = fs.realpathSync(destination)
  if (to === from || to.startsWith(from + path.sep))
    throw new FileAccessError('BAD_REQUEST', `${source} cannot go into itself. Choose another folder.`)
}

function measure(paths: readonly string[]): { bytesTotal: number; entriesTotal: number } {
  let bytesTotal = 0
  let entriesTotal = 0
  const waiting = [...paths]
  for (let item = waiting.pop(); item !== undefined; item = waiting.pop()) {
    const stat = fs.lstatSync(item, { throwIfNoEntry: false })
    if (!stat) continue
    entriesTotal++
    if (stat.isFile()) bytesTotal += stat.size
    else if (stat.isDirectory())
      try {
        for (const name of fs.readdirSync(item)) waiting.push(path.join(item, name))
      } catch {
        // Told when its turn comes.
      }
  }
  return { bytesTotal, entriesTotal }
}

/** As in extraction: a hard link fails where rename would replace. */
function moveToFree(aside: string, target: string): void {
  try {
    fs.linkSync(aside, target)
    fs.unlinkSync(aside)
  } catch (error) {
    if ((error as { code?: string }).code === 'EEXIST' || isThere(target)) throw error
    fs.renameSync(aside, target)
  }
}

function isThere(itemPath: string): boolean {
  return fs.lstatSync(itemPath, { throwIfNoEntry: false }) !== undefined
}

function attempt(target: string, act: () => void): void {
  try {
    act()
  } catch (error) {
    throw refused(error, target)
  }
}

function refused(error: unknown, target: string): FileAccessError {
  const meaning = explainWriteError(error, target)
  return new FileAccessError(meaning.code, meaning.message)
}
