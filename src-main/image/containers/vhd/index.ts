import { matchesAscii } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import { sureIf } from '../../core/likelihood'
import { andThen } from '../../core/maybe-promise'
import type { BaseDisk, Container, ContainerContext } from '../container'
import { inOrder, openBase } from '../disk/base-disk'
import { BlockMap } from '../disk/block-map'
import { checkBlocks } from '../disk/check-blocks'
import { closeAllBut } from '../disk/close-all'
import { DiskSource, fromBase, type DiskMap, type Run } from '../disk/disk-source'
import { openDisk } from '../disk/doubtful-disk'
import { Doubts } from '../disk/doubts'
import type { Range } from '../disk/places'
import { readEntries, TABLE_LIMIT } from '../disk/read-table'
import {
  DiskType,
  FOOTER_LENGTH,
  FOOTER_MAGIC,
  HEADER_LENGTH,
  locatorText,
  readDynamicHeader,
  readFooter,
  type DynamicHeader,
  type Footer,
} from './footer'

const SECTOR = 512
const UNWRITTEN = 0xffffffff
/** Blocks of 2 MiB are the rule; larger ones than this have bitmaps that fill no piece of a table. */
const BLOCK_LIMIT = 128 << 20
const LOCATOR_LIMIT = 4096

/** Microsoft's virtual hard disks: fixed, dynamic, and differencing ones, which are based on another. */
export const vhd: Container = {
  id: 'vhd',
  isDisk: true,
  probe: ({ head, tail }) =>
    sureIf(matchesAscii(tail, tail.byteLength - FOOTER_LENGTH, FOOTER_MAGIC) || matchesAscii(head, 0, FOOTER_MAGIC)),
  open: async (source, context) => {
    const footer = await findFooter(source, context)
    if (footer === null) return null
    const name = context.name.replace(/\.vhd$/i, '')
    const made =
      footer.type === DiskType.fixed
        ? openFixed(source, footer, context.name)
        : await openDynamic(source, footer, context)
    return made && { blocks: made, labels: ['vhd'], name, identity: footer.id }
  },
}

/** At the end, or its copy at the start, which all but fixed disks have. */
async function findFooter(source: ByteSource, { name, log }: ContainerContext): Promise<Footer | null> {
  const last = readFooter(await source.read(Math.max(0, source.byteLength - FOOTER_LENGTH), FOOTER_LENGTH))
  if (last?.isSumRight === true) return last
  const first = readFooter(await source.read(0, FOOTER_LENGTH))
  if (last === null && first !== null)
    log.warn('DISK_FOOTER_LOST', `“${name}” has lost its footer: the file may be cut short. The copy of it was taken.`)
  const footer = first?.isSumRight === true ? first : (last ?? first)
  if (footer?.isSumRight === false)
    log.warn('DISK_HEADER_SUM', `The checksum of the footer of “${name}” does not fit: what it says may be wrong.`)
  return footer
}

function openFixed(source: ByteSource, { byteLength }: Footer, name: string): ByteSource | null {
  const there = source.byteLength - FOOTER_LENGTH
  // More than the disk and its footer: a disc, or another container, at whose end such a disk lies as one of the files.
  if (there <= 0 || byteLength === 0 || byteLength < there) return null
  const length = Math.min(byteLength, there)
  const map: DiskMap = { at: (at, wanted) => ({ kind: 'stored', byteLength: wanted, source, byteOffset: at }) }
  return new DiskSource(name, length, map, [source])
}

async function openDynamic(source: ByteSource, footer: Footer, context: ContainerContext): Promise<ByteSource | null> {
  if (footer.headerOffset >= source.byteLength) return null
  const header = readDynamicHeader(await source.read(footer.headerOffset, HEADER_LENGTH))
  if (header === null || !isPossible(header, footer, source.byteLength)) return null
  const isBased = footer.type === DiskType.differencing
  const base = isBased ? await baseOf(header, source, context) : null
  const blocks = base?.blocks ?? null
  const { blockLength, tableOffset } = header
  const bitmapLength = Math.ceil(blockLength / SECTOR / 8 / SECTOR) * SECTOR
  const map: BlockMap = new BlockMap({
    name: context.name,
    file: source,
    tableOffset,
    entryLength: 4,
    blockLength,
    runIn: (entry, block, within, byteLength) => {
      const byteOffset = block * blockLength + within
      const sector = entry.u32Be(0)
      if (sector === UNWRITTEN)
        return isBased ? fromBase(blocks, byteOffset, byteLength) : { kind: 'zeros', byteLength }
      const place = sector * SECTOR
      const stored = (length: number): Run => ({
        kind: 'stored',
        byteLength: length,
        source,
        byteOffset: place + bitmapLength + within,
      })
      if (!isBased) return stored(byteLength)
      const first = Math.floor(within / SECTOR)
      const last = Math.ceil((within + byteLength) / SECTOR)
      return andThen(map.tables.bits(place, first, last, 'high'), ({ isSet, count }) => {
        const length = Math.min(byteLength, (first + count) * SECTOR - within)
        return isSet ? stored(length) : fromBase(blocks, byteOffset, length)
      })
    },
  })
  const doubts = new Doubts()
  await checkTable(header, footer, bitmapLength, source, context, doubts)
  return openDisk(context.name, footer.byteLength, map, base === null ? [source] : [source, base.blocks], doubts)
}

/** Blocks are written one behind the other, each behind its bitmap, and the footer behind the last. */
async function checkTable(
  { tableOffset, blockLength }: DynamicHeader,
  { byteLength, headerOffset }: Footer,
  bitmapLength: number,
  file: ByteSource,
  { name, log }: ContainerContext,
  doubts: Doubts,
): Promise<void> {
  const blockCount = Math.ceil(byteLength / blockLength)
  const places = new Uint32Array(Math.min(blockCount, TABLE_LIMIT))
  const table = { byteOffset: tableOffset, count: blockCount, entryLength: 4 }
  const isRead = await readEntries({ file, name, log }, table, (entry, bytes, at) => {
    places[entry] = bytes.readUInt32BE(at)
  })
  if (!isRead) return
  const sectors = (byteOffset: number, length: number): Range => ({
    from: Math.floor(byteOffset / SECTOR),
    to: Math.ceil((byteOffset + length) / SECTOR),
  })
  const structures = [
    sectors(0, FOOTER_LENGTH),
    sectors(headerOffset, HEADER_LENGTH),
    sectors(tableOffset, blockCount * 4),
  ].sort((a, b) => a.from - b.from)
  await checkBlocks({
    name,
    file,
    log,
    doubts,
    places,
    length: (bitmapLength + blockLength) / SECTOR,
    structures,
    start: Math.max(...structures.map(({ to }) => to)),
    end: Math.floor(file.byteLength / SECTOR),
    offsetOf: (place) => place * SECTOR,
    entryOffset: (entry) => tableOffset + entry * 4,
    blockLength,
  })
}

function isPossible(header: DynamicHeader, { byteLength, type }: Footer, fileLength: number): boolean {
  const { blockLength, entryCount, tableOffset } = header
  return (
    (type === DiskType.dynamic || type === DiskType.differencing) &&
    Number.isFinite(byteLength) &&
    blockLength >= SECTOR &&
    blockLength % SECTOR === 0 &&
    blockLength <= BLOCK_LIMIT &&
    entryCount >= Math.ceil(byteLength / blockLength) &&
    tableOffset + Math.ceil(byteLength / blockLength) * 4 <= fileLength
  )
}

/** The disk that this one is based on, which says who it is. */
async function baseOf(header: DynamicHeader, source: ByteSource, context: ContainerContext): Promise<BaseDisk | null> {
  const names = [header.baseName]
  for (const { platform, byteOffset, byteLength } of header.locators) {
    if (byteLength === 0 || byteLength > LOCATOR_LIMIT || byteOffset >= source.byteLength) continue
    names.push(locatorText(platform, await source.read(byteOffset, byteLength)))
  }
  const base = await openBase(context, inOrder(names), 'vhd')
  if (base !== null && base.identity !== header.baseId) {
    await closeAllBut(source, [base.blocks])
    context.log.damage(
      'BASE_MISSING',
      `What lies beside “${context.name}” is not the disk that it is based on: its identity is another. Nothing of it was taken.`,
    )
    return null
  }
  return base
}
