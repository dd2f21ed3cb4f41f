import { ByteReader, matchesAscii } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import { NotAnImageError } from '../../core/disc-image'
import { sureIf } from '../../core/likelihood'
import { andThen } from '../../core/maybe-promise'
import type { BaseDisk, Container, ContainerContext } from '../container'
import { inOrder, openBase } from '../disk/base-disk'
import { BlockMap } from '../disk/block-map'
import { fromBase, type Run } from '../disk/disk-source'
import { openDisk } from '../disk/doubtful-disk'
import { Doubts } from '../disk/doubts'
import { checkTable } from './check-table'
import { replayLog } from './log'
import { ReplayedSource } from './replayed-source'
import {
  BlockState,
  entryOf,
  FILE_MAGIC,
  HEADER_LENGTH,
  HEADER_OFFSETS,
  Item,
  METADATA_TABLE_LENGTH,
  MIB,
  readHeader,
  readItems,
  readLocator,
  readRegions,
  REGION_TABLE_LENGTH,
  REGION_TABLE_OFFSETS,
  type Header,
  type Region,
} from './structures'

const BLOCK_LIMIT = 256 * MIB
const ITEM_LIMIT = 64 << 10
/** 2.5: sectors of which one block of the bitmap tells. */
const SECTORS_PER_BITMAP = 2 ** 23

interface Disk {
  blockLength: number
  sectorLength: number
  /** In bytes, of the disk. */
  byteLength: number
  isBased: boolean
  table: Region
  metadata: Region
  /** Null where there is none. */
  locator: Uint8Array | null
}

/** Hyper-V's disks ([MS-VHDX]), with what their log has still to write. */
export const vhdx: Container = {
  id: 'vhdx',
  isDisk: true,
  probe: ({ head }) => sureIf(matchesAscii(head, 0, FILE_MAGIC)),
  open: async (source, context) => {
    const header = await newestHeader(source)
    if (header === null) return null
    const file = await replayed(source, header, context)
    const disk = await readDisk(file, context)
    if (disk === null) return null
    const base = disk.isBased ? await baseOf(disk, context) : null
    const map = mapOf(disk, file, base?.blocks ?? null, context.name)
    const log = { byteOffset: header.logOffset, byteLength: header.logLength }
    const doubts = new Doubts()
    await checkTable({ ...disk, ratio: ratioOf(disk), regions: [disk.metadata, log] }, file, context, doubts)
    return {
      blocks: openDisk(context.name, disk.byteLength, map, base === null ? [file] : [file, base.blocks], doubts),
      labels: ['vhdx'],
      name: context.name.replace(/\.vhdx$/i, ''),
      identity: header.identity,
    }
  },
}

/** 2.2.2: of two headers that fit their sums, the one with the higher number counts. */
async function newestHeader(source: ByteSource): Promise<Header | null> {
  let newest: Header | null = null
  for (const at of HEADER_OFFSETS) {
    const header = readHeader(await source.read(at, HEADER_LENGTH))
    if (header !== null && (newest === null || header.sequence > newest.sequence)) newest = header
  }
  return newest
}

async function replayed(source: ByteSource, header: Header, { name, log }: ContainerContext): Promise<ByteSource> {
  const pages = await replayLog(source, header)
  if (pages === null)
    log.damage('DISK_LOG_DAMAGED', `The log of “${name}” cannot be replayed: what was written last is missing.`)
  else if (pages.size > 0)
    log.note('DISK_LOG_REPLAYED', `“${name}” was not closed: what its log has still to write is read from there.`)
  return pages === null || pages.size === 0 ? source : new ReplayedSource(source, pages)
}

/** @throws {NotAnImageError} where it has what is not known and must be */
async function readDisk(file: ByteSource, { name, log }: ContainerContext): Promise<Disk | null> {
  let regions: ReturnType<typeof readRegions> = null
  for (const at of REGION_TABLE_OFFSETS) {
    regions = readRegions(await file.read(at, REGION_TABLE_LENGTH))
    if (regions !== null) break
    log.recovered('DISK_TABLE_RECOVERED', `The table of regions of “${name}” is damaged. Its copy was taken.`, at)
  }
  if (regions === null || regions.metadata.byteOffset >= file.byteLength) return null
  if (!regions.isKnown)
    throw new NotAnImageError(
      'UNSUPPORTED_CONTAINER',
      `“${name}” is a Hyper-V disk image (VHDX) with regions that are not known here. Hyper-V opens it.`,
    )
  const { metadata, blocks } = regions
  const items = readItems(await file.read(metadata.byteOffset, METADATA_TABLE_LENGTH))
  const itemOf = async (id: string): Promise<ByteReader> => {
    const item = items?.get(id)
    if (item === undefined || item.byteLength > ITEM_LIMIT) return new ByteReader(new Uint8Array(0))
    return new ByteReader(await file.read(metadata.byteOffset + item.byteOffset, item.byteLength))
  }
  const parameters = await itemOf(Item.fileParameters)
  const blockLength = parameters.u32Le(0)
  const sectorLength = (await itemOf(Item.sectorLength)).u32Le(0)
  const byteLength = (await itemOf(Item.diskLength)).u64Le(0)
  const isBased = (parameters.u32Le(4) & 2) !== 0
  const isPossible =
    blockLength >= MIB &&
    blockLength <= BLOCK_LIMIT &&
    (blockLength & (blockLength - 1)) === 0 &&
    (sectorLength === 512 || sectorLength === 4096) &&
    byteLength > 0 &&
    Number.isFinite(byteLength)
  if (!isPossible) return null
  const blockCount = Math.ceil(byteLength / blockLength)
  const lastEntry = entryOf(blockCount - 1, ratioOf({ blockLength, sectorLength }))
  if ((lastEntry + 1) * 8 > blocks.byteLength || blocks.byteOffset + (lastEntry + 1) * 8 > file.byteLength) return null
  const locator = isBased ? (await itemOf(Item.baseLocator)).bytes : null
  return { blockLength, sectorLength, byteLength, isBased, table: blocks, metadata, locator }
}

/** 2.5: blocks for each one of the bitmap, whose entry follows theirs. */
function ratioOf({ blockLength, sectorLength }: Pick<Disk, 'blockLength' | 'sectorLength'>): number {
  return (SECTORS_PER_BITMAP * sectorLength) / blockLength
}

function mapOf(disk: Disk, file: ByteSource, base: ByteSource | null, name: string): BlockMap {
  const { blockLength, sectorLength, isBased, table } = disk
  const ratio = ratioOf(disk)
  const map: BlockMap = new BlockMap({
    name,
    file,
    tableOffset: table.byteOffset,
    entryLength: 8,
    blockLength,
    indexOf: (block) => entryOf(block, ratio),
    runIn: (entry, block, within, byteLength) => {
      const state = entry.u8(0) & 7
      const byteOffset = block * blockLength + within
      const stored = (length: number): Run => ({
        kind: 'stored',
        byteLength: length,
        source: file,
        byteOffset: placeIn(entry) + within,
      })
      if (state === BlockState.whole) return stored(byteLength)
      if (state === BlockState.notPresent && isBased) return fromBase(base, byteOffset, byteLength)
      if (state !== BlockState.partly) return { kind: 'zeros', byteLength }
      const group = Math.floor(block / ratio)
      const first = Math.floor(byteOffset / sectorLength) - group * SECTORS_PER_BITMAP
      const last = Math.ceil((byteOffset + byteLength) / sectorLength) - group * SECTORS_PER_BITMAP
      const bitmapEntry = table.byteOffset + (group * (ratio + 1) + ratio) * 8
      return andThen(map.tables.at(bitmapEntry, 8), (bitmap) =>
        andThen(map.tables.bits(placeIn(bitmap), first, last, 'low'), ({ isSet, count }) => {
          const end = (group * SECTORS_PER_BITMAP + first + count) * sectorLength
          const length = Math.min(byteLength, end - byteOffset)
          return isSet ? stored(length) : fromBase(base, byteOffset, length)
        }),
      )
    },
  })
  return map
}

/** In bytes of the file: the upper 44 bits count megabytes. */
function placeIn(entry: ByteReader): number {
  return (entry.u32Le(4) * 2 ** 12 + (entry.u32Le(0) >>> 20)) * MIB
}

/** 2.6.2.6.3: the disk that this one is based on, by what was written in it last. */
async function baseOf({ locator }: Disk, context: ContainerContext): Promise<BaseDisk | null> {
  const entries = locator === null ? new Map<string, string>() : readLocator(locator)
  const names = ['relative_path', 'volume_path', 'absolute_win32_path'].map((key) => entries.get(key) ?? '')
  const base = await openBase(context, inOrder(names), 'vhdx')
  if (base === null) return null
  const linkages = ['parent_linkage', 'parent_linkage2'].map((key) => entries.get(key)?.toLowerCase())
  if (linkages.includes(`{${base.identity ?? ''}}`)) return base
  await base.blocks.close()
  context.log.damage(
    'BASE_MISSING',
    `What lies beside “${context.name}” is not the disk that it is based on, or was written to since. Nothing of it was taken.`,
  )
  return null
}
