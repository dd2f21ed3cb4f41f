import { ByteReader } from '../../core/byte-reader'
import type { DiagnosticLog } from '../../core/diagnostic-log'
import { copied } from '../../core/copied'
import { ExtentSource } from '../../core/sources/extent-source'
import type { NtfsFile, NtfsVolume } from './ntfs-volume'
import { AttributeType, readReference, undoFixups } from './record'

/** The index over names of files. */
const INDEX_NAME = '$I30'
const ROOT_HEADER = 16
const BLOCK_HEADER = 24
const LARGE = 1
const EntryFlag = { last: 2 } as const
const NAME_AT = 66
/** Names for MS-DOS stand beside others. */
const DOS_NAMESPACE = 2
const BITMAP_LIMIT = 64 << 20
const PIECE_LENGTH = 1 << 20

/** A name in a directory. */
export interface NameEntry {
  number: number
  sequence: number
  name: string
}

/**
 * The names in a directory, in the order in which they lie: those in its record, then each block of its index that is in
 * use. Blocks are not looked for by their tree: what one of them has lost costs no other.
 * @param what the directory, for messages
 * @throws {SourceError} `CONTENT_DAMAGED` where there is no index
 */
export async function* readNames(
  volume: NtfsVolume,
  file: NtfsFile,
  what: string,
  log: DiagnosticLog,
): AsyncGenerator<NameEntry> {
  const root = volume.find(file, AttributeType.indexRoot, INDEX_NAME)?.attributes[0]?.resident
  if (!root || root.byteLength < ROOT_HEADER + 16) {
    log.damage('DIRECTORY_UNREADABLE', `${what} has no index: what it holds is lost.`)
    return
  }
  const reader = new ByteReader(root)
  yield* namesIn(reader.sub(ROOT_HEADER, root.byteLength), what, log)
  if ((reader.u8(ROOT_HEADER + 12) & LARGE) === 0) return
  const blockLength = reader.u32Le(8)
  const content = volume.find(file, AttributeType.indexAllocation, INDEX_NAME)
  if (content === null || blockLength < 512 || blockLength > PIECE_LENGTH || blockLength % 512 !== 0) {
    log.damage('DIRECTORY_UNREADABLE', `${what} lacks the blocks of its index.`)
    return
  }
  const bitmap = volume.find(file, AttributeType.bitmap, INDEX_NAME)
  const used = bitmap === null ? null : await volume.bytesOf(bitmap, BITMAP_LIMIT)
  volume.takeIndex(content.byteLength)
  const runs = volume.runsOf(content)
  const blocks = new ExtentSource(volume.structures, runs, content.byteLength)
  const perPiece = Math.floor(PIECE_LENGTH / blockLength)
  for (let first = 0; first * blockLength < content.byteLength; first += perPiece) {
    const bytes = await blocks.read(first * blockLength, perPiece * blockLength)
    for (let at = 0; at + blockLength <= bytes.byteLength; at += blockLength) {
      const index = first + at / blockLength
      if (used !== null && (((used[index >> 3] ?? 0) >> (index & 7)) & 1) === 0) continue
      const block = copied(bytes, at, at + blockLength)
      if (undoFixups(block, 'INDX')) yield* namesIn(new ByteReader(block.subarray(BLOCK_HEADER)), what, log)
      else log.damage('DIRECTORY_UNREADABLE', `${what} has a block of names that was written in part, or is damaged.`)
    }
    if (bytes.byteLength < Math.min(perPiece, content.byteLength / blockLength - first) * blockLength) {
      log.damage('DIRECTORY_UNREADABLE', `${what} lies partly behind the end of the image.`)
      return
    }
  }
}

/** @param reader from the header of the entries on */
function* namesIn(reader: ByteReader, what: string, log: DiagnosticLog): Generator<NameEntry> {
  const end = Math.min(reader.u32Le(4), reader.byteLength)
  for (let at = reader.u32Le(0); at + 16 <= end;) {
    const length = reader.u16Le(at + 8)
    const streamLength = reader.u16Le(at + 10)
    if ((reader.u16Le(at + 12) & EntryFlag.last) !== 0) return
    const nameLength = reader.u8(at + 16 + 64) * 2
    if (length < 16 || at + length > end || streamLength < NAME_AT + nameLength || 16 + streamLength > length) break
    if (reader.u8(at + 16 + 65) !== DOS_NAMESPACE) {
      const name = Buffer.from(reader.slice(at + 16 + NAME_AT, nameLength)).toString('utf16le')
      yield { ...readReference(reader, at), name: name.toWellFormed() }
    }
    at += length
  }
  log.damage('DIRECTORY_UNREADABLE', `${what} has names that cannot be read to their end.`)
}
