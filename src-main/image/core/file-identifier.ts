/** ECMA-119 7.5.1: where a name ends once `;version` and a dot without extension are taken off. */
export function plainNameEnd(bytes: Uint8Array, from: number, to: number): number {
  let end = to
  for (let at = to - 1; at > from && to - at <= 6; at--) {
    const byte = bytes[at] ?? 0
    if (byte === 0x3b) {
      if (at < to - 1) end = at
      break
    }
    if (byte < 0x30 || byte > 0x39) break
  }
  // `FILE.;1` has an empty extension; a name of dots alone keeps them.
  if (end - from > 1 && bytes[end - 1] === 0x2e && bytes[end - 2] !== 0x2e) end--
  return end
}

/** The number behind the `;` somewhere in the range; 1 where there is none. */
export function readVersion(bytes: Uint8Array, from: number, to: number): number {
  let at = from
  while (at < to && bytes[at] !== 0x3b) at++
  let version = 0
  for (at++; at < to; at++) version = version * 10 + ((bytes[at] ?? 0x30) - 0x30)
  return version > 0 ? version : 1
}
