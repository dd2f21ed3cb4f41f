import { EntryFlag } from './entry-flags'

const FIRST_CAPACITY = 1024
const FIRST_ARENA = 32 * 1024
/** Offsets into the arena are 32-bit. */
const ARENA_LIMIT = 0xf0000000

/** The names did not fit: only an image made to hurt asks for that much. */
export class ArenaFullError extends Error {}

/**
 * Growing columns and an arena of UTF-8 bytes: about 66 bytes an entry plus its name, against several hundred for an
 * object. A symlink's target lies in the arena right behind its name.
 */
export class ColumnStore {
  length = 0
  parent = new Uint32Array(FIRST_CAPACITY)
  firstChild = new Uint32Array(FIRST_CAPACITY)
  childCount = new Uint32Array(FIRST_CAPACITY)
  nameOffset = new Uint32Array(FIRST_CAPACITY)
  nameLength = new Uint16Array(FIRST_CAPACITY)
  targetLength = new Uint16Array(FIRST_CAPACITY)
  flags = new Uint16Array(FIRST_CAPACITY)
  mode = new Uint16Array(FIRST_CAPACITY)
  uid = new Uint32Array(FIRST_CAPACITY)
  gid = new Uint32Array(FIRST_CAPACITY)
  /** Whatever tells hard links of one file apart from another file's. */
  serial = new Uint32Array(FIRST_CAPACITY)
  /** Index into the lists of runs; −1 where the content is one run from `start`. */
  runs = new Int32Array(FIRST_CAPACITY)
  length64 = new Float64Array(FIRST_CAPACITY)
  /** Byte offset of the content in the volume; for a directory, of whatever identifies it. */
  start = new Float64Array(FIRST_CAPACITY)
  modified = new Float64Array(FIRST_CAPACITY)
  /** Numbers in the image's table of sums; null where no entry has one. */
  sumIndex: Uint32Array | null = null
  /** What extended attributes are found by, whatever its tree makes of it; 0 without any; null where no entry has any. */
  attributesAt: Float64Array | null = null
  arena: Buffer = Buffer.alloc(FIRST_ARENA)
  arenaLength = 0

  /** A new entry, all of its columns at rest. */
  append(parent: number): number {
    const index = this.length
    if (index === this.parent.length) this.grow()
    this.length = index + 1
    this.parent[index] = parent
    this.runs[index] = -1
    this.modified[index] = NaN
    return index
  }

  setSumIndex(index: number, value: number): void {
    this.sumIndex ??= new Uint32Array(this.parent.length)
    this.sumIndex[index] = value
  }

  setAttributes(index: number, place: number): void {
    this.attributesAt ??= new Float64Array(this.parent.length)
    this.attributesAt[index] = place
  }

  /** Forgets entries from `length` on. */
  truncate(length: number): void {
    for (let index = length; index < this.length; index++) this.clear(index)
    this.length = length
  }

  setNameBytes(index: number, bytes: Uint8Array, from: number, to: number): void {
    const arena = this.reserve(to - from)
    const at = this.arenaLength
    let seen = 0
    for (let i = from, o = at; i < to; i++, o++) {
      const byte = bytes[i] ?? 0
      arena[o] = byte
      // Above ASCII, a separator or NUL: to be looked at.
      if (byte >= 0x80 || byte === 0x2f || byte === 0) seen = 1
    }
    this.nameOffset[index] = at
    this.nameLength[index] = to - from
    this.targetLength[index] = 0
    this.arenaLength = at + (to - from)
    const dots =
      to - from <= 2 && (to === from || (bytes[from] === 0x2e && (to - from === 1 || bytes[from + 1] === 0x2e)))
    if (seen !== 0 || dots) this.flags[index] = (this.flags[index] ?? 0) | EntryFlag.oddName
  }

  setNameText(index: number, name: string): void {
    const target = this.arenaTargetBytes(index)
    const bytes = Buffer.from(name, 'utf8')
    const arena = this.reserve(bytes.byteLength + target.byteLength)
    arena.set(bytes, this.arenaLength)
    arena.set(target, this.arenaLength + bytes.byteLength)
    this.nameOffset[index] = this.arenaLength
    this.nameLength[index] = bytes.byteLength
    this.arenaLength += bytes.byteLength + target.byteLength
  }

  setTargetBytes(index: number, target: Uint8Array): void {
    const name = this.nameBytes(index)
    const arena = this.reserve(name.byteLength + target.byteLength)
    // The name is usually the last thing written, and the target can follow it where it is.
    if ((this.nameOffset[index] ?? 0) + name.byteLength !== this.arenaLength) {
      arena.set(name, this.arenaLength)
      this.nameOffset[index] = this.arenaLength
      this.arenaLength += name.byteLength
    }
    arena.set(target, this.arenaLength)
    this.targetLength[index] = target.byteLength
    this.arenaLength += target.byteLength
  }

  setTargetText(index: number, target: string): void {
    this.setTargetBytes(index, Buffer.from(target, 'utf8'))
  }

  nameBytes(index: number): Uint8Array {
    const at = this.nameOffset[index] ?? 0
    return this.arena.subarray(at, at + (this.nameLength[index] ?? 0))
  }

  arenaName(index: number): string {
    const at = this.nameOffset[index] ?? 0
    return this.arena.toString('utf8', at, at + (this.nameLength[index] ?? 0))
  }

  arenaTarget(index: number): string {
    const at = (this.nameOffset[index] ?? 0) + (this.nameLength[index] ?? 0)
    return this.arena.toString('utf8', at, at + (this.targetLength[index] ?? 0))
  }

  arenaTargetBytes(index: number): Uint8Array {
    const at = (this.nameOffset[index] ?? 0) + (this.nameLength[index] ?? 0)
    return this.arena.subarray(at, at + (this.targetLength[index] ?? 0))
  }

  /** By the UTF-8 bytes of their names. */
  compareNames(a: number, b: number): number {
    const arena = this.arena
    const lengthA = this.nameLength[a] ?? 0
    const lengthB = this.nameLength[b] ?? 0
    const atA = this.nameOffset[a] ?? 0
    const atB = this.nameOffset[b] ?? 0
    const shorter = lengthA < lengthB ? lengthA : lengthB
    for (let i = 0; i < shorter; i++) {
      const difference = (arena[atA + i] ?? 0) - (arena[atB + i] ?? 0)
      if (difference !== 0) return difference
    }
    return lengthA - lengthB
  }

  /** Entry `order[i]` moves to `first + i`. Only entries without children yet can move. */
  permute(first: number, order: Uint32Array): void {
    for (const column of this.columns()) {
      const moved = column.slice(first, first + order.length)
      for (let i = 0; i < order.length; i++) column[first + i] = moved[(order[i] ?? 0) - first] ?? 0
    }
  }

  moveEntry(from: number, to: number): void {
    for (const column of this.columns()) column[to] = column[from] ?? 0
  }

  private clear(index: number): void {
    for (const column of this.columns()) column[index] = 0
  }

  private columns(): (Uint32Array | Uint16Array | Int32Array | Float64Array)[] {
    return [
      this.parent,
      this.firstChild,
      this.childCount,
      this.nameOffset,
      this.nameLength,
      this.targetLength,
      this.flags,
      this.mode,
      this.uid,
      this.gid,
      this.serial,
      this.runs,
      this.length64,
      this.start,
      this.modified,
      ...(this.sumIndex === null ? [] : [this.sumIndex]),
      ...(this.attributesAt === null ? [] : [this.attributesAt]),
    ]
  }

  private reserve(byteLength: number): Buffer {
    const needed = this.arenaLength + byteLength
    if (needed > this.arena.byteLength) {
      if (needed > ARENA_LIMIT) throw new ArenaFullError('more names than an image of any honest kind holds')
      const larger = Buffer.alloc(Math.min(ARENA_LIMIT, Math.max(needed, this.arena.byteLength * 2)))
      larger.set(this.arena.subarray(0, this.arenaLength))
      this.arena = larger
    }
    return this.arena
  }

  private grow(): void {
    const capacity = this.parent.length * 2
    // Transferred, not copied: the old storage is given back at once instead of waiting for the collector, and mostly
    // grows in place.
    const grown = (old: ArrayBufferView<ArrayBuffer>, bytesEach: number): ArrayBuffer =>
      old.buffer.transfer(capacity * bytesEach)
    const u32 = (old: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> => new Uint32Array(grown(old, 4))
    const u16 = (old: Uint16Array<ArrayBuffer>): Uint16Array<ArrayBuffer> => new Uint16Array(grown(old, 2))
    const f64 = (old: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> => new Float64Array(grown(old, 8))
    this.parent = u32(this.parent)
    this.firstChild = u32(this.firstChild)
    this.childCount = u32(this.childCount)
    this.nameOffset = u32(this.nameOffset)
    this.nameLength = u16(this.nameLength)
    this.targetLength = u16(this.targetLength)
    this.flags = u16(this.flags)
    this.mode = u16(this.mode)
    this.uid = u32(this.uid)
    this.gid = u32(this.gid)
    this.serial = u32(this.serial)
    this.runs = new Int32Array(grown(this.runs, 4))
    this.length64 = f64(this.length64)
    this.start = f64(this.start)
    this.modified = f64(this.modified)
    if (this.sumIndex !== null) this.sumIndex = u32(this.sumIndex as Uint32Array<ArrayBuffer>)
    if (this.attributesAt !== null) this.attributesAt = f64(this.attributesAt as Float64Array<ArrayBuffer>)
  }
}
