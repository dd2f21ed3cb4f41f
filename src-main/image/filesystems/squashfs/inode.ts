import { andThen } from '../../core/and-then'
import { readU16Le, readU32Le, readU64Le } from '../../core/byte-reader'
import type { MaybePromise } from '../../core/byte-source'
import { linuxDevice, type DeviceNumber } from '../../core/device-number'
import { Kind } from '../../core/entry-flags'
import { damaged, type Metadata } from './metadata'
import { NONE, type Superblock } from './superblock'

/** `squashfs_inode.inode_type`: the second seven are the first with more fields. */
const Type = { directory: 1, file: 2, symlink: 3, blockDevice: 4, characterDevice: 5, fifo: 6, socket: 7 } as const
const EXTENDED = 7
const HEADER_LENGTH = 16
/** Of each type, the fields behind the header, in bytes; a link's target and its attributes follow them. */
const BODY_LENGTHS = [0, 16, 16, 8, 8, 8, 4, 4, 24, 40, 8, 12, 12, 8, 8]
const LONGEST_BODY = 40
const SYMLINK_LIMIT = 65_536
/** A list of more blocks describes a file of half a terabyte and more. */
const BLOCK_LIMIT = 1 << 22
const NO_SIZES = new Uint32Array(0)
const NO_TARGET = new Uint8Array(0)
const KINDS: Partial<Record<number, number>> = {
  [Type.directory]: Kind.directory,
  [Type.file]: Kind.file,
  [Type.symlink]: Kind.symlink,
  [Type.blockDevice]: Kind.device,
  [Type.characterDevice]: Kind.device,
  [Type.fifo]: Kind.fifo,
  [Type.socket]: Kind.socket,
}
const NO_LISTING = { block: 0, offset: 0 }

export interface Inode {
  /** As directories give it too: the second seven types are told as the first. */
  type: number
  kind: number
  mode: number
  uidIndex: number
  gidIndex: number
  /** Milliseconds since 1970 UTC. */
  modified: number
  number: number
  links: number
  byteLength: number
  /** Of a directory: where its listing begins, in bytes from the start of the directory table, and within that block. */
  listing: { block: number; offset: number }
  target: Uint8Array
  file: InodeFile | null
  device: DeviceNumber | null
  /** Index of its extended attributes; `NONE` without any. */
  attributes: number
}

export interface InodeFile {
  /** In bytes of the volume. */
  start: number
  /** Where the list of its blocks lies, which may have millions: it is read when the file is. */
  list: BlockList
  /** Index and offset of the fragment that holds the end; index `NONE` without one. */
  fragment: number
  fragmentOffset: number
}

export interface BlockList {
  /** As an inode's: the block of metadata, and the offset in it. */
  block: number
  offset: number
  count: number
}

/**
 * Packed lengths of a file's blocks, with `DATA_STORED_BIT` where one is not packed; 0 for one of zeros.
 * @throws {SourceError} `CONTENT_DAMAGED`
 */
export function readBlockSizes(metadata: Metadata, { block, offset, count }: BlockList): MaybePromise<Uint32Array> {
  if (count === 0) return NO_SIZES
  return andThen(metadata.read(block, offset, count * 4), (list) => {
    const sizes = new Uint32Array(count)
    for (let index = 0; index < count; index++) sizes[index] = readU32Le(list, index * 4)
    return sizes
  })
}

/**
 * @param reference block and offset, as directories and the superblock give it: 48 and 16 bits
 * @throws {SourceError} `CONTENT_DAMAGED`
 */
export function readInode(
  metadata: Metadata,
  { inodeTable, blockLength }: Superblock,
  reference: number,
): MaybePromise<Inode> {
  const block = inodeTable + Math.floor(reference / 65_536)
  const offset = reference % 65_536
  const place = { metadata, block, offset, blockLength }
  // Nearly all lie in a block that is kept, with as much behind them as the longest has.
  const kept = metadata.kept(block)
  if (kept !== null && offset + HEADER_LENGTH + LONGEST_BODY <= kept.byteLength) return parse(kept, offset, place)
  return andThen(metadata.read(block, offset, HEADER_LENGTH), (header) =>
    andThen(metadata.read(block, offset, HEADER_LENGTH + bodyLength(readU16Le(header, 0))), (bytes) =>
      parse(bytes, 0, place),
    ),
  )
}

/** Where an inode lies, for what follows its fields. */
interface InodePlace {
  metadata: Metadata
  block: number
  offset: number
  blockLength: number
}

/** Of the fields behind the header, in bytes. @throws {SourceError} `CONTENT_DAMAGED` for a type that there is not */
function bodyLength(type: number): number {
  const length = BODY_LENGTHS[type] ?? 0
  if (length === 0) throw damaged('has an inode of a kind that there is not')
  return length
}

/** @param at where it begins in `bytes`, which have all its fields */
function parse(bytes: Uint8Array, at: number, place: InodePlace): MaybePromise<Inode> {
  const recorded = readU16Le(bytes, at)
  const isExtended = recorded > EXTENDED
  const type = isExtended ? recorded - EXTENDED : recorded
  const body = at + HEADER_LENGTH
  const end = HEADER_LENGTH + bodyLength(recorded)
  const inode: Inode = {
    type,
    kind: KINDS[type] ?? Kind.file,
    mode: readU16Le(bytes, at + 2),
    uidIndex: readU16Le(bytes, at + 4),
    gidIndex: readU16Le(bytes, at + 6),
    modified: readU32Le(bytes, at + 8) * 1000,
    number: readU32Le(bytes, at + 12),
    links: readU32Le(bytes, body),
    byteLength: 0,
    listing: NO_LISTING,
    target: NO_TARGET,
    file: null,
    device: null,
    attributes: NONE,
  }
  switch (type) {
    case Type.directory:
      if (!isExtended) inode.links = readU32Le(bytes, body + 4)
      // Three bytes more than the listing has, for the two entries that are not recorded.
      inode.byteLength = Math.max(0, (isExtended ? readU32Le(bytes, body + 4) : readU16Le(bytes, body + 8)) - 3)
      inode.listing = isExtended
        ? { block: readU32Le(bytes, body + 8), offset: readU16Le(bytes, body + 18) }
        : { block: readU32Le(bytes, body), offset: readU16Le(bytes, body + 10) }
      if (isExtended) inode.attributes = readU32Le(bytes, body + 20)
      return inode
    case Type.file:
      fillFile(inode, bytes, body, isExtended, place, end)
      return inode
    case Type.symlink:
      return withTarget(inode, readU32Le(bytes, body + 4), isExtended, place, end)
    case Type.blockDevice:
    case Type.characterDevice:
      inode.device = linuxDevice(readU32Le(bytes, body + 4), type === Type.blockDevice)
      if (isExtended) inode.attributes = readU32Le(bytes, body + 8)
      return inode
    default:
      if (isExtended) inode.attributes = readU32Le(bytes, body + 4)
      return inode
  }
}

function withTarget(
  inode: Inode,
  length: number,
  isExtended: boolean,
  { metadata, block, offset }: InodePlace,
  end: number,
): MaybePromise<Inode> {
  if (length > SYMLINK_LIMIT) throw damaged('has a link that cannot be')
  return andThen(metadata.read(block, offset + end, length + (isExtended ? 4 : 0)), (bytes) => {
    inode.target = bytes.subarray(0, length)
    if (isExtended) inode.attributes = readU32Le(bytes, length)
    return inode
  })
}

function fillFile(
  inode: Inode,
  bytes: Uint8Array,
  body: number,
  isExtended: boolean,
  { block, offset, blockLength }: InodePlace,
  end: number,
): void {
  inode.byteLength = isExtended ? readU64Le(bytes, body + 8) : readU32Le(bytes, body + 12)
  inode.links = isExtended ? readU32Le(bytes, body + 24) : 1
  if (isExtended) inode.attributes = readU32Le(bytes, body + 36)
  const fragment = readU32Le(bytes, body + (isExtended ? 28 : 4))
  const whole = inode.byteLength / blockLength
  const count = fragment === NONE ? Math.ceil(whole) : Math.floor(whole)
  if (!(count <= BLOCK_LIMIT)) throw damaged('has a file that is longer than any can be')
  inode.file = {
    start: isExtended ? readU64Le(bytes, body) : readU32Le(bytes, body),
    list: { block, offset: offset + end, count },
    fragment,
    fragmentOffset: readU32Le(bytes, body + (isExtended ? 32 : 8)),
  }
}
