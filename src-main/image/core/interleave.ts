/** More runs than this and the file is not interleaved but an attack: 32 767 blocks are the most any disc needs. */
const RUN_LIMIT = 1 << 20

/** ECMA-119 6.4.3: file units of `unit` bytes with gaps of `gap` bytes between them, as pairs of start and length. */
export function readInterleavedRuns(start: number, byteLength: number, unit: number, gap: number): number[] {
  if (gap === 0) return [start, byteLength]
  const runs: number[] = []
  for (let done = 0, at = start; done < byteLength && runs.length < RUN_LIMIT; done += unit, at += unit + gap) {
    runs.push(at, Math.min(unit, byteLength - done))
  }
  return runs
}
