import type { Settings } from '../../src-shared/contract'

type Units = Settings['sizeUnits']

const DECIMAL = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']
const BINARY = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']
const DAY = 86_400_000

/** A size in the user's units, short enough to compare at a glance: “662 MB”, “1.4 GiB”. */
export function formatBytes(byteLength: number, units: Units, locale: string): string {
  const step = units === 'decimal' ? 1000 : 1024
  const names = units === 'decimal' ? DECIMAL : BINARY
  let value = byteLength
  let unit = 0
  // 999.5 would be written as 1000: it belongs to the next unit.
  while (value >= (unit === 0 ? step : step - 0.5) && unit < names.length - 1) {
    value /= step
    unit++
  }
  const digits = unit === 0 || value >= 9.95 ? 0 : 1
  return leftToRight(`${number(value, locale, digits)} ${names[unit]}`, locale)
}

/** Where one reads from the right, a number and its Latin unit stay together and in order. */
function leftToRight(text: string, locale: string): string {
  return /^(ar|fa|he|ur)\b/.test(locale) ? `\u2066${text}\u2069` : text
}

/** Every byte, grouped: “661 651 456 bytes”, without the word. */
export function formatCount(value: number, locale: string): string {
  return number(value, locale, 0)
}

/** “68%”, or “68 %” where the language has a space there. @param percent whole */
export function formatPercent(percent: number, locale: string): string {
  return number(percent / 100, locale, 0, 'percent')
}

/** Within a week by weekday and time, this year by day, else with the year. */
export function formatDate(time: number, locale: string, now = Date.now()): string {
  const age = now - time
  const date = new Date(time)
  const isToday = date.toDateString() === new Date(now).toDateString()
  if (isToday) return dateFormat(locale, { hour: '2-digit', minute: '2-digit' }).format(date)
  if (age > 0 && age < 6 * DAY)
    return dateFormat(locale, { weekday: 'short', hour: '2-digit', minute: '2-digit' }).format(date)
  if (date.getFullYear() === new Date(now).getFullYear())
    return dateFormat(locale, { day: 'numeric', month: 'short' }).format(date)
  return dateFormat(locale, { day: 'numeric', month: 'short', year: 'numeric' }).format(date)
}

/** The whole moment, for hovering and details. */
export function formatExactDate(time: number, locale: string): string {
  return dateFormat(locale, { dateStyle: 'full', timeStyle: 'medium' }).format(new Date(time))
}

/** “0:03”, “12:40”, “1:02:09”. */
export function formatDuration(seconds: number): string {
  const whole = Math.ceil(seconds)
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  const two = (value: number): string => String(value).padStart(2, '0')
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`
}

/** “rwxr-xr-x” */
export function formatMode(mode: number): string {
  const letters = 'rwxrwxrwx'
  let text = ''
  for (let bit = 0; bit < 9; bit++) text += mode & (1 << (8 - bit)) ? (letters[bit] ?? '-') : '-'
  return text
}

const dateFormats = new Map<string, Intl.DateTimeFormat>()

// Making a formatter costs a thousand times what using one does, and every row uses one.
function dateFormat(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(options)
  const format = dateFormats.get(key) ?? new Intl.DateTimeFormat(locale, options)
  dateFormats.set(key, format)
  return format
}

const numberFormats = new Map<string, Intl.NumberFormat>()

function number(value: number, locale: string, digits: number, style: 'decimal' | 'percent' = 'decimal'): string {
  const key = `${locale} ${digits} ${style}`
  const format =
    numberFormats.get(key) ??
    new Intl.NumberFormat(locale, { style, minimumFractionDigits: 0, maximumFractionDigits: digits })
  numberFormats.set(key, format)
  return format.format(value)
}
