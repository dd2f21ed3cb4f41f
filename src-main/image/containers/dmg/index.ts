import { because } from '../../../../src-shared/model'
import { NotAnImageError } from '../../core/disc-image'
import { sureIf } from '../../core/likelihood'
import { MemoryByteSource, type ByteSource } from '../../core/byte-source'
import type { ContainerSum } from '../../core/container-sum'
import type { Container, ContainerContext } from '../container'
import {
  ChunkType,
  readBlockTables,
  readTrailer,
  SECTOR,
  TRAILER_LENGTH,
  type BlockTables,
  type DiskPart,
  type Trailer,
} from './block-table'
import { CHUNK_BYTES_LIMIT, ChunkSource } from './chunk-source'
import { tablesInFork, tablesInXml } from './table-lists'

/** A list with a table for each partition has megabytes at most. */
const LIST_LIMIT = 256 << 20
const READ = new Set<number>([
  ChunkType.zeros,
  ChunkType.stored,
  ChunkType.unused,
  ChunkType.adc,
  ChunkType.lzfse,
  ChunkType.zlib,
  ChunkType.bzip2,
  ChunkType.xz,
])

/** The sums of what is packed, of each partition, and of those sums; what is not said is not checked. */
function sumsOf(
  name: string,
  { dataOffset, dataLength, dataSum, masterSum }: Trailer,
  parts: readonly DiskPart[],
  file: ByteSource,
  disk: ByteSource,
): ContainerSum[] {
  const sums: ContainerSum[] = []
  const add = (what: string, hex: string | null, source: ByteSource, ranges: readonly number[]): void => {
    if (hex !== null) sums.push({ what, algorithm: 'crc32', hex, source, ranges })
  }
  add(`What is packed in “${name}”`, dataSum, file, [dataOffset, dataLength])
  for (const [index, part] of parts.entries()) {
    const which = part.name === '' ? `number ${index + 1}` : `“${part.name}”`
    add(`The partition ${which} of “${name}”`, part.sum, disk, part.ranges)
  }
  if (parts.every(({ sum }) => sum !== null)) {
    const all = Buffer.from(parts.map(({ sum }) => sum ?? '').join(''), 'hex')
    add(`The list of the partitions’ checksums in “${name}”`, masterSum, new MemoryByteSource(all), [0, all.byteLength])
  }
  return sums
}

/** By the property list, or by the resource fork where that says more: programs before it know nothing else. */
async function findTables(source: ByteSource, trailer: Trailer, { name, log }: ContainerContext): Promise<BlockTables> {
  const { xmlOffset, xmlLength, forkOffset, forkLength, dataOffset } = trailer
  const read = async (at: number, byteLength: number): Promise<Uint8Array> =>
    byteLength > LIST_LIMIT ? new Uint8Array() : source.read(at, byteLength)
  const xml = Buffer.from(await read(xmlOffset, xmlLength)).toString('utf8')
  // Places count from the start: the trailer may be that of a file at the end of a disc, or of another container.
  const listed = readBlockTables(xml.trimStart().startsWith('<') ? tablesInXml(xml) : [], dataOffset)
  if (listed.isWhole && listed.chunks.length > 0) return listed
  const forked = readBlockTables(tablesInFork(await read(forkOffset, forkLength)), dataOffset)
  if (forked.chunks.length === 0 || (!forked.isWhole && listed.chunks.length > 0)) return listed
  if (xmlLength > 0)
    log.damage(
      'BLOCK_TABLE_COPY_USED',
      `The property list of “${name}” is damaged: the table of blocks in its resource fork was taken.`,
    )
  return forked
}

/** Apple's disk images (UDIF): runs of sectors, each stored or packed by itself, and a property list that finds them. */
export const dmg: Container = {
  id: 'dmg',
  isDisk: true,
  probe: ({ tail }) => sureIf(readTrailer(tail) !== null),
  open: async (source, context) => {
    const { name, log } = context
    const trailer = readTrailer(await source.read(Math.max(0, source.byteLength - TRAILER_LENGTH), TRAILER_LENGTH))
    if (trailer === null) return null
    const { chunks, isWhole, parts } = await findTables(source, trailer, context)
    if (chunks.length === 0) return null
    const unread = chunks.find(({ type }) => !READ.has(type))
    if (unread !== undefined) {
      const packed = `method 0x${unread.type.toString(16)}`
      throw new NotAnImageError(
        'UNSUPPORTED_CONTAINER',
        `“${name}” is an Apple disk image packed with ${packed}, which is not supported. macOS and 7-Zip open it.`,
      )
    }
    if (
      chunks.some(
        ({ type, byteLength, storedLength }) =>
          type !== ChunkType.zeros &&
          type !== ChunkType.unused &&
          type !== ChunkType.stored &&
          Math.max(byteLength, storedLength) > CHUNK_BYTES_LIMIT,
      )
    )
      return null
    const end = chunks.reduce((most, { start, byteLength }) => Math.max(most, start + byteLength), 0)
    const stored = chunks.reduce(
      (most, { storedOffset, storedLength }) => Math.max(most, storedOffset + storedLength),
      0,
    )
    if (stored > source.byteLength)
      log.damage(
        'IMAGE_TRUNCATED',
        `“${name}” is shorter than its blocks: it was not copied in full.`,
        undefined,
        because('shorterThanBlocks', { name }),
      )
    if (!isWhole)
      log.damage(
        'BLOCK_TABLE_DAMAGED',
        `The table of blocks in “${name}” is damaged: parts of the disk cannot be found.`,
      )
    const blocks = new ChunkSource(source, name, chunks, isWhole, Math.max(end, trailer.sectorCount * SECTOR))
    return {
      blocks,
      sums: sumsOf(name, trailer, parts, source, blocks),
      labels: ['dmg'],
      name: name.replace(/\.dmg$/i, ''),
    }
  },
}
