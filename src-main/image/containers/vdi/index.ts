import { ByteReader, readU32Le } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import { guidAt } from '../../core/guid'
import { sureIf } from '../../core/likelihood'
import type { BaseDisk, Container, ContainerContext, OpenedContainer } from '../container'
import { openBase } from '../disk/base-disk'
import { BlockMap } from '../disk/block-map'
import { DiskSource, fromBase } from '../disk/disk-source'
import { findBase } from '../disk/find-base'

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
    return {
      blocks: new DiskSource(context.name, header.byteLength, mapOf(header, source, base, isBased, context.name), [
        source,
        ...(base === null ? [] : [base.blocks]),
      ]),
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

/** A disk names its base by identity alone. */
async function baseOf({ baseIdentity }: Header, context: ContainerContext): Promise<BaseDisk | null> {
  if (baseIdentity === NO_IDENTITY) return openBase(context, [], false)
  const isMeant = (head: Uint8Array): boolean => readHeader(new ByteReader(head))?.identity === baseIdentity
  const base = await findBase(context, 'vdi', isMeant)
  if (base === null)
    context.log.damage(
      'BASE_MISSING',
      `“${context.name}” holds only what was changed of another disk, whose identity is {${baseIdentity}} and which is not beside it: the rest cannot be read. Put it there.`,
    )
  return base
}
