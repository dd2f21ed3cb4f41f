import { matchesAscii, readU32Le } from '../../core/byte-reader'
import { MemoryByteSource, SourceError, type ByteSource } from '../../core/byte-source'
import type { DiagnosticLog } from '../../core/diagnostic-log'
import { NotAnImageError, type OpenImageOptions, type ScratchFile } from '../../core/disc-image'
import { assertBeginsLikeImage, BEGINNING_BYTES } from './begins-like'
import { decodeBzip2 } from '../bzip2/bzip2'
import { decodeGzip } from '../gzip/gzip-stream'
import { StreamError, StreamInput, type StreamReport } from './stream-input'
import { SuspectSource, type Suspect } from './suspect-source'
import { decodeXz } from '../xz/xz-stream'
import { decodeZstd, isSkippableFrame, isZstdFrame } from '../zstd/zstd-stream'

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
  const unpacked = new Unpacked(() => openScratch(name.replace(/\.(gz|xz|zst|bz2)$/i, ''), BYTE_LIMIT), name)
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
        written += bytes.byteLength
        if (written > BYTE_LIMIT) {
          throw new NotAnImageError('UNSUPPORTED_CONTAINER', `“${name}” unpacks to more than any disc holds.`)
        }
        await unpacked.add(bytes)
      }
    } catch (error) {
      if (!(error instanceof StreamError)) throw error
      takeWhatThereIs(error, name, written, log)
      // Where the fault was noticed is not where it is: all that is vouched for together may be wrong.
      if (error.kind === 'damaged') suspects.push({ from: start, to: written, problem: `“${name}” is damaged.` })
    }
    const whole = await unpacked.finish()
    return suspects.length === 0 ? whole : new SuspectSource(whole, suspects)
  } catch (error) {
    await unpacked.discard()
    if (error instanceof NotAnImageError || error instanceof SourceError || signal?.aborted === true) throw error
    if ((error as { code?: unknown }).code !== undefined) throw error
    throw new SourceError('SOURCE_UNREADABLE', `“${name}” is damaged: it does not unpack.`, { cause: error })
  }
}

/** What was unpacked so far: its beginning in memory until it is known to be one of an image, all of it on disk then. */
class Unpacked {
  private readonly beginning: Uint8Array[] = []
  private beginningBytes = 0
  private scratch: ScratchFile | null = null

  constructor(
    private readonly open: () => Promise<ScratchFile>,
    private readonly name: string,
  ) {}

  async add(bytes: Uint8Array): Promise<void> {
    if (this.scratch !== null) {
      await this.scratch.write(bytes)
      return
    }
    // A decoder may use its buffer again.
    this.beginning.push(bytes.slice())
    this.beginningBytes += bytes.byteLength
    if (this.beginningBytes < BEGINNING_BYTES) return
    const start = joined(this.beginning, this.beginningBytes)
    this.assertNoTar(start)
    this.scratch = await this.open()
    // A stream in a stream is looked at when it is unpacked itself.
    if ((await detectStream(new MemoryByteSource(start))) === null)
      await assertBeginsLikeImage(start, this.name, this.scratch.room?.() ?? '')
    await this.scratch.write(start)
    this.beginning.length = 0
  }

  async finish(): Promise<ByteSource> {
    if (this.beginning[0]) this.assertNoTar(joined(this.beginning, this.beginningBytes))
    this.scratch ??= await this.open()
    for (const bytes of this.beginning) await this.scratch.write(bytes)
    return this.scratch.finish()
  }

  async discard(): Promise<void> {
    await this.scratch?.discard()
  }

  private assertNoTar(start: Uint8Array): void {
    if (matchesAscii(start, 257, 'ustar'))
      throw new NotAnImageError('NOT_AN_IMAGE', `“${this.name}” is a compressed TAR archive, not a disc image.`)
  }
}

function joined(parts: readonly Uint8Array[], byteLength: number): Uint8Array {
  const whole = new Uint8Array(byteLength)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.byteLength
  }
  return whole
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
