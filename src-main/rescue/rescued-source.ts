import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { ByteSource } from '../image/core/byte-source'

/** What is mended is kept in memory up to this, and in a file beyond it; in bytes. */
const IN_MEMORY = 48 << 20

/** A file of this computer: its bytes are at hand. */
export type FileSource = ByteSource & Required<Pick<ByteSource, 'readInto'>>

/** From which of several files a range is taken. */
interface Piece {
  start: number
  end: number
  source: FileSource
}

/**
 * An image as it is known by now: pieces of itself and of its copies, and over them the units (sectors of 2048 or of 2352
 * bytes) that have been mended. Nothing is ever written to what it is made of.
 */
export class RescuedSource implements ByteSource {
  byteLength: number
  private readonly pieces: Piece[] = []
  private readonly slots = new Map<number, number>()
  private memory: Uint8Array[] = []
  private descriptor: number | null = null

  /** @param unit in bytes */
  constructor(
    private readonly image: FileSource,
    readonly unit: number,
  ) {
    this.byteLength = image.byteLength
  }

  /** Takes a range from a copy. Later calls are about later bytes. */
  take(start: number, end: number, source: FileSource): void {
    const last = this.pieces.at(-1)
    if (last?.end === start && last.source === source) last.end = end
    else this.pieces.push({ start, end, source })
    this.byteLength = Math.max(this.byteLength, end)
  }

  /** Puts a mended unit in its place. @param limit where the image ends, for the last one; in bytes */
  put(unit: number, bytes: Uint8Array, limit = Infinity): void {
    const slot = this.slots.get(unit) ?? this.slots.size
    this.slots.set(unit, slot)
    if ((slot + 1) * this.unit <= IN_MEMORY) this.memory[slot] = bytes.slice(0, this.unit)
    else {
      this.descriptor ??= openTemporary()
      fs.writeSync(this.descriptor, bytes, 0, this.unit, slot * this.unit)
    }
    this.byteLength = Math.max(this.byteLength, Math.min(limit, (unit + 1) * this.unit))
  }

  /** How many units have been mended. */
  get mendedCount(): number {
    return this.slots.size
  }

  read(byteOffset: number, byteLength: number): Uint8Array {
    const length = Math.min(byteLength, this.byteLength - byteOffset)
    if (length <= 0 || byteOffset < 0) return new Uint8Array(0)
    const out = Buffer.allocUnsafeSlow(length)
    this.readInto(out, byteOffset)
    return out
  }

  /** Fills all of `target` as far as the image goes. What no file has is zeros. */
  readInto(target: Uint8Array, byteOffset: number): number {
    const length = Math.max(0, Math.min(target.byteLength, this.byteLength - byteOffset))
    const out = target.subarray(0, length)
    out.fill(0, this.image.readInto(out, byteOffset))
    const end = byteOffset + length
    for (let i = this.firstPiece(byteOffset); i < this.pieces.length; i++) {
      const piece = this.pieces[i]
      if (piece === undefined || piece.start >= end) break
      const from = Math.max(byteOffset, piece.start)
      piece.source.readInto(out.subarray(from - byteOffset, Math.min(end, piece.end) - byteOffset), from)
    }
    if (this.slots.size > 0) this.lay(out, byteOffset)
    return length
  }

  locate(): null {
    return null
  }

  close(): void {
    if (this.descriptor !== null) fs.closeSync(this.descriptor)
    this.descriptor = null
    this.memory = []
  }

  private lay(out: Uint8Array, byteOffset: number): void {
    const end = byteOffset + out.byteLength
    for (let unit = Math.floor(byteOffset / this.unit); unit * this.unit < end; unit++) {
      const slot = this.slots.get(unit)
      if (slot === undefined) continue
      const start = unit * this.unit
      const from = Math.max(byteOffset, start)
      out.set(this.slotBytes(slot).subarray(from - start, Math.min(end, start + this.unit) - start), from - byteOffset)
    }
  }

  private slotBytes(slot: number): Uint8Array {
    const inMemory = this.memory[slot]
    if (inMemory !== undefined || this.descriptor === null) return inMemory ?? new Uint8Array(this.unit)
    const bytes = new Uint8Array(this.unit)
    fs.readSync(this.descriptor, bytes, 0, this.unit, slot * this.unit)
    return bytes
  }

  private firstPiece(byteOffset: number): number {
    let low = 0
    let high = this.pieces.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.pieces[middle]?.end ?? 0) <= byteOffset) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** A file that nobody finds, and that goes with the process. */
function openTemporary(): number {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'isolde-rescue-'))
  try {
    const file = path.join(folder, 'mended')
    const descriptor = fs.openSync(file, 'wx+', 0o600)
    if (process.platform !== 'win32') fs.unlinkSync(file)
    return descriptor
  } finally {
    if (process.platform !== 'win32') fs.rmSync(folder, { recursive: true, force: true })
  }
}
