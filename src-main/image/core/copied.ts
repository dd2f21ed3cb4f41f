/** A copy of bytes. `slice` is none where they are a `Buffer`: its answer shares their memory. */
export function copied(bytes: Uint8Array, from = 0, to = bytes.byteLength): Uint8Array {
  return new Uint8Array(bytes.subarray(from, to))
}

/** Bytes one behind the other, in memory of their own. */
export function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.byteLength
  }
  return out
}
