import { ByteReader } from '../../core/byte-reader'
import { isBlockMode } from '../../core/device-number'
import { hasKind, kindOfMode } from '../../core/entry-flags'
import { SLOT_LENGTH, type ErofsSuperblock } from './superblock'

/** How the content of an inode is laid out (`EROFS_INODE_…`). */
export const Layout = { plain: 0, packedFull: 1, inline: 2, packedCompact: 3, chunks: 4 } as const
export const INODE_LENGTH = 64

export interface ErofsInode {
  slot: number
  kind: number
  mode: number
  uid: number
  gid: number
  links: number
  byteLength: number
  /** Milliseconds since 1970 UTC. */
  modified: number
  layout: number
  isBlockDevice: boolean
  /** `i_u`: the first block, how chunks are described, or the number of a device. */
  place: number
  /** Of its attributes, in bytes; they lie in front of its end. 0 without any. */
  attributesLength: number
  /** Where its fields and attributes end, in bytes of the volume. */
  end: number
}

export function slotOffset({ metadataStart }: ErofsSuperblock, slot: number): number {
  return metadataStart + slot * SLOT_LENGTH
}

/** Null where there is none. @param bytes of the slot and the one behind it, fewer at the end */
export function readInode(bytes: Uint8Array, superblock: ErofsSuperblock, slot: number): ErofsInode | null {
  const reader = new ByteReader(bytes)
  const format = reader.u16Le(0)
  const isExtended = (format & 1) !== 0
  const length = isExtended ? INODE_LENGTH : SLOT_LENGTH
  if (!reader.has(0, length) || format >> 5 !== 0) return null
  const attributes = reader.u16Le(2)
  const attributesLength = attributes === 0 ? 0 : 12 + (attributes - 1) * 4
  const mode = reader.u16Le(4)
  // Every inode has a kind: what has none is zeros, or something else.
  if (!hasKind(mode)) return null
  return {
    slot,
    kind: kindOfMode(mode),
    mode: mode & 0o7777,
    isBlockDevice: isBlockMode(mode),
    uid: isExtended ? reader.u32Le(24) : reader.u16Le(24),
    gid: isExtended ? reader.u32Le(28) : reader.u16Le(26),
    links: isExtended ? reader.u32Le(44) : reader.u16Le(6),
    byteLength: isExtended ? reader.u64Le(8) : reader.u32Le(8),
    modified: isExtended ? reader.i64Le(32) * 1000 + Math.floor(reader.u32Le(40) / 1_000_000) : superblock.time,
    layout: (format >> 1) & 7,
    place: reader.u32Le(16),
    attributesLength,
    end: slotOffset(superblock, slot) + length + attributesLength,
  }
}
