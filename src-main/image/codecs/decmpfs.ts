import { inflateSync } from 'node:zlib'
import { decodeLzfse, isLzfse } from './lzfse'
import { decodeLzvn } from './lzvn'
import { packedFault } from './packed-fault'
import { ByteReader } from '../core/byte-reader'
import { SourceError, type ByteSource } from '../core/byte-source'
import { copied } from '../core/copied'
import { EqualBlocks } from '../core/equal-blocks'

/** Contents are packed in pieces of this many bytes. */
const BLOCK = 65_536
const HEADER_LENGTH = 16
/** An attribute has some kilobytes: more than this does not come out of it, whatever the file says. */
const INLINE_LIMIT = 16 << 20
/** A block that does not pack is stored behind one byte whose lower half is this. */
const STORED_NIBBLE = 0x0f
const LZVN_END = 0x06

interface Method {
  isInFork: boolean
  /** @param length what it must come to, in bytes */
  unpack(packed: Uint8Array, length: number): Uint8Array
}

const inAttribute = (unpack: Method['unpack']): Method => ({ isInFork: false, unpack })
const inFork = (unpack: Method['unpack']): Method => ({ isInFork: true, unpack })
const stored: Method['unpack'] = (packed) => packed
/** Behind a byte of its own. */
const storedBehind: Method['unpack'] = (packed) => packed.subarray(1)

/** By the type that the attribute has. */
const METHODS: ReadonlyMap<number, Method> = new Map([
  [1, inAttribute(stored)],
  [3, inAttribute(inflate)],
  [4, inFork(inflate)],
  [7, inAttribute(expandLzvn)],
  [8, inFork(expandLzvn)],
  [9, inAttribute(storedBehind)],
  [10, inFork(storedBehind)],
  [11, inAttribute(expandLzfse)],
  [12, inFork(expandLzfse)],
])

/**
 * How macOS packs a file whose data fork is empty: the extended attribute `com.apple.decmpfs` begins with `fpmc`, a type
 * and the length (little-endian). The bytes stand behind it (`inline`), or in blocks in the resource fork.
 */
export interface PackedFile {
  type: number
  byteLength: number
  /** The bytes behind the header, for types that keep them there. */
  inline: Uint8Array
}

/** Null where the attribute is none. */
export function readPackedFile(attribute: Uint8Array): PackedFile | null {
  const reader = new ByteReader(attribute)
  if (attribute.byteLength < HEADER_LENGTH || !reader.matches(0, 'fpmc')) return null
  const byteLength = reader.u64Le(8)
  if (!Number.isFinite(byteLength)) return null
  return { type: reader.u32Le(4), byteLength, inline: copied(attribute, HEADER_LENGTH) }
}

/** What of a packed file keeps it from being read; null where it can be. */
export function whyUnreadable({ type }: PackedFile): string | null {
  return METHODS.has(type) ? null : `It is compressed by macOS in a way that is not known (type ${type}).`
}

/** Whether a file that is kept as it is has another length than it says. Of what is packed only unpacking tells. */
export function hasOtherLength({ type, byteLength, inline }: PackedFile): boolean {
  const isPlain = type === 1 || type === 9 || (type === 3 && isStored(inline))
  return isPlain && inline.byteLength - (type === 1 ? 0 : 1) !== byteLength
}

/** Whether the bytes are in the resource fork. */
export function isInResourceFork({ type }: PackedFile): boolean {
  return METHODS.get(type)?.isInFork === true
}

/** The content of a packed file. */
export class PackedFileSource implements ByteSource {
  readonly byteLength: number
  private places: Promise<BlockPlace[]> | null = null
  private readonly blocks: EqualBlocks
  private problem: string | null = null

  /** @param fork the resource fork, which types that keep their bytes inline do not read */
  constructor(
    private readonly file: PackedFile,
    private readonly fork: ByteSource,
  ) {
    this.byteLength = file.byteLength
    this.blocks = new EqualBlocks(file.byteLength, BLOCK, (index, length) => this.unpack(index, length), true)
  }

  read(byteOffset: number, byteLength: number): Promise<Uint8Array> {
    return this.blocks.read(byteOffset, byteLength)
  }

  /** What the sectors below say of the stored bytes, and that there is more of them than the file says. */
  get damage(): string | null {
    return this.fork.damage ?? this.problem
  }

  locate(): null {
    return null
  }

  close(): void {
    // Fork and attribute belong to the volume.
  }

  private async unpack(index: number, length: number): Promise<Uint8Array> {
    const { type, inline } = this.file
    const method = METHODS.get(type)
    if (method === undefined) throw damaged('is of a kind that is not known')
    let bytes: Uint8Array
    if (method.isInFork) {
      this.places ??= method.unpack === inflate ? readZlibTable(this.fork) : readOffsetTable(this.fork)
      const place = (await this.places)[index]
      if (place === undefined) throw damaged('lacks a block')
      const packed = await this.fork.read(place.byteOffset, place.byteLength)
      if (packed.byteLength < place.byteLength) throw damaged('ends within a block')
      bytes = method.unpack(packed, length)
    } else {
      if (this.byteLength > INLINE_LIMIT) throw damaged('is too large for where it is kept')
      const all = method.unpack(inline, this.byteLength)
      this.reportLonger(all.byteLength > this.byteLength)
      return all.subarray(index * BLOCK, index * BLOCK + length)
    }
    // Of a block that has too little, what there is is given; what follows is missing.
    this.reportLonger(bytes.byteLength > length)
    return bytes.subarray(0, length)
  }

  private reportLonger(isLonger: boolean): void {
    if (isLonger) this.problem ??= 'A file that macOS has compressed unpacks to more than it says it has.'
  }
}

interface BlockPlace {
  byteOffset: number
  byteLength: number
}

/**
 * Type 4: a resource fork with one resource (Inside Macintosh: More Toolbox, 1-121; big-endian), which begins with the
 * number of blocks and their places, counted from there (little-endian).
 */
async function readZlibTable(fork: ByteSource): Promise<BlockPlace[]> {
  const header = new ByteReader(await fork.read(0, 16))
  const start = header.u32Be(0) + 4
  const count = new ByteReader(await fork.read(start, 4)).u32Le(0)
  if (count > fork.byteLength / 8) throw damaged('has an impossible table of blocks')
  const table = new ByteReader(await fork.read(start + 4, count * 8))
  return Array.from({ length: count }, (_, index) => ({
    byteOffset: start + table.u32Le(index * 8),
    byteLength: table.u32Le(index * 8 + 4),
  }))
}

/** Types 8, 10 and 12: offsets from the fork's start, the first of which tells how many there are (little-endian). */
async function readOffsetTable(fork: ByteSource): Promise<BlockPlace[]> {
  const first = new ByteReader(await fork.read(0, 4)).u32Le(0)
  if (first > fork.byteLength || first < 8 || first % 4 !== 0) throw damaged('has an impossible table of blocks')
  const table = new ByteReader(await fork.read(0, first))
  return Array.from({ length: first / 4 - 1 }, (_, index) => {
    const byteOffset = table.u32Le(index * 4)
    return { byteOffset, byteLength: Math.max(0, table.u32Le(index * 4 + 4) - byteOffset) }
  })
}

function isStored(packed: Uint8Array): boolean {
  return ((packed[0] ?? 0) & STORED_NIBBLE) === STORED_NIBBLE
}

function inflate(packed: Uint8Array, length: number): Uint8Array {
  if (isStored(packed)) return packed.subarray(1)
  try {
    return inflateSync(packed, { maxOutputLength: Math.max(BLOCK, length) })
  } catch (error) {
    throw damaged('does not unpack', packedFault(error))
  }
}

function expandLzvn(packed: Uint8Array, length: number): Uint8Array {
  // A stream cannot begin with its end: what does is stored.
  if (packed[0] === LZVN_END) return packed.subarray(1)
  const out = decodeLzvn(packed, length)
  if (out === null) throw damaged('does not unpack')
  return out
}

function expandLzfse(packed: Uint8Array, length: number): Uint8Array {
  if (!isLzfse(packed)) return packed.subarray(1)
  const out = decodeLzfse(packed, length)
  if (out === null) throw damaged('does not unpack')
  return out
}

function damaged(what: string, cause?: unknown): SourceError {
  return new SourceError('CONTENT_DAMAGED', `A file that macOS has compressed ${what}.`, { cause })
}
