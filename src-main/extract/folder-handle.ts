import fs from 'node:fs'
import path from 'node:path'
import { because } from '../../src-shared/model'
import { ExtractError } from './extract-error'

/**
 * A folder held open while files are written into it, so that nobody can swap it, or a folder above it, for a link.
 *
 * Linux: names are resolved below the folder's own descriptor through /proc/self/fd, and every step down refuses links
 * (O_NOFOLLOW). Elsewhere paths are used (on macOS with O_NOFOLLOW_ANY, which refuses links anywhere on the way), inside a stage that only this user may enter; a program of the same user
 * could still interfere there, which docs/extraction.md says.
 */
export interface FolderHandle {
  /** A path that names `name` inside this very folder, whatever has happened to the path that led here. */
  at(name: string): string
  /** The path that people know it by, for sentences. */
  readonly shownPath: string
  /** Opens or makes the folder `name` below this one. @throws {ExtractError} `UNSAFE_DESTINATION` where it is a link */
  enter(name: string): FolderHandle
  /** Applied to the folder itself. Times are milliseconds since 1970. */
  setTimes(modified: number): void
  setMode(mode: number): void
  close(): void
}

const HAS_PROC_FD = process.platform === 'linux' && fs.existsSync('/proc/self/fd')
const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = fs.constants

/** @throws the system's error where the folder is not there or may not be entered */
export function openFolder(folderPath: string): FolderHandle {
  return HAS_PROC_FD
    ? new DescriptorFolder(fs.openSync(folderPath, O_RDONLY | O_DIRECTORY), folderPath)
    : // Files below it are opened so that no component may be a link (macOS); those above it are nobody's trap.
      new PathFolder(process.platform === 'darwin' ? fs.realpathSync(folderPath) : folderPath)
}

class DescriptorFolder implements FolderHandle {
  private readonly prefix: string

  constructor(
    private descriptor: number,
    readonly shownPath: string,
  ) {
    this.prefix = `/proc/self/fd/${descriptor}/`
  }

  at(name: string): string {
    return this.prefix + name
  }

  enter(name: string): FolderHandle {
    const shownPath = path.join(this.shownPath, name)
    try {
      return new DescriptorFolder(fs.openSync(this.at(name), O_RDONLY | O_DIRECTORY | O_NOFOLLOW), shownPath)
    } catch (error) {
      throw refuseLink(error, this.at(name), shownPath)
    }
  }

  setTimes(modified: number): void {
    fs.futimesSync(this.descriptor, new Date(modified), new Date(modified))
  }

  setMode(mode: number): void {
    fs.fchmodSync(this.descriptor, mode)
  }

  close(): void {
    if (this.descriptor < 0) return
    fs.closeSync(this.descriptor)
    this.descriptor = -1
  }
}

class PathFolder implements FolderHandle {
  constructor(readonly shownPath: string) {}

  at(name: string): string {
    return path.join(this.shownPath, name)
  }

  enter(name: string): FolderHandle {
    const shownPath = this.at(name)
    const stat = fs.lstatSync(shownPath)
    if (!stat.isDirectory()) throw unsafe(shownPath)
    return new PathFolder(shownPath)
  }

  setTimes(modified: number): void {
    fs.utimesSync(this.shownPath, new Date(modified), new Date(modified))
  }

  setMode(mode: number): void {
    fs.chmodSync(this.shownPath, mode)
  }

  close(): void {
    // A path holds nothing open.
  }
}

/** O_DIRECTORY | O_NOFOLLOW answers ENOTDIR for a link to a folder, ELOOP for others. */
function refuseLink(error: unknown, at: string, shownPath: string): unknown {
  const code = (error as { code?: string }).code
  if (code !== 'ELOOP' && code !== 'ENOTDIR') return error
  try {
    return fs.lstatSync(at).isSymbolicLink() ? unsafe(shownPath) : error
  } catch {
    return error
  }
}

function unsafe(shownPath: string): ExtractError {
  return new ExtractError(
    'UNSAFE_DESTINATION',
    `${shownPath} was replaced by a link while files were being written. Nothing was written through it.`,
    because('replacedByLink', { name: shownPath }),
  )
}

/**
 * The folders of a plan, opened as they are needed and at most `limit` at once: an image's files lie in disc order,
 * which mostly goes folder by folder.
 */
export class FolderCache {
  private readonly open = new Map<number, FolderHandle>()
  private readonly retired: FolderHandle[] = []

  /**
   * @param root node 0's folder; stays open until the cache's owner closes it
   * @param parentOf @param nameOf the tree below it
   */
  constructor(
    private readonly root: FolderHandle,
    private readonly parentOf: (node: number) => number,
    private readonly nameOf: (node: number) => string,
    private readonly limit = 128,
  ) {}

  get(node: number): FolderHandle {
    if (node === 0) return this.root
    const known = this.open.get(node)
    if (known) return known
    const handle = this.get(this.parentOf(node)).enter(this.nameOf(node))
    if (this.open.size >= this.limit) this.closeOldest()
    this.open.set(node, handle)
    return handle
  }

  closeAll(): void {
    for (const handle of this.open.values()) handle.close()
    this.open.clear()
    this.release()
  }

  /** Folders that gave way to others, but whose paths another thread may still be using. */
  retiredCount(): number {
    return this.retired.length
  }

  /** Nobody uses paths of earlier folders any more: they are closed. */
  release(): void {
    for (const handle of this.retired.splice(0)) handle.close()
  }

  private closeOldest(): void {
    const oldest = this.open.entries().next().value
    if (!oldest) return
    this.open.delete(oldest[0])
    this.retired.push(oldest[1])
  }
}
