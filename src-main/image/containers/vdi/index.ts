import { ByteReader, readU32Le } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import { guidAt } from '../../core/guid'
import { sureIf } from '../../core/likelihood'
import type { BaseDisk, Container, ContainerContext, OpenedContainer } from '../container'
import { openBase } from '../disk/base-disk'
import { BlockMap } from '../disk/block-map'
import { checkBlocks } from '../disk/check-blocks'
import { fromBase } from '../disk/disk-source'
import { openDisk } from '../disk/doubtful-disk'
import { Doubts } from '../disk/doubts'
import { findBase } from '../disk/find-base'
import { NO_PLACE } from '../disk/places'
import { readEntries, TABLE_LIMIT } from '../disk/read-table'

const SIGNATURE = 0xbeda107f
const SIGNATURE_OFFSET = 64
const HEADER_LENGTH = 512
/** Entries of the table: what was never written, and what was written as zeros. */
const UNWRITTEN = 0xffffffff
const ZEROS = 0xfffffffe
const ImageType = { dynamic: 1, fixed: 2, undo: 3, differencing: 4 } as const
const BLOCK_LIMIT = 256 << 20
const NO_IDENTITY = '00000000-0000-0000-0000-000000000000'

interface Header {
  type: number
  tableOffset: number
  dataOffset: number
  /** In bytes, of the disk. */
  byteLength: number
  blockLength: number
  /** Bytes in front of each block. */
  extraLength: number
  blockCount: number
  /** Of blocks that have a place; 0 where the writer does not count. */
  usedCount: number
  identity: string
  baseIdentity: string
}

/** VirtualBox's disks, of version 1 (`VDIHEADER1PLUS` of its sources); little-endian. */
export const vdi: Container = {
  id: 'vdi',
  isDisk: true,
  probe: ({ head }) => sureIf(readU32Le(head, SIGNATURE_OFFSET) === SIGNATURE),
  open: async (source, context) => {
    const header = readHeader(new ByteReader(await source.read(0, HEADER_LENGTH)))
    if (header === null || !isPossible(header, source.byteLength)) return null
    const isBased = header.type === ImageType.differencing || header.type === ImageType.undo
    const base = isBased ? await baseOf(header, context) : null
    const doubts = new Doubts()
    await checkTable(header, source, context, doubts)
    const map = mapOf(header, source, base, isBased, context.name)
    const sources = base === null ? [source] : [source, base.blocks]
    return {
      blocks: openDisk(context.name, header.byteLength, map, sources, doubts),
      labels: ['vdi'],
      name: context.name.replace(/\.vdi$/i, ''),
      identity: header.identity,
    } satisfies OpenedContainer
  },
}

function readHeader(reader: ByteReader): Header | null {
  if (!reader.has(0, 456) || reader.u32Le(SIGNATURE_OFFSET) !== SIGNATURE || reader.u16Le(70) !== 1) return null
  return {
    type: reader.u32Le(76),
    tableOffset: reader.u32Le(340),
    dataOffset: reader.u32Le(344),
    byteLength: reader.u64Le(368),
    blockLength: reader.u32Le(376),
    extraLength: reader.u32Le(380),
    blockCount: reader.u32Le(384),
    usedCount: reader.u32Le(388),
    identity: guidAt(reader, 392),
    baseIdentity: guidAt(reader, 424),
  }
}

function isPossible(header: Header, fileLength: number): boolean {
  const { type, byteLength, blockLength, blockCount, tableOffset, extraLength } = header
  return (
    type >= ImageType.dynamic &&
    type <= ImageType.differencing &&
    Number.isFinite(byteLength) &&
    blockLength >= 512 &&
    blockLength <= BLOCK_LIMIT &&
    extraLength <= BLOCK_LIMIT &&
    blockCount >= Math.ceil(byteLength / blockLength) &&
    tableOffset + blockCount * 4 <= fileLength
  )
}

function mapOf(
  { tableOffset, dataOffset, blockLength, extraLength }: Header,
  source: ByteSource,
  base: BaseDisk | null,
  isBased: boolean,
  name: string,
): BlockMap {
  return new BlockMap({
    name,
    file: source,
    tableOffset,
    entryLength: 4,
    blockLength,
    runIn: (entry, block, within, byteLength) => {
      const place = entry.u32Le(0)
      if (place === UNWRITTEN && isBased)
        return fromBase(base?.blocks ?? null, block * blockLength + within, byteLength)
      if (place >= ZEROS) return { kind: 'zeros', byteLength }
      const byteOffset = dataOffset + place * (blockLength + extraLength) + extraLength + within
      return { kind: 'stored', byteLength, source, byteOffset }
    },
  })
}

/** Blocks are written one behind the other: their numbers in the file are those from 0 on, each once. */
async function checkTable(
  { tableOffset, dataOffset, blockLength, extraLength, blockCount, usedCount }: Header,
  file: ByteSource,
  { name, log }: ContainerContext,
  doubts: Doubts,
): Promise<void> {
  const places = new Uint32Array(Math.min(blockCount, TABLE_LIMIT))
  let used = 0
  let last = -1
  const table = { byteOffset: tableOffset, count: blockCount, entryLength: 4 }
  const isRead = await readEntries({ file, name, log }, table, (entry, bytes, at) => {
    const place = bytes.readUInt32LE(at)
    places[entry] = place >= ZEROS ? NO_PLACE : place
    if (place >= ZEROS) return
    used++
    last = Math.max(last, place)
  })
  if (!isRead) return
  const stride = blockLength + extraLength
  const there = Math.floor((file.byteLength - dataOffset) / stride)
  await checkBlocks({
    name,
    file,
    log,
    doubts,
    places,
    length: 1,
    structures: [],
    start: 0,
    // What lies behind the last block that counts was given up.
    end: Math.min(there, Math.max(usedCount, last + 1)),
    offsetOf: (place) => dataOffset + place * stride,
    entryOffset: (entry) => tableOffset + entry * 4,
    blockLength,
  })
  if (usedCount > 0 && usedCount !== used && doubts.isEmpty)
    log.warn(
      'DISK_COUNTS_DIFFER',
      `“${name}” counts ${usedCount} blocks that were written, and its table has ${used}. None of them is missing in the file.`,
    )
}

/** A disk names its base by identity alone. */
async function baseOf({ baseIdentity }: Header, context: ContainerContext): Promise<BaseDisk | null> {
  if (baseIdentity === NO_IDENTITY) return openBase(context, [], 'vdi')
  const isMeant = (head: Uint8Array): boolean => readHeader(new ByteReader(head))?.identity === baseIdentity
  const base = await findBase(context, 'vdi', isMeant)
  if (base === null)
    context.log.damage(
      'BASE_MISSING',
      `“${context.name}” holds only what was changed of another disk, whose identity is {${baseIdentity}} and which is not beside it: the rest cannot be read. Put it there.`,
    )
  return base
}
