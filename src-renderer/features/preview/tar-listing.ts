import type { ArchiveEntry, ArchiveListing, ReadBytes } from './archive-types'

const BLOCK = 512
const WINDOW = 1 << 16
/** A name longer than this is a mistake. */
const LONG_NAME_LIMIT = 1 << 16

const utf8 = new TextDecoder()

/**
 * The names in a TAR (POSIX.1-2001 ustar and pax, GNU long names), jumping from header to header.
 * @throws RangeError where the first header is none
 */
export async function listTar(byteLength: number, read: ReadBytes, limit: number): Promise<ArchiveListing> {
  const window = new WindowedReader(read)
  const entries: ArchiveEntry[] = []
  let at = 0
  let longName: string | null = null
  let longLength: number | null = null
  while (at + BLOCK <= byteLength) {
    const header = await window.read(at, BLOCK)
    if (at === 0 && header.byteLength < BLOCK) throw new RangeError('This is no TAR archive.')
    if (header.byteLength < BLOCK || header.every((byte) => byte === 0)) break
    if (!hasRightSum(header)) {
      if (at === 0) throw new RangeError('This is no TAR archive.')
      break
    }
    const size = longLength ?? numberAt(header, 124, 12)
    const kind = String.fromCharCode(header[156] ?? 0)
    const content = at + BLOCK
    at = content + Math.ceil(size / BLOCK) * BLOCK
    if (kind === 'L') longName = textOf(await window.read(content, Math.min(size, LONG_NAME_LIMIT)))
    else if (kind === 'x') {
      const pax = paxOf(await window.read(content, Math.min(size, LONG_NAME_LIMIT)))
      longName = pax.get('path') ?? longName
      const length = Number(pax.get('size') ?? NaN)
      longLength = Number.isSafeInteger(length) && length >= 0 ? length : null
    } else if (kind !== 'g' && kind !== 'K') {
      if (entries.length >= limit) return { entries, hasMore: true }
      entries.push(entryOf(header, kind, longName, size))
      longName = null
      longLength = null
    }
  }
  return { entries, hasMore: false }
}

function entryOf(header: Uint8Array, kind: string, longName: string | null, size: number): ArchiveEntry {
  const isUstar = textOf(header.subarray(257, 262)) === 'ustar'
  const prefix = isUstar ? textOf(header.subarray(345, 500)) : ''
  const plain = textOf(header.subarray(0, 100))
  const name = longName ?? (prefix === '' ? plain : `${prefix}/${plain}`)
  const isDirectory = kind === '5' || name.endsWith('/')
  return {
    name,
    isDirectory,
    byteLength: isDirectory ? 0 : size,
    packedLength: null,
    modified: numberAt(header, 136, 12) * 1000,
  }
}

/** Octal digits, or, with the highest bit set, a binary number (GNU). */
function numberAt(header: Uint8Array, from: number, length: number): number {
  if (((header[from] ?? 0) & 0x80) !== 0) {
    let value = 0
    for (let i = from + 1; i < from + length; i++) value = value * 256 + (header[i] ?? 0)
    return Number.isSafeInteger(value) ? value : 0
  }
  const value = Number.parseInt(textOf(header.subarray(from, from + length)).trim(), 8)
  return Number.isSafeInteger(value) && value >= 0 ? value : 0
}

function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0)
  return utf8.decode(end < 0 ? bytes : bytes.subarray(0, end))
}

/** “length key=value” lines; a length counts its own digits. */
function paxOf(bytes: Uint8Array): Map<string, string> {
  const pairs = new Map<string, string>()
  for (const line of utf8.decode(bytes).split('\n')) {
    const match = /^\d+ ([^=]+)=(.*)$/s.exec(line)
    if (match) pairs.set(match[1] ?? '', match[2] ?? '')
  }
  return pairs
}

/** The sum of all bytes, those of the sum itself taken as spaces. */
function hasRightSum(header: Uint8Array): boolean {
  let sum = 0
  for (let i = 0; i < BLOCK; i++) sum += i >= 148 && i < 156 ? 0x20 : (header[i] ?? 0)
  return sum === numberAt(header, 148, 8)
}

/** Headers of small files are neighbours: one read serves many. */
class WindowedReader {
  private start = 0
  private bytes = new Uint8Array()

  constructor(private readonly readBytes: ReadBytes) {}

  async read(byteOffset: number, byteLength: number): Promise<Uint8Array> {
    const isWithin = byteOffset >= this.start && byteOffset + byteLength <= this.start + this.bytes.byteLength
    if (!isWithin) {
      this.bytes = Uint8Array.from(await this.readBytes(byteOffset, Math.max(WINDOW, byteLength)))
      this.start = byteOffset
    }
    return this.bytes.subarray(byteOffset - this.start, byteOffset - this.start + byteLength)
  }
}
