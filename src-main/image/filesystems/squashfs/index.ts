import type { UnpackBlock } from '../../codecs/unpackers'
import { ByteReader, matchesAscii } from '../../core/byte-reader'
import { NotAnImageError } from '../../core/disc-image'
import { foundView } from '../../core/found-view'
import { sureIf } from '../../core/likelihood'
import type { ByteSource } from '../../core/byte-source'
import type { FileSystem, FoundFileSystem } from '../file-system'
import { compressorName, compressorOf } from './compressors'
import { SquashfsTree } from './squashfs-tree'
import { entryRoom, isProven, MAGIC, readSuperblock } from './superblock'

/** SquashFS 4.0, packed by gzip, LZMA, LZO, xz, LZ4 or zstd: what live systems and applications in one file come in. */
export const squashfs: FileSystem = {
  id: 'squashfs',
  marks: [MAGIC],
  probe: ({ head }) => sureIf(matchesAscii(head, 0, MAGIC)),
  proves: isProven,
  open: ({ source, head }, { unpack }) =>
    new Promise((resolve) => {
      resolve(openVolume(source, head, unpack))
    }),
}

function openVolume(source: ByteSource, head: Uint8Array, unpackBlock: UnpackBlock): FoundFileSystem | null {
  const superblock = readSuperblock(new ByteReader(head))
  if (superblock === null) return null
  const compressor = compressorOf(superblock.compressor, unpackBlock)
  if (compressor === null) {
    const packed = compressorName(superblock.compressor)
    throw new NotAnImageError(
      'UNSUPPORTED_CONTAINER',
      `This is a SquashFS packed with ${packed}, which is not supported. unsquashfs unpacks it.`,
    )
  }
  const view = foundView({
    kind: 'squashfs',
    label: 'SquashFS',
    format: `SquashFS 4.0 (${compressorName(superblock.compressor)})`,
    entryLimit: entryRoom(superblock, source.byteLength),
    openTree: (log) => new SquashfsTree(source, superblock, compressor, log),
  })
  return {
    views: [view],
    byteEnd: superblock.byteLength,
    dates: { created: superblock.created },
  }
}
