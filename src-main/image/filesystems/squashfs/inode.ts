import { andThen } from '../../core/and-then'
import { ByteReader, readU32Le } from '../../core/byte-reader'
import type { MaybePromise } from '../../core/byte-source'
import { linuxDevice, type DeviceNumber } from '../../core/device-number'
import { Kind } from '../../core/entry-flags'
import { damaged, type Metadata } from './metadata'
import { NONE, type Superblock } from './superblock'

/** `squashfs_inode.inode_type`: the second seven are the first with more fields. */
const Type = { directory: 1, file: 2, symlink: 3, blockDevice: 4, characterDevice: 5, fifo: 6, socket: 7 } as const
const EXTENDED = 7
const HEADER_LENGTH = 16
const SYMLINK_LIMIT = 65_536
/** A list of more blocks describes a file of half a terabyte and more. */
const BLOCK_LIMIT = 1 << 22
const NO_SIZES = new Uint32Array(0)
const NO_TARGET = new Uint8Array(0)
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
  const read: ReadInode = (from, byteLength, use) =>
    andThen(metadata.read(block, offset + from, byteLength), (bytes) => use(new ByteReader(bytes)))
  return read(0, HEADER_LENGTH, (header) => {
    const recorded = header.u16Le(0)
    const isExtended = recorded > EXTENDED
    const inode: Inode = {
      type: isExtended ? recorded - EXTENDED : recorded,
      kind: Kind.file,
      mode: header.u16Le(2),
      uidIndex: header.u16Le(4),
      gidIndex: header.u16Le(6),
      modified: header.u32Le(8) * 1000,
      number: header.u32Le(12),
      links: 1,
      byteLength: 0,
      listing: NO_LISTING,
      target: NO_TARGET,
      file: null,
      device: null,
      attributes: NONE,
    }
    if (inode.type === Type.file) return readFile(inode, isExtended, blockLength, { block, offset }, read)
    return readOther(inode, isExtended, read)
  })
}

/** Goes on with bytes of an inode, from its start on. */
type ReadInode = (
  from: number,
  byteLength: number,
  use: (body: ByteReader) => MaybePromise<Inode>,
) => MaybePromise<Inode>

function readOther(inode: Inode, isExtended: boolean, read: ReadInode): MaybePromise<Inode> {
  switch (inode.type) {
    case Type.directory:
      return read(HEADER_LENGTH, isExtended ? 24 : 16, (body) => {
        inode.kind = Kind.directory
        inode.links = isExtended ? body.u32Le(0) : body.u32Le(4)
        // Three bytes more than the listing has, for the two entries that are not recorded.
        inode.byteLength = Math.max(0, (isExtended ? body.u32Le(4) : body.u16Le(8)) - 3)
        inode.listing = isExtended
          ? { block: body.u32Le(8), offset: body.u16Le(18) }
          : { block: body.u32Le(0), offset: body.u16Le(10) }
        if (isExtended) inode.attributes = body.u32Le(20)
        return inode
      })
    case Type.symlink:
      return read(HEADER_LENGTH, 8, (body) => {
        const length = body.u32Le(4)
        if (length > SYMLINK_LIMIT) throw damaged('has a link that cannot be')
        inode.kind = Kind.symlink
        inode.links = body.u32Le(0)
        return read(HEADER_LENGTH + 8, length, (target) => {
          inode.target = target.bytes
          return withAttributes(inode, isExtended, HEADER_LENGTH + 8 + length, read)
        })
      })
    case Type.blockDevice:
    case Type.characterDevice:
      return read(HEADER_LENGTH, 8, (body) => {
        inode.kind = Kind.device
        inode.links = body.u32Le(0)
        inode.device = linuxDevice(body.u32Le(4), inode.type === Type.blockDevice)
        return withAttributes(inode, isExtended, HEADER_LENGTH + 8, read)
      })
    case Type.fifo:
    case Type.socket:
      return read(HEADER_LENGTH, 4, (body) => {
        inode.kind = inode.type === Type.fifo ? Kind.fifo : Kind.socket
        inode.links = body.u32Le(0)
        return withAttributes(inode, isExtended, HEADER_LENGTH + 4, read)
      })
    default:
      throw damaged('has an inode of a kind that there is not')
  }
}

/** Extended inodes that are no files end with the index of their attributes. */
function withAttributes(inode: Inode, isExtended: boolean, at: number, read: ReadInode): MaybePromise<Inode> {
  if (!isExtended) return inode
  return read(at, 4, (body) => {
    inode.attributes = body.u32Le(0)
    return inode
  })
}

function readFile(
  inode: Inode,
  isExtended: boolean,
  blockLength: number,
  place: { block: number; offset: number },
  read: ReadInode,
): MaybePromise<Inode> {
  const length = isExtended ? 40 : 16
  return read(HEADER_LENGTH, length, (body) => {
    inode.byteLength = isExtended ? body.u64Le(8) : body.u32Le(12)
    if (isExtended) inode.links = body.u32Le(24)
    if (isExtended) inode.attributes = body.u32Le(36)
    const fragment = isExtended ? body.u32Le(28) : body.u32Le(4)
    const whole = inode.byteLength / blockLength
    const count = fragment === NONE ? Math.ceil(whole) : Math.floor(whole)
    if (!(count <= BLOCK_LIMIT)) throw damaged('has a file that is longer than any can be')
    inode.file = {
      start: isExtended ? body.u64Le(0) : body.u32Le(0),
      list: { block: place.block, offset: place.offset + HEADER_LENGTH + length, count },
      fragment,
      fragmentOffset: isExtended ? body.u32Le(32) : body.u32Le(8),
    }
    return inode
  })
}
