/** FAT 1.03, 6.5: years are counted from 1980 in seven bits, seconds in steps of two. */
const FIRST = Date.UTC(1980, 0, 1)
const LAST = Date.UTC(2107, 11, 31, 23, 59, 58)

/** A time as FAT and exFAT record it, in UTC; what lies outside what they can say is the nearest that they can. */
export function fatTime(milliseconds: number): { date: number; time: number } {
  const at = new Date(Math.min(Math.max(milliseconds, FIRST), LAST))
  return {
    date: ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate(),
    time: (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1),
  }
}
