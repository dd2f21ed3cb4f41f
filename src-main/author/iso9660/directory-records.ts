import type { AuthorContent } from '../author-tree'
import { ByteWriter } from '../byte-writer'
import { BLOCK, blocksOf } from '../layout'
import { directoryDate } from './dates'
import type { IsoDirectory, IsoRecord, IsoTree, Placement } from './directory-tree'
import {
  CONTINUATION_LENGTH,
  continuationEntry,
  extensionEntry,
  rockRidgeEntries,
  sharingEntry,
  type Relocation,
} from './rock-ridge'

/** ECMA-119 6.5.1: the most bytes that one section of a file holds here, in whole blocks. */
const SECTION_LIMIT = 2 ** 32 - BLOCK
const RECORD_LIMIT = 254
const Flag = { hidden: 1, directory: 2, goesOn: 0x80 } as const

/** Sums that libisofs keeps beside the directories: attributes of files, and of the root where the table of them is. */
export interface RecordedSums {
  ofFile: (content: AuthorContent) => Uint8Array
  ofRoot: () => Uint8Array
}

interface WrittenDirectory {
  bytes: Uint8Array
  continuation: Uint8Array
}

/** Where a directory's System Use Entries go on: in blocks of its own, no piece across two of them. */
class ContinuationArea {
  private readonly pieces: { at: number; bytes: Uint8Array }[] = []
  private used = 0

  constructor(private readonly firstBlock: number) {}

  get byteLength(): number {
    return this.used
  }

  /** Places entries, and answers the CE that leads to them. */
  place(entries: readonly Uint8Array[]): Uint8Array {
    const whole = entries.reduce((sum, entry) => sum + entry.byteLength, 0)
    let count = entries.length
    let byteLength = whole
    if (whole > BLOCK) {
      // More than a block: as much as fits beside another CE.
      count = 0
      byteLength = 0
      while (byteLength + (entries[count]?.byteLength ?? BLOCK) <= BLOCK - CONTINUATION_LENGTH) {
        byteLength += entries[count]?.byteLength ?? 0
        count++
      }
      byteLength += CONTINUATION_LENGTH
    }
    if ((this.used % BLOCK) + byteLength > BLOCK) this.used = blocksOf(this.used) * BLOCK
    const at = this.used
    this.used += byteLength
    const rest = count < entries.length ? [this.place(entries.slice(count))] : []
    let end = at
    for (const entry of [...entries.slice(0, count), ...rest]) {
      this.pieces.push({ at: end, bytes: entry })
      end += entry.byteLength
    }
    return continuationEntry(this.firstBlock + Math.floor(at / BLOCK), at % BLOCK, byteLength)
  }

  bytes(): Uint8Array {
    const out = new Uint8Array(this.used)
    for (const { at, bytes } of this.pieces) out.set(bytes, at)
    return out
  }
}

interface RecordRequest {
  identifier: Uint8Array
  block: number
  byteLength: number
  modified: number
  flags: number
  /** System Use Entries; none without Rock Ridge. */
  entries: readonly Uint8Array[]
}

/** ECMA-119 9.1. */
function writeRecord(request: RecordRequest, area: ContinuationArea): Uint8Array {
  const { identifier, block, byteLength, modified, flags, entries } = request
  const base = 33 + identifier.byteLength + ((identifier.byteLength & 1) ^ 1)
  const use = fitEntries(entries, RECORD_LIMIT - base, area)
  const useLength = use.reduce((sum, entry) => sum + entry.byteLength, 0)
  const length = base + useLength + (useLength & 1)
  const record = new ByteWriter(length)
    .u8(0, length)
    .u32Both(2, block)
    .u32Both(10, byteLength)
    .set(18, directoryDate(modified))
    .u8(25, flags)
    .u16Both(28, 1)
    .u8(32, identifier.byteLength)
    .set(33, identifier)
  let at = base
  for (const entry of use) {
    record.set(at, entry)
    at += entry.byteLength
  }
  return record.bytes
}

/** As many entries as the record has room for; the others go on elsewhere. */
function fitEntries(entries: readonly Uint8Array[], room: number, area: ContinuationArea): Uint8Array[] {
  const whole = entries.reduce((sum, entry) => sum + entry.byteLength, 0)
  if (whole <= room) return [...entries]
  const kept: Uint8Array[] = []
  let left = room - CONTINUATION_LENGTH
  let index = 0
  for (; index < entries.length; index++) {
    const entry = entries[index]
    if (entry === undefined || entry.byteLength > left) break
    kept.push(entry)
    left -= entry.byteLength
  }
  return [...kept, area.place(entries.slice(index))]
}

/**
 * A directory's records, none across a sector (ECMA-119 6.8.1.1), and where their entries go on. Block numbers that are
 * not known yet are written as they are; lengths do not depend on them.
 */
export function writeDirectory(
  directory: IsoDirectory,
  isRoot: boolean,
  hasRockRidge: boolean,
  place: Placement,
  sums: RecordedSums | null = null,
): WrittenDirectory {
  const area = new ContinuationArea(directory.continuationBlock)
  const records: Uint8Array[] = []
  const { parent } = directory
  const use = (of: IsoDirectory, isOwn: boolean, relocation: Relocation): Uint8Array[] => {
    if (!hasRockRidge) return []
    const entries = rockRidgeEntries(of.node, true, relocation)
    if (!isOwn || !isRoot) return entries
    return [sharingEntry(), ...entries, extensionEntry(), ...(sums === null ? [] : [sums.ofRoot()])]
  }
  const own = { modified: directory.node.modified, flags: Flag.directory }
  records.push(
    writeRecord(
      {
        ...own,
        identifier: Uint8Array.of(0),
        block: directory.block,
        byteLength: directory.byteLength,
        entries: use(directory, true, {}),
      },
      area,
    ),
    writeRecord(
      {
        ...own,
        modified: parent.node.modified,
        identifier: Uint8Array.of(1),
        block: parent.block,
        byteLength: parent.byteLength,
        entries: use(parent, false, directory.relocation),
      },
      area,
    ),
  )
  for (const record of directory.records) {
    const entries = hasRockRidge ? rockRidgeEntries(record.node, false, record.relocation) : []
    if (sums !== null && record.node.content !== null) entries.push(sums.ofFile(record.node.content))
    for (const section of sectionsOf(record, place)) {
      records.push(
        writeRecord({ identifier: record.identifier, modified: record.node.modified, entries, ...section }, area),
      )
    }
  }
  return { bytes: inSectors(records), continuation: area.bytes() }
}

function sectionsOf(
  { node, directory, relocation }: IsoRecord,
  place: Placement,
): { block: number; byteLength: number; flags: number }[] {
  const hidden = node.hidden ? Flag.hidden : 0
  if (directory !== null)
    return [{ block: directory.block, byteLength: directory.byteLength, flags: Flag.directory | hidden }]
  const { content } = node
  if (relocation.child) return [{ block: relocation.child(), byteLength: 0, flags: hidden }]
  if (content === null || content.byteLength === 0) return [{ block: 0, byteLength: 0, flags: hidden }]
  const start = place.get(content) ?? 0
  const sections: { block: number; byteLength: number; flags: number }[] = []
  for (let at = 0; at < content.byteLength; at += SECTION_LIMIT) {
    const byteLength = Math.min(SECTION_LIMIT, content.byteLength - at)
    const goesOn = at + byteLength < content.byteLength ? Flag.goesOn : 0
    sections.push({ block: start + at / BLOCK, byteLength, flags: hidden | goesOn })
  }
  return sections
}

function inSectors(records: readonly Uint8Array[]): Uint8Array {
  const places: number[] = []
  let end = 0
  for (const { byteLength } of records) {
    if ((end % BLOCK) + byteLength > BLOCK) end = blocksOf(end) * BLOCK
    places.push(end)
    end += byteLength
  }
  const out = new Uint8Array(blocksOf(end) * BLOCK)
  for (const [index, record] of records.entries()) out.set(record, places[index])
  return out
}

/** Measures every directory: lengths of records do not depend on where things lie. */
export function measureTree(tree: IsoTree, hasRockRidge: boolean, sums: RecordedSums | null = null): void {
  const nowhere: Placement = new Map()
  for (const directory of tree.directories) {
    const { bytes, continuation } = writeDirectory(directory, directory === tree.root, hasRockRidge, nowhere, sums)
    directory.byteLength = bytes.byteLength
    directory.continuationByteLength = continuation.byteLength
  }
}

/** ECMA-119 9.4: one of the two path tables. */
export function writePathTable(tree: IsoTree, isBigEndian: boolean): Uint8Array {
  const sizes = tree.directories.map(({ identifier }) => 8 + identifier.byteLength + (identifier.byteLength & 1))
  const table = new ByteWriter(sizes.reduce((sum, size) => sum + size, 0))
  let at = 0
  for (const [index, { identifier, block, parent }] of tree.directories.entries()) {
    table.u8(at, identifier.byteLength)
    if (isBigEndian) table.u32Be(at + 2, block).u16Be(at + 6, parent.number)
    else table.u32Le(at + 2, block).u16Le(at + 6, parent.number)
    table.set(at + 8, identifier)
    at += sizes[index] ?? 0
  }
  return table.bytes
}
