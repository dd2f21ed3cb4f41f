import { ByteReader } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import { crc32cWithin } from '../../core/crc32c'
import { guidAt } from '../../core/guid'
import type { Header } from './structures'

const SECTOR = 4096
const ENTRY_HEADER_LENGTH = 64
const DESCRIPTOR_LENGTH = 32
/** No writer makes longer ones; all of it is read at once. */
const LOG_LIMIT = 64 << 20
/** Of zeros that entries of the log write, in bytes. */
const ZEROS_LIMIT = 64 << 20

interface LogEntry {
  sequence: bigint
  /** In bytes of the log. */
  start: number
  byteLength: number
  tail: number
  descriptorCount: number
}

/** What the log would write: sectors of 4 KiB by their place in the file. Null where it cannot be replayed. */
export async function replayLog(file: ByteSource, header: Header): Promise<Map<number, Uint8Array> | null> {
  const { logOffset, logLength, logIdentity } = header
  const pages = new Map<number, Uint8Array>()
  if (logIdentity === null) return pages
  if (logLength === 0 || logLength % SECTOR !== 0 || logLength > LOG_LIMIT) return null
  if (logOffset + logLength > file.byteLength) return null
  const log = await file.read(logOffset, logLength)
  // It goes round: what begins near its end goes on at its start.
  const twice = new Uint8Array(logLength * 2)
  twice.set(log)
  twice.set(log, logLength)
  const sequence = activeSequence(twice, logLength, logIdentity)
  if (sequence === null) return null
  let zeros = 0
  for (const entry of sequence) {
    const added = applyEntry(twice, entry, pages, ZEROS_LIMIT - zeros)
    if (added === null) return null
    zeros += added
  }
  return pages
}

/** [MS-VHDX] 2.3.1: the entries from the tail of the newest one on, if all of them are there. */
function activeSequence(twice: Uint8Array, logLength: number, identity: string): LogEntry[] | null {
  let best: LogEntry[] | null = null
  for (let at = 0; at < logLength;) {
    const sequence = sequenceAt(twice, at, logLength, identity)
    const last = sequence.at(-1)
    if (last === undefined) {
      at += SECTOR
      continue
    }
    const first = sequence.findIndex(({ start }) => start % logLength === last.tail)
    if (first >= 0 && (best === null || (best.at(-1)?.sequence ?? 0n) < last.sequence)) best = sequence.slice(first)
    at = last.start + last.byteLength
  }
  return best
}

/** Entries that follow one another, each numbered one more than the one before. */
function sequenceAt(twice: Uint8Array, start: number, logLength: number, identity: string): LogEntry[] {
  const entries: LogEntry[] = []
  let total = 0
  for (let at = start; total < logLength;) {
    const entry = entryAt(twice, at % logLength, identity)
    const before = entries.at(-1)
    if (entry === null || (before !== undefined && entry.sequence !== before.sequence + 1n)) break
    total += entry.byteLength
    if (total > logLength) break
    entries.push({ ...entry, start: at })
    at += entry.byteLength
  }
  return entries
}

function entryAt(twice: Uint8Array, start: number, identity: string): LogEntry | null {
  const reader = new ByteReader(twice).sub(start, twice.byteLength)
  const byteLength = reader.u32Le(8)
  const isPossible =
    reader.matches(0, 'loge') &&
    byteLength >= SECTOR &&
    byteLength % SECTOR === 0 &&
    byteLength <= twice.byteLength / 2 &&
    guidAt(reader, 32) === identity
  if (!isPossible || crc32cWithin(twice.subarray(start, start + byteLength), 4) !== reader.u32Le(4)) return null
  const sequence = BigInt(reader.u32Le(16)) + (BigInt(reader.u32Le(20)) << 32n)
  return { sequence, start, byteLength, tail: reader.u32Le(12), descriptorCount: reader.u32Le(24) }
}

/** 2.3.1.2, 2.3.1.3. Answers how many bytes of zeros it wrote; null where the entry contradicts itself. */
function applyEntry(
  twice: Uint8Array,
  entry: LogEntry,
  pages: Map<number, Uint8Array>,
  zerosLimit: number,
): number | null {
  const reader = new ByteReader(twice).sub(entry.start % (twice.byteLength / 2), entry.byteLength)
  const { descriptorCount } = entry
  let data = Math.ceil((ENTRY_HEADER_LENGTH + descriptorCount * DESCRIPTOR_LENGTH) / SECTOR) * SECTOR
  if (data > entry.byteLength) return null
  let zeros = 0
  for (let index = 0; index < descriptorCount; index++) {
    const at = ENTRY_HEADER_LENGTH + index * DESCRIPTOR_LENGTH
    const place = reader.u64Le(at + 16)
    if (!Number.isFinite(place) || place % SECTOR !== 0) return null
    if (reader.matches(at, 'zero')) {
      const length = reader.u64Le(at + 8)
      zeros += length
      if (!(zeros <= zerosLimit)) return null
      for (let done = 0; done < length; done += SECTOR) pages.set(place + done, new Uint8Array(SECTOR))
    } else if (reader.matches(at, 'desc')) {
      if (!reader.has(data, SECTOR) || !reader.matches(data, 'data')) return null
      // The first eight and the last four bytes of a sector are kept in the descriptor.
      const page = new Uint8Array(reader.slice(data, SECTOR))
      page.set(reader.slice(at + 8, 8), 0)
      page.set(reader.slice(at + 4, 4), SECTOR - 4)
      pages.set(place, page)
      data += SECTOR
    } else return null
  }
  return zeros
}
