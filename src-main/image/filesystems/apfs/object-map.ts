import { BTree } from './btree'
import { ObjectType, typeOf, type Blocks } from './object'

const KEY = { keyLength: 16, valueLength: 16 } as const
const DELETED = 1

/** “Object Maps”: the blocks of objects by their numbers, as they were at one transaction. */
export class ObjectMap {
  private readonly found = new Map<number, Promise<number | null>>()

  private constructor(
    private readonly tree: BTree,
    private readonly transaction: number,
  ) {}

  /** Null where there is none in the block. */
  static async open(
    blocks: Blocks,
    block: number,
    transaction: number,
    damaged: (what: string) => void,
  ): Promise<ObjectMap | null> {
    const reader = await blocks.read(block)
    if (reader === null || typeOf(reader) !== ObjectType.objectMap) return null
    const itself = (number: number): Promise<number> => Promise.resolve(number)
    return new ObjectMap(new BTree(blocks, reader.u64Le(48), itself, damaged, KEY), transaction)
  }

  /** Null where there is none, or it was deleted. */
  blockOf(number: number): Promise<number | null> {
    let block = this.found.get(number)
    if (block === undefined) {
      block = this.look(number)
      this.found.set(number, block)
    }
    return block
  }

  private async look(number: number): Promise<number | null> {
    const { transaction } = this
    const entry = await this.tree.lastNotBehind((key) => {
      const own = key.u64Le(0)
      return own === number ? key.u64Le(8) - transaction : own - number
    })
    if (entry?.key.u64Le(0) !== number || (entry.value.u32Le(0) & DELETED) !== 0) return null
    return entry.value.u64Le(8)
  }
}
