import { UsageError } from './exit-status'

const DAY_MS = 86_400_000
let lastDay = NaN
let lastDate = ''

/** `2026-01-02T03:04:05Z`, seconds rounded down. The date part is kept: a disc's files are mostly of few days. */
export function isoTime(modified: number): string {
  const day = Math.floor(modified / DAY_MS)
  if (day !== lastDay) {
    lastDay = day
    lastDate = new Date(day * DAY_MS).toISOString().slice(0, -13)
  }
  const seconds = Math.floor((modified - day * DAY_MS) / 1000)
  return `${lastDate}${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}Z`
}

function two(value: number): string {
  return value < 10 ? `0${value}` : String(value)
}

/** The last second of 9999: ECMA-119 8.4.26.1 has four digits for a year. */
const LAST_SECOND = 253_402_300_799

/**
 * SOURCE_DATE_EPOCH, as reproducible builds have it, in milliseconds since 1970; null where there is none.
 * @throws {UsageError} for one that is no time: whoever sets it counts on the same bytes every time
 */
export function sourceDate(): number | null {
  const epoch = process.env.SOURCE_DATE_EPOCH ?? ''
  if (epoch === '') return null
  if (!/^\d+$/.test(epoch) || Number(epoch) > LAST_SECOND)
    throw new UsageError(`SOURCE_DATE_EPOCH takes seconds since 1970, up to the year 9999; not “${epoch}”.`)
  return Number(epoch) * 1000
}

/** A date as people write it, `2024-05-17` or with a time behind; without a zone it is in UTC. Null where it is none. */
export function parseDate(text: string): number | null {
  const match = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?))?(Z|[+-]\d\d:?\d\d)?$/.exec(text)
  if (match === null) return null
  const [, day = '', time = '00:00', zone = 'Z'] = match
  const date = Date.parse(`${day}T${time}${zone}`)
  // The runtime takes 31 days for any month, and counts on into the next one.
  const isOnCalendar = new Date(Date.parse(`${day}T00:00Z`) || 0).toISOString().startsWith(day)
  return Number.isNaN(date) || !isOnCalendar ? null : date
}
