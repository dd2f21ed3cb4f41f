import { crc32, createInflateRaw } from 'node:zlib'
import { readU16Le, readU32Le } from '../../core/byte-reader'
import { StreamError, type StreamInput, type StreamReport } from './stream-input'
import { pumpFrame } from './zlib-pump'

const PIECE_LENGTH = 64 * 1024
const CHUNK_LENGTH = 256 * 1024
/** A name or comment longer than this is none. */
const TEXT_LIMIT = 1 << 16
/** RFC 1952 2.3.1. */
const Flag = { headerCrc: 2, extra: 4, name: 8, comment: 16, reserved: 0xe0 } as const

/** The members of a gzip file (RFC 1952), one behind the other. */
export async function* decodeGzip(input: StreamInput, report: StreamReport): AsyncGenerator<Uint8Array> {
  for (let member = 0; ; member++) {
    if (member > 0) {
      if (await input.isAtEnd()) return
      const next = await input.peek(2)
      if (next[0] !== 0x1f || next[1] !== 0x8b) {
        await input.drain(report)
        return
      }
    }
    await skipHeader(input)
    report.begins()
    let length = 0
    let sum = 0
    const pieces = {
      next: async () => (await input.peek(1)).subarray(0, PIECE_LENGTH),
      used: (byteLength: number) => {
        input.skip(byteLength)
      },
    }
    for await (const bytes of pumpFrame(createInflateRaw({ chunkSize: CHUNK_LENGTH }), pieces)) {
      sum = crc32(bytes, sum)
      length += bytes.byteLength
      yield bytes
    }
    const trailer = await input.take(8)
    if (readU32Le(trailer, 0) !== sum || readU32Le(trailer, 4) !== length % 2 ** 32) {
      report.suspect('checksum (CRC-32) or length')
    } else report.proven?.()
  }
}

async function skipHeader(input: StreamInput): Promise<void> {
  const header = await input.take(10)
  const flags = header[3] ?? 0
  if (header[2] !== 8 || (flags & Flag.reserved) !== 0) throw new StreamError('damaged', 'A gzip header is damaged.')
  if ((flags & Flag.extra) !== 0) await input.take(readU16Le(await input.take(2), 0))
  for (const flag of [Flag.name, Flag.comment]) {
    if ((flags & flag) === 0) continue
    let length = 0
    while ((await input.take(1))[0] !== 0) {
      if (++length > TEXT_LIMIT) throw new StreamError('damaged', 'A gzip header is damaged.')
    }
  }
  if ((flags & Flag.headerCrc) !== 0) await input.take(2)
}
