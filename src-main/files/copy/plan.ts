import fs from 'node:fs'
import path from 'node:path'
import { because } from '../../../src-shared/model'
import { identityKey, isSameEntry, isSameObject, lookAt } from '../../sinks/identity'
import { nameOfBytes, namesIn, systemPath } from '../../sinks/system-path'
import { FileAccessError } from '../listing'
import { NameRefusedError, notMade, refused, unreadable } from './content'
import { canRename } from './can-rename'
import type { CopyRequest } from './request'
import type { Tally } from './tally'

/** One thing that gets a final name by one step of the file system, or a folder of which the parts were moved away. */
export type CopyStep =
  | {
      kind: 'place'
      source: string
      target: string
      /** A file or link is there that was to be replaced. */
      isOver: boolean
      /** The name below the stage that it is copied to first; null where the source itself is moved. */
      staged: string | null
      /** What the source was when this was planned. */
      dev: bigint
      ino: bigint
    }
  | { kind: 'emptied'; source: string }
  /** What was to be copied for it could not be read. */
  | { kind: 'nothing' }

export interface CopyPlan {
  steps: CopyStep[]
  /** {@link identityKey} of every folder that is written into. */
  written: Set<string>
}

const NAMED_AT_MOST = 5

/**
 * Settles, before anything is written, where everything goes: names that are taken, folders that are merged, and what
 * would go into itself.
 * @throws {FileAccessError} `NAME_TAKEN` under the decision `fail`, naming the first few; `BAD_REQUEST` where something
 *   is moved to where it is, or into itself
 */
export async function planCopy(request: CopyRequest, tally: Tally): Promise<CopyPlan> {
  refuseUseless(request)
  const planner = new Planner(request, tally)
  for (const source of request.paths)
    await planner.settle(source, request.destination, path.basename(source), new Set())
  return planner.finish()
}

/**
 * Refuses what would change nothing, or never end, whatever the conflict policy: by device and number, so that links
 * and mounts on the way hide nothing.
 * @throws {FileAccessError} `BAD_REQUEST`; `NO_SUCH_FILE`, `NOT_A_FOLDER` … where the destination is none
 */
export function refuseUseless({ paths, destination, move }: Pick<CopyRequest, 'paths' | 'destination' | 'move'>): void {
  const above = foldersAbove(destination)
  for (const source of paths) {
    const stat = lookAtSource(source)
    if (!stat) continue
    if (stat.isDirectory() && above.some((folder) => isSameObject(folder, stat)))
      throw new FileAccessError(
        'BAD_REQUEST',
        `${source} cannot go into itself. Choose another folder.`,
        because('intoItself', { name: source }),
      )
    if (move && isSameEntry(source, path.join(destination, path.basename(source))))
      throw new FileAccessError(
        'BAD_REQUEST',
        `${source} is in this folder already. Choose another folder to move it to.`,
        because('inFolderAlready', { name: source }),
      )
  }
}

/** The destination and every folder that it is in, by every path to it. */
function foldersAbove(destination: string): fs.BigIntStats[] {
  const found: fs.BigIntStats[] = []
  try {
    const real = nameOfBytes(fs.realpathSync.native(systemPath(destination), 'buffer'))
    for (const start of new Set([path.resolve(destination), real]))
      for (let folder = start; ; folder = path.dirname(folder)) {
        found.push(fs.statSync(systemPath(folder), { bigint: true }))
        if (folder === path.dirname(folder)) break
      }
  } catch (error) {
    throw refused(error, destination)
  }
  if (found[0]?.isDirectory() !== true)
    throw new FileAccessError(
      'NOT_A_FOLDER',
      `${destination} is not a folder. Choose a folder.`,
      because('notAFolder', { name: destination }),
    )
  return found
}

function lookAtSource(source: string): fs.BigIntStats | null {
  try {
    return lookAt(source)
  } catch (error) {
    throw unreadable(error, source)
  }
}

function lookAtTarget(target: string): fs.BigIntStats | null {
  try {
    return lookAt(target)
  } catch (error) {
    throw notMade(error, target)
  }
}

class Planner {
  private readonly steps: CopyStep[] = []
  private readonly written = new Set<string>()
  private readonly taken: string[] = []
  /** Names that steps of this plan will take, by folder. */
  private readonly planned = new Map<string, Set<string>>()
  /** Whether renaming works from a folder to the destination: mounts of one disk are no single place for it. */
  private readonly reachable = new Map<string, boolean>()

  constructor(
    private readonly request: CopyRequest,
    private readonly tally: Tally,
  ) {
    this.written.add(identityKey(fs.statSync(systemPath(request.destination), { bigint: true })))
  }

  finish(): CopyPlan {
    if (this.taken.length > 0) throw namesTaken(this.taken, this.request.destination)
    return { steps: this.steps, written: this.written }
  }

  async settle(source: string, folder: string, name: string, ancestors: ReadonlySet<string>): Promise<void> {
    const wait = this.request.checkpoint()
    if (wait) await wait
    let stat: fs.BigIntStats | null
    try {
      stat = lookAt(source)
    } catch (error) {
      this.tally.problem(source, 'failed', unreadable(error, source))
      return
    }
    if (!stat) {
      const details = because('fileGone', { name: source })
      this.tally.problem(source, 'failed', { code: 'NO_SUCH_FILE', message: `“${source}” no longer exists.`, details })
      return
    }
    const target = path.join(folder, name)
    if (this.isPlanned(folder, name)) {
      // Two things of one name in one request: both were asked for.
      this.place(source, folder, this.freeName(folder, name), false, stat)
      return
    }
    let existing: fs.BigIntStats | null
    try {
      existing = lookAtTarget(target)
    } catch (error) {
      if (!(error instanceof NameRefusedError)) throw error
      this.tally.problem(source, 'failed', error)
      return
    }
    if (!existing) {
      this.place(source, folder, name, false, stat)
      return
    }
    const isSame = isSameObject(stat, existing) && isSameEntry(source, target)
    if (isSame && this.request.move) {
      this.tally.problem(source, 'failed', {
        code: 'BAD_REQUEST',
        message: `“${source}” already exists there under another path, and stays.`,
        details: because('inFolderAlready', { name: source }),
      })
      return
    }
    if (stat.isDirectory() && existing.isDirectory() && !isSame)
      await this.merge(source, target, stat, existing, ancestors)
    else await this.decide(source, folder, name, stat, existing, isSame)
  }

  private async merge(
    source: string,
    target: string,
    stat: fs.BigIntStats,
    existing: fs.BigIntStats,
    ancestors: ReadonlySet<string>,
  ): Promise<void> {
    const key = identityKey(stat)
    if (ancestors.has(key) || this.written.has(key)) {
      const message = `${source} is a folder that is being copied into at another place, and was left out.`
      const details = because('intoItself', { name: source })
      this.tally.problem(source, 'failed', { code: 'BAD_REQUEST', message, details })
      return
    }
    this.written.add(identityKey(existing))
    let names: string[]
    try {
      names = namesIn(source)
    } catch (error) {
      this.tally.problem(source, 'failed', unreadable(error, source))
      return
    }
    this.tally.entry('directories', source)
    const below = new Set(ancestors).add(key)
    for (const name of names) await this.settle(path.join(source, name), target, name, below)
    if (this.request.move) this.steps.push({ kind: 'emptied', source })
  }

  private async decide(
    source: string,
    folder: string,
    name: string,
    stat: fs.BigIntStats,
    existing: fs.BigIntStats,
    isSame: boolean,
  ): Promise<void> {
    const target = path.join(folder, name)
    switch (await this.request.decide(source, target, stat, existing)) {
      case 'fail':
        this.taken.push(target)
        return
      case 'skip':
        this.tally.problem(source, 'skipped', { code: 'NAME_TAKEN', message: 'The name was taken.' })
        return
      case 'rename':
        this.place(source, folder, this.freeName(folder, name), false, stat)
        return
      case 'overwrite':
        if (isSame) {
          const message = `${source} cannot be copied onto itself.`
          const details = because('ontoItself', { name: source })
          this.tally.problem(source, 'failed', { code: 'BAD_REQUEST', message, details })
        } else if (stat.isDirectory() || existing.isDirectory()) {
          const message = `${target} is a ${existing.isDirectory() ? 'folder' : 'file'} and is not replaced by something else.`
          const details = because('nameExists', { name: target })
          this.tally.problem(source, 'failed', { code: 'NAME_TAKEN', message, details })
        } else this.place(source, folder, name, true, stat)
    }
  }

  private place(source: string, folder: string, name: string, isOver: boolean, stat: fs.BigIntStats): void {
    this.plannedIn(folder).add(nameKey(name))
    const staged = this.request.move && this.mayRename(source, folder, stat) ? null : String(this.steps.length)
    this.steps.push({
      kind: 'place',
      source,
      target: path.join(folder, name),
      isOver,
      staged,
      dev: stat.dev,
      ino: stat.ino,
    })
  }

  private freeName(folder: string, name: string): string {
    return this.request.freeName(
      name,
      (candidate) => this.isPlanned(folder, candidate) || lookAtTarget(path.join(folder, candidate)) !== null,
    )
  }

  private isPlanned(folder: string, name: string): boolean {
    return this.planned.get(folder)?.has(nameKey(name)) === true
  }

  private plannedIn(folder: string): Set<string> {
    const names = this.planned.get(folder) ?? new Set<string>()
    this.planned.set(folder, names)
    return names
  }

  /** Whether a move is one rename: on one disk, and within one mount of it, which only trying tells. */
  private mayRename(source: string, folder: string, stat: fs.BigIntStats): boolean {
    if (stat.dev !== fs.statSync(systemPath(folder), { bigint: true }).dev) return false
    const from = path.dirname(source)
    const key = `${from}\0${folder}`
    const known = this.reachable.get(key)
    if (known !== undefined) return known
    const answer = canRename(from, folder)
    this.reachable.set(key, answer)
    return answer
  }
}

function namesTaken(paths: readonly string[], destination: string): FileAccessError {
  const named = paths.slice(0, NAMED_AT_MOST).join(', ')
  const more = paths.length > NAMED_AT_MOST ? ` and ${paths.length - NAMED_AT_MOST} more` : ''
  const verb = paths.length === 1 ? 'already exists' : 'already exist'
  return new FileAccessError(
    'NAME_TAKEN',
    `${named}${more} ${verb} in ${destination}. Nothing was changed there: choose another folder, or say what to do ` +
      'with existing files.',
    because('namesExist', { names: named + (more === '' ? '' : ' …'), folder: destination }),
  )
}

/** Most systems but Linux take names in other letters for one name. */
function nameKey(name: string): string {
  return process.platform === 'linux' ? name : name.normalize('NFC').toLowerCase()
}
