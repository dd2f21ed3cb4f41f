import type { FileByteSource } from '../files/file-byte-source'
import { SourceError } from '../image/core/byte-source'
import { BEGINNINGS } from '../image/find-deleted'
import type { Control } from '../task'
import type { ScanMap } from './scan-map'

/** Read at once. */
const CHUNK = 4 << 20
/** And around what cannot be. */
const SMALL = 64 << 10
const STEP = 512
/** Failures in a row after which the rest of a small piece is given up: each may take a drive several seconds. */
const PATIENCE = 16

/** What is read: a disk, or a file in its place. */
type ReadableDisk = Pick<FileByteSource, 'byteLength' | 'readInto'>

/** Marks that stand at the same place of their 512 bytes. */
interface Phase {
  phase: number
  marks: { mark: Uint8Array; at: number }[]
}

const PHASES: readonly Phase[] = [...new Set(BEGINNINGS.map(({ at }) => at % STEP))].map((phase) => ({
  phase,
  marks: BEGINNINGS.filter(({ at }) => at % STEP === phase),
}))

/**
 * Reads a source from its beginning to its end, past what cannot be read, and tells where images may begin.
 * @param passed told after each piece, with the places that it showed, in order, and where it ends
 * @throws {CancelledError}; {@link SourceError} where the source is gone
 */
export async function scan(
  source: ReadableDisk,
  map: ScanMap,
  control: Control,
  passed: (starts: number[], end: number) => Promise<void>,
): Promise<void> {
  const buffer = Buffer.allocUnsafeSlow(CHUNK)
  for (let at = 0; at < source.byteLength; at += CHUNK) {
    const wait = control.checkpoint()
    if (wait) await wait
    const length = Math.min(CHUNK, source.byteLength - at)
    const starts: number[] = []
    if (!map.isDone(at, length)) {
      const bytes = buffer.subarray(0, length)
      readPast(source, bytes, at, map)
      look(bytes, at, starts)
    }
    await passed(starts, at + length)
    control.progress({ bytesDone: at + length })
  }
}

/** Places where marks stand, as the beginnings of what they belong to. Looks at one byte in 512 for each kind of mark. */
function look(bytes: Uint8Array, byteOffset: number, starts: number[]): void {
  for (const { phase, marks } of PHASES) {
    for (let at = phase; at < bytes.byteLength; at += STEP) {
      const first = bytes[at]
      for (const { mark, at: distance } of marks) {
        if (mark[0] !== first || !isAt(bytes, at, mark)) continue
        const start = byteOffset + at - distance
        if (start >= 0) starts.push(start)
      }
    }
  }
}

function isAt(bytes: Uint8Array, at: number, mark: Uint8Array): boolean {
  for (let i = 1; i < mark.byteLength; i++) if (bytes[at + i] !== mark[i]) return false
  return true
}

/** Fills `bytes`; what cannot be read is zeros, and marked. @throws {SourceError} where the source is gone */
function readPast(source: ReadableDisk, bytes: Uint8Array, at: number, map: ScanMap): void {
  if (tryRead(source, bytes, at)) {
    map.markRead(at, bytes.byteLength)
    return
  }
  for (let small = 0; small < bytes.byteLength; small += SMALL) {
    const piece = bytes.subarray(small, small + SMALL)
    if (tryRead(source, piece, at + small)) {
      map.markRead(at + small, piece.byteLength)
      continue
    }
    for (let step = 0, failures = 0; step < piece.byteLength; step += STEP) {
      const sector = piece.subarray(step, step + STEP)
      const isRead = failures < PATIENCE && tryRead(source, sector, at + small + step)
      failures = isRead ? 0 : failures + 1
      if (isRead) map.markRead(at + small + step, sector.byteLength)
      else map.markBad(at + small + step, sector.byteLength)
      if (!isRead) sector.fill(0)
    }
  }
}

function tryRead(source: ReadableDisk, bytes: Uint8Array, at: number): boolean {
  try {
    const count = source.readInto(bytes, at)
    // A file that has become shorter meanwhile.
    bytes.fill(0, count)
    return true
  } catch (error) {
    if (!(error instanceof SourceError) || error.code !== 'SOURCE_UNREADABLE') throw error
    return false
  }
}
