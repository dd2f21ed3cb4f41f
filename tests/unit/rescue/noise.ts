/** Bytes that look like chance and are the same every time. @param seed from 1 */
export function noise(byteLength: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(byteLength)
  let state = seed
  for (let i = 0; i < byteLength; i++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    bytes[i] = state >>> 16
  }
  return bytes
}
