import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { ByteSource } from '../image/core/byte-source'
import type { ScratchFile } from '../image/core/disc-image'
import { because, type Details, inWords } from '../../src-shared/model'
import { takeTurns } from '../task'
import { FileByteSource } from './file-byte-source'

/** Too much for the folder that unpacked images may fill. */
export class ScratchLimitError extends Error {
  readonly code = 'NO_SPACE'

  constructor(
    message: string,
    readonly details: Details,
  ) {
    super(message)
  }
}

/** What was set when the program was started. */
const LIMIT_AT_START = process.env.ISOLDE_UNPACK_LIMIT

/** What other programs keep of a disk that is unpacked to: this part of it, and no more than so many bytes. */
const KEPT_PART = 0.05
const KEPT_AT_MOST = 256 << 20
/** The room is asked for again after so many bytes. */
const ASK_EVERY = 4 << 20

/**
 * A place to unpack a compressed image to, in the system's temporary folder. The file is unlinked as soon as it is
 * open where the system allows it, so that not even a killed process leaves it behind.
 * @param byteLimit writing more than this throws `ScratchLimitError`, as does what would fill the disk; `ISOLDE_UNPACK_LIMIT`
 *   (bytes) may be less
 */
export function openScratchFile(suggestedName: string, byteLimit: number): Promise<ScratchFile> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'isolde-scratch-'))
  const file = path.join(folder, 'unpacked')
  const remove = (): void => {
    fs.rmSync(folder, { recursive: true, force: true })
  }
  let descriptor: number
  try {
    descriptor = fs.openSync(file, 'wx+', 0o600)
  } catch (error) {
    remove()
    throw error
  }
  // Windows removes no file that is open.
  const isGone = process.platform !== 'win32'
  if (isGone) remove()
  const limit = Math.min(byteLimit, limitByChoice())
  const turn = takeTurns()
  let written = 0
  let askAt = 0
  /** @throws {ScratchLimitError} where these bytes are too many */
  const assertRoom = (byteLength: number): void => {
    if (written + byteLength > limit)
      throw new ScratchLimitError(
        `${suggestedName} unpacks to more than the ${inWords(limit)} that are allowed for it, and was not unpacked further.`,
        because('unpacksTooLarge', { name: suggestedName, limit }),
      )
    if (written < askAt) return
    askAt = written + ASK_EVERY
    const room = roomIn(os.tmpdir())
    if (room === null || room.free - byteLength - ASK_EVERY > room.kept) return
    throw tooLittle(room.free)
  }
  const tooLittle = (free: number): ScratchLimitError =>
    new ScratchLimitError(
      `${suggestedName} must be unpacked before it can be opened, and ${os.tmpdir()} has too little room: ` +
        `${inWords(written)} are unpacked, ${inWords(free)} are free. Free some space there, or set TMPDIR to a folder on a larger disk.`,
      because('noRoomToUnpack', { name: suggestedName, folder: os.tmpdir(), done: written, free }),
    )
  return Promise.resolve({
    room(): string {
      const room = roomIn(os.tmpdir())
      return room === null ? '' : ` (${os.tmpdir()} has ${inWords(room.free)} free)`
    },
    write(bytes: Uint8Array): Promise<void> {
      try {
        assertRoom(bytes.byteLength)
        for (let at = 0; at < bytes.byteLength;) at += fs.writeSync(descriptor, bytes, at)
        written += bytes.byteLength
        // Not every decoder waits for anything: whoever wants it to stop must be heard.
        return Promise.resolve(turn())
      } catch (error) {
        return Promise.reject((error as { code?: string }).code === 'ENOSPC' ? tooLittle(0) : (error as Error))
      }
    },
    finish(): Promise<ByteSource> {
      const source = FileByteSource.adopt(descriptor, file, 'scratch')
      if (isGone) return Promise.resolve(source)
      const close = source.close.bind(source)
      source.close = () => {
        close()
        remove()
      }
      return Promise.resolve(source)
    },
    discard(): Promise<void> {
      fs.closeSync(descriptor)
      if (!isGone) remove()
      return Promise.resolve()
    },
  })
}

/** Null where the disk does not say; then writing tells. In bytes. */
function roomIn(folder: string): { free: number; kept: number } | null {
  try {
    const { bavail, blocks, bsize } = fs.statfsSync(folder)
    return { free: bavail * bsize, kept: Math.min(KEPT_AT_MOST, blocks * bsize * KEPT_PART) }
  } catch {
    return null
  }
}

/** In bytes; Infinity for none. */
function limitByChoice(): number {
  return unpackingLimit() || Infinity
}

/** What is allowed now, in bytes, for a thread that was started before that was known; 0 for no limit. */
export function unpackingLimit(): number {
  const chosen = Number(process.env.ISOLDE_UNPACK_LIMIT)
  return chosen > 0 ? chosen : 0
}

/**
 * Sets the limit for this thread and all that it starts from now on.
 * @param byteLimit 0 for none but what the program was started with
 */
export function limitUnpacking(byteLimit: number): void {
  if (byteLimit > 0) process.env.ISOLDE_UNPACK_LIMIT = String(byteLimit)
  else if (LIMIT_AT_START === undefined) delete process.env.ISOLDE_UNPACK_LIMIT
  else process.env.ISOLDE_UNPACK_LIMIT = LIMIT_AT_START
}

/** Takes over what `unpackingLimit` has answered in the thread that started this one. In bytes; 0 for none. */
export function takeUnpackingLimit(byteLimit: number): void {
  // An environment of its own: what this thread was started with may be out of date.
  process.env.ISOLDE_UNPACK_LIMIT = String(byteLimit)
}
