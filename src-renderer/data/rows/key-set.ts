import { NumberRanges } from '../../../src-shared/model'

/** What a row is known by in a selection: an entry's number inside an image, a path in a folder. */
export type RowKey = number | string

/** Keys of rows: entries' numbers as ranges, so that a million of them weigh nothing, and paths one by one. */
export class KeySet {
  private constructor(
    readonly numbers: NumberRanges,
    readonly paths: ReadonlySet<string>,
  ) {}

  static readonly NONE = new KeySet(new NumberRanges(), new Set())

  static of(keys: readonly RowKey[]): KeySet {
    return new KeySet(
      NumberRanges.of(keys.filter((key) => typeof key === 'number')),
      new Set(keys.filter((key) => typeof key === 'string')),
    )
  }

  static ofRanges(numbers: NumberRanges): KeySet {
    return new KeySet(numbers, new Set())
  }

  get size(): number {
    return this.numbers.size + this.paths.size
  }

  has(key: RowKey): boolean {
    return typeof key === 'number' ? this.numbers.has(key) : this.paths.has(key)
  }

  union(other: KeySet): KeySet {
    return new KeySet(this.numbers.union(other.numbers), new Set([...this.paths, ...other.paths]))
  }

  without(other: KeySet): KeySet {
    const paths = [...this.paths].filter((path) => !other.paths.has(path))
    return new KeySet(this.numbers.without(other.numbers), new Set(paths))
  }

  /** Each of them: for few, or for paths. */
  list(): RowKey[] {
    return [...this.numbers, ...this.paths]
  }
}
