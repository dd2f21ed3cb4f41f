import { ByteReader } from '../../core/byte-reader'
import type { DiagnosticLog } from '../../core/diagnostic-log'
import type { ByteSource } from '../../core/byte-source'

const LEAF = 0xff
const READ_LENGTH = 1024 * 1024

/** Where one record of a leaf lies: the node, and the record's bounds in it. */
export type RecordVisitor = (node: ByteReader, from: number, to: number) => void

/**
 * Inside Macintosh: Files, 2-67; TN1150 “B-Trees”. Every record of every leaf, in key order: leaves are chained. Where
 * the chain is broken, all nodes are looked through instead, so that a damaged index loses nothing.
 */
export async function visitLeaves(
  file: ByteSource,
  log: DiagnosticLog,
  visit: RecordVisitor,
  leafLimit = Infinity,
): Promise<void> {
  const header = new ByteReader(await file.read(0, 512))
  const nodeSize = header.u16Be(32)
  if (nodeSize < 512 || nodeSize > 32768 || (nodeSize & (nodeSize - 1)) !== 0) {
    log.damage('HFS_TREE_UNREADABLE', 'A catalog of the Macintosh volume is unreadable.')
    return
  }
  const cache = new NodeCache(file, nodeSize)
  const visited = new Set<number>()
  let next = header.u32Be(24)
  while (next !== 0 && visited.size < leafLimit) {
    const node = visited.has(next) ? null : await cache.node(next)
    if (node?.u8(8) !== LEAF) {
      log.damage('HFS_TREE_BROKEN', 'A catalog of the Macintosh volume is damaged; all of it is searched.')
      await visitEveryNode(file, nodeSize, cache, visited, visit)
      return
    }
    visited.add(next)
    visitRecords(node, nodeSize, visit)
    next = node.u32Be(0)
  }
}

async function visitEveryNode(
  file: ByteSource,
  nodeSize: number,
  cache: NodeCache,
  visited: Set<number>,
  visit: RecordVisitor,
): Promise<void> {
  const count = Math.floor(file.byteLength / nodeSize)
  for (let index = 1; index < count; index++) {
    if (visited.has(index)) continue
    const node = await cache.node(index)
    if (node === null) return
    if (node.u8(8) === LEAF) visitRecords(node, nodeSize, visit)
  }
}

/** Offsets of records stand at the end of a node, last to first. */
function visitRecords(node: ByteReader, nodeSize: number, visit: RecordVisitor): void {
  const count = Math.min(node.u16Be(10), Math.floor((nodeSize - 14) / 4))
  for (let index = 0; index < count; index++) {
    const from = node.u16Be(nodeSize - 2 - index * 2)
    const to = node.u16Be(nodeSize - 4 - index * 2)
    if (from < 14 || to <= from || to > nodeSize) continue
    visit(node, from, to)
  }
}

/** Reads neighbours along: leaves mostly follow one another. */
class NodeCache {
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
