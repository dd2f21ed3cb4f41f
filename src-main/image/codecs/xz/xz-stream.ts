import { crc32 } from 'node:zlib'
import { isAllZero, matchesAscii, readU32Le } from '../../core/byte-reader'
import { createHash } from '../../core/create-hash'
import { Crc64 } from './crc64'
import { StreamError, type InputSteps, type Steps, type StreamInput, type StreamReport } from '../stream-input'
import { filterOf, undoFilters, type Filter } from './filters'
import { BlockRecords } from './block-records'
import { decodeLzma2 } from './lzma2'

/** .xz format 2.1.1.2: the length of a block's check, by the kind of check. */
const CHECK_LENGTHS = [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64]
const LZMA2 = 0x21

/** The streams of an .xz file (version 1.2 of the format), one behind the other, with padding between. */
export async function* decodeXz(input: StreamInput, report: StreamReport): AsyncGenerator<Uint8Array> {
  for (const step of xzSteps(input, report)) {
    if (step === null) await input.more()
    else yield step
  }
}

/** As {@link decodeXz}, by steps. */
export function* xzSteps(input: StreamInput, report: StreamReport): Steps {
  for (let stream = 0; ; stream++) {
    if (stream > 0) {
      yield* skipPadding(input, report)
      const next = yield* input.peekSteps(6)
      if (next.byteLength === 0) return
      if (next[0] !== 0xfd || !matchesAscii(next, 1, '7zXZ\0')) {
        yield* input.drainSteps(report)
        return
      }
    }
    const header = yield* input.takeSteps(12)
    const check = (header[7] ?? 0) & 15
    if (header[6] !== 0 || (header[7] ?? 0) > 15 || crc32(header.subarray(6, 8)) !== readU32Le(header, 8))
      throw broken()
    const blocks = new BlockRecords()
    for (;;) {
      const size = (yield* input.peekSteps(1))[0]
      if (size === undefined) throw new StreamError('cut', 'The compressed data end too early.')
      if (size === 0) break
      yield* decodeBlock(input, check, (size + 1) * 4, report, blocks)
    }
    const problem = yield* readIndex(input, header.subarray(6, 8), blocks)
    if (problem !== null) report.suspect(problem)
  }
}

function broken(): StreamError {
  return new StreamError('damaged', 'The .xz stream is damaged.')
}

function* skipPadding(input: StreamInput, report: StreamReport): InputSteps<void> {
  for (;;) {
    const bytes = yield* input.peekSteps(4)
    // .xz format 2.2: padding is a multiple of four bytes.
    if (bytes.byteLength > 0 && bytes.byteLength < 4) report.trailing(bytes.byteLength, false)
    if (bytes.byteLength < 4 || !isAllZero(bytes.subarray(0, 4))) return
    input.skip(4)
  }
}

/** .xz format 3: a block is its header, LZMA2 data, padding to four bytes and a check. */
function* decodeBlock(
  input: StreamInput,
  check: number,
  headerLength: number,
  report: StreamReport,
  blocks: BlockRecords,
): Steps {
  const { dictionary, filters } = readBlockHeader(yield* input.takeSteps(headerLength))
  report.begins()
  const sum = sumOf(check)
  const start = input.position
  let unpacked = 0
  for (const bytes of undoFilters(decodeLzma2(input, dictionary), filters)) {
    if (bytes === null) {
      yield null
      continue
    }
    sum?.update(bytes)
    unpacked += bytes.byteLength
    yield bytes
  }
  const length = input.position - start
  yield* input.takeSteps((4 - (length % 4)) % 4)
  const recorded = yield* input.takeSteps(CHECK_LENGTHS[check] ?? 0)
  blocks.add(headerLength + length + recorded.byteLength, unpacked)
  if (sum === null) return
  if (Buffer.compare(sum.digest(), recorded) === 0) report.proven?.()
  else report.suspect(`check (${sum.name}) of a block`)
}

/** LZMA2, which must be the last filter, and those in front of it, in the order in which the encoder took them. */
function readBlockHeader(header: Uint8Array): { dictionary: number; filters: Filter[] } {
  const end = header.byteLength - 4
  if (crc32(header.subarray(0, end)) !== readU32Le(header, end)) throw broken()
  const flags = header[1] ?? 0
  let at = 2
  const number = (): number => {
    let value = 0
    for (let shift = 0; shift < 63 && at < end; shift += 7) {
      const byte = header[at++] ?? 0
      value += (byte & 0x7f) * 2 ** shift
      if ((byte & 0x80) === 0) return value
    }
    throw broken()
  }
  if ((flags & 0x3c) !== 0) throw new StreamError('unsupported', 'The .xz stream uses options that are unsupported.')
  if ((flags & 0x40) !== 0) number()
  if ((flags & 0x80) !== 0) number()
  const filters: Filter[] = []
  for (let left = flags & 3; ; left--) {
    const id = number()
    const size = number()
    if (at + size > end) throw broken()
    const properties = header.subarray(at, at + size)
    at += size
    if (left > 0) {
      filters.push(filterOf(id, properties))
      continue
    }
    const dictionary = properties[0] ?? 255
    if (id !== LZMA2) filterOf(id, properties)
    if (id !== LZMA2 || size !== 1 || dictionary > 40) throw broken()
    return { dictionary, filters }
  }
}

interface Sum {
  name: string
  update(bytes: Uint8Array): void
  digest(): Uint8Array
}

/** Null for kinds of check that are reserved, or none. */
function sumOf(check: number): Sum | null {
  if (check === 1) {
    let sum = 0
    return {
      name: 'CRC-32',
      update: (bytes) => {
        sum = crc32(bytes, sum)
      },
      digest: () => Uint8Array.from([sum & 255, (sum >>> 8) & 255, (sum >>> 16) & 255, sum >>> 24]),
    }
  }
  if (check === 4) {
    const sum = new Crc64()
    return {
      name: 'CRC-64',
      update: (bytes) => {
        sum.update(bytes)
      },
      digest: () => sum.digest(),
    }
  }
  if (check !== 10) return null
  const hash = createHash('sha256')
  return {
    name: 'SHA-256',
    update: (bytes) => {
      hash.update(bytes)
    },
    digest: () => hash.digest(),
  }
}

/**
 * .xz format 4 and 2.1.2: the index of a stream's blocks, and the footer.
 * @param flags the stream's, as its header has them
 * @param blocks those that were read
 * @returns what of it does not fit; null where the blocks are the ones it names: none is missing, doubled or another's
 */
function* readIndex(input: StreamInput, flags: Uint8Array, blocks: BlockRecords): InputSteps<string | null> {
  const start = input.position
  let sum = 0
  const take = function* (byteLength: number): InputSteps<Uint8Array> {
    const bytes = yield* input.takeSteps(byteLength)
    sum = crc32(bytes, sum)
    return bytes
  }
  yield* take(1)
  const number = function* (): InputSteps<number> {
    let value = 0
    for (let shift = 0; shift < 63; shift += 7) {
      const byte = (yield* take(1))[0] ?? 0
      value += (byte & 0x7f) * 2 ** shift
      if ((byte & 0x80) === 0) return value
    }
    throw broken()
  }
  const count = yield* number()
  const named = new BlockRecords()
  for (let record = 0; record < count; record++) named.add(yield* number(), yield* number())
  yield* take((4 - ((input.position - start) % 4)) % 4)
  const byteLength = input.position - start + 4
  const isSound = readU32Le(yield* input.takeSteps(4), 0) === sum
  const footer = yield* input.takeSteps(12)
  if (!matchesAscii(footer, 10, 'YZ')) throw broken()
  if (!isSound) return 'checksum (CRC-32) of the list of blocks'
  if (!named.isSame(blocks)) return 'list of blocks'
  const isFooter =
    readU32Le(footer, 0) === crc32(footer.subarray(4, 10)) &&
    (readU32Le(footer, 4) + 1) * 4 === byteLength &&
    Buffer.compare(footer.subarray(8, 10), flags) === 0
  return isFooter ? null : 'footer'
}
