import type { ByteReader } from '../../core/byte-reader'
import type { DiagnosticLog } from '../../core/diagnostic-log'
import type { ByteSource } from '../../core/byte-source'
import type { KeyOrder } from './key-order'
import { NodeCache, nodeMap, readTreeHeader, recordsOf, type TreeHeader } from './btree-node'

const LEAF = 0xff

/** Where one record of a leaf lies: the node, and the record's bounds in it. False where it is none of this tree's. */
export type RecordVisitor = (node: ByteReader, from: number, to: number) => boolean

export interface LeafTree {
  file: ByteSource
  /** In sentences. */
  name: string
  mayPrecede: KeyOrder
  visit: RecordVisitor
}

/**
 * Inside Macintosh: Files, 2-67; TN1150 “B-Trees”. Every record of every leaf, in key order: leaves are chained. Where
 * the chain is broken, all nodes are looked through instead, so that a damaged index loses nothing. Says whether they
 * were: what is found so may have been found before, or be older.
 */
export async function visitLeaves(tree: LeafTree, log: DiagnosticLog, leafLimit = Infinity): Promise<boolean> {
  const header = await readTreeHeader(tree.file)
  if (header === null) {
    log.damage('HFS_TREE_UNREADABLE', `${capital(tree.name)} of the Macintosh volume is unreadable.`)
    return false
  }
  return new LeafWalk(tree, header, log).run(leafLimit)
}

class LeafWalk {
  private readonly cache: NodeCache
  private readonly visited = new Set<number>()
  private recordCount = 0
  /** The record in front, whose key is lower; null where none is. */
  private previous: { node: ByteReader; from: number } | null = null

  constructor(
    private readonly tree: LeafTree,
    private readonly header: TreeHeader,
    private readonly log: DiagnosticLog,
  ) {
    this.cache = new NodeCache(tree.file, header.nodeSize)
  }

  async run(leafLimit: number): Promise<boolean> {
    const isWhole = await this.followChain(leafLimit)
    if (!isWhole) {
      this.log.damage('HFS_TREE_BROKEN', `${this.title} of the Macintosh volume is damaged; all of it is searched.`)
      await this.searchNodes()
    } else if (leafLimit === Infinity && this.recordCount !== this.header.leafRecords) {
      const counts = `${this.header.leafRecords} records and has ${this.recordCount}`
      this.log.damage('HFS_COUNTS_DIFFER', `${this.title} of the Macintosh volume says that it has ${counts}.`)
    }
    return !isWhole
  }

  /** Whether every leaf names its neighbours, from the first to the last of the header. */
  private async followChain(leafLimit: number): Promise<boolean> {
    let last = 0
    let next = this.header.firstLeaf
    while (next !== 0) {
      if (this.visited.size >= leafLimit) return true
      const node = this.visited.has(next) ? null : await this.cache.node(next)
      // Descriptor: the nodes behind and in front, kind, height, number of records.
      if (node?.u8(8) !== LEAF || node.u8(9) !== 1 || node.u32Be(4) !== last) return false
      this.visitNode(node, next)
      last = next
      next = node.u32Be(0)
    }
    return last === this.header.lastLeaf
  }

  private async searchNodes(): Promise<void> {
    const isFree = await nodeMap(this.tree.file, this.header)
    const count = Math.floor(this.tree.file.byteLength / this.header.nodeSize)
    for (let index = 1; index < count; index++) {
      if (this.visited.has(index) || isFree(index)) continue
      const node = await this.cache.node(index)
      if (node === null) return
      this.previous = null
      if (node.u8(8) === LEAF) this.visitNode(node, index)
    }
  }

  private visitNode(node: ByteReader, index: number): void {
    this.visited.add(index)
    const place = `Node ${index} of ${this.tree.name}`
    const { bounds, isSound } = recordsOf(node)
    let isReadable = isSound
    let isInOrder = true
    for (const [from, to] of bounds) {
      this.recordCount++
      if (!this.tree.visit(node, from, to)) {
        isReadable = false
        continue
      }
      isInOrder &&= this.previous === null || this.tree.mayPrecede(this.previous.node, this.previous.from, node, from)
      this.previous = { node, from }
    }
    if (!isReadable) this.log.damage('NODE_DAMAGED', `${place} is damaged: files may be missing.`)
    if (!isInOrder)
      this.log.damage(
        'RECORDS_NOT_IN_ORDER',
        `${place} has names out of order: some may be wrong, or files be missing.`,
      )
  }

  private get title(): string {
    return capital(this.tree.name)
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
