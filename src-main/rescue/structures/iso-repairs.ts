import { matchesAscii, readU16Be, readU16Le, readU32Be, readU32Le } from '../../image/core/byte-reader'
import { hasSelfRecord, readSelfRecord } from '../../image/core/self-record'
import { viewOf, type PatchedImage } from './patched-image'

const SECTOR = 2048
const FIRST = 16
const DESCRIPTOR_LIMIT = 32
const TABLE_LIMIT = 16 << 20
const DIRECTORY_LIMIT = 100_000
const DIRECTORY_BYTES = 64 << 20

/** ECMA-119 7.2.3, 7.3.3: numbers in both byte orders; 6.9: a path table in either. The better half is put in the place of the other. */
export async function repairIso(image: PatchedImage): Promise<void> {
  const descriptors: number[] = []
  for (let sector = FIRST; sector < FIRST + DESCRIPTOR_LIMIT; sector++) {
    const bytes = await image.read(sector * SECTOR, SECTOR)
    if (bytes.byteLength < SECTOR || !matchesAscii(bytes, 1, 'CD001') || bytes[0] === 255) break
    if (bytes[0] === 1 || bytes[0] === 2) descriptors.push(sector)
  }
  for (const sector of descriptors) await repairDescriptor(image, sector, descriptors)
  const extents = new Map<number, number>()
  for (const isRepair of [false, true])
    for (const sector of descriptors) await new Directories(image, extents, isRepair).walk(sector)
  for (const sector of descriptors) await repairPathTables(image, sector)
}

async function repairDescriptor(image: PatchedImage, sector: number, others: readonly number[]): Promise<void> {
  const bytes = await image.read(sector * SECTOR, SECTOR)
  const sizes = [2048, 512, 1024, 4096]
  mend16(bytes, 128, (size) => sizes.includes(size))
  for (const at of [120, 124]) mend16(bytes, at, (number) => number === 1)
  const twins: number[] = []
  for (const other of others) {
    const twin = await image.read(other * SECTOR, SECTOR)
    if (other !== sector && readU32Le(twin, 80) === readU32Be(twin, 84)) twins.push(readU32Le(twin, 80))
  }
  const whole = Math.ceil(image.byteLength / SECTOR)
  mend32(bytes, 80, (size) => (twins.length > 0 ? twins.includes(size) : size > FIRST && size <= whole))
  mend32(bytes, 132, (size) => size >= 10 && size < TABLE_LIMIT)
  const places = [readU32Le(bytes, 158), readU32Be(bytes, 162)]
  for (const place of places) {
    const root = readSelfRecord(await image.read(place * SECTOR, SECTOR))
    if (root?.location !== place) continue
    mend32(bytes, 158, (block) => block === place)
    mend32(bytes, 166, (length) => length === root.byteLength)
    break
  }
  await image.put(
    sector * SECTOR,
    bytes,
    `Numbers of the volume descriptor at sector ${sector} were taken from their better half.`,
  )
}

/** Where both halves can be, or neither, nothing is changed. */
function mend32(bytes: Uint8Array, at: number, isRight: (value: number) => boolean): boolean {
  const [little, big] = [readU32Le(bytes, at), readU32Be(bytes, at + 4)]
  if (little === big || isRight(little) === isRight(big)) return false
  const value = isRight(little) ? little : big
  const view = viewOf(bytes)
  view.setUint32(at, value, true)
  view.setUint32(at + 4, value, false)
  return true
}

function mend16(bytes: Uint8Array, at: number, isRight: (value: number) => boolean): void {
  const [little, big] = [readU16Le(bytes, at), readU16Be(bytes, at + 2)]
  if (little === big || isRight(little) === isRight(big)) return
  const value = isRight(little) ? little : big
  const view = viewOf(bytes)
  view.setUint16(at, value, true)
  view.setUint16(at + 2, value, false)
}

/** The directories of a tree: first what their records agree on, of all trees, then those that do not. */
class Directories {
  private readonly seen = new Set<number>()
  private bytesLeft = DIRECTORY_BYTES

  /** @param extents lengths by the block that they begin at, as any tree has them in both byte orders alike */
  constructor(
    private readonly image: PatchedImage,
    private readonly extents: Map<number, number>,
    private readonly isRepair: boolean,
  ) {}

  async walk(descriptor: number): Promise<void> {
    const bytes = await this.image.read(descriptor * SECTOR, SECTOR)
    const waiting = [{ block: readU32Le(bytes, 158), byteLength: readU32Le(bytes, 166) }]
    for (let next = waiting.pop(); next !== undefined && this.seen.size < DIRECTORY_LIMIT; next = waiting.pop()) {
      if (this.seen.has(next.block) || next.block < FIRST || this.bytesLeft <= 0) continue
      this.seen.add(next.block)
      waiting.push(...(await this.directory(next.block, next.byteLength)))
    }
  }

  private async directory(block: number, recorded: number): Promise<{ block: number; byteLength: number }[]> {
    const first = await this.image.read(block * SECTOR, SECTOR)
    const own = readSelfRecord(first)
    if (own?.location !== block) return []
    const length = own.isLengthCertain ? own.byteLength : recorded
    const bytes = await this.image.read(block * SECTOR, Math.min(length, this.bytesLeft))
    this.bytesLeft -= bytes.byteLength
    const folders: { block: number; byteLength: number }[] = []
    for (let at = 0; at + 34 <= bytes.byteLength;) {
      const size = bytes[at] ?? 0
      if (size < 34 || at + size > bytes.byteLength) {
        at += SECTOR - (at % SECTOR)
        continue
      }
      await this.record(bytes, at)
      const isNamed = bytes[at + 32] !== 1 || (bytes[at + 33] ?? 0) > 1
      if (((bytes[at + 25] ?? 0) & 2) !== 0 && isNamed)
        folders.push({ block: readU32Le(bytes, at + 2), byteLength: readU32Le(bytes, at + 10) })
      at += size
    }
    if (this.isRepair)
      await this.image.put(
        block * SECTOR,
        bytes,
        `Numbers in the directory at sector ${block} were taken from their better half.`,
      )
    return folders
  }

  private async record(bytes: Uint8Array, at: number): Promise<void> {
    const blocks = [readU32Le(bytes, at + 2), readU32Be(bytes, at + 6)]
    const lengths = [readU32Le(bytes, at + 10), readU32Be(bytes, at + 14)]
    const isAlike = blocks[0] === blocks[1] && lengths[0] === lengths[1]
    if (isAlike) {
      this.extents.set(blocks[0] ?? 0, lengths[0] ?? 0)
      return
    }
    if (!this.isRepair) return
    const isFolder = ((bytes[at + 25] ?? 0) & 2) !== 0
    for (const block of new Set(blocks)) {
      const length = isFolder ? await this.lengthOfFolder(block) : (this.extents.get(block) ?? null)
      if (length === null) continue
      mend32(bytes, at + 2, (value) => value === block)
      mend32(bytes, at + 10, (value) => value === length)
      return
    }
    // Without a witness: what cannot be is wrong.
    const end = this.image.byteLength
    mend32(bytes, at + 2, (value) => value >= FIRST && value * SECTOR < end)
    mend32(bytes, at + 10, (value) => value <= end)
  }

  private async lengthOfFolder(block: number): Promise<number | null> {
    const own = block < FIRST ? null : readSelfRecord(await this.image.read(block * SECTOR, SECTOR))
    return own?.location === block && own.isLengthCertain ? own.byteLength : null
  }
}

async function repairPathTables(image: PatchedImage, descriptor: number): Promise<void> {
  const bytes = await image.read(descriptor * SECTOR, SECTOR)
  const length = readU32Le(bytes, 132)
  if (length < 10 || length > TABLE_LIMIT || length > image.byteLength) return
  const [little, big] = [readU32Le(bytes, 140), readU32Be(bytes, 148)]
  const tables = [await image.read(little * SECTOR, length), await image.read(big * SECTOR, length)]
  const [own, other] = [turned(tables[0], true), turned(tables[1], false)]
  const [isOwnRight, isOtherRight] = [await leads(image, own), await leads(image, other)]
  if (isOwnRight === isOtherRight || tables[0] === undefined || tables[1] === undefined) return
  const message = `The path table of type ${isOwnRight ? 'M' : 'L'} was made of that of type ${isOwnRight ? 'L' : 'M'}.`
  if (isOwnRight && own !== null) await image.put(big * SECTOR, own.turned, message)
  else if (other !== null) await image.put(little * SECTOR, other.turned, message)
}

interface Turned {
  /** The table in the other byte order. */
  turned: Uint8Array
  blocks: number[]
}

/** Null where it is no path table to its end (ECMA-119 9.4). */
function turned(table: Uint8Array | undefined, isLittle: boolean): Turned | null {
  if (table === undefined) return null
  const out = table.slice()
  const [from, to] = [viewOf(table), viewOf(out)]
  const blocks: number[] = []
  let at = 0
  while (at + 8 < table.byteLength) {
    const length = table[at] ?? 0
    const parent = from.getUint16(at + 6, isLittle)
    if (length === 0 || at + 8 + length > table.byteLength || parent === 0 || parent > blocks.length + 1) return null
    blocks.push(from.getUint32(at + 2, isLittle) + (table[at + 1] ?? 0))
    to.setUint32(at + 2, from.getUint32(at + 2, isLittle), !isLittle)
    to.setUint16(at + 6, parent, !isLittle)
    at += 8 + length + (length & 1)
  }
  return at === table.byteLength || at === table.byteLength + 1 ? { turned: out, blocks } : null
}

/** Whether every directory that a table names is where it says. */
async function leads(image: PatchedImage, table: Turned | null): Promise<boolean> {
  if (table === null || table.blocks.length > DIRECTORY_LIMIT) return false
  for (const block of table.blocks) {
    const bytes = await image.read(block * SECTOR, SECTOR)
    if (!hasSelfRecord(bytes) || readSelfRecord(bytes)?.location !== block) return false
  }
  return true
}
