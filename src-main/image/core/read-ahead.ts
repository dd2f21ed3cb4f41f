/** Blocks that are asked for before the first of them is there: enough for every thread that unpacks. */
const BLOCKS_AHEAD = 8

/** Blocks that are needed one after the other, several of them on their way at once. */
export class ReadAhead<Block> {
  private readonly begun = new Map<number, Promise<Block>>()
  private next = 0

  /**
   * @param end behind the last block that is needed
   * @param load a block; what fails is told when that block is taken
   * @param limit of those on their way, 1 and more
   */
  constructor(
    private readonly end: number,
    private readonly load: (index: number) => Promise<Block>,
    private readonly limit = BLOCKS_AHEAD,
  ) {}

  /** Of ascending numbers. */
  async take(index: number): Promise<Block> {
    if (this.next < index) this.next = index
    for (; this.next < Math.min(this.end, index + this.limit); this.next++) {
      const loading = this.load(this.next)
      // Nobody may ever ask for it; until then a failure must not count as unhandled.
      loading.catch(() => undefined)
      this.begun.set(this.next, loading)
    }
    const block = this.begun.get(index) ?? this.load(index)
    this.begun.delete(index)
    return block
  }
}
