import { ByteReader } from '../../core/byte-reader'
import { SourceError } from '../../core/byte-source'
import type { ExtVolume } from './ext-volume'
import { InodeFlag, type ExtInode } from './inode'

const EXTENTS_MAGIC = 0xf30a
/** Linux reads no deeper trees of extents (`EXT4_MAX_EXTENT_DEPTH`). */
const DEPTH_LIMIT = 5
/** An extent that is longer is allocated and not written: its bytes are zeros. */
const WRITTEN_LIMIT = 32_768
/** Files count their blocks in 32 bits. */
const BLOCK_LIMIT = 2 ** 32

/**
 * Where the content of an inode lies: pairs of byte offset in the volume (−1 for a hole) and byte length.
 * @throws {SourceError} `CONTENT_DAMAGED` where the map cannot be
 */
export async function readRuns(volume: ExtVolume, inode: ExtInode): Promise<number[]> {
  const { blockLength } = volume.superblock
  if (Math.ceil(inode.byteLength / blockLength) > BLOCK_LIMIT) throw damaged('is longer than any can be')
  if (inode.inline.length > 0) return inlineRuns(inode)
  const map = new BlockMap(volume, inode.byteLength)
  if ((inode.flags & InodeFlag.extents) !== 0) await map.addExtents(inode.blocks, 0, DEPTH_LIMIT)
  else await map.addPointers(inode.blocks)
  return map.finish()
}

function inlineRuns({ inline, byteLength }: ExtInode): number[] {
  const runs: number[] = []
  let left = byteLength
  for (const part of inline) {
    const length = Math.min(left, part.byteLength)
    if (length > 0) runs.push(part.byteOffset, length)
    left -= length
  }
  // What the inode has no bytes of is a hole.
  if (left > 0) runs.push(-1, left)
  return runs
}

class BlockMap {
  private readonly runs: number[] = []
  /** Blocks of the map itself: none may be met twice. */
  private readonly visited = new Set<number>()
  /** Of the content, in blocks: up to where it is known. */
  private known = 0
  private readonly count: number

  constructor(
    private readonly volume: ExtVolume,
    private readonly byteLength: number,
  ) {
    this.count = Math.ceil(byteLength / volume.superblock.blockLength)
  }

  finish(): number[] {
    this.add(-1, this.count - this.known)
    const { runs } = this
    // The last block may be longer than what is left of the file.
    const rest = this.count * this.volume.superblock.blockLength - this.byteLength
    if (runs.length > 0) runs[runs.length - 1] = (runs.at(-1) ?? 0) - rest
    return runs
  }

  /** @param depth how many levels may lie below */
  async addExtents(bytes: Uint8Array, from: number, depth: number): Promise<void> {
    const node = new ByteReader(bytes)
    const entries = node.u16Le(2)
    const level = node.u16Le(6)
    if (node.u16Le(0) !== EXTENTS_MAGIC || level > depth || !node.has(12, entries * 12))
      throw damaged('has a tree of extents that cannot be')
    for (let index = 0; index < entries; index++) {
      const at = 12 + index * 12
      const block = node.u32Le(at)
      if (block < from || block < this.known) throw damaged('has extents over one another')
      if (level > 0) {
        await this.addExtents(await this.load(node.u32Le(at + 4) + node.u16Le(at + 8) * 2 ** 32), block, level - 1)
        continue
      }
      const recorded = node.u16Le(at + 4)
      const isWritten = recorded <= WRITTEN_LIMIT
      const length = isWritten ? recorded : recorded - WRITTEN_LIMIT
      if (block >= this.count) return
      this.add(-1, block - this.known)
      this.add(isWritten ? node.u32Le(at + 8) + node.u16Le(at + 6) * 2 ** 32 : -1, Math.min(length, this.count - block))
    }
  }

  /** Twelve blocks, then the pointers to blocks of pointers, one to three levels deep. */
  async addPointers(bytes: Uint8Array): Promise<void> {
    const pointers = new ByteReader(bytes)
    for (let index = 0; index < 12 && this.known < this.count; index++) this.add(pointers.u32Le(index * 4), 1)
    for (let level = 1; level <= 3 && this.known < this.count; level++)
      await this.addIndirect(pointers.u32Le((11 + level) * 4), level)
    if (this.known < this.count) throw damaged('is longer than its map of blocks can say')
  }

  private async addIndirect(block: number, level: number): Promise<void> {
    const perBlock = this.volume.superblock.blockLength / 4
    if (block === 0) {
      this.add(-1, Math.min(perBlock ** level, this.count - this.known))
      return
    }
    const pointers = new ByteReader(await this.load(block))
    for (let index = 0; index < perBlock && this.known < this.count; index++) {
      const next = pointers.u32Le(index * 4)
      if (level > 1) await this.addIndirect(next, level - 1)
      else this.add(next, 1)
    }
  }

  /** @param block its first one; 0 and −1 for a hole */
  private add(block: number, count: number): void {
    if (count <= 0) return
    const { runs } = this
    const { blockLength } = this.volume.superblock
    const start = block <= 0 ? -1 : block * blockLength
    const last = runs.length - 2
    this.known += count
    const before = runs[last] ?? -2
    const follows = start < 0 ? before === -1 : before >= 0 && before + (runs[last + 1] ?? 0) === start
    if (last >= 0 && follows) runs[last + 1] = (runs[last + 1] ?? 0) + count * blockLength
    else runs.push(start, count * blockLength)
  }

  private async load(block: number): Promise<Uint8Array> {
    const { blockLength, blockCount } = this.volume.superblock
    if (block === 0 || block >= blockCount) throw damaged('has a map that lies outside the volume')
    if (this.visited.has(block)) throw damaged('has a map that contains itself')
    this.visited.add(block)
    this.volume.takeMapBlock()
    const bytes = await this.volume.structures.read(block * blockLength, blockLength)
    if (bytes.byteLength < blockLength) throw damaged('has a map that lies behind the end of the image')
    return bytes
  }
}

/** @param what rest of the sentence “A file …” */
function damaged(what: string): SourceError {
  return new SourceError('CONTENT_DAMAGED', `A file ${what}.`)
}
