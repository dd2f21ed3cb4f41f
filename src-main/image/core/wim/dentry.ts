import { latin1, readU16Le, readU32Le, readU64Le } from '../byte-reader'

/** `DIRENTRY`, in front of its names. */
const DENTRY_LENGTH = 102
/** Of a stream without its name, in bytes: nothing that is listed takes less. */
export const STREAM_LENGTH = 38
const STREAMS_LIMIT = 4096
/** Of nearly every entry. */
const NONE: WimStream[] = []
const ITEM_HEADER_LENGTH = 8
/** Owner, group, mode and device, as wimlib records them of files of Unix. */
const UNIX_ITEM = 0x337dd873
const NO_HASH = '\0'.repeat(20)
/** 100 ns steps from 1601 to 1970. */
const EPOCH = 116_444_736_000_000_000n

export const Attribute = { hidden: 2, directory: 0x10, reparsePoint: 0x400 } as const

/** A file, folder or link of an image. */
export interface Dentry {
  attributes: number
  /** Where the children of a folder begin, in bytes of the metadata; 0 without. */
  children: number
  /** Milliseconds since 1970 UTC. */
  modified: number
  /** SHA-1 of the unnamed stream, as Latin-1; empty for one without bytes. */
  hash: string
  reparseTag: number
  /** The others that it has beside. */
  namedStreams: readonly WimStream[]
  /** Shared by the names of one file; 0 for one with a single name. */
  linkGroup: bigint
  name: Uint8Array
  unix: { uid: number; gid: number; mode: number; rdev: number } | null
  /** Where the next one begins, streams and padding behind it. */
  end: number
}

/** Null at the end of a folder. @throws {RangeError} where it runs past what is there */
export function readDentry(bytes: Uint8Array, at: number): Dentry | null {
  if (at + 8 > bytes.byteLength) throw new RangeError('a folder has no end')
  const length = readU64Le(bytes, at)
  if (length <= 8) return null
  if (length < DENTRY_LENGTH || at + length > bytes.byteLength) throw new RangeError('an entry is cut short')
  const attributes = readU32Le(bytes, at + 8)
  const isReparse = (attributes & Attribute.reparsePoint) !== 0
  const streamCount = readU16Le(bytes, at + 96)
  const shortLength = readU16Le(bytes, at + 98)
  const nameLength = readU16Le(bytes, at + 100)
  // Each name has a NUL behind it that its length does not count.
  const namesLength = (nameLength > 0 ? nameLength + 2 : 0) + (shortLength > 0 ? shortLength + 2 : 0)
  if (DENTRY_LENGTH + namesLength > aligned(length) + 2) throw new RangeError('an entry is shorter than its names')
  const nameAt = at + DENTRY_LENGTH
  const streams = readStreams(bytes, at + aligned(length), streamCount, hashAt(bytes, at + 64))
  return {
    attributes,
    children: readU64Le(bytes, at + 16),
    modified: Number((readU64(bytes, at + 56) - EPOCH) / 10_000n),
    hash: streams.hash,
    namedStreams: streams.named,
    reparseTag: isReparse ? readU32Le(bytes, at + 88) : 0,
    linkGroup: isReparse ? 0n : readU64(bytes, at + 88),
    name: bytes.subarray(nameAt, nameAt + nameLength),
    unix: readUnix(bytes, at + aligned(DENTRY_LENGTH + namesLength), at + length),
    end: streams.end,
  }
}

/** A named stream: UTF-16LE, and the SHA-1 of its content as `Dentry.hash`. */
export interface WimStream {
  name: Uint8Array
  hash: string
}

interface Streams {
  hash: string
  named: readonly WimStream[]
  end: number
}

/** The unnamed one may be the entry's own, or one of those behind it. */
function readStreams(bytes: Uint8Array, from: number, count: number, own: string): Streams {
  let hash = own
  let named: WimStream[] = NONE
  let at = from
  if (count > STREAMS_LIMIT) throw new RangeError('an entry has more streams than can be')
  for (let i = 0; i < count; i++) {
    if (at + STREAM_LENGTH > bytes.byteLength) throw new RangeError('an entry is cut short')
    const length = readU64Le(bytes, at)
    if (length < STREAM_LENGTH || at + length > bytes.byteLength) throw new RangeError('a stream is cut short')
    const nameLength = readU16Le(bytes, at + 36)
    if (nameLength > 0) {
      if (STREAM_LENGTH + nameLength > length) throw new RangeError('a stream is shorter than its name')
      const sum = hashAt(bytes, at + 16)
      if (named === NONE) named = []
      named.push({
        name: bytes.subarray(at + STREAM_LENGTH, at + STREAM_LENGTH + nameLength),
        hash: sum === NO_HASH ? '' : sum,
      })
    } else if (hash === NO_HASH) hash = hashAt(bytes, at + 16)
    at += aligned(length)
  }
  return { hash: hash === NO_HASH ? '' : hash, named, end: at }
}

/**
 * The SHA-1 sums of everything that an image refers to, as Latin-1, and by how many entries: named streams and the data
 * of reparse points as well.
 * @param metadata of the image, unpacked
 * @throws {RangeError} where it cannot be read to its end
 */
export function referencesIn(metadata: Uint8Array): Map<string, number> {
  const references = new Map<string, number>()
  const add = (hash: string): void => {
    if (hash !== NO_HASH) references.set(hash, (references.get(hash) ?? 0) + 1)
  }
  const addAll = (at: number): Dentry | null => {
    const dentry = readDentry(metadata, at)
    if (dentry === null) return null
    add(hashAt(metadata, at + 64))
    let stream = at + aligned(readU64Le(metadata, at))
    for (let left = readU16Le(metadata, at + 96); left > 0; left--) {
      add(hashAt(metadata, stream + 16))
      stream += aligned(readU64Le(metadata, stream))
    }
    return dentry
  }
  const folders: number[] = []
  const seen = new Set<number>()
  const enter = (dentry: Dentry | null): void => {
    if (dentry === null || dentry.children === 0 || seen.has(dentry.children)) return
    seen.add(dentry.children)
    folders.push(dentry.children)
  }
  enter(addAll(rootAt(metadata)))
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (let at = folder; ;) {
      const dentry = addAll(at)
      if (dentry === null) break
      enter(dentry)
      at = dentry.end
    }
  }
  return references
}

function readUnix(bytes: Uint8Array, from: number, to: number): Dentry['unix'] {
  for (let at = from; at + ITEM_HEADER_LENGTH <= to;) {
    const length = readU32Le(bytes, at + 4)
    const body = at + ITEM_HEADER_LENGTH
    if (length > to - body) return null
    if (readU32Le(bytes, at) === UNIX_ITEM && length >= 16)
      return {
        uid: readU32Le(bytes, body),
        gid: readU32Le(bytes, body + 4),
        mode: readU32Le(bytes, body + 8),
        rdev: readU32Le(bytes, body + 12),
      }
    at = body + aligned(length)
  }
  return null
}

function hashAt(bytes: Uint8Array, at: number): string {
  return latin1(bytes.subarray(at, at + 20))
}

function readU64(bytes: Uint8Array, at: number): bigint {
  return (BigInt(readU32Le(bytes, at + 4)) << 32n) | BigInt(readU32Le(bytes, at))
}

function aligned(length: number): number {
  return Math.ceil(length / 8) * 8
}

/** Where the root's entry begins: behind the table of security descriptors. @throws {RangeError} */
export function rootAt(bytes: Uint8Array): number {
  const length = bytes.byteLength < 8 ? 0 : readU32Le(bytes, 0)
  if (length > bytes.byteLength) throw new RangeError('the security data is longer than what holds it')
  return aligned(Math.max(8, length))
}
