import { ByteReader } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import { Blocks, isSumRight, ObjectType, typeOf } from './object'

export const APFS_MAGIC = 'NXSB'
export const MAGIC_OFFSET = 32
const SUPERBLOCK_LENGTH = 4096
const BLOCK_LIMIT = 65_536
/** Checkpoints are few; a table of as many blocks as this is a lie. */
const DESCRIPTOR_LIMIT = 4096
const VOLUME_LIMIT = 100
/** Of the count of descriptor blocks: they are in a tree, and not one behind the other. */
const SCATTERED = 0x80000000

/** A container at its newest checkpoint. */
export interface Container {
  blocks: Blocks
  /** In bytes. */
  byteLength: number
  transaction: number
  mapBlock: number
  /** Numbers of volumes in the object map. */
  volumes: number[]
  /** It was none of the descriptors that was taken, but the copy in the first block. */
  isOld: boolean
}

/** “nx_superblock_t”. Null where it is none, or cannot be. */
export async function readContainer(source: ByteSource): Promise<Container | null> {
  const first = new ByteReader(await source.read(0, SUPERBLOCK_LENGTH))
  const blockLength = first.u32Le(36)
  const isPossible =
    first.matches(MAGIC_OFFSET, APFS_MAGIC) &&
    blockLength >= SUPERBLOCK_LENGTH &&
    blockLength <= BLOCK_LIMIT &&
    (blockLength & (blockLength - 1)) === 0
  if (!isPossible) return null
  const blocks = new Blocks(source, blockLength)
  const newest = await newestCheckpoint(blocks, first)
  const reader = newest ?? first
  const volumeCount = Math.min(reader.u32Le(180), VOLUME_LIMIT)
  const volumes = Array.from({ length: volumeCount }, (_, index) => reader.u64Le(184 + index * 8))
  return {
    blocks,
    byteLength: reader.u64Le(40) * blockLength,
    transaction: reader.u64Le(16),
    mapBlock: reader.u64Le(160),
    volumes: volumes.filter((number) => number !== 0),
    isOld: newest === null,
  }
}

/** “Mounting an Apple File System Partition”: the superblock with the highest transaction whose sum fits. */
async function newestCheckpoint(blocks: Blocks, first: ByteReader): Promise<ByteReader | null> {
  const count = first.u32Le(104)
  const base = first.u64Le(112)
  if (count >= SCATTERED || count > DESCRIPTOR_LIMIT) return null
  let newest: ByteReader | null = null
  for (let index = 0; index < count; index++) {
    const reader = await blocks.read(base + index)
    if (reader === null) break
    const isOne = reader.matches(MAGIC_OFFSET, APFS_MAGIC) && typeOf(reader) === ObjectType.container
    if (isOne && reader.u64Le(16) > (newest?.u64Le(16) ?? -1) && isSumRight(reader)) newest = reader
  }
  return newest
}
