import fs from 'node:fs'
import path from 'node:path'
import { because, explainWriteError } from '../../src-shared/model'
import { claimName, sweepAbandoned, type Claim } from './claim'
import { isThere, MadeFolders } from './made-folders'
import { placeItem, placeOver } from './placing'
import { SinkError, type Sink } from './sink'

/** A file that is whole under its hidden name, and the name under which it is about to appear. */
export interface ReadyFile {
  target: string
  /** What a file keeps when it is renamed: where it is, its length and time. */
  identity: string
  byteLength: number
}

/** Whether that file stands under its own name: its maker came as far as that, though perhaps no further. */
export function hasAppeared({ target, identity }: Pick<ReadyFile, 'target' | 'identity'>): boolean {
  return fs.lstatSync(target, { throwIfNoEntry: false })?.isFile() === true && identityOf(target) === identity
}

/** What a file keeps when it is renamed. A number is given anew as soon as a file is gone: it alone says nothing. */
export function identityOf(file: string): string {
  return identityOfStat(fs.statSync(file, { bigint: true }))
}

/** As {@link identityOf}, of a file that somebody has looked at. */
export function identityOfStat({ dev, ino, size, mtimeNs }: fs.BigIntStats): string {
  return [dev, ino, size, mtimeNs].join(' ')
}

/**
 * One file that appears whole or not at all: it is written under a hidden name beside its own, and gets that by a single
 * step when it is finished. Replaces nothing, unless it is told to: then the name holds the old file until that step.
 */
export class AtomicFile implements Sink {
  /** Where it is written until then; names that begin with this one are removed with it if the process is killed. */
  readonly hiddenPath: string
  private readonly target: string
  private readonly claim: Claim
  private descriptor: number | null = null
  private isCommitted = false
  private readonly folders: MadeFolders | null = null

  /** @throws {SinkError} `NAME_TAKEN`, or whatever the disk says */
  constructor(
    target: string,
    private readonly isReplacing = false,
  ) {
    this.target = path.resolve(target)
    const folder = path.dirname(this.target)
    try {
      if (!isReplacing) assertFree(this.target)
      this.folders = new MadeFolders(folder)
      sweepAbandoned(folder)
      this.claim = claimName(folder)
      this.hiddenPath = path.join(folder, this.claim.name)
    } catch (error) {
      this.folders?.remove()
      throw asSinkError(error, this.target)
    }
  }

  write(bytes: Uint8Array, at: number): void {
    const descriptor = (this.descriptor ??= fs.openSync(this.hiddenPath, 'wx'))
    for (let done = 0; done < bytes.byteLength;)
      done += fs.writeSync(descriptor, bytes, done, bytes.byteLength - done, at + done)
  }

  /** Makes it that long: what nothing was written to reads as zeros. @param byteLength in bytes */
  setLength(byteLength: number): void {
    fs.ftruncateSync((this.descriptor ??= fs.openSync(this.hiddenPath, 'wx')), byteLength)
  }

  /** Puts what was written on the disk itself, so that reading it back says what is there. */
  sync(): void {
    if (this.descriptor !== null) fs.fsyncSync(this.descriptor)
  }

  /** Everything is written: as what it can be recognised after its last step. */
  ready(): ReadyFile {
    this.close()
    return {
      target: this.target,
      identity: identityOf(this.hiddenPath),
      byteLength: fs.statSync(this.hiddenPath).size,
    }
  }

  /** @throws {SinkError} `NAME_TAKEN` where something has got the name meanwhile */
  commit(): void {
    this.close()
    const { hiddenPath: from, target } = this
    const item = { from, to: () => target, name: path.basename(target), isFolder: false }
    const isPlaced = this.isReplacing ? placeOver(from, target) : placeItem(item, () => null) !== null
    if (!isPlaced) throw nameTaken(target)
    this.isCommitted = true
    this.claim.release()
  }

  /** Of a file that has appeared already, which stays, only what was made around it and is empty goes. */
  discard(): void {
    if (!this.isCommitted) {
      this.close()
      fs.rmSync(this.hiddenPath, { force: true })
      this.claim.release()
    }
    this.folders?.remove()
  }

  private close(): void {
    if (this.descriptor !== null) fs.closeSync(this.descriptor)
    this.descriptor = null
  }
}

/**
 * Makes one file whole or not at all, see {@link AtomicFile}.
 * @param fill writes it: through the sink, or by itself to `hiddenPath`
 * @param onReady told when nothing but the last step is left to do
 * @param isReplacing takes the place of a file that has the name
 * @throws {SinkError} `NAME_TAKEN` before the first byte, or whatever the disk says; errors of `fill` that are none of
 *   the disk's as they are
 */
export async function makeWholeFile<T>(
  target: string,
  fill: (hiddenPath: string, file: AtomicFile) => Promise<T>,
  onReady?: (ready: ReadyFile, result: T) => void | Promise<void>,
  isReplacing = false,
): Promise<T> {
  const file = new AtomicFile(target, isReplacing)
  try {
    const result = await fill(file.hiddenPath, file)
    await onReady?.(file.ready(), result)
    file.commit()
    return result
  } catch (error) {
    file.discard()
    throw asSinkError(error, path.resolve(target))
  }
}

function assertFree(target: string): void {
  if (isThere(target)) throw nameTaken(target)
}

function nameTaken(target: string): SinkError {
  return new SinkError(
    'NAME_TAKEN',
    `“${target}” already exists. Choose another name.`,
    because('nameExists', { name: target }),
  )
}

/** What the system says, as a sentence; everything else is somebody's own error already. */
export function asSinkError(error: unknown, target: string): Error {
  if (error instanceof Error && typeof (error as { errno?: unknown }).errno !== 'number') return error
  const { code, message, details } = explainWriteError(error, target)
  return new SinkError(code, message, details)
}
