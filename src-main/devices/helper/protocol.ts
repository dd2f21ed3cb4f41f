import type { Details } from '../../../src-shared/model/reasons'
import type { Duplex } from 'node:stream'
import type { InUse } from '../drive'
import type { DriveIdentity } from '../identity'

/** What the helper is asked, in order; each is answered once. Offsets and lengths are in bytes of the drive. */
export type Request =
  /** First of all: opens the drive that was confirmed, or refuses. */
  | { op: 'open'; identity: DriveIdentity; isFixedAllowed: boolean; inUse: InUse[] }
  /** Empties both ends, and finds out whether the drive is as large as it says. */
  | { op: 'prepare' }
  /** The frame’s bytes, to be written at `at`; those of the first MiB are kept until `head`. */
  | { op: 'write'; at: number }
  /** The same out of the descriptor that the helper was started with. */
  | { op: 'copy'; from: number; at: number; byteLength: number }
  /** Puts everything on the medium; and reads all back but the first MiB, which is not there yet. */
  | { op: 'flush'; isChecked: boolean }
  /** Writes the first MiB, the last step. */
  | { op: 'head'; isChecked: boolean }
  | { op: 'read'; at: number; byteLength: number }

/** Sent while something else is done: it ends at the next piece. */
export interface Stop {
  op: 'stop'
}

export interface Answers {
  open: { byteLength: number; isDirect: boolean; unmounted: string[] }
  prepare: null
  write: null
  copy: null
  /** The range that differs first; null where none does. `sha256` of all that was written, in hexadecimal. */
  flush: { different: DriveRange | null; sha256: string; bytesChecked: number }
  head: { different: DriveRange | null; bytesChecked: number }
  /** The frame’s bytes. */
  read: null
}

export interface DriveRange {
  byteOffset: number
  byteLength: number
}

export interface Failure {
  code: string
  message: string
  byteOffset: number | null
  details?: Details
}

export type Reply = { answer: Answers[keyof Answers] } | { failure: Failure } | { bytesDone: number }

export interface Hello {
  secret: string
}

const LENGTHS = 8
/** Longer ones are no frames of ours. */
const HEADER_LIMIT = 1 << 20
export const PAYLOAD_LIMIT = 4 << 20
/** What is read of the socket at once. */
export const READ_LENGTH = 1 << 18
/** The last that is written of a drive, so that a half-written one never looks whole. */
export const HEAD_LENGTH = 1 << 20
export const SOCKET_NAME = 'socket'
export const SECRET_NAME = 'secret'

/** Messages over a stream: two lengths, JSON, bytes. What comes is fed to it, and may be overwritten afterwards. */
export class Frames {
  private readonly lengths = Buffer.alloc(LENGTHS)
  private json = Buffer.alloc(0)
  private payload: Buffer = Buffer.alloc(0)
  /** How much of the frame that is coming is there. */
  private filled = 0
  /** Payloads of full length that nobody needs any more: a drive’s worth of new ones would take memory for long. */
  private readonly spare: Buffer[] = []

  /** @param onFrame told every message, in order @param onBroken told when what comes is none */
  constructor(
    private readonly stream: Duplex,
    private readonly onFrame: (message: unknown, payload: Buffer) => void,
    private readonly onBroken: () => void,
  ) {}

  /** Takes what has come. */
  feed(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.byteLength;) {
      const part = this.part()
      const length = Math.min(part.buffer.byteLength - part.from, bytes.byteLength - at)
      part.buffer.set(bytes.subarray(at, at + length), part.from)
      this.filled += length
      at += length
      if (!this.advance()) {
        this.onBroken()
        return
      }
    }
  }

  /** Gives a payload back that has been dealt with. */
  release(payload: Buffer): void {
    if (payload.byteLength === PAYLOAD_LIMIT) this.spare.push(payload)
  }

  /** Answers whether more may be sent at once; otherwise the stream tells `drain`. */
  send(message: unknown, payload: Uint8Array = new Uint8Array(0)): boolean {
    const json = Buffer.from(JSON.stringify(message), 'utf8')
    const lengths = Buffer.alloc(LENGTHS)
    lengths.writeUInt32LE(json.byteLength, 0)
    lengths.writeUInt32LE(payload.byteLength, 4)
    this.stream.cork()
    this.stream.write(lengths)
    const isFree = this.stream.write(json)
    const isEmpty = payload.byteLength === 0 || this.stream.write(payload)
    this.stream.uncork()
    return isFree && isEmpty
  }

  /** The buffer that the next byte goes to, and where. */
  private part(): { buffer: Buffer; from: number } {
    const { lengths, json, payload, filled } = this
    if (filled < LENGTHS) return { buffer: lengths, from: filled }
    const inJson = filled - LENGTHS
    return inJson < json.byteLength
      ? { buffer: json, from: inJson }
      : { buffer: payload, from: inJson - json.byteLength }
  }

  /** Looks at what is complete. @returns false where it is no frame */
  private advance(): boolean {
    if (this.filled === LENGTHS) {
      const [json, payload] = [this.lengths.readUInt32LE(0), this.lengths.readUInt32LE(4)]
      if (json === 0 || json > HEADER_LIMIT || payload > PAYLOAD_LIMIT) return false
      this.json = Buffer.allocUnsafe(json)
      this.payload = (payload === PAYLOAD_LIMIT ? this.spare.pop() : undefined) ?? Buffer.allocUnsafeSlow(payload)
    }
    if (this.filled < LENGTHS || this.filled < LENGTHS + this.json.byteLength + this.payload.byteLength) return true
    this.filled = 0
    const { payload } = this
    let message: unknown
    try {
      message = JSON.parse(this.json.toString('utf8'))
    } catch {
      return false
    }
    this.onFrame(message, payload)
    return true
  }
}
