/**
 * Filters for programs (.xz format 5.3.2): the encoder has made the targets of calls and jumps absolute, so that equal
 * ones are equal bytes; here they become relative again, in place.
 */
export interface BranchFilter {
  /**
   * @param bytes an instruction may be cut at their end
   * @param position of the first of them, in bytes from the start of the block and modulo 2³²
   * @returns how many are done: what follows is wanted again, with more behind it
   */
  undo(bytes: Uint8Array, position: number): number
}

/** How far from each other places that a filter starts at may be (`start offset`), and who undoes it. */
export interface BranchArchitecture {
  name: string
  alignment: number
  /** With a memory of its own where it needs one. */
  create: () => BranchFilter
}

/** By the filter's number (.xz format 5.3). */
export const ARCHITECTURES: Readonly<Record<number, BranchArchitecture>> = {
  0x04: { name: 'x86', alignment: 1, create: () => new X86Filter() },
  0x05: { name: 'PowerPC', alignment: 4, create: () => words(4, undoPowerPc) },
  0x06: { name: 'IA-64', alignment: 16, create: () => words(16, undoIa64) },
  0x07: { name: 'ARM', alignment: 4, create: () => words(4, undoArm) },
  0x08: { name: 'ARM-Thumb', alignment: 2, create: () => ({ undo: undoThumb }) },
  0x09: { name: 'SPARC', alignment: 4, create: () => words(4, undoSparc) },
  0x0a: { name: 'ARM64', alignment: 4, create: () => words(4, undoArm64) },
}

/** For instructions of one length, each of which tells by itself whether it is one. */
function words(length: number, undoOne: (view: DataView, at: number, position: number) => void): BranchFilter {
  return {
    undo(bytes, position) {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      let at = 0
      for (; at + length <= bytes.byteLength; at += length) undoOne(view, at, position + at)
      return at
    },
  }
}

/** `bl` with an absolute bit of 0 and a link bit of 1. */
function undoPowerPc(view: DataView, at: number, position: number): void {
  const word = view.getUint32(at)
  if ((word & 0xfc000003) >>> 0 !== 0x48000001) return
  view.setUint32(at, (((word & 0x03fffffc) - position) & 0x03fffffc) | 0x48000001)
}

/** `BL` without a condition; the counter is two instructions ahead. */
function undoArm(view: DataView, at: number, position: number): void {
  const word = view.getUint32(at, true)
  if (word >>> 24 !== 0xeb) return
  const target = ((word & 0xffffff) << 2) - (position + 8)
  view.setUint32(at, 0xeb000000 | ((target >>> 2) & 0xffffff), true)
}

/** `BL`, and `ADRP` with a page that is no farther than 512 MiB. */
function undoArm64(view: DataView, at: number, position: number): void {
  const word = view.getUint32(at, true)
  if (word >>> 26 === 0x25) {
    view.setUint32(at, 0x94000000 | ((word - (position >>> 2)) & 0x03ffffff), true)
    return
  }
  if ((word & 0x9f000000) >>> 0 !== 0x90000000) return
  const page = ((word >>> 29) & 3) | ((word >>> 3) & 0x1ffffc)
  if (((page + 0x020000) & 0x1c0000) !== 0) return
  const own = page - (position >>> 12)
  const sign = (own & 0x020000) === 0 ? 0 : 0xe00000
  view.setUint32(at, (word & 0x9000001f) | ((own & 3) << 29) | ((own & 0x03fffc) << 3) | sign, true)
}

/** `call` with a displacement that fits into 23 bits. */
function undoSparc(view: DataView, at: number, position: number): void {
  const word = view.getUint32(at)
  if (word >>> 22 !== 0x100 && word >>> 22 !== 0x1ff) return
  const own = ((word << 2) - position) >>> 2
  view.setUint32(at, (0x40000000 - (own & 0x400000)) | 0x40000000 | (own & 0x3fffff))
}

/** Which of a bundle's three slots may hold a branch, by its template: bits, the first slot's lowest. */
const BRANCH_SLOTS = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 4, 6, 6, 0, 0, 7, 7, 4, 4, 0, 0, 4, 4, 0, 0]

/** `br.call` in a bundle of three instructions of 41 bits each, behind a template of five. */
function undoIa64(view: DataView, at: number, position: number): void {
  const slots = BRANCH_SLOTS[view.getUint8(at) & 31] ?? 0
  for (let slot = 0; slot < 3; slot++) {
    if ((slots & (1 << slot)) === 0) continue
    const firstBit = 5 + slot * 41
    const place = at + (firstBit >>> 3)
    const shift = BigInt(firstBit & 7)
    const bits = BigInt(view.getUint32(place, true)) | (BigInt(view.getUint16(place + 4, true)) << 32n)
    let instruction = bits >> shift
    if (((instruction >> 37n) & 0xfn) !== 5n || ((instruction >> 9n) & 7n) !== 0n) continue
    const target = Number((instruction >> 13n) & 0xfffffn) | (Number((instruction >> 36n) & 1n) << 20)
    const own = BigInt(((target << 4) - position) >>> 4)
    instruction &= ~(0x8fffffn << 13n)
    instruction |= ((own & 0xfffffn) << 13n) | ((own & 0x100000n) << 16n)
    const joined = (bits & ((1n << shift) - 1n)) | (instruction << shift)
    view.setUint32(place, Number(joined & 0xffffffffn), true)
    view.setUint16(place + 4, Number((joined >> 32n) & 0xffffn), true)
  }
}

/** `BL` as a pair of halves; the counter is one pair ahead. */
function undoThumb(bytes: Uint8Array, position: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  for (; at + 4 <= bytes.byteLength; at += 2) {
    const high = view.getUint16(at, true)
    const low = view.getUint16(at + 2, true)
    if (high >>> 11 !== 0x1e || low >>> 11 !== 0x1f) continue
    const target = ((high & 0x7ff) << 11) | (low & 0x7ff)
    const own = ((target << 1) - (position + at + 4)) >>> 1
    view.setUint16(at, 0xf000 | ((own >>> 11) & 0x7ff), true)
    view.setUint16(at + 2, 0xf800 | (own & 0x7ff), true)
    at += 2
  }
  return at
}

/** Where such opcodes lie in the three bytes in front, a call is one no more (bits: the nearest lowest). */
const IS_CALL = [true, true, true, false, true, false, false, false]
/** Which byte of a target then tells whether it has been changed, counted from its highest. */
const TELLING_BYTE = [0, 1, 2, 2, 3, 3, 3, 3]

/** `CALL` and `JMP` with 32 bits, in instructions of any length: opcodes near one another are told apart by guesses. */
class X86Filter implements BranchFilter {
  /** Opcodes in the three bytes in front that were none. */
  private seen = 0

  undo(bytes: Uint8Array, position: number): number {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    let { seen } = this
    /** Of the opcode before this one: `seen` counts from it. */
    let last = -1
    let at = 0
    for (; at + 5 <= bytes.byteLength; at++) {
      if (((bytes[at] ?? 0) & 0xfe) !== 0xe8) continue
      seen = passed(seen, at - last)
      last = at
      const tells = bytes[at + 4 - (TELLING_BYTE[seen] ?? 0)] ?? 0
      if ((seen !== 0 && (IS_CALL[seen] !== true || isEnd(tells))) || !isEnd(bytes[at + 4] ?? 0)) {
        seen = (seen << 1) | 1
        continue
      }
      let target = view.getUint32(at + 1, true)
      const shift = (TELLING_BYTE[seen] ?? 0) * 8
      let own = (target - (position + at + 5)) >>> 0
      while (seen !== 0 && isEnd((own >>> (24 - shift)) & 255)) {
        target = (own ^ (2 ** (32 - shift) - 1)) >>> 0
        own = (target - (position + at + 5)) >>> 0
      }
      // The highest byte is what the bit below says: all zeros or all ones.
      view.setUint32(at + 1, (own & 0x00ffffff) | ((own & 0x01000000) === 0 ? 0 : 0xff000000), true)
      at += 4
      seen = 0
      last = at
    }
    this.seen = passed(seen, at - last)
    return at
  }
}

/** Targets that are near have highest bytes that are all zeros or all ones. */
function isEnd(byte: number): boolean {
  return byte === 0 || byte === 0xff
}

/** What is still within three bytes after so many more. */
function passed(seen: number, count: number): number {
  return count > 3 ? 0 : (seen << (count - 1)) & 7
}
