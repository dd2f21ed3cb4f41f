/** Targets that were used within so many bytes tell that code is near. */
const TARGET_WINDOW = 65_535
/** So far behind such a target addresses are translated; half as far for calls. */
const REACH = 1023
/** No operation begins in the last bytes. */
const TAIL = 16

const targets = new Int32Array(1 << 16)
/** What an operation may begin with; hardly a byte does. */
const IS_OPCODE = new Uint8Array(256)
for (const opcode of [0x48, 0x4c, 0xe8, 0xe9, 0xf0, 0xff]) IS_OPCODE[opcode] = 1

/**
 * Makes the absolute addresses in x86 code relative again, in place, wherever whoever packed the chunk took the bytes for
 * code: behind an address that had been used before.
 */
export function undoX86(bytes: Uint8Array): void {
  const end = bytes.byteLength - TAIL
  if (end <= 1) return
  targets.fill(-TARGET_WINDOW - 1)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let lastCode = -REACH - 1
  // The first byte is never looked at.
  for (let at = 1; at < end; at++) {
    const opcode = bytes[at] ?? 0
    if (IS_OPCODE[opcode] === 0) continue
    if (opcode === 0xe9) {
      at += 4
      continue
    }
    const length = operationLength(bytes, at, opcode)
    if (length === 0) continue
    const reach = opcode === 0xe8 ? REACH >> 1 : REACH
    let operand = view.getInt32(at + length, true)
    if (at - lastCode <= reach) {
      operand = (operand - at) | 0
      view.setInt32(at + length, operand, true)
    }
    const target = (at + operand) & 0xffff
    at += length + 3
    if (at - (targets[target] ?? 0) <= TARGET_WINDOW) lastCode = at
    targets[target] = at
  }
}

/** Bytes in front of the address of an operation that has one; 0 for all others. */
function operationLength(bytes: Uint8Array, at: number, opcode: number): number {
  const second = bytes[at + 1] ?? 0
  const third = bytes[at + 2] ?? 0
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
