import type { PieceMaker } from '../../core/piece-list'

const BLOCK = 64
/** RFC 1320 3.4: which words each step of a round takes, and by how much it turns. */
const ORDER = [
  Uint8Array.from([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]),
  Uint8Array.from([0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15]),
  Uint8Array.from([0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15]),
] as const
const TURNS = [
  Uint8Array.from([3, 7, 11, 19]),
  Uint8Array.from([3, 5, 9, 13]),
  Uint8Array.from([3, 9, 11, 15]),
] as const
const ADDED = [0, 0x5a827999, 0x6ed9eba1] as const

/** MD4 (RFC 1320), which systems no longer have, and zsync still asks for. */
export class Md4 implements PieceMaker {
  private readonly state = Int32Array.from([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476])
  private readonly block = new Uint8Array(BLOCK)
  private readonly words = new Int32Array(16)
  private filled = 0
  private byteLength = 0

  update(bytes: Uint8Array): void {
    this.byteLength += bytes.byteLength
    for (let at = 0; at < bytes.byteLength;) {
      if (this.filled === 0 && bytes.byteLength - at >= BLOCK) {
        this.mix(bytes, at)
        at += BLOCK
        continue
      }
      const part = bytes.subarray(at, at + BLOCK - this.filled)
      this.block.set(part, this.filled)
      this.filled += part.byteLength
      at += part.byteLength
      if (this.filled === BLOCK) {
        this.mix(this.block, 0)
        this.filled = 0
      }
    }
  }

  digest(): Uint8Array {
    const bits = this.byteLength * 8
    const padding = new Uint8Array((this.filled < 56 ? 56 : 120) - this.filled + 8)
    padding[0] = 0x80
    const view = new DataView(padding.buffer)
    view.setUint32(padding.byteLength - 8, bits >>> 0, true)
    view.setUint32(padding.byteLength - 4, Math.floor(bits / 2 ** 32), true)
    this.update(padding)
    const out = new Uint8Array(16)
    const outView = new DataView(out.buffer)
    for (let i = 0; i < 4; i++) outView.setInt32(i * 4, this.state[i] ?? 0, true)
    return out
  }

  private mix(bytes: Uint8Array, at: number): void {
    const { state, words } = this
    for (let i = 0, from = at; i < 16; i++, from += 4)
      words[i] =
        (bytes[from] ?? 0) |
        ((bytes[from + 1] ?? 0) << 8) |
        ((bytes[from + 2] ?? 0) << 16) |
        ((bytes[from + 3] ?? 0) << 24)
    let [a = 0, b = 0, c = 0, d = 0] = state
    for (let round = 0; round < 3; round++) {
      const order = ORDER[round] ?? ORDER[0]
      const turns = TURNS[round] ?? TURNS[0]
      const added = ADDED[round] ?? 0
      for (let step = 0; step < 16; step++) {
        const mixed = round === 0 ? (b & c) | (~b & d) : round === 1 ? (b & c) | (b & d) | (c & d) : b ^ c ^ d
        const sum = (a + mixed + (words[order[step] ?? 0] ?? 0) + added) | 0
        const turn = turns[step & 3] ?? 0
        a = d
        d = c
        c = b
        b = (sum << turn) | (sum >>> (32 - turn))
      }
    }
    state[0] = ((state[0] ?? 0) + a) | 0
    state[1] = ((state[1] ?? 0) + b) | 0
    state[2] = ((state[2] ?? 0) + c) | 0
    state[3] = ((state[3] ?? 0) + d) | 0
  }
}
