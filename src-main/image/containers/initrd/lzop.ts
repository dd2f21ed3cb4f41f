import { unpackLzo } from '../../codecs/lzo'
import { readU16Be, readU32Be } from '../../core/byte-reader'
import { StreamError, type StreamInput, type StreamReport } from '../stream/stream-input'

export const LZOP_MAGIC = '\x89LZO\0\r\n\x1a\n'
/** Blocks are 256 KiB as lzop makes them; it reads up to 64 MiB. */
const BLOCK_LIMIT = 64 << 20
const Flag = {
  adlerUnpacked: 1,
  adlerPacked: 2,
  crcUnpacked: 0x100,
  crcPacked: 0x200,
  extra: 0x40,
  filter: 0x800,
} as const
/** From this version on there are a level, and more of the time. */
const NEWER = 0x0940

/** A file that lzop has made: a header, then blocks of LZO1X up to one of length 0. */
export async function* decodeLzop(input: StreamInput, report: StreamReport): AsyncGenerator<Uint8Array> {
  const flags = await readHeader(input)
  report.begins()
  for (;;) {
    const unpacked = readU32Be(await input.take(4), 0)
    if (unpacked === 0) return
    const packed = readU32Be(await input.take(4), 0)
    if (unpacked > BLOCK_LIMIT || packed === 0 || packed > unpacked) throw broken()
    const isStored = packed === unpacked
    const sums = [Flag.adlerUnpacked, Flag.crcUnpacked, ...(isStored ? [] : [Flag.adlerPacked, Flag.crcPacked])]
    await input.take(sums.filter((flag) => (flags & flag) !== 0).length * 4)
    const bytes = await input.take(packed)
    if (isStored) yield bytes
    else yield unpackBlock(bytes, unpacked)
  }
}

/** Answers its flags. */
async function readHeader(input: StreamInput): Promise<number> {
  const start = await input.take(LZOP_MAGIC.length + 4)
  const isNewer = readU16Be(start, LZOP_MAGIC.length) >= NEWER
  // Version needed, method, level.
  if (isNewer) await input.take(2)
  const method = (await input.take(1))[0] ?? 0
  if (method < 1 || method > 3)
    throw new StreamError('unsupported', 'It is packed by a method of lzop that is unknown.')
  if (isNewer) await input.take(1)
  const flags = readU32Be(await input.take(4), 0)
  if ((flags & Flag.filter) !== 0) throw new StreamError('unsupported', 'It is packed by lzop with a filter.')
  // Mode and times.
  await input.take(isNewer ? 12 : 8)
  const nameLength = (await input.take(1))[0] ?? 0
  await input.take(nameLength + 4)
  if ((flags & Flag.extra) !== 0) {
    const extra = readU32Be(await input.take(4), 0)
    if (extra > BLOCK_LIMIT) throw broken()
    await input.take(extra + 4)
  }
  return flags
}

function unpackBlock(packed: Uint8Array, byteLength: number): Uint8Array {
  let bytes: Uint8Array
  try {
    bytes = unpackLzo(packed, byteLength)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw broken()
  }
  if (bytes.byteLength !== byteLength) throw broken()
  return bytes
}

function broken(): StreamError {
  return new StreamError('damaged', 'The data that lzop has packed are damaged.')
}
