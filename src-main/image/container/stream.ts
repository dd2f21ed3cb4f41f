import { matchesAscii, readU32Le } from '../byte-reader'
import { SourceError, type ByteSource } from '../byte-source'
import type { DiagnosticLog } from '../diagnostic-log'
import { NotAnImageError, type OpenImageOptions } from '../disc-image'
import { decodeBzip2 } from './bzip2'
import { decodeGzip } from './gzip-stream'
import { StreamError, StreamInput, type StreamReport } from './stream-input'
import { SuspectSource, type Suspect } from './suspect-source'
import { decodeXz } from './xz-stream'
import { decodeZstd, isSkippableFrame, isZstdFrame } from './zstd-stream'

export type StreamFormat = 'gzip' | 'xz' | 'zstd' | 'bzip2'

const CHUNK_LENGTH = 1024 * 1024
/** The largest disc there is (BDXL, 128 GB) fits, and a bomb does not fill the machine. */
const BYTE_LIMIT = 160 * 1024 ** 3
/** Skippable frames that may come before the first real one. */
const SKIPPABLE_LIMIT = 64

const DECODERS: Record<StreamFormat, (input: StreamInput, report: StreamReport) => AsyncIterable<Uint8Array>> = {
  gzip: decodeGzip,
  xz: decodeXz,
  zstd: decodeZstd,
  bzip2: decodeBzip2,
}

/** How a file is compressed as a whole; null where it is not. */
export async function detectStream(source: ByteSource): Promise<StreamFormat | null> {
  const start = await source.read(0, 10)
  if (start[0] === 0x1f && start[1] === 0x8b && start[2] === 8) return 'gzip'
  if (start[0] === 0xfd && matchesAscii(start, 1, '7zXZ\0')) return 'xz'
  if (matchesAscii(start, 0, 'BZh') && matchesAscii(start, 4, '1AY&SY')) return 'bzip2'
  let at = 0
  for (let frame = 0, bytes = start; frame < SKIPPABLE_LIMIT && bytes.byteLength >= 4; frame++) {
    if (isZstdFrame(bytes)) return 'zstd'
    // LZ4 has the same frames to skip: what follows them tells.
    if (!isSkippableFrame(bytes)) return null
    at += 8 + readU32Le(bytes, 4)
    bytes = await source.read(at, 10)
  }
  return null
}

/**
 * Unpacks a whole stream to scratch space: these formats allow no reading from the middle. What a stream that is cut
 * short or damaged gives before it fails is kept, with a diagnostic.
 * @throws {NotAnImageError} `NOTHING_READABLE` where that is nothing, `UNSUPPORTED_CONTAINER`
 */
export async function unpackStream(
  source: ByteSource,
  format: StreamFormat,
  options: OpenImageOptions,
  log: DiagnosticLog,
): Promise<ByteSource> {
  const { openScratch, signal, onUnpackProgress, name } = options
  if (openScratch === undefined) {
    throw new NotAnImageError('UNSUPPORTED_CONTAINER', `“${name}” is compressed as a whole and must be unpacked first.`)
  }
  const scratch = await openScratch(name.replace(/\.(gz|xz|zst|bz2)$/i, ''), BYTE_LIMIT)
  let position = 0
  const wrong = (problem: string): void => {
    log.damage('STREAM_DAMAGED', `“${name}” may be damaged: ${problem}`)
  }
  const input = new StreamInput(async () => {
    signal?.throwIfAborted()
    const bytes = await (source.readChecked?.(position, CHUNK_LENGTH, wrong) ?? source.read(position, CHUNK_LENGTH))
    position += bytes.byteLength
    onUnpackProgress?.(position, source.byteLength)
    return bytes
  })
  let written = 0
  let start = 0
  const suspects: Suspect[] = []
  const report: StreamReport = {
    begins: () => {
      start = written
    },
    suspect: (what) => {
      suspects.push({ from: start, to: written, problem: `“${name}” does not give its own ${what}.` })
      log.damage('STREAM_SUM_WRONG', `“${name}” is damaged: what it unpacks to does not give its own ${what}.`)
    },
    trailing: (byteLength, isPadding) => {
      const bytes = byteLength === 1 ? '1 byte follows' : `${byteLength} bytes follow`
      if (!isPadding) log.warn('BYTES_AFTER_STREAM', `${bytes} the end of the compressed stream in “${name}”.`)
    },
  }
  try {
    try {
      for await (const bytes of DECODERS[format](input, report)) {
        if (written === 0 && matchesAscii(bytes, 257, 'ustar')) {
          throw new NotAnImageError('NOT_AN_IMAGE', `“${name}” is a compressed TAR archive, not a disc image.`)
        }
        written += bytes.byteLength
        if (written > BYTE_LIMIT) {
          throw new NotAnImageError('UNSUPPORTED_CONTAINER', `“${name}” unpacks to more than any disc holds.`)
        }
        await scratch.write(bytes)
      }
    } catch (error) {
      if (!(error instanceof StreamError)) throw error
      takeWhatThereIs(error, name, written, log)
      // Where the fault was noticed is not where it is: all that is vouched for together may be wrong.
      if (error.kind === 'damaged') suspects.push({ from: start, to: written, problem: `“${name}” is damaged.` })
    }
    const unpacked = await scratch.finish()
    return suspects.length === 0 ? unpacked : new SuspectSource(unpacked, suspects)
  } catch (error) {
    await scratch.discard()
    if (error instanceof NotAnImageError || error instanceof SourceError || signal?.aborted === true) throw error
    if ((error as { code?: unknown }).code !== undefined) throw error
    throw new SourceError('SOURCE_UNREADABLE', `“${name}” is damaged: it does not unpack.`, { cause: error })
  }
}

/** @throws {NotAnImageError} where nothing was unpacked, or what is in the stream is not read here */
function takeWhatThereIs(error: StreamError, name: string, written: number, log: DiagnosticLog): void {
  if (error.kind === 'unsupported') {
    throw new NotAnImageError('UNSUPPORTED_CONTAINER', `“${name}” cannot be opened. ${error.message} Unpack it first.`)
  }
  const what = error.kind === 'cut' ? 'is cut short' : 'is damaged'
  if (written === 0) {
    throw new NotAnImageError('NOTHING_READABLE', `“${name}” ${what}: nothing of it can be unpacked. Download it anew.`)
  }
  const code = error.kind === 'cut' ? 'STREAM_CUT_SHORT' : 'STREAM_DAMAGED'
  log.damage(code, `“${name}” ${what}: only its first ${written} bytes could be unpacked.`)
}
