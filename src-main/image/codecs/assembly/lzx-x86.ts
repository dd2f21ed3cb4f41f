/** What x86 calls are translated against, in every chunk of a WIM. */
const TRANSLATION_SIZE: i32 = 12000000
const CALL: u8 = 0xe8
/** No call begins in the last bytes. */
const TAIL: u32 = 10

/** Targets of x86 calls are recorded as places in a file of twelve million bytes, since those repeat more often. */
export function undoTranslation(out: usize, byteLength: u32): void {
  if (byteLength <= TAIL) return
  const end = out + byteLength - TAIL
  const calls = i8x16.splat(CALL)
  for (let at = out; at < end;) {
    // Sixteen bytes at a time: hardly one is a call.
    const found = i8x16.bitmask(i8x16.eq(v128.load(at), calls))
    if (found === 0) {
      at += 16
      continue
    }
    at += ctz<i32>(found)
    if (at >= end) return
    const place = <i32>(at - out)
    const target = load<i32>(at + 1)
    if (target >= 0 && target < TRANSLATION_SIZE) store<i32>(at + 1, target - place)
    else if (target < 0 && target >= -place) store<i32>(at + 1, target + TRANSLATION_SIZE)
    at += 5
  }
}
