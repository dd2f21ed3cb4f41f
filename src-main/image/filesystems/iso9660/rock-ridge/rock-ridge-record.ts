import { readU16Le, readU32Be, readU32Le } from '../../../core/byte-reader'
import { readDirectoryDateTime, readVolumeDateTime } from '../../../core/date-time'
import { AL, CE, CL, NM, PL, PN, PX, RE, SF, signature, SL, ST, TF, Z2, ZF } from '../susp/system-use-entry'
import { RecordAttributes, sumIndexOf } from './recorded-sums'
import { SymlinkTarget } from './symlink-target'
import type { ZisofsEntry } from '../../../codecs/zisofs'

/** Names longer than any system takes; RRIP sets no limit, and continuation areas can be shared to make huge ones. */
const NAME_LIMIT = 1024

/** What else is registered for system use fields (SUSP 5, and its list of others: Amiga, Apple, AAIP, XA). */
const KNOWN = new Set(['SP', 'ER', 'ES', 'PD', 'RR', 'SF', 'ZF', 'Z2', 'AA', 'BA', 'AS', 'AL', 'XA'].map(signature))

/** RRIP 4.1.7. */
export interface SparseEntry {
  byteLength: number
  tableDepth: number
}

/**
 * What the system use entries of one directory record say, gathered over its continuation areas. One object serves all
 * records of a tree: a million files must not mean a million objects.
 */
export class RockRidgeRecord {
  hasMode = false
  mode = 0
  links = 0
  uid = 0
  gid = 0
  serial = 0
  hasSerial = false
  modified = NaN
  /** Set where the name is in one piece in the bytes given to `parse`; else `name` holds it. */
  nameBytes: Uint8Array | null = null
  nameFrom = 0
  nameTo = 0
  isDevice = false
  /** RRIP 4.1.2: the upper and the lower half of a device's number. */
  deviceHigh = 0
  deviceLow = 0
  childLocation = -1
  /** RRIP 4.1.5.2: where the directory really belongs whose `..` this is. */
  parentLocation = -1
  isRelocated = false
  /** A number recorded in both byte orders differs between them. */
  hasMismatch = false
  /** It has an entry of a kind that no standard knows, which a known one may have been. */
  hasUnknown = false
  /** Packed by a method that is not known: what is recorded is not the file's content. */
  isPackedOddly = false
  /** The last part of the name says that another follows. */
  isNameOpen = false
  nameTooLong = false
  malformed = false
  /** Its entries go on in a continuation area that holds none, or to which its chain does not lead. */
  isContinuationLost = false
  /** Where it should go on there is nothing but zeros. */
  isContinuationBlank = false
  zisofs: ZisofsEntry | null = null
  sparse: SparseEntry | null = null
  /** The number of the file's MD5 in the image's table of sums; 0 where it has none. */
  sumIndex = 0
  readonly target = new SymlinkTarget()
  /** A continuation area still to be read (SUSP 5.1); `ceLength` 0 where there is none. */
  ceBlock = 0
  ceOffset = 0
  ceLength = 0
  private scratch = new Uint8Array(256)
  private scratchLength = 0
  private readonly attributes = new RecordAttributes()

  reset(): void {
    this.hasMode = false
    this.mode = 0
    this.links = 0
    this.uid = 0
    this.gid = 0
    this.serial = 0
    this.hasSerial = false
    this.modified = NaN
    this.nameBytes = null
    this.isDevice = false
    this.childLocation = -1
    this.isRelocated = false
    this.nameTooLong = false
    this.malformed = false
    this.isContinuationLost = false
    this.isContinuationBlank = false
    this.parentLocation = -1
    this.hasMismatch = false
    this.isNameOpen = false
    this.hasUnknown = false
    this.isPackedOddly = false
    this.zisofs = null
    this.sparse = null
    this.sumIndex = 0
    this.attributes.reset()
    this.target.reset()
    this.ceLength = 0
  }

  get hasForeignAttributes(): boolean {
    return this.attributes.hasForeign
  }

  get hasName(): boolean {
    return this.nameBytes !== null
  }

  /**
   * SUSP 4: entries one after the other. Stops at the first that cannot be one; what came before it holds.
   * @returns whether there was one
   */
  parse(bytes: Uint8Array, from: number, to: number): boolean {
    this.ceLength = 0
    let at = from
    for (; at + 4 <= to;) {
      const length = bytes[at + 2] ?? 0
      const kind = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8)
      // Padding of zeros ends a field that is not full.
      if (length < 4 || at + length > to) {
        if (kind !== 0 && to - at > 4) this.malformed = true
        break
      }
      if (kind === NM) this.readName(bytes, at, length)
      else if (kind === PX) this.readAttributes(bytes, at, length)
      else if (kind === TF) this.readTimes(bytes, at, length)
      else if (kind === CE && length >= 28) {
        this.ceBlock = this.bothU32(bytes, at + 4)
        this.ceOffset = this.bothU32(bytes, at + 12)
        this.ceLength = this.bothU32(bytes, at + 20)
      } else if (kind === SL) this.target.read(bytes, at, length)
      else if (kind === ST) return true
      else this.readRare(kind, bytes, at, length)
      at += length
    }
    // Too few bytes for an entry: what pads a record is zero (ECMA-119 9.1.12), unless the last entry was longer.
    for (let rest = at; rest < to && to - at < 4; rest++) if (bytes[rest] !== 0) this.malformed = true
    return at > from
  }

  /** RRIP 4.1.1: PX. 36 bytes in RRIP 1.09, 44 with the serial number in 1.12. */
  private readAttributes(bytes: Uint8Array, at: number, length: number): void {
    if (length < 36) return
    this.hasMode = true
    this.mode = this.bothU32(bytes, at + 4)
    this.links = this.bothU32(bytes, at + 12)
    this.uid = this.bothU32(bytes, at + 20)
    this.gid = this.bothU32(bytes, at + 28)
    if (length >= 44) {
      this.hasSerial = true
      this.serial = readU32Le(bytes, at + 36)
    }
  }

  /** ECMA-119 7.3.3. Which of two that differ is right, nobody can tell from here. */
  private bothU32(bytes: Uint8Array, at: number): number {
    const little = readU32Le(bytes, at)
    if (little !== readU32Be(bytes, at + 4)) this.hasMismatch = true
    return little
  }

  /** RRIP 4.1.4: NM. Flags: 1 continued, 2 current, 4 parent directory. */
  private readName(bytes: Uint8Array, at: number, length: number): void {
    const flags = bytes[at + 4] ?? 0
    if ((flags & 6) !== 0 || length < 5) return
    this.isNameOpen = (flags & 1) !== 0
    const from = at + 5
    const to = at + length
    if (this.nameBytes === null) {
      this.nameBytes = bytes
      this.nameFrom = from
      this.nameTo = to
      return
    }
    if (this.nameBytes !== this.scratch) {
      this.scratchLength = 0
      this.extend(this.nameBytes, this.nameFrom, this.nameTo)
    }
    this.extend(bytes, from, to)
    this.nameBytes = this.scratch
    this.nameFrom = 0
    this.nameTo = this.scratchLength
  }

  private extend(bytes: Uint8Array, from: number, to: number): void {
    const room = NAME_LIMIT - this.scratchLength
    const length = Math.min(to - from, room)
    if (to - from > room) this.nameTooLong = true
    if (this.scratchLength + length > this.scratch.byteLength) {
      const larger = new Uint8Array(NAME_LIMIT)
      larger.set(this.scratch.subarray(0, this.scratchLength))
      this.scratch = larger
    }
    this.scratch.set(bytes.subarray(from, from + length), this.scratchLength)
    this.scratchLength += length
  }

  /** RRIP 4.1.6: TF. Flag 0x80: seventeen-byte times; the order is creation, modification, … */
  private readTimes(bytes: Uint8Array, at: number, length: number): void {
    const flags = bytes[at + 4] ?? 0
    if ((flags & 2) === 0) return
    const size = (flags & 0x80) !== 0 ? 17 : 7
    const from = at + 5 + ((flags & 1) !== 0 ? size : 0)
    if (from + size > at + length) return
    this.modified = size === 17 ? readVolumeDateTime(bytes, from) : readDirectoryDateTime(bytes, from)
  }

  private readDevice(bytes: Uint8Array, at: number, length: number): void {
    this.isDevice = true
    this.deviceHigh = length >= 20 ? this.bothU32(bytes, at + 4) : 0
    this.deviceLow = length >= 20 ? this.bothU32(bytes, at + 12) : 0
  }

  private readRare(kind: number, bytes: Uint8Array, at: number, length: number): void {
    // RRIP 4.1.5.1 and 4.1.5.3.
    if (kind === CL && length >= 12) this.childLocation = this.bothU32(bytes, at + 4)
    else if (kind === PL && length >= 12) this.parentLocation = this.bothU32(bytes, at + 4)
    else if (kind === RE) this.isRelocated = true
    else if (kind === PN) this.readDevice(bytes, at, length)
    else if (kind === SF) this.readSparse(bytes, at, length)
    else if (kind === AL) this.readSumIndex(bytes, at, length)
    else if (kind === ZF && length >= 16 && bytes[at + 4] === 0x70 && bytes[at + 5] === 0x7a) {
      this.readZisofs(1, bytes, at, this.bothU32(bytes, at + 8))
    } else if ((kind === Z2 || kind === ZF) && length >= 16 && bytes[at + 4] === 0x50 && bytes[at + 5] === 0x5a) {
      this.readZisofs(2, bytes, at, readU32Le(bytes, at + 8) + readU32Le(bytes, at + 12) * 2 ** 32)
    } else if (kind === ZF || kind === Z2) this.isPackedOddly = true
    else if (!KNOWN.has(kind)) this.hasUnknown = true
  }

  private readSumIndex(bytes: Uint8Array, at: number, length: number): void {
    this.attributes.read(bytes, at, length, (name, value) => {
      this.sumIndex = sumIndexOf(name, value) || this.sumIndex
    })
  }

  private readZisofs(version: 1 | 2, bytes: Uint8Array, at: number, byteLength: number): void {
    this.zisofs = {
      version,
      headerLength: (bytes[at + 6] ?? 0) * 4,
      blockSizeLog2: bytes[at + 7] ?? 0,
      byteLength,
    }
  }

  /** RRIP 4.1.7: SF. 1.10 has two words of size and the table's depth; 1.09 one word and none. */
  private readSparse(bytes: Uint8Array, at: number, length: number): void {
    if (length >= 21) {
      const high = readU32Le(bytes, at + 4)
      this.sparse = { byteLength: high * 2 ** 32 + readU32Le(bytes, at + 12), tableDepth: bytes[at + 20] ?? 0 }
    } else if (length >= 12 && readU32Le(bytes, at + 4) === readU32Be(bytes, at + 8)) {
      this.sparse = { byteLength: readU32Le(bytes, at + 4), tableDepth: 1 }
    }
  }
}

/** Whether a system use field speaks Rock Ridge at all: discs without SP or ER exist. */
export function looksLikeRockRidge(bytes: Uint8Array, from: number, to: number): boolean {
  const known = [PX, NM, SL, PN, CL, RE, TF]
  for (let at = from; at + 4 <= to;) {
    const length = bytes[at + 2] ?? 0
    if (length < 4 || at + length > to) return false
    if (known.includes(readU16Le(bytes, at))) return true
    at += length
  }
  return false
}
