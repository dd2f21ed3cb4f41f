/** The records of a ZIP file, by APPNOTE.TXT 6.3.10; numbers in brackets are its clauses. */

/** What an entry says of itself besides its bytes. */
export interface ZipEntry {
  /** With `/` between its parts; a folder's ends with one. */
  path: string
  /** Milliseconds since 1970; NaN for none. */
  modified: number
  /** Kind and permission bits as Unix has them. */
  mode: number
}

export const METHOD = { stored: 0, deflated: 8, aes: 99 } as const

/** How an entry's bytes stand in the file. */
export interface ZipContent {
  method: (typeof METHOD)['stored' | 'deflated']
  isEncrypted: boolean
  /** Its sum and lengths come behind its bytes (4.3.9), for they were not known before. */
  hasDescriptor: boolean
  /** Its lengths have eight bytes (4.5.3). */
  isLong: boolean
  crc: number
  packedByteLength: number
  byteLength: number
}

const FLAG = { encrypted: 1, descriptor: 8, utf8: 0x800 } as const
const VERSION = { plain: 20, long: 45, aes: 51 } as const
const UNIX = 3 << 8
const DOS_FOLDER = 0x10
const MOST_16 = 0xffff
const MOST_32 = 0xffff_ffff
/** DOS times, which every entry carries, begin and end here. */
const EARLIEST = Date.UTC(1980, 0, 2)
const LATEST = Date.UTC(2107, 11, 30)
const EXTRA = { long: 0x0001, times: 0x5455, aes: 0x9901 } as const
/** WinZip's AE-2: the sum of the bytes is left out, an HMAC stands behind them. */
const AE_2 = 2
const AES_256 = 3

/** 4.3.7, and what follows it up to the entry's bytes. */
export function localHeader(entry: ZipEntry, content: ZipContent): Buffer {
  const name = Buffer.from(entry.path, 'utf8')
  const isLater = content.hasDescriptor
  const long = content.isLong
    ? longExtra(isLater ? [0, 0] : [content.byteLength, content.packedByteLength])
    : Buffer.alloc(0)
  const extra = Buffer.concat([long, timesExtra(entry), aesExtra(content)])
  const header = Buffer.alloc(30)
  header.writeUInt32LE(0x04034b50, 0)
  header.writeUInt16LE(versionNeeded(content), 4)
  writeCommon(header, 6, entry, content, name)
  if (isLater) header.fill(0, 14, 18)
  const lengths = content.isLong
    ? [MOST_32, MOST_32]
    : isLater
      ? [0, 0]
      : [content.packedByteLength, content.byteLength]
  header.writeUInt32LE(lengths[0] ?? 0, 18)
  header.writeUInt32LE(lengths[1] ?? 0, 22)
  header.writeUInt16LE(name.byteLength, 26)
  header.writeUInt16LE(extra.byteLength, 28)
  return Buffer.concat([header, name, extra])
}

/** 4.3.9: stands behind the bytes of an entry whose sum and lengths were not known before them. */
export function dataDescriptor(content: ZipContent): Buffer {
  const record = Buffer.alloc(content.isLong ? 24 : 16)
  record.writeUInt32LE(0x08074b50, 0)
  record.writeUInt32LE(recordedCrc(content), 4)
  if (content.isLong) {
    record.writeBigUInt64LE(BigInt(content.packedByteLength), 8)
    record.writeBigUInt64LE(BigInt(content.byteLength), 16)
  } else {
    record.writeUInt32LE(content.packedByteLength, 8)
    record.writeUInt32LE(content.byteLength, 12)
  }
  return record
}

/** 4.3.12. @param byteOffset of the entry's local header */
export function centralHeader(entry: ZipEntry, content: ZipContent, byteOffset: number): Buffer {
  const name = Buffer.from(entry.path, 'utf8')
  const { packedByteLength, byteLength } = content
  // 4.5.3: only those that do not fit, in this order.
  const tooLong = [byteLength, packedByteLength, byteOffset].filter((number) => number >= MOST_32)
  const long = tooLong.length > 0 ? longExtra(tooLong) : Buffer.alloc(0)
  const extra = Buffer.concat([long, timesExtra(entry), aesExtra(content)])
  const header = Buffer.alloc(46)
  header.writeUInt32LE(0x02014b50, 0)
  header.writeUInt16LE(UNIX | VERSION.aes, 4)
  header.writeUInt16LE(tooLong.length > 0 ? Math.max(VERSION.long, versionNeeded(content)) : versionNeeded(content), 6)
  writeCommon(header, 8, entry, content, name)
  header.writeUInt32LE(Math.min(MOST_32, packedByteLength), 20)
  header.writeUInt32LE(Math.min(MOST_32, byteLength), 24)
  header.writeUInt16LE(name.byteLength, 28)
  header.writeUInt16LE(extra.byteLength, 30)
  header.writeUInt32LE(((entry.mode << 16) | (entry.path.endsWith('/') ? DOS_FOLDER : 0)) >>> 0, 38)
  header.writeUInt32LE(Math.min(MOST_32, byteOffset), 42)
  return Buffer.concat([header, name, extra])
}

/**
 * 4.3.14 to 4.3.16: what ends the file.
 * @param byteOffset where the central directory begins
 * @param byteLength of the central directory
 */
export function endRecords(entryCount: number, byteOffset: number, byteLength: number): Buffer {
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(Math.min(MOST_16, entryCount), 8)
  end.writeUInt16LE(Math.min(MOST_16, entryCount), 10)
  end.writeUInt32LE(Math.min(MOST_32, byteLength), 12)
  end.writeUInt32LE(Math.min(MOST_32, byteOffset), 16)
  if (entryCount < MOST_16 && byteLength < MOST_32 && byteOffset < MOST_32) return end
  const long = Buffer.alloc(56)
  long.writeUInt32LE(0x06064b50, 0)
  long.writeBigUInt64LE(44n, 4)
  long.writeUInt16LE(UNIX | VERSION.aes, 12)
  long.writeUInt16LE(VERSION.long, 14)
  long.writeBigUInt64LE(BigInt(entryCount), 24)
  long.writeBigUInt64LE(BigInt(entryCount), 32)
  long.writeBigUInt64LE(BigInt(byteLength), 40)
  long.writeBigUInt64LE(BigInt(byteOffset), 48)
  const locator = Buffer.alloc(20)
  locator.writeUInt32LE(0x07064b50, 0)
  locator.writeBigUInt64LE(BigInt(byteOffset + byteLength), 8)
  locator.writeUInt32LE(1, 16)
  return Buffer.concat([long, locator, end])
}

/** Flags, method, time and sum, which stand alike in both headers. */
function writeCommon(header: Buffer, at: number, entry: ZipEntry, content: ZipContent, name: Buffer): void {
  const isPlainAscii = name.byteLength === entry.path.length
  header.writeUInt16LE(
    (content.isEncrypted ? FLAG.encrypted : 0) |
      (content.hasDescriptor ? FLAG.descriptor : 0) |
      (isPlainAscii ? 0 : FLAG.utf8),
    at,
  )
  header.writeUInt16LE(content.isEncrypted ? METHOD.aes : content.method, at + 2)
  const [time, date] = dosTime(entry.modified)
  header.writeUInt16LE(time, at + 4)
  header.writeUInt16LE(date, at + 6)
  header.writeUInt32LE(recordedCrc(content), at + 8)
}

function recordedCrc(content: ZipContent): number {
  return content.isEncrypted ? 0 : content.crc
}

function versionNeeded(content: ZipContent): number {
  return content.isEncrypted ? VERSION.aes : content.isLong ? VERSION.long : VERSION.plain
}

/** 4.4.6: two seconds exact, in the time of wherever one is. */
function dosTime(modified: number): [time: number, date: number] {
  const at = new Date(Number.isNaN(modified) ? EARLIEST : Math.min(LATEST, Math.max(EARLIEST, modified)))
  return [
    (at.getHours() << 11) | (at.getMinutes() << 5) | (at.getSeconds() >> 1),
    ((at.getFullYear() - 1980) << 9) | ((at.getMonth() + 1) << 5) | at.getDate(),
  ]
}

/** Info-ZIP's extended timestamp: seconds since 1970, the same everywhere. */
function timesExtra({ modified }: ZipEntry): Buffer {
  const seconds = Math.floor(modified / 1000)
  if (Number.isNaN(modified) || seconds < -0x8000_0000 || seconds > 0x7fff_ffff) return Buffer.alloc(0)
  const extra = Buffer.alloc(9)
  extra.writeUInt16LE(EXTRA.times, 0)
  extra.writeUInt16LE(5, 2)
  extra[4] = 1
  extra.writeInt32LE(seconds, 5)
  return extra
}

function longExtra(numbers: readonly number[]): Buffer {
  const extra = Buffer.alloc(4 + 8 * numbers.length)
  extra.writeUInt16LE(EXTRA.long, 0)
  extra.writeUInt16LE(8 * numbers.length, 2)
  for (const [index, number] of numbers.entries()) extra.writeBigUInt64LE(BigInt(number), 4 + 8 * index)
  return extra
}

function aesExtra({ isEncrypted, method }: ZipContent): Buffer {
  if (!isEncrypted) return Buffer.alloc(0)
  const extra = Buffer.alloc(11)
  extra.writeUInt16LE(EXTRA.aes, 0)
  extra.writeUInt16LE(7, 2)
  extra.writeUInt16LE(AE_2, 4)
  extra.write('AE', 6, 'latin1')
  extra[8] = AES_256
  extra.writeUInt16LE(method, 9)
  return extra
}
