import { latin1, matchesAscii, readU16Be, readU16Le } from './byte-reader'

/** How a header is written: in hexadecimal digits, in octal ones, or in words of 16 bits. */
export type CpioForm = 'newc' | 'odc' | 'binary'

/** What stands in front of each file of a cpio archive (cpio(5); Linux, driver-api/early-userspace/buffer-format.rst). */
export interface CpioHeader {
  form: CpioForm
  device: number
  inode: number
  mode: number
  uid: number
  gid: number
  links: number
  /** Of a device node: which one it is. */
  rdev: { major: number; minor: number }
  /** Seconds since 1970 UTC. */
  modified: number
  /** `c_check` of the form with sums, `070702`: all bytes of a file, added up modulo 2^32. Null in the others. */
  sum: number | null
  /** Where the name begins, from the header on, and how long it is, with the NUL behind it. */
  nameAt: number
  nameLength: number
  /** Where the content begins, from the header on. */
  dataAt: number
  byteLength: number
  /** Where the next header begins, from this one on. */
  end: number
}

/** The longest header. */
export const CPIO_HEADER_LENGTH = 110
export const CPIO_TRAILER = 'TRAILER!!!'
/** What ends an archive: a header, and that name with its NUL. */
export const CPIO_TRAILER_LENGTH: Record<CpioForm, number> = { newc: 124, odc: 87, binary: 38 }
/** No path of any system is longer. */
const NAME_LIMIT = 65_536
const BINARY_MAGIC = 0o070707

export function isCpio(bytes: Uint8Array, at = 0): boolean {
  return formAt(bytes, at) !== null
}

/** Null where there is none, or what it says cannot be. */
export function readCpioHeader(bytes: Uint8Array, at = 0): CpioHeader | null {
  const form = formAt(bytes, at)
  if (form === null) return null
  const header = form === 'newc' ? newc(bytes, at) : form === 'odc' ? odc(bytes, at) : binary(bytes, at)
  if (header === null || header.nameLength < 1 || header.nameLength > NAME_LIMIT) return null
  return header
}

function formAt(bytes: Uint8Array, at: number): CpioForm | null {
  if (matchesAscii(bytes, at, '070701') || matchesAscii(bytes, at, '070702')) return 'newc'
  if (matchesAscii(bytes, at, '070707')) return 'odc'
  return readU16Le(bytes, at) === BINARY_MAGIC || readU16Be(bytes, at) === BINARY_MAGIC ? 'binary' : null
}

/** `070701`, and `070702` with a sum: thirteen numbers of eight digits; name and content end at multiples of four. */
function newc(bytes: Uint8Array, at: number): CpioHeader | null {
  if (at + CPIO_HEADER_LENGTH > bytes.byteLength) return null
  const digits = latin1(bytes.subarray(at + 6, at + CPIO_HEADER_LENGTH))
  if (!/^[0-9a-f]+$/i.test(digits)) return null
  const field = (index: number): number => parseInt(digits.slice(index * 8, index * 8 + 8), 16)
  const nameLength = field(11)
  const byteLength = field(6)
  const dataAt = padded(CPIO_HEADER_LENGTH + nameLength, 4)
  return {
    form: 'newc',
    device: field(7) * 65_536 + field(8),
    inode: field(0),
    mode: field(1),
    uid: field(2),
    gid: field(3),
    links: field(4),
    rdev: { major: field(9), minor: field(10) },
    modified: field(5),
    sum: matchesAscii(bytes, at, '070702') ? field(12) : null,
    nameAt: CPIO_HEADER_LENGTH,
    nameLength,
    dataAt,
    byteLength,
    end: dataAt + padded(byteLength, 4),
  }
}

/** `070707`: numbers of six and eleven digits; nothing is padded. */
function odc(bytes: Uint8Array, at: number): CpioHeader | null {
  const length = 76
  if (at + length > bytes.byteLength) return null
  const digits = latin1(bytes.subarray(at + 6, at + length))
  if (!/^[0-7]+$/.test(digits)) return null
  const field = (from: number, count: number): number => parseInt(digits.slice(from, from + count), 8)
  const nameLength = field(53, 6)
  const byteLength = field(59, 11)
  return {
    form: 'odc',
    device: field(0, 6),
    inode: field(6, 6),
    mode: field(12, 6),
    uid: field(18, 6),
    gid: field(24, 6),
    links: field(30, 6),
    rdev: oldDevice(field(36, 6)),
    modified: field(42, 11),
    sum: null,
    nameAt: length,
    nameLength,
    dataAt: length + nameLength,
    byteLength,
    end: length + nameLength + byteLength,
  }
}

/** Thirteen words of either byte order, the more significant one of two first; everything ends at even places. */
function binary(bytes: Uint8Array, at: number): CpioHeader | null {
  const length = 26
  if (at + length > bytes.byteLength) return null
  const read = readU16Le(bytes, at) === BINARY_MAGIC ? readU16Le : readU16Be
  const word = (index: number): number => read(bytes, at + index * 2)
  const nameLength = word(10)
  const byteLength = word(11) * 65_536 + word(12)
  const dataAt = padded(length + nameLength, 2)
  return {
    form: 'binary',
    device: word(1),
    inode: word(2),
    mode: word(3),
    uid: word(4),
    gid: word(5),
    links: word(6),
    rdev: oldDevice(word(7)),
    modified: word(8) * 65_536 + word(9),
    sum: null,
    nameAt: length,
    nameLength,
    dataAt,
    byteLength,
    end: dataAt + padded(byteLength, 2),
  }
}

/** Of the older forms: eight bits of each number, as when they were made. */
function oldDevice(number: number): CpioHeader['rdev'] {
  return { major: number >>> 8, minor: number & 0xff }
}

function padded(length: number, to: number): number {
  return Math.ceil(length / to) * to
}
