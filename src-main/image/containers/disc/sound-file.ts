import { ByteReader, matchesAscii } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import { SwappedSource } from '../../core/sources/swapped-source'
import { SliceSource } from '../../core/sources/slice-source'

const CHUNK_LIMIT = 1000
/** Samples of a channel in a sector: 2352 bytes of 16 bits, twice (IEC 60908). */
const SAMPLES_PER_SECTOR = 588

/** A file that a sheet names for a track's sound. */
export interface SoundFile {
  /** The samples as a CD has them (44 100 Hz, 16 bits, two channels, little-endian), or the whole file. */
  source: ByteSource
  /** Null: `source` is samples. Else what the file is called by and what its name ends in. */
  foreign: { label: string; extension: string } | null
  /** Its length where the format tells it; null where it does not. */
  sectorCount: number | null
  /** Bytes of sound that the file says it has and does not hold; Infinity where it has none at all. */
  missingByteLength: number
}

const FOREIGN: readonly [number, string, string, string][] = [
  [0, 'fLaC', 'FLAC', 'flac'],
  [0, 'MAC ', 'Monkey’s Audio', 'ape'],
  [0, 'OggS', 'Ogg', 'ogg'],
  [0, 'wvpk', 'WavPack', 'wv'],
  [0, 'TTA1', 'TTA', 'tta'],
  [0, 'TTA2', 'TTA', 'tta'],
  [0, 'OFR ', 'OptimFROG', 'ofr'],
  [0, 'MPCK', 'Musepack', 'mpc'],
  [0, 'MP+', 'Musepack', 'mpc'],
  [0, 'ajkg', 'Shorten', 'shn'],
  [0, 'tBaK', 'TAK', 'tak'],
  [0, 'ID3', 'MP3', 'mp3'],
  [4, 'ftyp', 'MPEG-4', 'm4a'],
  [0, '\x30\x26\xb2\x75\x8e\x66\xcf\x11', 'Windows Media', 'wma'],
]

/**
 * Finds out by its bytes what a sound file is.
 * @param type the sheet's word for it: `MOTOROLA` has the bytes of each sample swapped, `MP3` tells what bytes cannot
 */
export async function openSoundFile(source: ByteSource, name: string, type: string): Promise<SoundFile> {
  const start = new ByteReader(await source.read(0, 64))
  if (start.matches(8, 'WAVE') && ['RIFF', 'RF64', 'RIFX'].includes(start.latin1(0, 4))) {
    return readWave(source, start)
  }
  if (start.matches(0, 'FORM') && (start.matches(8, 'AIFF') || start.matches(8, 'AIFC'))) {
    return readAiff(source)
  }
  for (const [at, magic, label, extension] of FOREIGN) {
    if (matchesAscii(start.bytes, at, magic)) return foreign(source, label, extension, sectorsOf(start, extension))
  }
  if (type === 'MP3' || (/\.mp[23]$/i.test(name) && start.u8(0) === 0xff && start.u8(1) >= 0xe0)) {
    return foreign(source, 'MP3', /\.mp2$/i.test(name) ? 'mp2' : 'mp3', null)
  }
  // Of a file that begins with data, its sectors have told already.
  const isPutRight = source instanceof SwappedSource
  return samples(type === 'MOTOROLA' && !isPutRight ? new SwappedSource(source) : source)
}

function foreign(source: ByteSource, label: string, extension: string, sectorCount: number | null): SoundFile {
  return { source, foreign: { label, extension }, sectorCount, missingByteLength: 0 }
}

function samples(source: ByteSource, missingByteLength = 0): SoundFile {
  const sectorCount = Math.floor(source.byteLength / (SAMPLES_PER_SECTOR * 4))
  return { source, foreign: null, sectorCount, missingByteLength }
}

/** A file that ends before its sound begins. */
function without(source: ByteSource, label: string, extension: string): SoundFile {
  return { ...foreign(source, label, extension, 0), missingByteLength: Infinity }
}

/** FLAC's first block counts samples in 36 bits. */
function sectorsOf(start: ByteReader, extension: string): number | null {
  if (extension !== 'flac' || (start.u8(4) & 0x7f) !== 0) return null
  const count = (start.u8(21) & 15) * 2 ** 32 + start.u32Be(22)
  return count === 0 ? null : Math.ceil(count / SAMPLES_PER_SECTOR)
}

/** RIFF WAVE and RF64 (EBU Tech 3306): the samples are its `data` chunk, whatever lies around it. */
async function readWave(source: ByteSource, start: ByteReader): Promise<SoundFile> {
  const isBig = start.matches(0, 'RIFX')
  let wide = NaN
  let isCd = false
  let at = 12
  for (let count = 0; count < CHUNK_LIMIT && at + 8 <= source.byteLength; count++) {
    const head = new ByteReader(await source.read(at, 48))
    const id = head.latin1(0, 4)
    const length = isBig ? head.u32Be(4) : head.u32Le(4)
    if (id === 'ds64') wide = head.u64Le(16)
    if (id === 'fmt ') {
      const u16 = (offset: number): number => (isBig ? head.u16Be(offset) : head.u16Le(offset))
      // An extensible format names its real one at the start of a GUID.
      const format = u16(8) === 0xfffe ? u16(32) : u16(8)
      const rate = isBig ? head.u32Be(12) : head.u32Le(12)
      isCd = format === 1 && u16(10) === 2 && rate === 44_100 && u16(22) === 16
    }
    if (id === 'data') {
      // A writer that was stopped leaves the length zero or all ones: then the samples go on to the end.
      const isOpen = length === 0xffffffff || (length === 0 && at + 8 < source.byteLength)
      const data = new SliceSource(source, at + 8, isOpen ? (Number.isFinite(wide) ? wide : undefined) : length)
      const missing = isOpen ? 0 : Math.max(0, at + 8 + length - source.byteLength)
      if (!isCd) return { ...foreign(source, 'WAVE', 'wav', null), missingByteLength: missing }
      return samples(isBig ? new SwappedSource(data) : data, missing)
    }
    at += 8 + length + (length & 1)
  }
  return without(source, 'WAVE', 'wav')
}

/** AIFF and AIFF-C: big-endian samples in `SSND`; `sowt` has them little-endian. */
async function readAiff(source: ByteSource): Promise<SoundFile> {
  let isCd = false
  let isLittle = false
  let at = 12
  let data: SliceSource | null = null
  let missing = 0
  for (let count = 0; count < CHUNK_LIMIT && at + 8 <= source.byteLength; count++) {
    const head = new ByteReader(await source.read(at, 48))
    const length = head.u32Be(4)
    if (head.matches(0, 'COMM')) {
      const compression = length >= 22 ? head.latin1(26, 4) : 'NONE'
      // 44 100 as an 80-bit extended number.
      const isRate = head.u16Be(16) === 0x400e && head.u32Be(18) === 0xac440000
      isLittle = compression === 'sowt'
      isCd = head.u16Be(8) === 2 && head.u16Be(14) === 16 && isRate && ['NONE', 'twos', 'sowt'].includes(compression)
    }
    if (head.matches(0, 'SSND')) {
      const offset = head.u32Be(8)
      data = new SliceSource(source, at + 16 + offset, Math.max(0, length - 8 - offset))
      missing = Math.max(0, at + 8 + length - source.byteLength)
    }
    at += 8 + length + (length & 1)
  }
  if (data === null) return without(source, 'AIFF', 'aiff')
  if (!isCd) return { ...foreign(source, 'AIFF', 'aiff', null), missingByteLength: missing }
  return samples(isLittle ? data : new SwappedSource(data), missing)
}
