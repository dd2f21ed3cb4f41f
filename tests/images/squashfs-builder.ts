import { deflateSync } from 'node:zlib'

/** A file of a SquashFS that is all inodes: what its inode says, whatever the rest of the volume holds. */
export interface SquashNode {
  name: string
  /** What the inode says it is long, in bytes. */
  byteLength: number
}

const SUPERBLOCK_LENGTH = 96
/** Runs of a listing have at most so many entries (`squashfs_dir_header`). */
const RUN_LIMIT = 256
const BLOCK_LOG = 12
const METADATA_LENGTH = 8192
const NONE = 0xffffffff
const NOWHERE = 0xffffffffffffffffn

/** A table's bytes as packed blocks of metadata. */
function packed(bytes: Buffer): Buffer {
  const parts: Buffer[] = []
  for (let at = 0; at < bytes.byteLength; at += METADATA_LENGTH) {
    const block = deflateSync(bytes.subarray(at, at + METADATA_LENGTH), { level: 9 })
    const header = Buffer.alloc(2)
    header.writeUInt16LE(block.byteLength)
    parts.push(header, block)
  }
  return Buffer.concat(parts)
}

/**
 * A root directory of files that have no data: their blocks are zeros, by lists that lie over one another.
 * @param nodes of more than fit into one block of inodes, the rest are further names of the first ones
 * @param listed bytes of zeros behind the inodes, in which the lists lie
 * @param spoil the table of inodes, before it is packed: 32 bytes each, in order
 */
export function buildSquashfs(nodes: readonly SquashNode[], listed: number, spoil: (inodes: Buffer) => void = () => undefined): Uint8Array {
  const inodeLength = 32
  const inodeCount = Math.min(nodes.length, METADATA_LENGTH / inodeLength - 1)
  const rootOffset = inodeCount * inodeLength
  const runs = Math.ceil(nodes.length / RUN_LIMIT)
  const listing = Buffer.alloc(12 * runs + nodes.reduce((sum, { name }) => sum + 8 + name.length, 0))
  let at = 0
  const inodes = Buffer.alloc(METADATA_LENGTH + listed)
  for (const [index, { name, byteLength }] of nodes.entries()) {
    const own = (index % inodeCount) * inodeLength
    if (index % RUN_LIMIT === 0) {
      listing.writeUInt32LE(Math.min(RUN_LIMIT, nodes.length - index) - 1, at)
      at += 12
    }
    inodes.writeUInt16LE(2, own)
    inodes.writeUInt16LE(0o644, own + 2)
    inodes.writeUInt32LE((index % inodeCount) + 1, own + 12)
    inodes.writeUInt32LE(NONE, own + 20)
    inodes.writeUInt32LE(byteLength, own + 28)
    listing.writeUInt16LE(own, at)
    listing.writeInt16LE((index % inodeCount) + 1, at + 2)
    listing.writeUInt16LE(2, at + 4)
    listing.writeUInt16LE(name.length - 1, at + 6)
    listing.write(name, at + 8, 'latin1')
    at += 8 + name.length
  }
  inodes.writeUInt16LE(1, rootOffset)
  inodes.writeUInt16LE(0o755, rootOffset + 2)
  inodes.writeUInt32LE(inodeCount + 1, rootOffset + 12)
  inodes.writeUInt32LE(2, rootOffset + 20)
  inodes.writeUInt16LE(listing.byteLength + 3, rootOffset + 24)
  spoil(inodes)
  const inodeTable = packed(inodes)
  const directoryTable = packed(listing)
  const owners = packed(Buffer.alloc(4))
  const directoryAt = SUPERBLOCK_LENGTH + inodeTable.byteLength
  const ownersAt = directoryAt + directoryTable.byteLength
  const pointer = Buffer.alloc(8)
  pointer.writeBigUInt64LE(BigInt(ownersAt))
  const head = Buffer.alloc(SUPERBLOCK_LENGTH)
  head.write('hsqs')
  head.writeUInt32LE(inodeCount + 1, 4)
  head.writeUInt32LE(2 ** BLOCK_LOG, 12)
  head.writeUInt16LE(1, 20)
  head.writeUInt16LE(BLOCK_LOG, 22)
  head.writeUInt16LE(1, 26)
  head.writeUInt16LE(4, 28)
  head.writeBigUInt64LE(BigInt(rootOffset), 32)
  const byteLength = ownersAt + owners.byteLength + pointer.byteLength
  head.writeBigUInt64LE(BigInt(byteLength), 40)
  head.writeBigUInt64LE(BigInt(byteLength - pointer.byteLength), 48)
  head.writeBigUInt64LE(NOWHERE, 56)
  head.writeBigUInt64LE(BigInt(SUPERBLOCK_LENGTH), 64)
  head.writeBigUInt64LE(BigInt(directoryAt), 72)
  head.writeBigUInt64LE(NOWHERE, 80)
  head.writeBigUInt64LE(NOWHERE, 88)
  return new Uint8Array(Buffer.concat([head, inodeTable, directoryTable, owners, pointer]))
}
