import { UsageError } from './exit-status'

const UNITS: Record<string, number> = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 }

/**
 * A length as people write it: `700M`, `4G`, `1.5GiB`, or bytes. Units are powers of 1024.
 * @param option that it was given to
 * @throws {UsageError} where it is none, or less than a byte
 */
export function parseByteLength(text: string, option: string, command: string): number {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)([KMGT]?)(?:i?B)?$/i.exec(text.trim()) ?? []
  const byteLength = number === '' ? 0 : Math.floor(Number(number) * (UNITS[unit.toUpperCase()] ?? 1))
  if (byteLength < 1 || !Number.isSafeInteger(byteLength))
    throw new UsageError(`--${option} takes a length such as 700M or 4G; “${text}” is none.`, command)
  return byteLength
}
