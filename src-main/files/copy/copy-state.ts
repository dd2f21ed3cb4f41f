import fs from 'node:fs'
import { setImmediate as otherWork } from 'node:timers/promises'
import { isSameObject, lookAt } from '../../sinks/identity'
import { systemPath } from '../../sinks/system-path'
import { READ_FLAGS } from './content'

/** A copy as it was once it was whole. */
export interface CopyState {
  dev: bigint
  ino: bigint
  size: bigint
  mtimeNs: bigint
  /** No program can set it: it tells of what was written under the old time. */
  ctimeNs: bigint
}

const CHUNK_BYTES = 1 << 20

/** Of a file; null where none is there. @throws the system's error */
export function stateOf(copy: string): CopyState | null {
  const stat = lookAt(copy)
  if (!stat?.isFile()) return null
  const { dev, ino, size, mtimeNs, ctimeNs } = stat
  return { dev, ino, size, mtimeNs, ctimeNs }
}

export function isSameState(a: CopyState | null, b: CopyState | null): boolean {
  if (a === null || b === null) return false
  return isSameObject(a, b) && a.size === b.size && a.mtimeNs === b.mtimeNs && a.ctimeNs === b.ctimeNs
}

/**
 * Whether a source may go, because its copy is there as it was made. Where that cannot be told by looking, as on disks
 * that number their files anew, what is in the two is compared.
 * @param state null where nobody knows how the copy was
 * @throws the system's error where one of the two cannot be looked at or read
 */
export function isFileKept(source: string, copy: string, state: CopyState | null): boolean | Promise<boolean> {
  const now = stateOf(copy)
  const original = lookAt(source)
  // By way of a link that somebody has put there, a path to the copy may lead to the source itself.
  if (now === null || original === null || isSameObject(now, original)) return false
  return isSameState(now, state) || (now.size === original.size && holdSame(source, copy))
}

/** @throws the system's error where one of the two is no link */
export function isLinkKept(source: string, copy: string): boolean {
  const [now, original] = [lookAt(copy), lookAt(source)]
  if (!now?.isSymbolicLink() || original === null || isSameObject(now, original)) return false
  const leadsTo = (link: string): Buffer => fs.readlinkSync(systemPath(link), 'buffer')
  return leadsTo(source).equals(leadsTo(copy))
}

export function isFolderKept(source: string, copy: string): boolean {
  const [now, original] = [lookAt(copy), lookAt(source)]
  return now?.isDirectory() === true && (original === null || !isSameObject(now, original))
}

async function holdSame(first: string, second: string): Promise<boolean> {
  const opened: number[] = []
  try {
    for (const file of [first, second]) opened.push(fs.openSync(systemPath(file), READ_FLAGS))
    const [a = -1, b = -1] = opened
    if (!opened.every((one) => fs.fstatSync(one).isFile())) return false
    const [ofA, ofB] = [Buffer.allocUnsafeSlow(CHUNK_BYTES), Buffer.allocUnsafeSlow(CHUNK_BYTES)]
    for (let at = 0; ;) {
      const [countA, countB] = [readAt(a, ofA, at), readAt(b, ofB, at)]
      if (!ofA.subarray(0, countA).equals(ofB.subarray(0, countB))) return false
      if (countA === 0) return true
      at += countA
      await otherWork()
    }
  } finally {
    for (const one of opened) fs.closeSync(one)
  }
}

/** As many bytes as there are, up to the buffer's length: a single call may give fewer. */
function readAt(descriptor: number, buffer: Buffer, position: number): number {
  let done = 0
  for (;;) {
    const count = fs.readSync(descriptor, buffer, done, buffer.byteLength - done, position + done)
    done += count
    if (count === 0 || done === buffer.byteLength) return done
  }
}
