import type { ByteReader } from '../../core/byte-reader'
import type { MaybePromise } from '../../core/byte-source'
import { PromiseCache } from '../../core/promise-cache'
import { isSumRight, type Blocks } from './object'

/** Apple File System Reference, “B-Trees”. */
const HEADER_LENGTH = 56
const INFO_LENGTH = 40
const Flag = { root: 1, leaf: 2, fixedEntries: 4 } as const
const NO_VALUE = 0xffff
/** No tree of a volume of 2^64 blocks is deeper. */
const DEPTH_LIMIT = 16
const KEPT_NODES = 512

/** Where a key lies in relation to what is looked for: before it (negative), in it, or behind it. */
export type Order = (key: ByteReader) => number

interface Entry {
  key: ByteReader
  value: ByteReader
}

interface Node {
  isLeaf: boolean
  count: number
  entry(index: number): Entry | null
}

/** A tree whose nodes are found by their block, or by an object map. */
export class BTree {
  private readonly nodes = new PromiseCache<number, Node | null>(KEPT_NODES)

  /**
   * @param blockOf the block of a node by its number; null where there is none
   * @param damaged told of each block that is missing or whose sum does not fit
   * @param keyLength of entries of fixed length, in bytes, and of their values
   */
  constructor(
    private readonly blocks: Blocks,
    private readonly root: number,
    private readonly blockOf: (number: number) => Promise<number | null>,
    private readonly damaged: (what: string) => void,
    private readonly fixed: { keyLength: number; valueLength: number } | null,
  ) {}

  /** All entries in the range that `order` knows, in their order, until `visit` answers false. */
  async scan(order: Order, visit: (entry: Entry) => boolean): Promise<void> {
    await this.scanNode(this.root, order, visit, new Set())
  }

  /** The last entry that is not behind the range; null where there is none. */
  async lastNotBehind(order: Order): Promise<Entry | null> {
    let number = this.root
    for (let depth = 0; depth < DEPTH_LIMIT; depth++) {
      const node = await this.node(number)
      if (node === null) return null
      const entry = node.entry(lastIndex(node, (key) => order(key) <= 0))
      if (entry === null || node.isLeaf) return entry
      number = entry.value.u64Le(0)
    }
    return null
  }

  private async scanNode(
    number: number,
    order: Order,
    visit: (entry: Entry) => boolean,
    seen: Set<number>,
  ): Promise<boolean> {
    // A node that stands below two others would be read for ever, or as often as they want.
    if (seen.has(number)) {
      this.damaged('stands in its tree twice')
      return true
    }
    seen.add(number)
    const node = await this.node(number)
    if (node === null) return true
    // The child before the first key in the range may end in it.
    const start = lastIndex(node, (key) => order(key) < 0)
    for (let index = Math.max(0, node.isLeaf ? start + 1 : start); index < node.count; index++) {
      const entry = node.entry(index)
      if (entry === null) continue
      if (order(entry.key) > 0) return true
      const goesOn = node.isLeaf ? visit(entry) : await this.scanNode(entry.value.u64Le(0), order, visit, seen)
      if (!goesOn) return false
    }
    return true
  }

  private node(number: number): MaybePromise<Node | null> {
    return this.nodes.get(number, () => this.readNode(number))
  }

  private async readNode(number: number): Promise<Node | null> {
    const block = await this.blockOf(number)
    const reader = block === null ? null : await this.blocks.read(block)
    if (reader === null) {
      this.damaged('is missing')
      return null
    }
    const node = nodeOf(reader, this.fixed)
    if (node === null || !isSumRight(reader)) this.damaged('is damaged')
    return node
  }
}

/** The last entry whose key is so, of keys that are so at first and then are not; −1 where none is. */
function lastIndex(node: Node, isSo: (key: ByteReader) => boolean): number {
  let low = -1
  let high = node.count - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    const entry = node.entry(middle)
    if (entry !== null && isSo(entry.key)) low = middle
    else high = middle - 1
  }
  return low
}

/** “btree_node_phys_t”. Null where it cannot be one. */
function nodeOf(reader: ByteReader, fixed: { keyLength: number; valueLength: number } | null): Node | null {
  const flags = reader.u16Le(32)
  const count = reader.u32Le(36)
  const isFixed = (flags & Flag.fixedEntries) !== 0
  const isLeaf = (flags & Flag.leaf) !== 0
  const entryLength = isFixed ? 4 : 8
  const table = HEADER_LENGTH + reader.u16Le(40)
  const keys = table + reader.u16Le(42)
  const values = reader.byteLength - ((flags & Flag.root) !== 0 ? INFO_LENGTH : 0)
  if (count * entryLength > reader.u16Le(42) || keys > values || (isFixed && fixed === null)) return null
  return {
    isLeaf,
    count,
    entry(index) {
      if (index < 0 || index >= count) return null
      const at = table + index * entryLength
      const keyOffset = reader.u16Le(at)
      const keyLength = isFixed ? (fixed?.keyLength ?? 0) : reader.u16Le(at + 2)
      const valueOffset = reader.u16Le(at + (isFixed ? 2 : 4))
      const valueLength = isFixed ? (isLeaf ? (fixed?.valueLength ?? 0) : 8) : reader.u16Le(at + 6)
      const isThere = valueOffset !== NO_VALUE
      const start = values - valueOffset
      const fits =
        keys + keyOffset + keyLength <= values && (!isThere || (start >= keys && start + valueLength <= values))
      if (!fits) return null
      return { key: reader.sub(keys + keyOffset, keyLength), value: reader.sub(start, isThere ? valueLength : 0) }
    },
  }
}
