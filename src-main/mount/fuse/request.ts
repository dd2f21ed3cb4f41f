import { Length } from './protocol'

/** `fuse_in_header`, with what follows it. */
export interface Request {
  opcode: number
  /** As its two halves: it goes back as it came. */
  uniqueLow: number
  uniqueHigh: number
  /** NaN where it is beyond any number that was given out. */
  node: number
  body: Buffer
}

/** Null where it is shorter than its header, or than it says. @param bytes what one read(2) gave */
export function readRequest(bytes: Buffer): Request | null {
  if (bytes.byteLength < Length.inHeader) return null
  const length = bytes.readUInt32LE(0)
  if (length < Length.inHeader || length > bytes.byteLength) return null
  return {
    opcode: bytes.readUInt32LE(4),
    uniqueLow: bytes.readUInt32LE(8),
    uniqueHigh: bytes.readUInt32LE(12),
    node: readU64(bytes, 16),
    body: bytes.subarray(Length.inHeader, length),
  }
}

/** A number of 64 bits; NaN where it is none that can be counted to. */
export function readU64(bytes: Buffer, at: number): number {
  const value = bytes.readUInt32LE(at + 4) * 2 ** 32 + bytes.readUInt32LE(at)
  return Number.isSafeInteger(value) ? value : NaN
}

/** The bytes of a name that ends with NUL and with the request; null where it does not. */
export function readName(body: Buffer): Buffer | null {
  const end = body.indexOf(0)
  return end < 1 || end !== body.byteLength - 1 ? null : body.subarray(0, end)
}

/** `fuse_read_in`, which READ, READDIR and READDIRPLUS share. Null where it is too short or no such place can be. */
export function readReadIn(body: Buffer): { handle: number; byteOffset: number; byteLength: number } | null {
  if (body.byteLength < Length.readIn) return null
  const byteOffset = readU64(body, 8)
  return Number.isNaN(byteOffset) ? null : { handle: readU64(body, 0), byteOffset, byteLength: body.readUInt32LE(16) }
}
