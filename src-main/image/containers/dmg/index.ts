import { NotAnImageError } from '../../core/disc-image'
import { sureIf } from '../../core/likelihood'
import type { Container } from '../container'
import { ChunkType, readBlockTables, readTrailer, SECTOR, TRAILER_LENGTH } from './block-table'
import { CHUNK_BYTES_LIMIT, ChunkSource } from './chunk-source'

/** A property list with a table for each partition has megabytes at most. */
const XML_LIMIT = 256 << 20
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

/** Apple's disk images (UDIF): runs of sectors, each stored or packed by itself, and a property list that finds them. */
export const dmg: Container = {
  id: 'dmg',
  probe: ({ tail }) => sureIf(readTrailer(tail) !== null),
  open: async (source, { name, log }) => {
    const trailer = readTrailer(await source.read(Math.max(0, source.byteLength - TRAILER_LENGTH), TRAILER_LENGTH))
    if (trailer === null || trailer.xmlLength === 0 || trailer.xmlLength > XML_LIMIT) return null
    const xml = Buffer.from(await source.read(trailer.xmlOffset, trailer.xmlLength)).toString('utf8')
    const { chunks, isWhole } = readBlockTables(xml, trailer.dataOffset)
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
      log.damage('IMAGE_TRUNCATED', `“${name}” is shorter than its blocks: it was not copied in full.`)
    if (!isWhole)
      log.damage(
        'BLOCK_TABLE_DAMAGED',
        `The table of blocks in “${name}” is damaged: parts of the disk cannot be found.`,
      )
    return {
      blocks: new ChunkSource(source, chunks, isWhole, Math.max(end, trailer.sectorCount * SECTOR)),
      labels: ['dmg'],
      name: name.replace(/\.dmg$/i, ''),
    }
  },
}
