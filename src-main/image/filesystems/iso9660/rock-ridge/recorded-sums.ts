import { readU32Be } from '../../../core/byte-reader'
import type { ByteSource } from '../../../core/byte-source'
import { createHash } from '../../../core/create-hash'
import type { SumTable } from '../../../core/sum-table'
import { AL } from '../susp/system-use-entry'
import { systemUse } from '../susp/system-use'

const SECTOR = 2048
const MD5_LENGTH = 16
/** A million files; a longer table is not read. */
const TABLE_LIMIT = 64 << 20
/** AAIP 2.0: this byte stands for the namespace “isofs.” at the start of a name. */
const ISOFS = 4

/**
 * The attributes of one record, as AAIP keeps them in `AL` entries: components of flags, length and bytes, by turns a name
 * and its value. A component whose flags have 1 goes on in the next one, and one may begin in an entry and end in the next.
 */
export class RecordAttributes {
  /** There are some that are not the writer's own; those of access rights have no name. */
  hasForeign = false
  private isValue = false
  private isContinued = false
  /** Of the component that is being read. */
  private goesOn = false
  /** What of it is still to come, in bytes. */
  private left = 0
  private name: readonly number[] = []

  reset(): void {
    this.hasForeign = false
    this.isValue = false
    this.isContinued = false
    this.goesOn = false
    this.left = 0
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
    // What an entry has no room for is at the beginning of the next one.
    let component = Math.min(end, at + 5 + this.left)
    const isCut = this.left > 0
    this.left -= component - at - 5
    if (isCut && this.left === 0) this.endComponent()
    while (component + 2 <= end) {
      this.goesOn = ((bytes[component] ?? 0) & 1) !== 0
      const from = component + 2
      const byteLength = bytes[component + 1] ?? 0
      const to = Math.min(end, from + byteLength)
      this.left = from + byteLength - to
      if (!this.isValue && !this.isContinued && (byteLength === 0 || bytes[from] !== ISOFS)) this.hasForeign = true
      const isWhole = !this.goesOn && !this.isContinued && this.left === 0
      if (!this.isValue) this.name = isWhole && to - from === 3 ? [...bytes.subarray(from, to)] : []
      else if (isWhole && this.name.length === 3) found(this.name, bytes.subarray(from, to))
      if (this.left === 0) this.endComponent()
      component = to
    }
  }

  private endComponent(): void {
    this.isContinued = this.goesOn
    if (!this.goesOn) this.isValue = !this.isValue
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
  const first = await volume.read(root, SECTOR)
  const attributes = new RecordAttributes()
  const found: SumArea[] = []
  for await (const { kind, bytes, at, length } of systemUse(volume, first, 34, first[0] ?? 0, byteOffsetOf)) {
    if (kind !== AL) continue
    attributes.read(bytes, at, length, (name, value) => found.push(...(isNamed(name, 'ca') ? areaIn(value) : [])))
    if (found.length > 0) break
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
