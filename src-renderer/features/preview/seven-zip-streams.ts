import type { LittleEndian } from './little-endian'

const Id = {
  End: 0x00,
  PackInfo: 0x06,
  UnpackInfo: 0x07,
  SubStreams: 0x08,
  Size: 0x09,
  Checksum: 0x0a,
  Folder: 0x0b,
  UnpackSize: 0x0c,
  StreamCount: 0x0d,
} as const

const CODERS_AT_MOST = 32
const STREAMS_AT_MOST = 64

interface Coder {
  /** Its number, in hexadecimal. */
  method: string
  properties: Uint8Array
}

/** What is packed together, and how. */
export interface Folder {
  coders: Coder[]
  /** Of what comes out in the end. */
  byteLength: number
  /** Whether there is a sum of it as a whole. */
  hasSum: boolean
}

export interface Streams {
  /** From the end of the signature header. */
  packOffset: number
  packLengths: number[]
  folders: Folder[]
  /** Of every file with content, in their order. */
  fileLengths: number[]
}

/** A number of one to nine bytes: the first one's highest bits say how many follow. */
export function readNumber(header: LittleEndian): number {
  const first = header.u8()
  let value = 0
  for (let i = 0, mask = 0x80; i < 8; i++, mask >>= 1) {
    if ((first & mask) === 0) return checked(value + (first & (mask - 1)) * 2 ** (8 * i))
    value += header.u8() * 2 ** (8 * i)
  }
  return checked(value)
}

function checked(value: number): number {
  if (!Number.isSafeInteger(value)) throw new RangeError('The archive speaks of more bytes than there can be.')
  return value
}

/** As many as there are, each at least a byte of what is left. */
function readCount(header: LittleEndian, most = header.rest): number {
  const count = readNumber(header)
  if (count > most) throw new RangeError('The archive’s directory makes no sense.')
  return count
}

/** StreamsInfo of the format's description (7zFormat.txt). @throws RangeError where it makes no sense */
export function readStreams(header: LittleEndian): Streams {
  const streams: Streams = { packOffset: 0, packLengths: [], folders: [], fileLengths: [] }
  for (let id = header.u8(); id !== Id.End; id = header.u8()) {
    if (id === Id.PackInfo) readPackInfo(header, streams)
    else if (id === Id.UnpackInfo) {
      readUnpackInfo(header, streams)
      streams.fileLengths = streams.folders.map(({ byteLength }) => byteLength)
    } else if (id === Id.SubStreams) readSubStreams(header, streams)
    else throw new RangeError('The archive’s directory makes no sense.')
  }
  return streams
}

function readPackInfo(header: LittleEndian, streams: Streams): void {
  streams.packOffset = readNumber(header)
  const count = readCount(header)
  for (let id = header.u8(); id !== Id.End; id = header.u8()) {
    if (id === Id.Size) streams.packLengths = Array.from({ length: count }, () => readNumber(header))
    else if (id === Id.Checksum) skipChecksums(header, count)
    else throw new RangeError('The archive’s directory makes no sense.')
  }
}

function readUnpackInfo(header: LittleEndian, streams: Streams): void {
  expectId(header, Id.Folder)
  const count = readCount(header)
  if (header.u8() !== 0) throw new RangeError('The archive’s folders lie elsewhere.')
  const shapes = Array.from({ length: count }, () => readFolder(header))
  expectId(header, Id.UnpackSize)
  streams.folders = shapes.map(({ coders, outCount, mainOut }) => {
    const lengths = Array.from({ length: outCount }, () => readNumber(header))
    return { coders, byteLength: lengths[mainOut] ?? 0, hasSum: false }
  })
  for (let id = header.u8(); id !== Id.End; id = header.u8()) {
    if (id !== Id.Checksum) throw new RangeError('The archive’s directory makes no sense.')
    const known = skipChecksums(header, count)
    for (const [index, folder] of streams.folders.entries()) folder.hasSum = known(index)
  }
}

function readFolder(header: LittleEndian): { coders: Coder[]; outCount: number; mainOut: number } {
  const coderCount = readCount(header, CODERS_AT_MOST)
  const coders: Coder[] = []
  let inCount = 0
  let outCount = 0
  for (let i = 0; i < coderCount; i++) {
    const flags = header.u8()
    const method = [...header.take(flags & 15)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
    const isComplex = (flags & 0x10) !== 0
    inCount += isComplex ? readCount(header, STREAMS_AT_MOST) : 1
    outCount += isComplex ? readCount(header, STREAMS_AT_MOST) : 1
    const properties = (flags & 0x20) === 0 ? new Uint8Array() : header.take(readNumber(header))
    coders.push({ method, properties })
  }
  const bound = new Set<number>()
  for (let i = 0; i < outCount - 1; i++) {
    readNumber(header)
    bound.add(readNumber(header))
  }
  const packedCount = inCount - Math.max(0, outCount - 1)
  if (packedCount > 1) for (let i = 0; i < packedCount; i++) readNumber(header)
  let mainOut = 0
  while (mainOut < outCount && bound.has(mainOut)) mainOut++
  return { coders, outCount, mainOut }
}

/** How many files each folder holds, and how long they are; the last one of each has what is left. */
function readSubStreams(header: LittleEndian, streams: Streams): void {
  let counts = streams.folders.map(() => 1)
  const lengths: number[] = []
  let id = header.u8()
  if (id === Id.StreamCount) {
    counts = streams.folders.map(() => readNumber(header))
    id = header.u8()
  }
  const hasLengths = id === Id.Size
  for (const [index, { byteLength }] of streams.folders.entries()) {
    const count = counts[index] ?? 0
    let rest = byteLength
    for (let i = 0; i < count - 1 && hasLengths; i++) {
      const length = readNumber(header)
      rest -= length
      lengths.push(length)
    }
    if (count === 1 || (count > 0 && hasLengths)) lengths.push(Math.max(0, rest))
  }
  streams.fileLengths = lengths
  if (hasLengths) id = header.u8()
  if (id === Id.Checksum) skipDigests(header, counts, streams)
  else if (id !== Id.End) throw new RangeError('The archive’s directory makes no sense.')
}

/** Sums of the files; a folder of one file may have given it already. */
function skipDigests(header: LittleEndian, counts: readonly number[], { folders }: Streams): void {
  const count = folders.reduce(
    (sum, { hasSum }, index) => sum + (counts[index] === 1 && hasSum ? 0 : (counts[index] ?? 0)),
    0,
  )
  skipChecksums(header, count)
  expectId(header, Id.End)
}

/** Answers which of `count` have a sum. */
function skipChecksums(header: LittleEndian, count: number): (index: number) => boolean {
  const isAll = header.u8() !== 0
  const bits = isAll ? new Uint8Array() : header.take(Math.ceil(count / 8))
  const has = (index: number): boolean => isAll || ((bits[index >> 3] ?? 0) & (0x80 >> (index & 7))) !== 0
  let known = isAll ? count : 0
  if (!isAll) for (let index = 0; index < count; index++) known += has(index) ? 1 : 0
  header.take(known * 4)
  return has
}

function expectId(header: LittleEndian, id: number): void {
  if (header.u8() !== id) throw new RangeError('The archive’s directory makes no sense.')
}
