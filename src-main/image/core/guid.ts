import type { ByteReader } from './byte-reader'

/** A GUID as text, in small letters: its first three fields are little-endian numbers. */
export function guidAt(reader: ByteReader, at: number): string {
  const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0')
  const rest = Buffer.from(reader.slice(at + 8, 8)).toString('hex')
  return [
    hex(reader.u32Le(at), 8),
    hex(reader.u16Le(at + 4), 4),
    hex(reader.u16Le(at + 6), 4),
    rest.slice(0, 4),
    rest.slice(4),
  ].join('-')
}
