import { lostBehindArchives, TAIL_LENGTH } from '../../core/behind-archives'
import { latin1, matchesAscii } from '../../core/byte-reader'
import { concatenated, copied } from '../../core/copied'
import { CPIO_HEADER_LENGTH, CPIO_TRAILER, isCpio, readCpioHeader } from '../../core/cpio-header'
import { decodeXz } from '../../codecs/xz/xz-stream'
import { decodeBzip2 } from '../stream/bzip2'
import { decodeGzip } from '../stream/gzip-stream'
import type { StreamDecoder } from '../stream/stream'
import { StreamError, StreamInput, type StreamReport } from '../stream/stream-input'
import { decodeZstd, isZstdFrame } from '../stream/zstd-stream'
import { decodeLegacyLz4, LEGACY_LZ4_MAGIC } from './legacy-lz4'
import { decodeLoneLzma, isLoneLzma } from './lone-lzma'
import { decodeLzop, LZOP_MAGIC } from './lzop'

/** More parts are in no initrd that starts anything. */
const PART_LIMIT = 256
const PIECE_LENGTH = 64 * 1024

/** Input of parts: a decoder leaves what follows its own stream to the next. */
export class PartInput extends StreamInput {
  override drain(): Promise<void> {
    return Promise.resolve()
  }
}

export const WITHOUT_REPORT: StreamReport = {
  begins: () => undefined,
  suspect: () => undefined,
  trailing: () => undefined,
}

/** What unpacks a part that begins so; null for what is not packed in a way that Linux starts from. */
export function partDecoderOf(head: Uint8Array): StreamDecoder | null {
  if (head[0] === 0x1f && head[1] === 0x8b && head[2] === 8) return decodeGzip
  if (head[0] === 0xfd && matchesAscii(head, 1, '7zXZ\0')) return decodeXz
  if (isZstdFrame(head)) return decodeZstd
  if (matchesAscii(head, 0, 'BZh') && matchesAscii(head, 4, '1AY&SY')) return decodeBzip2
  if (matchesAscii(head, 0, LEGACY_LZ4_MAGIC)) return decodeLegacyLz4
  if (matchesAscii(head, 0, LZOP_MAGIC)) return decodeLzop
  return isLoneLzma(head) ? decodeLoneLzma : null
}

/** All archives of an initrd, unpacked, one behind the other. */
export async function* decodeParts(outer: StreamInput, report: StreamReport): AsyncGenerator<Uint8Array> {
  const input = new PartInput(async () => {
    const bytes = await outer.peek(1)
    outer.skip(bytes.byteLength)
    return bytes
  })
  for (let part = 0; part < PART_LIMIT; part++) {
    if (!(await skipZeros(input))) return
    const head = await input.peek(CPIO_HEADER_LENGTH)
    const decode = partDecoderOf(head)
    if (isCpio(head)) yield* copyArchive(input)
    else if (decode !== null) yield* decode(input, report)
    else break
  }
  await reportRest(input, report)
}

/** Tells of what follows the last archive. */
async function reportRest(input: StreamInput, report: StreamReport): Promise<void> {
  const head = copied(await input.peek(CPIO_HEADER_LENGTH))
  let byteLength = 0
  let tail: Uint8Array = new Uint8Array()
  for (;;) {
    const bytes = await input.peek(1)
    if (bytes.byteLength === 0) break
    byteLength += bytes.byteLength
    tail = concatenated([tail, bytes.subarray(-TAIL_LENGTH)]).subarray(-TAIL_LENGTH)
    input.skip(bytes.byteLength)
  }
  if (byteLength === 0) return
  const lost = lostBehindArchives(head, byteLength, tail)
  if (lost === null) report.trailing(byteLength, false)
  else report.lost?.(lost)
}

/** False at the end of the input. */
async function skipZeros(input: StreamInput): Promise<boolean> {
  for (;;) {
    const bytes = await input.peek(1)
    if (bytes.byteLength === 0) return false
    const other = bytes.findIndex((byte) => byte !== 0)
    input.skip(other < 0 ? bytes.byteLength : other)
    if (other >= 0) return true
  }
}

/** An archive that is not packed, up to its trailer. */
async function* copyArchive(input: StreamInput): AsyncGenerator<Uint8Array> {
  for (;;) {
    const header = readCpioHeader(await input.peek(CPIO_HEADER_LENGTH))
    if (header === null) throw new StreamError('damaged', 'A header of a cpio archive cannot be read.')
    const named = await input.peek(header.nameAt + header.nameLength)
    const isLast = isTrailer(named.subarray(header.nameAt, header.nameAt + header.nameLength))
    for (let left = header.end; left > 0;) {
      const bytes = (await input.peek(1)).subarray(0, Math.min(left, PIECE_LENGTH))
      if (bytes.byteLength === 0) return
      yield bytes
      input.skip(bytes.byteLength)
      left -= bytes.byteLength
    }
    if (isLast) return
  }
}

/** @param name with the NUL behind it */
export function isTrailer(name: Uint8Array): boolean {
  return latin1(name) === `${CPIO_TRAILER}\0`
}
