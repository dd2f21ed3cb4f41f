import { createHash } from 'node:crypto'
import fs from 'node:fs'
import { promisify } from 'node:util'
import { DeviceError } from '../device-error'
import { alignedMemory, GRANULE, type Medium } from './medium'
import { HEAD_LENGTH, PAYLOAD_LIMIT, type DriveRange } from './protocol'

const readAt = promisify(fs.read)

/** So much is read, written and summed at once. */
const PIECE_LENGTH = PAYLOAD_LIMIT

interface Piece extends DriveRange {
  /** SHA-256 of everything that was written up to its end, in order. */
  digest: string
}

/**
 * What is written to a drive, with its sums, so that all of it can be read back. The first MiB is only remembered until
 * everything else is there.
 */
export class Written {
  private readonly hash = createHash('sha256')
  private readonly pieces: Piece[] = []
  private readonly head: Buffer
  /** One is filled, one summed, one written at a time. */
  private readonly buffers = [1, 2, 3].map(() => alignedMemory(PIECE_LENGTH))
  private turn = 0
  private pending: Promise<void> = Promise.resolve()
  private bytesDone = 0

  /** @param onProgress told bytes; throws where it is to end */
  constructor(
    private readonly medium: Medium,
    private readonly onProgress: (bytesDone: number) => void,
  ) {
    this.head = alignedMemory(Math.min(HEAD_LENGTH, medium.byteLength))
    this.head.fill(0)
  }

  /** @param bytes at most {@link PAYLOAD_LIMIT} @param at a multiple of {@link GRANULE} */
  async add(bytes: Uint8Array, at: number): Promise<void> {
    const buffer = this.next()
    buffer.set(bytes)
    await this.put(buffer, at, bytes.byteLength)
  }

  /** Copies out of a file, which need not be read by the program that asks. */
  async copy(descriptor: number, from: number, at: number, byteLength: number): Promise<void> {
    const lengthAt = (done: number): number => Math.min(PIECE_LENGTH, byteLength - done)
    let ahead = fill(descriptor, this.next(), from, lengthAt(0))
    for (let done = 0; done < byteLength;) {
      const length = lengthAt(done)
      const buffer = await ahead
      if (done + length < byteLength) {
        ahead = fill(descriptor, this.next(), from + done + length, lengthAt(done + length))
        // It is waited for with its turn, or not at all where the turn does not come.
        ahead.catch(() => undefined)
      }
      await this.put(buffer, at + done, length)
      done += length
    }
  }

  /** Waits for the last write. @throws {DeviceError} whatever it came to */
  async settle(): Promise<void> {
    await this.pending
    await this.medium.flush()
  }

  /** Until nothing is being written any more, however that came out. */
  async idle(): Promise<void> {
    await this.pending.catch(() => undefined)
  }

  /** SHA-256 of everything, in the order in which it came, in hexadecimal. */
  get sha256(): string {
    return this.hash.copy().digest('hex')
  }

  /**
   * Reads everything back from the medium, the first MiB out of memory.
   * @returns the piece that differs first; null where none does
   */
  async compare(): Promise<{ different: DriveRange | null; bytesChecked: number }> {
    const hash = createHash('sha256')
    let bytesChecked = 0
    this.bytesDone = 0
    let ahead: Promise<void> = this.fetch(0)
    ahead.catch(() => undefined)
    for (const [index, piece] of this.pieces.entries()) {
      await ahead
      const buffer = this.bufferAt(index)
      ahead = this.fetch(index + 1)
      ahead.catch(() => undefined)
      hash.update(buffer.subarray(0, piece.byteLength))
      if (hash.copy().digest('base64') !== piece.digest) {
        await ahead.catch(() => undefined)
        return { different: { byteOffset: piece.byteOffset, byteLength: piece.byteLength }, bytesChecked }
      }
      bytesChecked += piece.byteLength - this.ofHead(piece)
      this.report(piece.byteLength)
    }
    return { different: null, bytesChecked }
  }

  /** The last step. @returns what differs, if it is read back; the drive is then left empty */
  async writeHead(isChecked: boolean): Promise<{ different: DriveRange | null; bytesChecked: number }> {
    const { head, medium } = this
    await medium.write(head, 0)
    await medium.flush()
    if (!isChecked) return { different: null, bytesChecked: 0 }
    const read = this.bufferAt(0).subarray(0, head.byteLength)
    await medium.read(read, 0)
    if (!read.equals(head)) {
      const at = read.findIndex((byte, i) => byte !== head[i])
      await medium.write(read.fill(0), 0)
      await medium.flush()
      return { different: { byteOffset: at, byteLength: 1 }, bytesChecked: head.byteLength }
    }
    return { different: null, bytesChecked: this.pieces.reduce((sum, piece) => sum + this.ofHead(piece), 0) }
  }

  /** The buffer that nothing is being written from. */
  private next(): Buffer {
    this.turn = (this.turn + 1) % this.buffers.length
    return this.bufferAt(this.turn)
  }

  private bufferAt(index: number): Buffer {
    return this.buffers[index % this.buffers.length] ?? alignedMemory(PIECE_LENGTH)
  }

  /** Sums a piece while the one before is still being written, then has it written. */
  private async put(buffer: Buffer, at: number, byteLength: number): Promise<void> {
    if (at % GRANULE !== 0) throw new DeviceError('BAD_REQUEST', `Nothing can be written at byte ${at}.`, at)
    const padded = Math.min(Math.ceil(byteLength / GRANULE) * GRANULE, this.medium.byteLength - at)
    if (padded < byteLength)
      throw new DeviceError('DRIVE_TOO_SMALL', `${this.medium.path} ends at byte ${this.medium.byteLength}.`, at)
    buffer.fill(0, byteLength, padded)
    this.hash.update(buffer.subarray(0, byteLength))
    this.pieces.push({ byteOffset: at, byteLength, digest: this.hash.copy().digest('base64') })
    const ofHead = Math.max(0, Math.min(this.head.byteLength - at, padded))
    buffer.copy(this.head, at, 0, ofHead)
    await this.pending
    this.pending = ofHead < padded ? this.medium.write(buffer.subarray(ofHead, padded), at + ofHead) : Promise.resolve()
    // It is waited for with the next piece, or at the end.
    this.pending.catch(() => undefined)
    this.report(byteLength)
  }

  private ofHead({ byteOffset, byteLength }: DriveRange): number {
    return Math.max(0, Math.min(this.head.byteLength - byteOffset, byteLength))
  }

  /** Reads a piece back into its buffer. */
  private async fetch(index: number): Promise<void> {
    const piece = this.pieces[index]
    if (piece === undefined) return
    const { byteOffset: at, byteLength } = piece
    const buffer = this.bufferAt(index)
    const padded = Math.min(Math.ceil(byteLength / GRANULE) * GRANULE, this.medium.byteLength - at)
    const ofHead = Math.min(this.ofHead({ byteOffset: at, byteLength: padded }), padded)
    if (ofHead > 0) this.head.copy(buffer, 0, at, at + ofHead)
    if (ofHead < padded) await this.medium.read(buffer.subarray(ofHead, padded), at + ofHead)
  }

  private report(byteLength: number): void {
    this.bytesDone += byteLength
    this.onProgress(this.bytesDone)
  }
}

/** Reads a piece of the image. @throws {DeviceError} `SOURCE_CHANGED` where there is less than there was, `SOURCE_UNREADABLE` */
async function fill(descriptor: number, buffer: Buffer, from: number, byteLength: number): Promise<Buffer> {
  for (let filled = 0; filled < byteLength;) {
    const at = from + filled
    const { bytesRead } = await readAt(descriptor, buffer, filled, byteLength - filled, at).catch((error: unknown) => {
      throw unreadable(error, at)
    })
    if (bytesRead === 0)
      throw new DeviceError('SOURCE_CHANGED', 'The image became shorter while it was read; nothing of it is complete.')
    filled += bytesRead
  }
  return buffer
}

/** The image, not the drive. */
function unreadable(error: unknown, at: number): DeviceError {
  const { code, message } = error as NodeJS.ErrnoException
  return new DeviceError(
    'SOURCE_UNREADABLE',
    `The image cannot be read at byte ${at} (${code ?? message}): its own disk is damaged, or went away. The drive is empty now; write to it again.`,
    at,
  )
}
