import { expect, test } from 'vitest'
import { formatBytes, formatDate, formatDuration, formatMode } from '../../../src-renderer/base/format'

test.each([
  [0, '0 B', '0 B'],
  [999, '999 B', '999 B'],
  [1_000, '1 kB', '1,000 B'],
  [1_024, '1 kB', '1 KiB'],
  [999_499, '999 kB', '976 KiB'],
  [999_500, '1 MB', '976 KiB'],
  [4_198, '4.2 kB', '4.1 KiB'],
  [662_000_000, '662 MB', '631 MiB'],
  [50_050_629_632, '50 GB', '47 GiB'],
])('writes %d bytes', (byteLength, decimal, binary) => {
  expect(formatBytes(byteLength, 'decimal', 'en')).toBe(decimal)
  expect(formatBytes(byteLength, 'binary', 'en')).toBe(binary)
})

test('dates are as near as one thinks of them', () => {
  const now = new Date(2026, 10, 20, 16, 0).getTime()
  const at = (...parts: [number, number, number, number, number]) => new Date(...parts).getTime()
  expect(formatDate(at(2026, 10, 20, 9, 5), 'en-GB', now)).toBe('09:05')
  expect(formatDate(at(2026, 10, 18, 9, 5), 'en-GB', now)).toBe('Wed 09:05')
  expect(formatDate(at(2026, 2, 2, 9, 5), 'en-GB', now)).toBe('2 Mar')
  expect(formatDate(at(1997, 2, 2, 9, 5), 'en-GB', now)).toBe('2 Mar 1997')
  expect(formatDate(at(2027, 2, 2, 9, 5), 'en-GB', now)).toBe('2 Mar 2027')
})

test('durations and permissions', () => {
  expect([3, 59.2, 60, 3_729].map(formatDuration)).toEqual(['0:03', '1:00', '1:00', '1:02:09'])
  expect([0o755, 0o644, 0o000].map(formatMode)).toEqual(['rwxr-xr-x', 'rw-r--r--', '---------'])
})
