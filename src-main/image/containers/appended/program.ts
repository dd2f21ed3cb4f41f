import { ByteReader, isAllZero } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'

export const ELF_MAGIC = '\x7fELF'
const HEADER_LENGTH = 64
const WIDE = 2
const BIG_ENDIAN = 2
/** Programs have a dozen. */
const SEGMENT_LIMIT = 256
const PAGE = 4096

/** Where the fields of the header and of a segment stand, and how long offsets are (System V ABI, “ELF Header”). */
const FORMS = {
  narrow: { segments: 28, sections: 32, counts: 42, offset: 4, fileLength: 16, word: 4 },
  wide: { segments: 32, sections: 40, counts: 54, offset: 8, fileLength: 32, word: 8 },
} as const

/**
 * Where a program for Linux ends, which is where a volume behind it begins, or at the next page: behind its table of
 * sections, which comes last (AppImage specification, “Type 2”), and behind its last segment, where that one was stripped.
 * In bytes; what cannot be is among them.
 */
export async function placesBehindProgram(source: ByteSource): Promise<number[]> {
  const header = new ByteReader(await source.read(0, HEADER_LENGTH))
  const isBig = header.u8(5) === BIG_ENDIAN
  const form = header.u8(4) === WIDE ? FORMS.wide : FORMS.narrow
  const u16 = (at: number): number => (isBig ? header.u16Be(at) : header.u16Le(at))
  const { counts } = form
  const word = wordIn(header, form.word, isBig)
  const sections = word(form.sections) + u16(counts + 4) * u16(counts + 6)
  const segments = await endOfSegments(source, word(form.segments), u16(counts), u16(counts + 2), form, isBig)
  const places: number[] = []
  for (const end of new Set([sections, Math.max(sections, segments)])) {
    places.push(end)
    const page = Math.ceil(end / PAGE) * PAGE
    if (page > end && page < source.byteLength && isAllZero(await source.read(end, page - end))) places.push(page)
  }
  return places
}

/** Behind the last byte that a segment takes from the file (`p_offset`, `p_filesz`); 0 without any. */
async function endOfSegments(
  source: ByteSource,
  byteOffset: number,
  entryLength: number,
  count: number,
  form: (typeof FORMS)[keyof typeof FORMS],
  isBig: boolean,
): Promise<number> {
  if (count > SEGMENT_LIMIT || byteOffset >= source.byteLength) return 0
  const table = new ByteReader(await source.read(byteOffset, entryLength * count))
  const word = wordIn(table, form.word, isBig)
  let end = 0
  for (let at = 0; at < entryLength * count; at += entryLength)
    end = Math.max(end, word(at + form.offset) + word(at + form.fileLength))
  return end
}

function wordIn(reader: ByteReader, byteLength: 4 | 8, isBig: boolean): (at: number) => number {
  if (byteLength === 4) return (at) => (isBig ? reader.u32Be(at) : reader.u32Le(at))
  return (at) => (isBig ? reader.u64Be(at) : reader.u64Le(at))
}
