import { readU16Be, readU16Le, readU32Be, readU32Le } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import type { EntryColumns } from '../../core/entry-columns'
import { hasSelfRecord } from '../../core/self-record'
import { DEFAULT_LIMITS, TreeWalker } from '../../core/tree-walker'
import type { BlockScan, LostTree, ScanContext } from '../file-system'
import { readForest, type FoundDirectory } from '../lost-forest'
import { IsoTree } from './iso-tree'
import type { PathTablePlace } from './path-table'
import type { IsoNaming } from './recorded-names'
import { looksLikeRockRidge } from './rock-ridge/rock-ridge-record'
import { readSharingProtocol } from './susp/system-use-entry'

const SECTOR = 2048
const PATH_TABLE_LIMIT = 16 << 20
/** Directories that are remembered; more than any disc has. */
const DIRECTORY_LIMIT = 1_000_000

interface Directory extends FoundDirectory {
  /** As its own record calls it. */
  block: number
  parentBlock: number
  byteLength: number
  naming: IsoNaming
  skip: number
}

interface PathTable extends PathTablePlace {
  rootBlock: number
}

/**
 * Directories by what each says of itself: its first record names its own block, and its second one its parent's
 * (ECMA-119 6.8.2.2). Path tables begin with their root (6.9.1).
 */
export class DirectoryScan implements BlockScan {
  private readonly found: Omit<Directory, 'parent'>[] = []
  private readonly tables: { byteOffset: number; isLittle: boolean; rootBlock: number }[] = []

  constructor(private readonly volume: ByteSource) {}

  look(bytes: Uint8Array, byteOffset: number): void {
    for (let at = 0; at + SECTOR <= bytes.byteLength; at += SECTOR) {
      if (bytes[at] === 1) this.lookForPathTable(bytes, at, byteOffset + at)
      if ((bytes[at] ?? 0) < 34 || bytes[at + 33] !== 0 || bytes[at + 32] !== 1) continue
      const directory = readDirectory(bytes.subarray(at, at + SECTOR), byteOffset + at)
      if (directory !== null && this.found.length < DIRECTORY_LIMIT) this.found.push(directory)
    }
  }

  async trees({ charset, isContent, log, signal }: ScanContext): Promise<LostTree[]> {
    const own = this.found.filter(({ place }) => !isContent(place))
    const delta = commonest(own.map(({ place, block }) => place / SECTOR - block))
    const placeOf = (block: number): number => (block + delta) * SECTOR
    const directories = new Map<number, Directory>()
    for (const each of own)
      if (each.place === placeOf(each.block))
        directories.set(each.place, { ...each, parent: placeOf(each.parentBlock) })
    const tables = await this.pathTables(placeOf)
    // A root that is destroyed is still what its path table begins with.
    for (const { rootBlock } of tables) {
      const place = placeOf(rootBlock)
      const child = own.find(({ parentBlock }) => parentBlock === rootBlock)
      if (directories.has(place) || place < 0 || place >= this.volume.byteLength || child === undefined) continue
      directories.set(place, { ...child, place, parent: place, block: rootBlock, byteLength: SECTOR, skip: 0 })
    }
    const trees: LostTree[] = []
    const read = (directory: Directory): Promise<EntryColumns> => {
      const pathTable = tables.find(({ rootBlock }) => rootBlock === directory.block)
      const walker = new TreeWalker(
        (walkLog) =>
          new IsoTree(this.volume, {
            naming: directory.naming,
            blockSize: SECTOR,
            blockDelta: delta,
            rootLocation: directory.block,
            rootXarLength: 0,
            rootByteLength: directory.byteLength,
            hasRockRidge: directory.naming === 'rock-ridge',
            suspSkip: directory.skip,
            pathTable: pathTable ?? { lByteOffset: 0, mByteOffset: 0, byteLength: 0 },
            log: walkLog,
          }),
        { log, limits: DEFAULT_LIMITS, charset: directory.naming === 'joliet' ? undefined : charset },
      )
      return walker.readTree(signal === undefined ? {} : { signal })
    }
    await readForest(directories, read, placesIn, (directory, table) => {
      const hasTable = tables.some(({ rootBlock }) => rootBlock === directory.block)
      trees.push({
        byteOffset: directory.place,
        // libisofs has every directory of Joliet say that it is its own parent; a path table knows better.
        isRoot: hasTable || (tables.length === 0 && directory.parent === directory.place),
        isComplete: hasTable && table.damage.length === 0,
        kind: directory.naming === 'plain' ? 'iso9660' : directory.naming,
        table,
      })
    })
    return trees
  }

  private lookForPathTable(bytes: Uint8Array, at: number, byteOffset: number): void {
    if (bytes[at + 1] !== 0 || bytes[at + 8] !== 0) return
    const isLittle = readU16Le(bytes, at + 6) === 1
    if (!isLittle && readU16Be(bytes, at + 6) !== 1) return
    const rootBlock = isLittle ? readU32Le(bytes, at + 2) : readU32Be(bytes, at + 2)
    if (rootBlock > 0 && this.tables.length < 64) this.tables.push({ byteOffset, isLittle, rootBlock })
  }

  /** With their lengths, which only a descriptor says: as far as entries follow whose parents came before them. */
  private async pathTables(placeOf: (block: number) => number): Promise<PathTable[]> {
    const tables = new Map<number, PathTable>()
    for (const { byteOffset, isLittle, rootBlock } of this.tables) {
      if (placeOf(rootBlock) >= this.volume.byteLength) continue
      const bytes = await this.volume.read(byteOffset, Math.min(PATH_TABLE_LIMIT, this.volume.byteLength - byteOffset))
      let at = 0
      for (let number = 1; at + 8 < bytes.byteLength; number++) {
        const length = bytes[at] ?? 0
        const parent = isLittle ? readU16Le(bytes, at + 6) : readU16Be(bytes, at + 6)
        const block = isLittle ? readU32Le(bytes, at + 2) : readU32Be(bytes, at + 2)
        if (length === 0 || parent > number || parent === 0 || placeOf(block) >= this.volume.byteLength) break
        at += 8 + length + (length & 1)
      }
      const table = tables.get(rootBlock) ?? { rootBlock, lByteOffset: 0, mByteOffset: 0, byteLength: 0 }
      if (isLittle) table.lByteOffset = byteOffset
      else table.mByteOffset = byteOffset
      table.byteLength = Math.max(table.byteLength, at)
      tables.set(rootBlock, table)
    }
    return [...tables.values()]
  }
}

function* placesIn(table: EntryColumns): Iterable<number> {
  for (let index = 0; index < table.length; index++)
    if (table.kindOf(index) === 'directory') yield table.start[index] ?? -1
}

/** Null where a sector is not the first of a directory. */
function readDirectory(sector: Uint8Array, place: number): Omit<Directory, 'parent'> | null {
  const own = sector[0] ?? 0
  if (!hasSelfRecord(sector) || ((sector[25] ?? 0) & 2) === 0 || own > 255) return null
  const above = sector[own] ?? 0
  if (above < 34 || own + above > SECTOR || sector[own + 32] !== 1 || sector[own + 33] !== 1) return null
  const block = readU32Le(sector, 2)
  const byteLength = readU32Le(sector, 10)
  if (block !== readU32Be(sector, 6) || byteLength !== readU32Be(sector, 14)) return null
  if (block === 0 || byteLength < SECTOR || byteLength % SECTOR !== 0) return null
  const { naming, skip } = namingOf(sector, own, above)
  return { place, block, parentBlock: readU32Le(sector, own + 2), byteLength, naming, skip }
}

/** Which tree a directory is of, by its records. */
function namingOf(sector: Uint8Array, own: number, above: number): { naming: IsoNaming; skip: number } {
  const skip = readSharingProtocol(sector, 34, own)?.skip ?? 0
  let wide = 0
  let narrow = 0
  let at = own + above
  let hasRockRidge = looksLikeRockRidge(sector, 34 + skip, own) || looksLikeRockRidge(sector, own + 34, own + above)
  while (at + 34 <= SECTOR) {
    const length = sector[at] ?? 0
    const nameLength = sector[at + 32] ?? 0
    if (length < 34 || at + length > SECTOR || 33 + nameLength > length) break
    hasRockRidge ||= looksLikeRockRidge(sector, at + 33 + nameLength + ((nameLength & 1) ^ 1), at + length)
    // Joliet’s names are in UCS-2; those of ISO 9660 hold no zeros, and most of other ones are of no other script.
    const name = sector.subarray(at + 33, at + 33 + nameLength)
    if (nameLength % 2 === 0 && name.some((byte, index) => index % 2 === 0 && byte < 0x20)) wide++
    else narrow++
    at += length
  }
  if (hasRockRidge) return { naming: 'rock-ridge', skip }
  return { naming: wide > narrow ? 'joliet' : 'plain', skip: 0 }
}

/** Where blocks are counted from: the start, unless nothing else fits. */
function commonest(deltas: readonly number[]): number {
  const counts = new Map<number, number>()
  for (const delta of deltas) counts.set(delta, (counts.get(delta) ?? 0) + 1)
  let best = 0
  for (const [delta, count] of counts) if (count > 2 * (counts.get(best) ?? 0)) best = delta
  return best
}
