import { because } from '../../../../src-shared/model'
import { matchesAscii } from '../../core/byte-reader'
import { SourceError, type ByteSource } from '../../core/byte-source'
import type { DiagnosticLog } from '../../core/diagnostic-log'
import { NotAnImageError, type ScratchFile } from '../../core/disc-image'
import type { ContainerContext } from '../container'
import { StreamError, StreamInput, type StreamReport } from './stream-input'
import { SuspectSource, type Suspect } from './suspect-source'
import { concatenated, copied } from '../../core/copied'

const CHUNK_LENGTH = 1024 * 1024
/** How much of an unpacked stream tells what it is: the anchors of UDF lie within, whatever the block size. In bytes. */
const BEGINNING_BYTES = 4 << 20
/** The largest disc there is (BDXL, 128 GB) fits, and a bomb does not fill the machine. */
const BYTE_LIMIT = 160 * 1024 ** 3
/** How a stream is decoded: what it gives, in order, each piece good until the next. */
export type StreamDecoder = (input: StreamInput, report: StreamReport) => AsyncIterable<Uint8Array>

/**
 * Unpacks a whole stream to scratch space: these formats allow no reading from the middle. What a stream that is cut
 * short or damaged gives before it fails is kept, with a diagnostic.
 * @throws {NotAnImageError} `NOTHING_READABLE` where that is nothing, `UNSUPPORTED_CONTAINER`
 */
export async function unpackStream(
  source: ByteSource,
  decode: StreamDecoder,
  innerName: string,
  context: ContainerContext,
): Promise<ByteSource> {
  const { name, log } = context
  const { openScratch, signal, onUnpackProgress } = context.options
  if (openScratch === undefined) {
    throw new NotAnImageError('UNSUPPORTED_CONTAINER', `“${name}” is compressed as a whole and must be unpacked first.`)
  }
  const unpacked = new Unpacked(() => openScratch(innerName, BYTE_LIMIT), context)
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
  let isBroken = false
  const suspects: Suspect[] = []
  const counts = { begun: 0, proven: 0 }
  const report: StreamReport = {
    begins: () => {
      start = written
      counts.begun++
    },
    proven: () => {
      counts.proven++
    },
    suspect: (what) => {
      suspects.push({ from: start, to: written, problem: `“${name}” does not give its own ${what}.` })
      log.damage('STREAM_SUM_WRONG', `“${name}” is damaged: what it unpacks to does not give its own ${what}.`)
    },
    trailing: (byteLength, isPadding) => {
      const bytes = byteLength === 1 ? '1 byte follows' : `${byteLength} bytes follow`
      if (!isPadding) log.warn('BYTES_AFTER_STREAM', `${bytes} the end of the compressed stream in “${name}”.`)
    },
    lost: (sentence) => {
      log.damage('ARCHIVE_UNREAD', sentence)
    },
  }
  try {
    try {
      for await (const bytes of decode(input, report)) {
        // Little may unpack to very much, of which nothing more is read.
        signal?.throwIfAborted()
        written += bytes.byteLength
        if (written > BYTE_LIMIT) {
          throw new NotAnImageError('UNSUPPORTED_CONTAINER', `“${name}” unpacks to more than any disc holds.`)
        }
        await unpacked.add(bytes)
      }
    } catch (error) {
      if (!(error instanceof StreamError)) throw error
      isBroken = true
      takeWhatThereIs(error, name, written, log)
      // Where the fault was noticed is not where it is: all that is vouched for together may be wrong.
      if (error.kind === 'damaged') suspects.push({ from: start, to: written, problem: `“${name}” is damaged.` })
    }
    const whole = await unpacked.finish()
    const isProven = counts.begun > 0 && counts.proven === counts.begun && !isBroken
    if (isProven && suspects.length === 0) log.fits('packed')
    return suspects.length === 0 ? whole : new SuspectSource(whole, suspects)
  } catch (error) {
    await unpacked.discard()
    if (error instanceof NotAnImageError || error instanceof SourceError || signal?.aborted === true) throw error
    if ((error as { code?: unknown }).code !== undefined) throw error
    throw new SourceError('CONTENT_DAMAGED', `“${name}” is damaged: it does not unpack.`, {
      cause: error,
      details: because('doesNotUnpack', { name }),
    })
  }
}

/** What was unpacked so far: its beginning in memory until it is known to be one of an image, all of it on disk then. */
class Unpacked {
  private readonly beginning: Uint8Array[] = []
  private beginningBytes = 0
  private scratch: ScratchFile | null = null

  constructor(
    private readonly open: () => Promise<ScratchFile>,
    private readonly context: ContainerContext,
  ) {}

  async add(bytes: Uint8Array): Promise<void> {
    if (this.scratch !== null) {
      await this.scratch.write(bytes)
      return
    }
    // A decoder may use its buffer again.
    this.beginning.push(copied(bytes))
    this.beginningBytes += bytes.byteLength
    if (this.beginningBytes < BEGINNING_BYTES) return
    const start = concatenated(this.beginning)
    this.assertNoTar(start)
    this.scratch = await this.open()
    await this.context.assertBeginsLikeImage(start, this.scratch.room?.() ?? '')
    await this.scratch.write(start)
    this.beginning.length = 0
  }

  async finish(): Promise<ByteSource> {
    if (this.beginning[0]) this.assertNoTar(concatenated(this.beginning))
    this.scratch ??= await this.open()
    for (const bytes of this.beginning) await this.scratch.write(bytes)
    return this.scratch.finish()
  }

  async discard(): Promise<void> {
    await this.scratch?.discard()
  }

  private assertNoTar(start: Uint8Array): void {
    if (matchesAscii(start, 257, 'ustar'))
      throw new NotAnImageError(
        'NOT_AN_IMAGE',
        `“${this.context.name}” is a compressed TAR archive, not a disc image.`,
        because('packsNoImage', { name: this.context.name }),
      )
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
  log.damage(
    code,
    `“${name}” ${what}: only its first ${written} bytes could be unpacked.`,
    undefined,
    because('firstBytesOnly', { name, written }),
  )
}
