import { StreamError, type StreamInput, type StreamReport } from './stream-input'

const BLOCK_MAGIC_HIGH = 0x314159
const BLOCK_MAGIC_LOW = 0x265359
const END_MAGIC_HIGH = 0x177245
const END_MAGIC_LOW = 0x385090
const MAXIMUM_CODE_LENGTH = 20

/**
 * A bzip2 stream, or several in a row, block by block (at most 900 000 bytes before the last run lengths). Our own: of the
 * packages, seek-bzip wants the whole stream in memory and gives nothing of what stands before a broken block, and
 * unbzip2-stream takes longer.
 */
export async function* decodeBzip2(input: StreamInput, report: StreamReport): AsyncGenerator<Uint8Array> {
  for (let stream = 0; ; stream++) {
    if (stream > 0 && (await input.isAtEnd())) return
    const start = await input.peek(4)
    const level = (start[3] ?? 0) - 0x30
    const isHeader = start[0] === 0x42 && start[1] === 0x5a && start[2] === 0x68
    if (!isHeader || level < 1 || level > 9) {
      if (stream === 0) throw broken()
      await input.drain(report)
      return
    }
    input.skip(4)
    const bits = new BitReader(input)
    let combined = 0
    for (;;) {
      // A block of 900 000 bytes is never longer than that compressed, but for its tables.
      await bits.ensure(level * 100_000 * 10 + 400_000)
      const high = bits.read(24)
      const low = bits.read(24)
      if (high === END_MAGIC_HIGH && low === END_MAGIC_LOW) break
      if (high !== BLOCK_MAGIC_HIGH || low !== BLOCK_MAGIC_LOW) throw broken()
      report.begins()
      const sum = readSum(bits)
      combined = ((combined << 1) | (combined >>> 31)) ^ sum
      const bytes = decodeBlock(bits, level * 100_000)
      yield bytes
      if (crcOf(bytes) === sum) report.proven?.()
      else report.suspect('checksum (CRC-32) of a block')
    }
    // Each block may be right, and yet one be missing.
    if (readSum(bits) !== combined >>> 0) report.suspect('checksum (CRC-32) of all its blocks')
    bits.giveBack()
  }
}

function readSum(bits: BitReader): number {
  return ((bits.read(16) << 16) | bits.read(16)) >>> 0
}

/** CRC-32 with the most significant bit first, as only bzip2 has it. */
function crcOf(bytes: Uint8Array): number {
  let crc = -1
  for (const byte of bytes) crc = (crc << 8) ^ (CRC_TABLE[((crc >>> 24) ^ byte) & 255] ?? 0)
  return ~crc >>> 0
}

const CRC_TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24
  for (let bit = 0; bit < 8; bit++) crc = crc < 0 ? (crc << 1) ^ 0x04c11db7 : crc << 1
  return crc
})

function broken(): StreamError {
  return new StreamError('damaged', 'The bzip2 stream is damaged.')
}

class BitReader {
  private bytes: Uint8Array = new Uint8Array(0)
  private at = 0
  private buffer = 0
  private bitCount = 0

  constructor(private readonly input: StreamInput) {}

  /** Has at least so many bits in memory, or all that there are. */
  async ensure(bitCount: number): Promise<void> {
    this.input.skip(this.at)
    this.at = 0
    this.bytes = await this.input.peek(Math.ceil(bitCount / 8))
  }

  /** Leaves to others what lies behind the byte that was read last. */
  giveBack(): void {
    this.input.skip(this.at - (this.bitCount >> 3))
    this.at = 0
    this.bitCount = 0
  }

  /** At most 24. */
  read(count: number): number {
    while (this.bitCount < count) {
      if (this.at >= this.bytes.byteLength) throw new StreamError('cut', 'The compressed data end too early.')
      this.buffer = ((this.buffer << 8) | (this.bytes[this.at++] ?? 0)) >>> 0
      this.bitCount += 8
    }
    this.bitCount -= count
    return (this.buffer >>> this.bitCount) & ((1 << count) - 1)
  }
}

interface HuffmanTable {
  /** By code length: the first code beyond those of that length, aligned to it. */
  limits: Int32Array
  bases: Int32Array
  symbols: Uint16Array
  shortest: number
}

function decodeBlock(bits: BitReader, blockLimit: number): Uint8Array {
  // Randomised blocks have not been written since 1996.
  if (bits.read(1) !== 0) throw broken()
  const origin = bits.read(24)
  const used = readUsedSymbols(bits)
  const tableCount = bits.read(3)
  const selectorCount = bits.read(15)
  if (used.length === 0 || tableCount < 2 || tableCount > 6 || selectorCount === 0) throw broken()
  const selectors = readSelectors(bits, selectorCount, tableCount)
  const tables = Array.from({ length: tableCount }, () => readTable(bits, used.length + 2))
  const block = new Uint32Array(blockLimit)
  const counts = new Uint32Array(257)
  const length = readSymbols(bits, used, tables, selectors, block, counts)
  return undoTransform(block, length, counts, origin)
}

function readUsedSymbols(bits: BitReader): Uint8Array {
  const groups = bits.read(16)
  const symbols: number[] = []
  for (let group = 0; group < 16; group++) {
    if ((groups & (0x8000 >> group)) === 0) continue
    const members = bits.read(16)
    for (let member = 0; member < 16; member++)
      if ((members & (0x8000 >> member)) !== 0) symbols.push(group * 16 + member)
  }
  return Uint8Array.from(symbols)
}

function readSelectors(bits: BitReader, count: number, tableCount: number): Uint8Array {
  const order = [0, 1, 2, 3, 4, 5]
  const selectors = new Uint8Array(count)
  for (let index = 0; index < count; index++) {
    let place = 0
    while (bits.read(1) === 1) if (++place >= tableCount) throw broken()
    const [table = 0] = order.splice(place, 1)
    order.unshift(table)
    selectors[index] = table
  }
  return selectors
}

function readTable(bits: BitReader, symbolCount: number): HuffmanTable {
  const lengths = new Uint8Array(symbolCount)
  let length = bits.read(5)
  for (let symbol = 0; symbol < symbolCount; symbol++) {
    while (bits.read(1) === 1) length += bits.read(1) === 0 ? 1 : -1
    if (length < 1 || length > MAXIMUM_CODE_LENGTH) throw broken()
    lengths[symbol] = length
  }
  const table: HuffmanTable = {
    limits: new Int32Array(MAXIMUM_CODE_LENGTH + 2),
    bases: new Int32Array(MAXIMUM_CODE_LENGTH + 2),
    symbols: new Uint16Array(symbolCount),
    shortest: Math.min(...lengths),
  }
  let code = 0
  let index = 0
  for (let size = table.shortest; size <= MAXIMUM_CODE_LENGTH; size++) {
    table.bases[size] = index - code
    for (let symbol = 0; symbol < symbolCount; symbol++) {
      if (lengths[symbol] !== size) continue
      table.symbols[index++] = symbol
      code++
    }
    table.limits[size] = code
    code <<= 1
  }
  return table
}

function readSymbol(bits: BitReader, table: HuffmanTable): number {
  let size = table.shortest
  let code = bits.read(size)
  while (code >= (table.limits[size] ?? 0)) {
    if (++size > MAXIMUM_CODE_LENGTH) throw broken()
    code = (code << 1) | bits.read(1)
  }
  return table.symbols[code + (table.bases[size] ?? 0)] ?? 0
}

/** Huffman codes, run lengths of zero and move-to-front, undone in one pass. */
function readSymbols(
  bits: BitReader,
  used: Uint8Array,
  tables: readonly HuffmanTable[],
  selectors: Uint8Array,
  block: Uint32Array,
  counts: Uint32Array,
): number {
  const front = used.slice()
  const endSymbol = used.length + 1
  let length = 0
  let run = 0
  let runBit = 1
  const append = (byte: number, count: number): void => {
    if (length + count > block.length) throw broken()
    block.fill(byte, length, length + count)
    length += count
    counts[byte] = (counts[byte] ?? 0) + count
  }
  for (let group = 0; ; group++) {
    const table = tables[selectors[group] ?? -1]
    if (table === undefined) throw broken()
    for (let index = 0; index < 50; index++) {
      const symbol = readSymbol(bits, table)
      if (symbol <= 1) {
        run += runBit << symbol
        runBit <<= 1
        if (run > block.length) throw broken()
        continue
      }
      if (run > 0) {
        append(front[0] ?? 0, run)
        run = 0
        runBit = 1
      }
      if (symbol === endSymbol) return length
      const place = symbol - 1
      const byte = front[place] ?? 0
      front.copyWithin(1, 0, place)
      front[0] = byte
      append(byte, 1)
    }
  }
}

/** Burrows and Wheeler's transform, then the first run lengths. */
function undoTransform(block: Uint32Array, length: number, counts: Uint32Array, origin: number): Uint8Array {
  if (origin >= length && length > 0) throw broken()
  let sum = 0
  for (let byte = 0; byte < 256; byte++) {
    const count = counts[byte] ?? 0
    counts[byte] = sum
    sum += count
  }
  for (let index = 0; index < length; index++) {
    const byte = (block[index] ?? 0) & 0xff
    const place = counts[byte] ?? 0
    counts[byte] = place + 1
    block[place] = (block[place] ?? 0) | (index << 8)
  }
  const out: { bytes: Uint8Array; length: number } = { bytes: new Uint8Array(length * 2 + 256), length: 0 }
  let position = (block[origin] ?? 0) >>> 8
  let same = 0
  let previous = -1
  for (let index = 0; index < length; index++) {
    const entry = block[position] ?? 0
    const byte = entry & 0xff
    position = entry >>> 8
    if (same === 4) {
      append(out, previous, byte)
      same = 0
      previous = -1
      continue
    }
    same = byte === previous ? same + 1 : 1
    previous = byte
    append(out, byte, 1)
  }
  return out.bytes.subarray(0, out.length)
}

function append(out: { bytes: Uint8Array; length: number }, byte: number, count: number): void {
  if (out.length + count > out.bytes.byteLength) {
    const larger = new Uint8Array(out.bytes.byteLength * 2 + count)
    larger.set(out.bytes)
    out.bytes = larger
  }
  out.bytes.fill(byte, out.length, out.length + count)
  out.length += count
}
