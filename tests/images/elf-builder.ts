/** A program for Linux of headers alone, in as few words as the System V ABI allows; it shares nothing with the reader. */
export interface ElfOptions {
  isNarrow?: boolean
  isBigEndian?: boolean
  /** Without a table of sections, as `strip` can leave it: then the program ends with its segment. */
  isStripped?: boolean
  /** Bytes of code. */
  code?: Uint8Array
}

export function buildElf({ isNarrow = false, isBigEndian = false, isStripped = false, code = Buffer.alloc(333, 0x90) }: ElfOptions = {}): Buffer {
  const word = isNarrow ? 4 : 8
  const headerLength = isNarrow ? 52 : 64
  const segmentLength = isNarrow ? 32 : 56
  const sectionLength = isNarrow ? 40 : 64
  const sections = isStripped ? 0 : 3
  const codeAt = headerLength + segmentLength
  const sectionsAt = isStripped ? 0 : codeAt + code.byteLength
  const bytes = Buffer.alloc(codeAt + code.byteLength + sections * sectionLength)
  const u16 = (value: number, at: number): unknown => (isBigEndian ? bytes.writeUInt16BE(value, at) : bytes.writeUInt16LE(value, at))
  const u32 = (value: number, at: number): unknown => (isBigEndian ? bytes.writeUInt32BE(value, at) : bytes.writeUInt32LE(value, at))
  const offset = (value: number, at: number): unknown => (isNarrow ? u32(value, at) : u32(value, isBigEndian ? at + 4 : at))
  bytes.write('\x7fELF', 'latin1')
  bytes.set([isNarrow ? 1 : 2, isBigEndian ? 2 : 1, 1], 4)
  const fields = 24 + word
  offset(headerLength, fields)
  offset(sectionsAt, fields + word)
  const counts = fields + word * 2 + 6
  ;[segmentLength, 1, isStripped ? 0 : sectionLength, sections].forEach((value, index) => u16(value, counts + index * 2))
  const segment = headerLength
  u32(1, segment)
  offset(codeAt, segment + word)
  offset(code.byteLength, segment + (isNarrow ? 16 : 32))
  bytes.set(code, codeAt)
  return bytes
}
