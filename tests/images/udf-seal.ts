import { crcCcitt } from '../../src-main/image/core/crc-ccitt'

const SECTOR = 2048

/** Gives the descriptor at `at` the sums that it now has (ECMA-167 3/7.2). */
export function seal(bytes: Uint8Array, at: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at)
  const length = view.getUint16(10, true)
  view.setUint16(8, crcCcitt(bytes, at + 16, at + 16 + length), true)
  sealTag(bytes, at)
}

/** Gives the tag at `at` its own checksum alone: its CRC stays as it is. */
export function sealTag(bytes: Uint8Array, at: number): void {
  let sum = 0
  for (let i = 0; i < 16; i++) if (i !== 4) sum += bytes[at + i] ?? 0
  bytes[at + 4] = sum & 255
}

/** Where descriptors with that tag begin, from one sector of 2048 bytes on, in front of another. */
export function descriptorsOf(bytes: Uint8Array, id: number, first = 16, end = 272): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const found: number[] = []
  for (let at = first * SECTOR; at + SECTOR <= Math.min(end * SECTOR, bytes.byteLength); at += SECTOR)
    if (view.getUint16(at, true) === id && [2, 3].includes(view.getUint16(at + 2, true))) found.push(at)
  return found
}
