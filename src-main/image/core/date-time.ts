import { readU16Le } from './byte-reader'

const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334]

/** Milliseconds since 1970 UTC without a Date object: this runs once for every entry. */
export function utcMilliseconds(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
): number {
  const leapYears = (y: number): number => Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400)
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  const days =
    (year - 1970) * 365 +
    leapYears(year - 1) -
    477 +
    (DAYS_BEFORE_MONTH[month - 1] ?? 0) +
    (month > 2 && isLeap ? 1 : 0) +
    day -
    1
  return (((days * 24 + hour) * 60 + minute) * 60 + second) * 1000
}

/** ECMA-119 9.1.5: seven bytes, years since 1900, offset from UTC in quarters of an hour. NaN where unset or nonsense. */
export function readDirectoryDateTime(bytes: Uint8Array, at: number): number {
  const month = bytes[at + 1] ?? 0
  const day = bytes[at + 2] ?? 0
  const hour = bytes[at + 3] ?? 0
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23) return NaN
  const zone = ((bytes[at + 6] ?? 0) << 24) >> 24
  const time = utcMilliseconds(1900 + (bytes[at] ?? 0), month, day, hour, bytes[at + 4] ?? 0, bytes[at + 5] ?? 0)
  // ECMA-119 allows −48 … +52; writers that leave rubbish there mean UTC.
  return zone < -48 || zone > 56 ? time : time - zone * 900_000
}

/** ECMA-119 8.4.26.1: seventeen bytes, sixteen digits and an offset. NaN where unset (zeros) or nonsense. */
export function readVolumeDateTime(bytes: Uint8Array, at: number): number {
  const digits = (from: number, count: number): number => {
    let value = 0
    for (let i = 0; i < count; i++) {
      const digit = (bytes[at + from + i] ?? 0) - 0x30
      if (digit < 0 || digit > 9) return NaN
      value = value * 10 + digit
    }
    return value
  }
  const year = digits(0, 4)
  const month = digits(4, 2)
  const day = digits(6, 2)
  if (!(year > 0) || !(month >= 1 && month <= 12) || !(day >= 1 && day <= 31)) return NaN
  const hundredths = digits(14, 2)
  const time = utcMilliseconds(year, month, day, digits(8, 2), digits(10, 2), digits(12, 2))
  const zone = ((bytes[at + 16] ?? 0) << 24) >> 24
  return time + (Number.isNaN(hundredths) ? 0 : hundredths * 10) - (zone < -48 || zone > 56 ? 0 : zone * 900_000)
}

/** ECMA-167 1/7.3: type and zone, then year to second, then hundredths and below. NaN where unset or nonsense. */
export function readTimestamp(bytes: Uint8Array, at: number): number {
  const typeAndZone = readU16Le(bytes, at)
  const year = (readU16Le(bytes, at + 2) << 16) >> 16
  const month = bytes[at + 4] ?? 0
  const day = bytes[at + 5] ?? 0
  if (month < 1 || month > 12 || day < 1 || day > 31) return NaN
  const time = utcMilliseconds(year, month, day, bytes[at + 6] ?? 0, bytes[at + 7] ?? 0, bytes[at + 8] ?? 0)
  const milliseconds = (bytes[at + 9] ?? 0) * 10 + Math.floor((bytes[at + 10] ?? 0) / 10)
  // Type 1 is local time with an offset in minutes of 12 bits, −2047 meaning that there is none.
  const zone = ((typeAndZone & 0xfff) << 20) >> 20
  const isLocal = typeAndZone >> 12 === 1 && zone >= -1440 && zone <= 1440
  return time + milliseconds - (isLocal ? zone * 60_000 : 0)
}
