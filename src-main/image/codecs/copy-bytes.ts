/** From so many bytes on the engine’s own copying is worth its call, and the view that it needs. */
const WORTH_A_CALL = 64

/** Copies literals: bytes of the input, to where the output goes on. Both must have so many. */
export function copyLiterals(out: Uint8Array, to: number, packed: Uint8Array, from: number, count: number): void {
  if (count >= WORTH_A_CALL) out.set(new Uint8Array(packed.buffer, packed.byteOffset + from, count), to)
  else for (let i = 0; i < count; i++) out[to + i] = packed[from + i] ?? 0
}

/**
 * Copies a match: what was given out `distance` bytes before, which may reach into what is being written.
 * @param distance 1 and more, at most `to`; the output must have `count` more bytes
 */
export function copyMatch(out: Uint8Array, to: number, distance: number, count: number): void {
  if (count >= WORTH_A_CALL) copyLong(out, to, distance, count)
  else for (let at = to, source = to - distance; at < to + count;) out[at++] = out[source++] ?? 0
}

/** Repeats what lies before, twice as much each time. */
function copyLong(out: Uint8Array, to: number, distance: number, count: number): void {
  if (distance === 1) {
    out.fill(out[to - 1] ?? 0, to, to + count)
    return
  }
  const from = to - distance
  for (let done = 0; done < count;) {
    const length = Math.min(distance + done, count - done)
    out.copyWithin(to + done, from, from + length)
    done += length
  }
}
