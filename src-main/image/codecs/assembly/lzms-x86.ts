/** Targets that were used within so many bytes tell that code is near. */
const TARGET_WINDOW: i32 = 65535
/** So far behind such a target addresses are translated; half as far for calls. */
const REACH: i32 = 1023
/** No operation begins in the last bytes. */
export const TAIL: u32 = 16
/** Bytes of the memory that it needs: a place for each of 2¹⁶ targets. */
export const TARGETS_SIZE: u32 = 4 << 16

/**
 * Makes the absolute addresses in x86 code relative again, in place, wherever whoever packed the chunk took the bytes for
 * code: behind an address that had been used before.
 */
export function undoX86(bytes: usize, byteLength: u32, targets: usize): void {
  if (byteLength <= TAIL + 1) return
  const end = <i32>(byteLength - TAIL)
  const none = i32x4.splat(-TARGET_WINDOW - 1)
  for (let at: usize = 0; at < TARGETS_SIZE; at += 16) v128.store(targets + at, none)
  let lastCode = -REACH - 1
  // The first byte is never looked at.
  for (let at = 1; at < end; at++) {
    // Sixteen bytes at a time: hardly one begins an operation.
    const found = i8x16.bitmask(opcodes(v128.load(bytes + at)))
    if (found === 0) {
      at += 15
      continue
    }
    at += ctz<i32>(found)
    if (at >= end) return
    const opcode: u32 = load<u8>(bytes + at)
    if (opcode === 0xe9) {
      at += 4
      continue
    }
    const length = operationLength(opcode, load<u8>(bytes + at + 1), load<u8>(bytes + at + 2))
    if (length === 0) continue
    const place = bytes + at + length
    let operand = load<i32>(place)
    if (at - lastCode <= (opcode === 0xe8 ? REACH >> 1 : REACH)) {
      operand -= at
      store<i32>(place, operand)
    }
    const target = targets + (((at + operand) & 0xffff) << 2)
    at += length + 3
    if (at - load<i32>(target) <= TARGET_WINDOW) lastCode = at
    store<i32>(target, at)
  }
}

/** All ones where a byte may begin an operation: 48 or 4c, e8 or e9, f0, ff. */
function opcodes(bytes: v128): v128 {
  const loads = i8x16.eq(v128.and(bytes, i8x16.splat(<i8>0xfb)), i8x16.splat(0x48))
  const calls = i8x16.eq(v128.and(bytes, i8x16.splat(<i8>0xfe)), i8x16.splat(<i8>0xe8))
  const locked = i8x16.eq(bytes, i8x16.splat(<i8>0xf0))
  const indirect = i8x16.eq(bytes, i8x16.splat(<i8>0xff))
  return v128.or(v128.or(loads, calls), v128.or(locked, indirect))
}

/** Bytes in front of the address of an operation that has one; 0 for all others. */
function operationLength(opcode: u32, second: u32, third: u32): i32 {
  switch (opcode) {
    // Load, or load the address, relative to the next operation (x86-64).
    case 0x48:
      if (second === 0x8b) return (third & 0xf7) === 5 ? 3 : 0
      return second === 0x8d && (third & 7) === 5 ? 3 : 0
    case 0x4c:
      return second === 0x8d && (third & 7) === 5 ? 3 : 0
    case 0xe8:
      return 1
    case 0xf0:
      return second === 0x83 && third === 5 ? 3 : 0
    case 0xff:
      return second === 0x15 ? 2 : 0
    default:
      return 0
  }
}
