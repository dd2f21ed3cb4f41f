import { readU32Le } from '../../core/byte-reader'
import { createHash } from '../../core/create-hash'
import type { ExtSuperblock } from './superblock'

/** Of longer names only so many bytes are shown, and the SHA-256 of the rest. */
const SHOWN_LENGTH = 149

/**
 * How Linux names a file in an encrypted directory that it has no key for (`fscrypt_nokey_name`): the hash of the recorded
 * name as its index has it, and the name itself, in base64 for URLs.
 */
export function encryptedName(name: Uint8Array, { hashSeed, flags }: ExtSuperblock): string {
  const hash = new Uint8Array(8)
  const view = new DataView(hash.buffer)
  const [major, minor] = halfMd4(name, hashSeed, (flags & 2) === 0)
  view.setUint32(0, major, true)
  view.setUint32(4, minor, true)
  const rest = name.subarray(SHOWN_LENGTH)
  const restSum = rest.byteLength === 0 ? rest : sha256(rest)
  return Buffer.concat([hash, name.subarray(0, SHOWN_LENGTH), restSum]).toString('base64url')
}

function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest()
}

/** `ext4fs_dirhash` with half MD4, the way of every volume that can be encrypted. */
function halfMd4(name: Uint8Array, seed: Uint8Array, isSigned: boolean): [major: number, minor: number] {
  const state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476]
  if (seed.some((byte) => byte !== 0)) for (let i = 0; i < 4; i++) state[i] = readU32Le(seed, i * 4)
  for (let at = 0; at < name.byteLength; at += 32) transform(state, words(name.subarray(at), isSigned))
  const major = (state[1] ?? 0) & ~1
  // The end of a directory has the greatest hash there is.
  return [(major >>> 0 === 0xfffffffe ? 0xfffffffc : major) >>> 0, (state[2] ?? 0) >>> 0]
}

/** `str2hashbuf`: eight words of four characters, padded with the length. */
function words(bytes: Uint8Array, isSigned: boolean): number[] {
  const pad = ((bytes.byteLength | (bytes.byteLength << 8)) & 0xffff) * 0x10001
  const length = Math.min(32, bytes.byteLength)
  const found: number[] = []
  let value = pad
  for (let i = 0; i < length; i++) {
    const byte = bytes[i] ?? 0
    value = ((isSigned ? (byte << 24) >> 24 : byte) + (value << 8)) | 0
    if (i % 4 === 3) {
      found.push(value)
      value = pad
    }
  }
  if (found.length < 8) found.push(value)
  while (found.length < 8) found.push(pad)
  return found
}

/** `half_md4_transform`: three rounds of eight. */
function transform(state: number[], input: readonly number[]): void {
  let [a = 0, b = 0, c = 0, d = 0] = state
  const rounds: [order: number[], shifts: number[], add: number, mix: (x: number, y: number, z: number) => number][] = [
    [[0, 1, 2, 3, 4, 5, 6, 7], [3, 7, 11, 19], 0, (x, y, z) => z ^ (x & (y ^ z))],
    [[1, 3, 5, 7, 0, 2, 4, 6], [3, 5, 9, 13], 0x5a827999, (x, y, z) => (x & y) + ((x ^ y) & z)],
    [[3, 7, 2, 6, 1, 5, 0, 4], [3, 9, 11, 15], 0x6ed9eba1, (x, y, z) => x ^ y ^ z],
  ]
  for (const [order, shifts, add, mix] of rounds) {
    for (const [step, at] of order.entries()) {
      const sum = (a + mix(b, c, d) + (input[at] ?? 0) + add) | 0
      const shift = shifts[step % 4] ?? 0
      const rotated = (sum << shift) | (sum >>> (32 - shift))
      ;[a, b, c, d] = [d, rotated, b, c]
    }
  }
  state[0] = ((state[0] ?? 0) + a) | 0
  state[1] = ((state[1] ?? 0) + b) | 0
  state[2] = ((state[2] ?? 0) + c) | 0
  state[3] = ((state[3] ?? 0) + d) | 0
}
