/** A copy of bytes. `slice` is none where they are a `Buffer`: its answer shares their memory. */
export function copied(bytes: Uint8Array, from = 0, to = bytes.byteLength): Uint8Array {
  return new Uint8Array(bytes.subarray(from, to))
}
