import type { ArchiveEntry, ArchiveListing, ReadBytes } from './archive-types'
import { dosTime, LittleEndian } from './little-endian'

const HEADER = 36
const SIGNATURE = 0x4643534d
const FILE_HEADER = 16
/** Names end with a zero byte, after 256 bytes at most ([MS-CAB] 2.3). */
const NAME_LIMIT = 257
const NAME_IS_UTF8 = 0x80
const PIECE = 1 << 16

const utf8 = new TextDecoder()
/** Names that are not marked are in the writer's own code page, and Windows’ western one is what most had. */
const western = new TextDecoder('windows-1252')

/**
 * The names in a Windows cabinet ([MS-CAB] 2.1, 2.3), read from its list of files; folders are part of the names.
 * @throws RangeError where it is none
 */
export async function listCab(byteLength: number, read: ReadBytes, limit: number): Promise<ArchiveListing> {
  const header = new LittleEndian(await read(0, HEADER))
  if (header.u32() !== SIGNATURE) throw new RangeError('This is no cabinet.')
  header.take(12)
  let at = header.u32()
  header.take(8)
  const fileCount = header.u16()
  const entries: ArchiveEntry[] = []
  let rest = new Uint8Array()
  while (entries.length < Math.min(fileCount, limit)) {
    // A name may be cut by the end of a piece; what is left of it goes before the next one.
    if (rest.byteLength < FILE_HEADER + NAME_LIMIT && at < byteLength) {
      const piece = await read(at, Math.min(PIECE, byteLength - at))
      if (piece.byteLength === 0) break
      at += piece.byteLength
      rest = joined(rest, piece)
    }
    const end = rest.byteLength > FILE_HEADER ? rest.indexOf(0, FILE_HEADER) : -1
    if (end < 0 || end - FILE_HEADER >= NAME_LIMIT) break
    entries.push(entryOf(new LittleEndian(rest), end))
    rest = rest.subarray(end + 1)
  }
  return { entries, hasMore: entries.length < fileCount }
}

function entryOf(file: LittleEndian, end: number): ArchiveEntry {
  const byteLength = file.u32()
  file.take(6)
  const date = file.u16()
  const time = file.u16()
  const attributes = file.u16()
  const name = file.bytes.subarray(FILE_HEADER, end)
  const text = ((attributes & NAME_IS_UTF8) === 0 ? western : utf8).decode(name)
  return {
    name: text.replaceAll('\\', '/'),
    isDirectory: false,
    byteLength,
    packedLength: null,
    modified: dosTime(date, time),
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(first.byteLength + second.byteLength)
  both.set(first)
  both.set(second, first.byteLength)
  return both
}
