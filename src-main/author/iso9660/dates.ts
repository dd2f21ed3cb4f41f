/** ECMA-119 9.1.5: seven bytes, in UTC. Years before 1900 and after 2155 cannot be recorded and are left unset. */
export function directoryDate(milliseconds: number): Uint8Array {
  const date = new Date(milliseconds)
  const year = date.getUTCFullYear() - 1900
  if (!(year >= 0 && year <= 255)) return new Uint8Array(7)
  return Uint8Array.of(
    year,
    date.getUTCMonth() + 1,
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCSeconds(),
    0,
  )
}

/** ECMA-119 8.4.26.1: sixteen digits and the offset from UTC; null: not specified. */
export function volumeDate(milliseconds: number | null): Uint8Array {
  const bytes = new Uint8Array(17)
  const date = milliseconds === null ? null : new Date(milliseconds)
  // Of a time that is none, the year is not a number.
  const year = date?.getUTCFullYear() ?? 0
  const digits =
    date === null || !(year >= 1 && year <= 9999) ? '0'.repeat(16) : date.toISOString().replace(/\D/g, '').slice(0, 16)
  for (let i = 0; i < 16; i++) bytes[i] = digits.charCodeAt(i)
  return bytes
}
