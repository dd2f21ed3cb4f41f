import fs from 'node:fs'
import path from 'node:path'
import { because } from '../../../src-shared/model'
import { identityKey, lookAt } from '../../sinks/identity'
import { removeQuietly } from '../../sinks/stage-name'
import { namesIn, systemPath } from '../../sinks/system-path'
import type { Attributes } from './attributes'
import {
  copyContent,
  making,
  NameRefusedError,
  notMade,
  refused,
  SourceFileError,
  type Keeper,
  unreadable,
} from './content'
import { isSameState, stateOf, type CopyState } from './copy-state'
import { isOtherDisk, mountsBelow } from './mounts-below'
import type { CopyRequest } from './request'
import type { Tally } from './tally'

/** Something whose copy is whole, as it was when it was read: a move may remove just this. */
export interface Copied {
  path: string
  kind: 'file' | 'directory' | 'symlink'
  dev: bigint
  ino: bigint
  size: bigint
  mtimeNs: bigint
  /** How the copy of a file was then; null where nobody knows. Names of one file share one. */
  copy?: CopyState | null
}

/** The first copy of a file that has several names. */
interface FirstCopy {
  path: string
  state: CopyState | null
}

const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'ENOSYS', 'EINVAL'])

/** Copies trees to names below the stage. One for a whole job, so that hard links between its trees stay links. */
export class TreeCopy {
  private readonly hardLinks = new Map<string, FirstCopy>()
  /** Places in what is being copied at which other file systems are mounted. */
  private mounts: ReadonlySet<string> = new Set()

  /**
   * @param written identities of folders that this job writes into: reading them would never end
   * @param keeper puts every file on the disk; null where it may be on its way
   */
  constructor(
    private readonly request: Pick<CopyRequest, 'checkpoint' | 'move'>,
    private readonly tally: Tally,
    private readonly attributes: Attributes,
    private readonly written: ReadonlySet<string>,
    private readonly keeper: Keeper | null,
  ) {}

  /**
   * Copies a file, link or folder with everything in it. What cannot be read is told and left out.
   * @returns what was copied whole, children before their folder; null where nothing stands at `target`
   * @throws {FileAccessError} where the target cannot be written
   */
  async copy(source: string, target: string): Promise<Copied[] | null> {
    const copied: Copied[] = []
    if (this.request.move) this.mounts = mountsBelow(source)
    return (await this.copyOne(source, target, new Set(), copied)) ? copied : null
  }

  private async copyOne(
    source: string,
    target: string,
    ancestors: ReadonlySet<string>,
    copied: Copied[],
  ): Promise<boolean> {
    const wait = this.request.checkpoint()
    if (wait) await wait
    try {
      const stat = lookAt(source)
      if (!stat)
        throw new SourceFileError(
          'NO_SUCH_FILE',
          `“${source}” no longer exists.`,
          because('fileGone', { name: source }),
        )
      if (stat.isDirectory()) return await this.copyFolder(source, target, stat, ancestors, copied)
      if (stat.isSymbolicLink()) this.copyLink(source, target, stat, copied)
      else await this.copyFile(source, target, stat, copied)
      return true
    } catch (error) {
      if (error instanceof NameRefusedError) {
        this.tally.problem(source, 'failed', error)
        return false
      }
      if (!(error instanceof SourceFileError) && !isSystemError(error)) throw error
      // Whatever the system says here, it says of looking at the source: writing has its own errors.
      this.tally.problem(source, 'failed', unreadable(error, source))
      return false
    }
  }

  private async copyFolder(
    source: string,
    target: string,
    stat: fs.BigIntStats,
    ancestors: ReadonlySet<string>,
    copied: Copied[],
  ): Promise<boolean> {
    const key = identityKey(stat)
    if (ancestors.has(key) || this.written.has(key))
      throw new SourceFileError(
        'BAD_REQUEST',
        `${source} is a folder that is being copied, or copied into, at another place, and was left out.`,
        because('intoItself', { name: source }),
      )
    const names = namesIn(source)
    const isMount = this.request.move && (this.mounts.has(source) || isOtherDisk(source, stat.dev))
    making(target, () => {
      fs.mkdirSync(systemPath(target), { mode: 0o700 })
    })
    this.tally.entry('directories', source)
    const below = new Set(ancestors).add(key)
    // What lies on another disk that is connected there is that disk's own: it is copied, and not to be removed.
    const removable = isMount ? [] : copied
    for (const name of names) await this.copyOne(path.join(source, name), path.join(target, name), below, removable)
    this.finish(source, target, stat)
    if (isMount) this.reportMount(source)
    else copied.push(copiedOf(source, 'directory', stat))
    return true
  }

  private reportMount(folder: string): void {
    this.tally.problem(folder, 'partial', {
      code: 'COPIED_NOT_REMOVED',
      message: `${folder} is a place where a disk is connected: what is on it was copied, and stays there too.`,
      details: because('mountStays', { name: folder }),
    })
  }

  private copyLink(source: string, target: string, stat: fs.BigIntStats, copied: Copied[]): void {
    const leadsTo = fs.readlinkSync(systemPath(source), 'buffer')
    try {
      fs.symlinkSync(leadsTo, systemPath(target))
      this.attributes.copy(source, target, stat)
    } catch (error) {
      // FAT, and Windows without the right to make links: everything else is still worth having.
      if (NO_LINKS.has((error as { code?: string }).code ?? ''))
        throw new SourceFileError(
          'LINKS_NOT_POSSIBLE',
          `${source} is a link, and the disk of ${target} takes none.`,
          because('noLinksThere', { name: source, folder: target }),
        )
      throw notMade(error, target)
    }
    this.tally.entry('symlinks', source)
    copied.push(copiedOf(source, 'symlink', stat))
  }

  private async copyFile(source: string, target: string, stat: fs.BigIntStats, copied: Copied[]): Promise<void> {
    if (!stat.isFile())
      throw new SourceFileError(
        'UNSUPPORTED_KIND',
        `${source} is no ordinary file and is not copied.`,
        because('noOrdinaryFile', { name: source }),
      )
    const known = stat.nlink > 1n ? this.hardLinks.get(identityKey(stat)) : undefined
    if (known !== undefined && linked(known, target)) {
      this.tally.bytes(Number(stat.size), source)
      this.tally.entry('files', source)
      copied.push(copiedOf(source, 'file', stat, known.state))
      return
    }
    let byteCount = 0
    try {
      const { before, hasChanged } = await copyContent(source, target, {
        keeper: this.keeper,
        checkpoint: () => this.request.checkpoint(),
        onBytes: (count) => {
          byteCount += count
          this.tally.bytes(count, source)
        },
      })
      this.finish(source, target, before)
      this.tally.summary.bytesWritten += byteCount
      this.tally.entry('files', source)
      if (hasChanged)
        this.tally.problem(source, 'partial', {
          code: 'SOURCE_CHANGED',
          message: `${source} was being written while it was copied. The copy may be of no use: copy it again.`,
        })
      const state = this.request.move ? stateOf(target) : null
      copied.push(copiedOf(source, 'file', before, state))
      if (stat.nlink > 1n) this.hardLinks.set(identityKey(before), { path: target, state })
    } catch (error) {
      if (error instanceof SourceFileError) {
        removeQuietly(target)
        this.tally.bytes(-byteCount, source)
      }
      throw error
    }
  }

  private finish(source: string, target: string, stat: fs.BigIntStats): void {
    try {
      this.attributes.copy(source, target, stat)
    } catch (error) {
      throw refused(error, target)
    }
  }
}

function copiedOf(
  itemPath: string,
  kind: Copied['kind'],
  { dev, ino, size, mtimeNs }: fs.BigIntStats,
  copy: CopyState | null = null,
): Copied {
  return { path: itemPath, kind, dev, ino, size, mtimeNs, copy }
}

/** Disks without hard links get a second copy. */
function linked(first: FirstCopy, target: string): boolean {
  const isAsMade = isSameState(stateOf(first.path), first.state)
  try {
    fs.linkSync(systemPath(first.path), systemPath(target))
  } catch {
    return false
  }
  // A further name is a change of the file, which is ours.
  if (isAsMade) Object.assign(first.state ?? {}, stateOf(target))
  return true
}

function isSystemError(error: unknown): boolean {
  return typeof (error as { errno?: unknown }).errno === 'number'
}
