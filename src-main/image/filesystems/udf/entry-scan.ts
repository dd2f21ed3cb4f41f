import { ByteReader, readU16Le, readU32Le } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import type { EntryColumns } from '../../core/entry-columns'
import { FlatTree, type FlatItem } from '../../core/flat-tree'
import { DEFAULT_LIMITS, TreeWalker } from '../../core/tree-walker'
import { ExtentSource } from '../../core/sources/extent-source'
import { pushRun, sumOfRuns } from '../../core/content-runs'
import type { BlockScan, LostTree, ScanContext } from '../file-system'
import { readForest, type FoundDirectory } from '../lost-forest'
import { isCrcSound, TagId } from './descriptor-tag'
import { FileEntry, FileType } from './file-entry'
import { readContentExtents, readIcb } from './icb'
import { UdfVolume } from './mapped-volume'
import { NOWHERE, PhysicalPartition } from './partition'
import { UdfTree } from './udf-tree'

const SECTOR = 2048
/** File entries that are remembered; each takes a sector of its own. */
const ENTRY_LIMIT = 2_000_000
/** ECMA-167 4/14.4.3. */
const PARENT = 8

interface Entry {
  place: number
  /** Where it says that it lies: a block of its partition. */
  block: number
  fileType: number
}
interface Directory extends FoundDirectory {
  block: number
}

/** File entries by their tags, whose sums tell them from anything else; their locations tell where the partition begins. */
export class EntryScan implements BlockScan {
  private readonly found: Entry[] = []
  private readonly entry = new FileEntry()

  constructor(private readonly volume: ByteSource) {}

  look(bytes: Uint8Array, byteOffset: number): void {
    const { entry } = this
    for (let at = 0; at + SECTOR <= bytes.byteLength; at += SECTOR) {
      const id = readU16Le(bytes, at)
      if (id !== TagId.fileEntry && id !== TagId.extendedFileEntry) continue
      if (!entry.read(bytes, at, at + SECTOR) || !entry.isSound || this.found.length >= ENTRY_LIMIT) continue
      this.found.push({ place: byteOffset + at, block: readU32Le(bytes, at + 12), fileType: entry.fileType })
    }
  }

  async trees({ isContent, log, signal }: ScanContext): Promise<LostTree[]> {
    const own = this.found.filter(({ place }) => !isContent(place))
    const start = commonest(own.map(({ place, block }) => place - block * SECTOR))
    if (start === null) return []
    const inPartition = own.filter(({ place, block }) => place === start + block * SECTOR)
    const sequence = {
      sectorSize: SECTOR,
      primary: null,
      logical: new ByteReader(new Uint8Array(512)),
      partitions: new Map(),
    }
    const volume = new UdfVolume(SECTOR, sequence, log)
    volume.partitions = [new PhysicalPartition(start, Math.floor((this.volume.byteLength - start) / SECTOR), SECTOR)]
    const directories = new Map<number, Directory>()
    for (const { place, block, fileType } of inPartition) {
      if (fileType !== FileType.directory) continue
      const parent = await this.parentOf(volume, place)
      directories.set(place, { place, block, parent: parent === null ? null : start + parent * SECTOR })
    }
    const trees: LostTree[] = []
    const reached = new Set<number>()
    const read = (directory: Directory): Promise<EntryColumns> => {
      const walker = new TreeWalker(
        (walkLog) => {
          const rooted = volume.withLog(walkLog)
          rooted.root = { block: directory.block, partition: 0, byteLength: SECTOR }
          return new UdfTree(this.volume, rooted)
        },
        { log, limits: DEFAULT_LIMITS, charset: undefined },
      )
      return walker.readTree(signal === undefined ? {} : { signal })
    }
    await readForest(directories, read, placesIn, (directory, table) => {
      reached.add(directory.place)
      for (let index = 1; index < table.length; index++) reached.add((table.serial[index] ?? -1) * SECTOR)
      trees.push({
        byteOffset: directory.place,
        isRoot: directory.parent === directory.place,
        isComplete: false,
        kind: 'udf',
        table,
      })
    })
    const nameless = inPartition.filter(({ place, fileType }) => fileType === FileType.regular && !reached.has(place))
    for (const { place } of nameless) {
      const tree = await this.loneFile(volume, place, log)
      if (tree !== null) trees.push({ byteOffset: place, isRoot: false, isComplete: false, kind: 'udf', table: tree })
    }
    return trees
  }

  /** A file that no directory names. */
  private async loneFile(volume: UdfVolume, place: number, log: ScanContext['log']): Promise<EntryColumns | null> {
    const found = await readIcb(this.volume, volume, place)
    if (found === null) return null
    const { runs, byteLength: recorded } = await readContentExtents(this.volume, volume, found, 0)
    const byteLength = found.entry.informationLength
    if (recorded === 0) return null
    // What no descriptor covers is not recorded (ECMA-167 4/14.9.10).
    if (recorded < byteLength) pushRun(runs, NOWHERE, byteLength - recorded)
    const item: FlatItem = { name: 'file', byteLength, modified: found.entry.modified, runs }
    return new TreeWalker(() => new FlatTree(this.volume, [item]), {
      log,
      limits: DEFAULT_LIMITS,
      charset: undefined,
    }).readTree()
  }

  /** The block of the directory above, by the first identifier (ECMA-167 4/8.6); null where it does not say. */
  private async parentOf(volume: UdfVolume, place: number): Promise<number | null> {
    const found = await readIcb(this.volume, volume, place)
    if (found === null) return null
    const { runs } = await readContentExtents(this.volume, volume, found, 0)
    const first = await new ExtentSource(this.volume, runs, sumOfRuns(runs)).read(0, SECTOR)
    if (readU16Le(first, 0) !== TagId.fileIdentifier || !isCrcSound(first, 0, first.byteLength)) return null
    return ((first[18] ?? 0) & PARENT) !== 0 ? readU32Le(first, 24) : null
  }
}

function* placesIn(table: EntryColumns): Iterable<number> {
  for (let index = 0; index < table.length; index++)
    if (table.kindOf(index) === 'directory')
      yield index === 0 ? (table.start[0] ?? -1) : (table.serial[index] ?? -1) * SECTOR
}

/** Null where there is nothing to tell by. */
function commonest(starts: readonly number[]): number | null {
  const counts = new Map<number, number>()
  for (const start of starts) if (start >= 0) counts.set(start, (counts.get(start) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null
}
