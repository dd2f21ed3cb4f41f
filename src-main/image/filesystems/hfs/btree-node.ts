import { ByteReader } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'

/** Bytes of a node's descriptor, in front of its records. */
const DESCRIPTOR_LENGTH = 14
/** Of the header node: its third record is the map of nodes, behind the header record and 128 bytes that are reserved. */
const MAP_AT = 248
const READ_LENGTH = 1024 * 1024

/** TN1150 “Header Record”; Inside Macintosh: Files, 2-68. */
export interface TreeHeader {
  /** Bytes. */
  nodeSize: number
  /** Records of all leaves together. */
  leafRecords: number
  firstLeaf: number
  lastLeaf: number
  totalNodes: number
  freeNodes: number
}

/** Null where no node could be as long as it says. */
export async function readTreeHeader(file: ByteSource): Promise<TreeHeader | null> {
  const node = new ByteReader(await file.read(0, 512))
  const nodeSize = node.u16Be(32)
  if (nodeSize < 512 || nodeSize > 32768 || (nodeSize & (nodeSize - 1)) !== 0) return null
  return {
    nodeSize,
    leafRecords: node.u32Be(20),
    firstLeaf: node.u32Be(24),
    lastLeaf: node.u32Be(28),
    totalNodes: node.u32Be(36),
    freeNodes: node.u32Be(40),
  }
}

/**
 * TN1150 “Map Record”: which nodes are free, and may hold what was deleted. Only where the map is all in the header node
 * and its bits are as many as the header counts; otherwise no node is known to be free.
 */
export async function nodeMap(file: ByteSource, header: TreeHeader): Promise<(index: number) => boolean> {
  const node = new ByteReader(await file.read(0, header.nodeSize))
  const isFree = (index: number): boolean => ((node.u8(MAP_AT + (index >> 3)) >> (7 - (index & 7))) & 1) === 0
  const known = Math.min(header.totalNodes, (header.nodeSize - 8 - MAP_AT) * 8)
  let free = 0
  for (let index = 0; index < known; index++) if (isFree(index)) free++
  return known === header.totalNodes && free === header.freeNodes ? isFree : () => false
}

/**
 * TN1150 “Node Structure”: the offsets of a node's records stand at its end, last to first, and behind them that of its
 * free space. They rise, from the end of the descriptor; those that do not are left out.
 */
export function recordsOf(node: ByteReader): { bounds: [from: number, to: number][]; isSound: boolean } {
  const nodeSize = node.byteLength
  const count = Math.min(node.u16Be(10), Math.floor((nodeSize - DESCRIPTOR_LENGTH) / 4))
  const end = nodeSize - (count + 1) * 2
  const bounds: [number, number][] = []
  for (let index = 0; index < count; index++) {
    const from = node.u16Be(nodeSize - 2 - index * 2)
    const to = node.u16Be(nodeSize - 4 - index * 2)
    if (from >= DESCRIPTOR_LENGTH && to > from && to <= end) bounds.push([from, to])
  }
  const isSound = bounds.length === node.u16Be(10) && node.u16Be(nodeSize - 2) === DESCRIPTOR_LENGTH
  return { bounds, isSound }
}

/** Reads neighbours along: leaves mostly follow one another. */
export class NodeCache {
  private bytes: Uint8Array = new Uint8Array(0)
  private start = 0

  constructor(
    private readonly file: ByteSource,
    private readonly nodeSize: number,
  ) {}

  async node(index: number): Promise<ByteReader | null> {
    const at = index * this.nodeSize
    if (at < this.start || at + this.nodeSize > this.start + this.bytes.byteLength) {
      this.bytes = await this.file.read(at, READ_LENGTH)
      this.start = at
    }
    const node = new ByteReader(this.bytes.subarray(at - this.start, at - this.start + this.nodeSize))
    return node.byteLength < this.nodeSize ? null : node
  }
}
