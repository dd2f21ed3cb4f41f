/** CDs as bytes: sectors with their headers and sums (ECMA-130 14, CD-ROM XA II.4), and samples. */
import { SECTOR } from './iso-builder'

export const SYNC = [0, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0]
/** From a first session's end to the next one's first track: lead-out, lead-in and pause. */
export const SESSION_GAP = 11_400

/** The error detection code, a bit at a time. */
export function edc(bytes: Uint8Array): number[] {
  let code = 0
  for (const byte of bytes) {
    code ^= byte
    for (let bit = 0; bit < 8; bit++) code = (code & 1) !== 0 ? (code >>> 1) ^ 0xd8018001 : code >>> 1
  }
  return [code & 255, (code >>> 8) & 255, (code >>> 16) & 255, code >>> 24]
}

const bcd = (value: number): number => (Math.floor(value / 10) << 4) | (value % 10)

/** One sector of 2352 bytes at an address of the disc. `form` 2 holds up to 2324 bytes. */
export function sector(data: Uint8Array, address: number, mode: 1 | 2, form: 1 | 2 = 1): Uint8Array {
  const out = new Uint8Array(2352)
  const frame = address + 150
  out.set([...SYNC, bcd(Math.floor(frame / 4500) % 100), bcd(Math.floor(frame / 75) % 60), bcd(frame % 75), mode])
  if (mode === 1) {
    out.set(data, 16)
    out.set(edc(out.subarray(0, 2064)), 2064)
  } else {
    const submode = form === 2 ? 0x20 : 0x08
    out.set([0, 0, submode, 0, 0, 0, submode, 0], 16)
    out.set(data, 24)
    const end = form === 2 ? 2348 : 2072
    out.set(edc(out.subarray(16, end)), end)
  }
  return out
}

/** Sectors around the blocks of an image, with right sums. */
export function sectors(image: Uint8Array, address = 0, mode: 1 | 2 = 1): Uint8Array {
  const count = Math.ceil(image.byteLength / SECTOR)
  return new Uint8Array(
    Buffer.concat(
      Array.from({ length: count }, (_, i) =>
        sector(image.subarray(i * SECTOR, (i + 1) * SECTOR), address + i, mode),
      ),
    ),
  )
}

/** Samples that are nothing like data, `count` sectors of them. */
export function samples(count: number, seed = 1): Uint8Array {
  return Uint8Array.from({ length: count * 2352 }, (_, index) => (index * 7 + seed * 31) % 251)
}

/** `mm:ss:ff`. */
export function time(frames: number): string {
  return [Math.floor(frames / 4500), Math.floor(frames / 75) % 60, frames % 75]
    .map((part) => String(part).padStart(2, '0'))
    .join(':')
}
