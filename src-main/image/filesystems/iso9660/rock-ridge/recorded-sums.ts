import { readU32Be, readU32Le } from '../../../core/byte-reader'
import type { ByteSource } from '../../../core/byte-source'
import { createHash } from '../../../core/create-hash'
import type { SumTable } from '../../../core/sum-table'
import { AL, CE, ST } from '../susp/system-use-entry'

const SECTOR = 2048
const MD5_LENGTH = 16
/** A million files; a longer table is not read. */
const TABLE_LIMIT = 64 << 20
/** Linux follows as many continuation areas. */
const AREA_LIMIT = 32
/** AAIP 2.0: this byte stands for the namespace “isofs.” at the start of a name. */
const ISOFS = 4

/**
 * The attributes of one record, as AAIP keeps them in `AL` entries: components of flags, length and bytes, by turns a name
 * and its value. A component whose flags have 1 goes on in the next one.
 */
export class RecordAttributes {
  /** There are some that are not the writer's own; those of access rights have no name. */
  hasForeign = false
  private isValue = false
  private isContinued = false
  private name: readonly number[] = []

  reset(): void {
    this.hasForeign = false
    this.isValue = false
    this.isContinued = false
    this.name = []
  }

  /** Of an `AL` entry at `at`; `found` is given each pair whose name has three bytes and whose value is in one piece. */
  read(
    bytes: Uint8Array,
    at: number,
    length: number,
    found: (name: readonly number[], value: Uint8Array) => void,
  ): void {
    const end = at + length
    for (let component = at + 5; component + 2 <= end;) {
      const goesOn = ((bytes[component] ?? 0) & 1) !== 0
      const from = component + 2
      const to = Math.min(end, from + (bytes[component + 1] ?? 0))
      if (!this.isValue && !this.isContinued && (to === from || bytes[from] !== ISOFS)) this.hasForeign = true
      const isWhole = !goesOn && !this.isContinued
      if (!this.isValue) this.name = isWhole && to - from === 3 ? [...bytes.subarray(from, to)] : []
      else if (isWhole && this.name.length === 3) found(this.name, bytes.subarray(from, to))
      this.isContinued = goesOn
      if (!goesOn) this.isValue = !this.isValue
      component = to
    }
  }
}

/** `isofs.cx`: the number of a file's sum in the table; 0 for any other attribute. */
export function sumIndexOf(name: readonly number[], value: Uint8Array): number {
  return isNamed(name, 'cx') && value.byteLength === 4 ? readU32Be(value, 0) : 0
}

function isNamed(name: readonly number[], letters: string): boolean {
  return name[0] === ISOFS && name[1] === letters.charCodeAt(0) && name[2] === letters.charCodeAt(1)
}

/** Where the sums lie (`isofs.ca`), in blocks as the volume counts them. */
interface SumArea {
  block: number
  count: number
}

/**
 * Reads the table that the root's own record names. Null without one.
 * @param root where the root directory begins, in bytes
 */
export async function readSumTable(
  volume: ByteSource,
  root: number,
  byteOffsetOf: (block: number) => number,
): Promise<SumTable | null> {
  const area = await readArea(volume, root, byteOffsetOf)
  if (area === null || area.count < 2 || area.count * MD5_LENGTH > TABLE_LIMIT) return null
  const bytes = await volume.read(byteOffsetOf(area.block), area.count * MD5_LENGTH)
  const at = (index: number): string =>
    Buffer.from(bytes.subarray(index * MD5_LENGTH, (index + 1) * MD5_LENGTH)).toString('hex')
  // The first sum is the session's, the last one that of the table itself.
  const last = area.count - 1
  const own = createHash('md5')
    .update(bytes.subarray(0, last * MD5_LENGTH))
    .digest('hex')
  const hexOf = (index: number): string | null => (index > 0 && index < last ? at(index) : null)
  return { algorithm: 'md5', isOfStored: true, hexOf, isIntact: at(last) === own }
}

async function readArea(
  volume: ByteSource,
  root: number,
  byteOffsetOf: (block: number) => number,
): Promise<SumArea | null> {
  let bytes = await volume.read(root, SECTOR)
  let from = 34
  let to = bytes[0] ?? 0
  const attributes = new RecordAttributes()
  const found: SumArea[] = []
  for (let areas = 0; areas < AREA_LIMIT; areas++) {
    let next: { block: number; offset: number; length: number } | null = null
    for (let at = from; at + 4 <= to;) {
      const length = bytes[at + 2] ?? 0
      const kind = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8)
      if (length < 4 || at + length > to || kind === ST) break
      if (kind === AL)
        attributes.read(bytes, at, length, (name, value) => found.push(...(isNamed(name, 'ca') ? areaIn(value) : [])))
      if (kind === CE && length >= 28)
        next = { block: readU32Le(bytes, at + 4), offset: readU32Le(bytes, at + 12), length: readU32Le(bytes, at + 20) }
      at += length
    }
    if (found.length > 0 || next === null || next.length > SECTOR * 16) break
    bytes = await volume.read(byteOffsetOf(next.block) + next.offset, next.length)
    from = 0
    to = bytes.byteLength
  }
  return found[0] ?? null
}

/** Numbers with a byte of length each: start, end, count and size; the algorithm as text. The table begins at the end. */
function areaIn(value: Uint8Array): SumArea[] {
  const numbers: number[] = []
  let at = 0
  while (numbers.length < 4 && at < value.byteLength) {
    const length = value[at] ?? 0
    let number = 0
    for (let i = 1; i <= length; i++) number = number * 256 + (value[at + i] ?? 0)
    numbers.push(number)
    at += 1 + length
  }
  const [, block = 0, count = 0, size = 0] = numbers
  const algorithm = Buffer.from(value.subarray(at)).toString('latin1')
  return algorithm === 'MD5' && size === MD5_LENGTH && block > 0 ? [{ block, count }] : []
}
