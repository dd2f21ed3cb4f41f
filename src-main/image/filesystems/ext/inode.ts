import { ByteReader } from '../../core/byte-reader'
import { isBlockMode, linuxDevice, type DeviceNumber } from '../../core/device-number'
import { hasKind, Kind, kindOfMode } from '../../core/entry-flags'
import { isInodeIntact } from './sums'
import { attributeEntries, ATTRIBUTES_MAGIC } from './attributes'
import type { ExtSuperblock } from './superblock'

/** `i_flags`. */
export const InodeFlag = { encrypted: 0x800, indexed: 0x1000, extents: 0x80000, inline: 0x10000000 } as const
/** Where `i_block` lies, and how long it is, in bytes. */
const BLOCKS_AT = 40
export const BLOCKS_LENGTH = 60
const OLD_LENGTH = 128
/** `EXT4_XATTR_INDEX_SYSTEM`: the name of inline data is `system.data`. */
const SYSTEM_INDEX = 7

/** An inode (Linux, Documentation/filesystems/ext4/inodes.rst); little-endian. */
export interface ExtInode {
  number: number
  /** Of the inode itself, in bytes of the volume. */
  byteOffset: number
  kind: number
  mode: number
  device: DeviceNumber | null
  uid: number
  gid: number
  links: number
  generation: number
  /** Whether its sum fits, where it has one. */
  isIntact: boolean
  byteLength: number
  /** Milliseconds since 1970 UTC. */
  modified: number
  flags: number
  /** Blocks of 512 bytes that it takes, those of attributes not counted. */
  sectors: number
  blocks: Uint8Array
  /** Where inline data is, in pairs of bytes of the volume: what fits in `i_block`, and the rest. */
  inline: { byteOffset: number; byteLength: number }[]
  /** Where the attributes in it begin, in bytes of itself; 0 without any. */
  attributesAt: number
  /** The block of its other attributes; 0 without one. */
  attributeBlock: number
}

/** Null for one that is not in use. */
export function readInode(
  bytes: Uint8Array,
  number: number,
  byteOffset: number,
  { blockLength, sumSeed }: ExtSuperblock,
): ExtInode | null {
  const reader = new ByteReader(bytes)
  const mode = reader.u16Le(0)
  const links = reader.u16Le(26)
  if (!hasKind(mode)) return null
  const flags = reader.u32Le(32)
  const extra = bytes.byteLength > OLD_LENGTH ? reader.u16Le(OLD_LENGTH) : 0
  const attributeBlock = reader.u32Le(104) + reader.u16Le(118) * 2 ** 32
  const attributesAt = firstAttribute(reader, extra)
  return {
    number,
    byteOffset,
    kind: kindOfMode(mode),
    mode: mode & 0o7777,
    device: kindOfMode(mode) === Kind.device ? deviceIn(reader, mode) : null,
    uid: reader.u16Le(2) + reader.u16Le(120) * 65_536,
    gid: reader.u16Le(24) + reader.u16Le(122) * 65_536,
    links,
    generation: reader.u32Le(100),
    isIntact: sumSeed === null || isInodeIntact(bytes, number, sumSeed),
    byteLength: reader.u32Le(4) + ((mode & 0o170000) === 0o100000 ? reader.u32Le(108) * 2 ** 32 : 0),
    modified: timeOf(reader, extra >= 12 ? reader.u32Le(136) : 0),
    flags,
    sectors: reader.u32Le(28) - (attributeBlock !== 0 ? blockLength / 512 : 0),
    blocks: reader.slice(BLOCKS_AT, BLOCKS_LENGTH),
    inline: (flags & InodeFlag.inline) !== 0 ? inlineParts(reader, byteOffset, attributesAt) : [],
    attributesAt,
    attributeBlock,
  }
}

/** The first of `i_block` where 16 bits were enough, else the second. */
function deviceIn(reader: ByteReader, mode: number): DeviceNumber {
  return linuxDevice(reader.u32Le(BLOCKS_AT) || reader.u32Le(BLOCKS_AT + 4), isBlockMode(mode))
}

/** Seconds are signed; the two low bits of the second field go on where they end, in 2038. */
function timeOf(reader: ByteReader, more: number): number {
  const seconds = (reader.u32Le(16) | 0) + (more & 3) * 2 ** 32
  return seconds * 1000 + Math.floor((more >>> 2) / 1_000_000)
}

/** Behind the inode's own fields; 0 where none are there. */
function firstAttribute(reader: ByteReader, extra: number): number {
  const at = OLD_LENGTH + extra
  const isThere = extra > 0 && reader.has(at, 8) && reader.u32Le(at) === ATTRIBUTES_MAGIC
  return isThere ? at + 4 : 0
}

/** `i_block`, and the value of the attribute `system.data` behind the inode's own fields. */
function inlineParts(reader: ByteReader, byteOffset: number, first: number): ExtInode['inline'] {
  const parts = [{ byteOffset: byteOffset + BLOCKS_AT, byteLength: BLOCKS_LENGTH }]
  if (first === 0) return parts
  for (const { index, name, valueAt, byteLength } of attributeEntries(reader, first, first))
    if (index === SYSTEM_INDEX && name === 'data') {
      if (reader.has(valueAt, byteLength)) parts.push({ byteOffset: byteOffset + valueAt, byteLength })
      return parts
    }
  return parts
}
