import { UnlistableError, type ArchiveEntry, type ArchiveListing, type ReadBytes } from './archive-types'
import { LittleEndian } from './little-endian'
import { unpackLzma } from './lzma'
import { readNumber, readStreams, type Folder, type Streams } from './seven-zip-streams'

const SIGNATURE = [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]
const START = 32
/** A directory that is larger is not read: nobody scrolls through as many names. */
const HEADER_LIMIT = 8 * 2 ** 20
/** Directories packed once more, as nothing but a trap would be. */
const PACKED_AT_MOST = 2

const Id = {
  End: 0x00,
  ArchiveProperties: 0x02,
  AdditionalStreams: 0x03,
  MainStreams: 0x04,
  Files: 0x05,
  EmptyStream: 0x0e,
  EmptyFile: 0x0f,
  Names: 0x11,
  Modified: 0x14,
  EncodedHeader: 0x17,
} as const

/**
 * The names in a 7z archive, from the directory at its end; where that is packed (LZMA), it is unpacked, and nothing else.
 * @throws UnlistableError where the directory is encrypted, packed in another way, or too large
 * @throws RangeError where it is no 7z archive
 */
export async function listSevenZip(byteLength: number, read: ReadBytes, limit: number): Promise<ArchiveListing> {
  const start = new LittleEndian(await read(0, START))
  if (!SIGNATURE.every((byte) => byte === start.u8())) throw new RangeError('This is no 7z archive.')
  start.take(6)
  const offset = start.u64()
  const length = start.u64()
  if (length === 0) return { entries: [], hasMore: false }
  let header = await part(read, START + offset, length, byteLength)
  for (let depth = 0; header.u8() === Id.EncodedHeader; depth++) {
    if (depth >= PACKED_AT_MOST) throw new UnlistableError('packed')
    header = new LittleEndian(await unpackHeader(readStreams(header), read, byteLength))
  }
  return filesOf(header, limit)
}

async function part(read: ReadBytes, at: number, length: number, byteLength: number): Promise<LittleEndian> {
  if (at + length > byteLength) throw new RangeError('The archive’s directory lies past its end.')
  if (length > HEADER_LIMIT) throw new UnlistableError('large')
  return new LittleEndian(await read(at, length))
}

async function unpackHeader({ packOffset, packLengths, folders }: Streams, read: ReadBytes, byteLength: number) {
  const [folder, other] = folders
  const [length] = packLengths
  if (!folder || other || length === undefined) throw new UnlistableError('packed')
  if (isEncrypted(folder)) throw new UnlistableError('encrypted')
  const [coder, more] = folder.coders
  if (!coder || more) throw new UnlistableError('packed')
  if (folder.byteLength > HEADER_LIMIT) throw new UnlistableError('large')
  const packed = (await part(read, START + packOffset, length, byteLength)).bytes
  if (coder.method === '00') return packed
  if (coder.method !== '030101') throw new UnlistableError('packed')
  return unpackLzma(coder.properties, packed, folder.byteLength)
}

const isEncrypted = (folder: Folder): boolean => folder.coders.some(({ method }) => method === '06f10701')

function filesOf(header: LittleEndian, limit: number): ArchiveListing {
  let lengths: number[] = []
  for (let id = header.u8(); id !== Id.End; id = header.u8()) {
    if (id === Id.ArchiveProperties) while (header.u8() !== Id.End) header.take(readNumber(header))
    else if (id === Id.AdditionalStreams) readStreams(header)
    else if (id === Id.MainStreams) lengths = readStreams(header).fileLengths
    else if (id === Id.Files) return readFiles(header, lengths, limit)
    else throw new RangeError('The archive’s directory makes no sense.')
  }
  return { entries: [], hasMore: false }
}

function readFiles(header: LittleEndian, lengths: readonly number[], limit: number): ArchiveListing {
  const count = readNumber(header)
  // Each has a name of two bytes at least.
  if (count * 2 > header.rest) throw new RangeError('The archive speaks of more files than it can name.')
  const wanted = Math.min(count, limit)
  let names: string[] = []
  let modified: (number | null)[] = []
  let isEmpty: boolean[] = []
  let isEmptyFile: boolean[] = []
  for (let id = header.u8(); id !== Id.End; id = header.u8()) {
    const property = new LittleEndian(header.take(readNumber(header)))
    if (id === Id.Names) names = readNames(property, wanted)
    else if (id === Id.EmptyStream) isEmpty = readBits(property, count, wanted)
    else if (id === Id.EmptyFile) isEmptyFile = readBits(property, isEmpty.filter(Boolean).length, wanted)
    else if (id === Id.Modified) modified = readTimes(property, count, wanted)
  }
  const entries: ArchiveEntry[] = []
  let withContent = 0
  let without = 0
  for (const [index, name] of names.entries()) {
    const isDirectory = isEmpty[index] === true && isEmptyFile[without++] !== true
    entries.push({
      name,
      isDirectory,
      byteLength: isEmpty[index] === true ? 0 : (lengths[withContent++] ?? 0),
      packedLength: null,
      modified: modified[index] ?? null,
    })
  }
  return { entries, hasMore: count > entries.length }
}

/** UTF-16 with a zero after each; names that lie in another stream are not looked for. */
function readNames(property: LittleEndian, count: number): string[] {
  if (property.u8() !== 0) throw new UnlistableError('packed')
  const utf16 = new TextDecoder('utf-16le')
  const bytes = property.take(property.rest)
  const names: string[] = []
  for (let start = 0, at = 0; at + 1 < bytes.byteLength && names.length < count; at += 2) {
    if (bytes[at] !== 0 || bytes[at + 1] !== 0) continue
    names.push(utf16.decode(bytes.subarray(start, at)))
    start = at + 2
  }
  return names
}

/** The first of `count` bits; the others are passed over. */
function readBits(property: LittleEndian, count: number, wanted: number): boolean[] {
  const bytes = property.take(Math.ceil(count / 8))
  return Array.from({ length: Math.min(count, wanted) }, (_, at) => ((bytes[at >> 3] ?? 0) & (0x80 >> (at & 7))) !== 0)
}

/** Windows’ own times: tenths of a microsecond since 1601. */
const TICKS = 10_000
const BEFORE_1970 = 11_644_473_600_000

function readTimes(property: LittleEndian, count: number, wanted: number): (number | null)[] {
  const isAll = property.u8() !== 0
  const isKnown = isAll ? Array.from({ length: wanted }, () => true) : readBits(property, count, wanted)
  // Times that lie in another stream are not looked for.
  if (property.u8() !== 0) return []
  return isKnown.map((known) => {
    if (!known) return null
    const low = property.u32()
    return (property.u32() * 2 ** 32 + low) / TICKS - BEFORE_1970
  })
}
