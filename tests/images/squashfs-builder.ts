import { deflateSync } from 'node:zlib'

/** A file of a SquashFS that is all inodes: what its inode says, whatever the rest of the volume holds. */
export interface SquashNode {
  name: string
  /** What the inode says it is long, in bytes. */
  byteLength: number
}

const SUPERBLOCK_LENGTH = 96
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
 * @param listed bytes of zeros behind the inodes, in which the lists lie
 */
export function buildSquashfs(nodes: readonly SquashNode[], listed: number): Uint8Array {
  const inodeLength = 32
  const rootOffset = nodes.length * inodeLength
  if (rootOffset + 32 > METADATA_LENGTH) throw new Error('The builder has room for one block of inodes.')
  const listing = Buffer.alloc(12 + nodes.reduce((sum, { name }) => sum + 8 + name.length, 0))
  listing.writeUInt32LE(nodes.length - 1, 0)
  let at = 12
  const inodes = Buffer.alloc(METADATA_LENGTH + listed)
  for (const [index, { name, byteLength }] of nodes.entries()) {
    const own = index * inodeLength
    inodes.writeUInt16LE(2, own)
    inodes.writeUInt16LE(0o644, own + 2)
    inodes.writeUInt32LE(index + 1, own + 12)
    inodes.writeUInt32LE(NONE, own + 20)
    inodes.writeUInt32LE(byteLength, own + 28)
    listing.writeUInt16LE(own, at)
    listing.writeUInt16LE(2, at + 4)
    listing.writeUInt16LE(name.length - 1, at + 6)
    listing.write(name, at + 8, 'latin1')
    at += 8 + name.length
  }
  inodes.writeUInt16LE(1, rootOffset)
  inodes.writeUInt16LE(0o755, rootOffset + 2)
  inodes.writeUInt32LE(nodes.length + 1, rootOffset + 12)
  inodes.writeUInt32LE(2, rootOffset + 20)
  inodes.writeUInt16LE(listing.byteLength + 3, rootOffset + 24)
  const inodeTable = packed(inodes)
  const directoryTable = packed(listing)
  const owners = packed(Buffer.alloc(4))
  const directoryAt = SUPERBLOCK_LENGTH + inodeTable.byteLength
  const ownersAt = directoryAt + directoryTable.byteLength
  const pointer = Buffer.alloc(8)
  pointer.writeBigUInt64LE(BigInt(ownersAt))
  const head = Buffer.alloc(SUPERBLOCK_LENGTH)
  head.write('hsqs')
  head.writeUInt32LE(nodes.length + 1, 4)
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
