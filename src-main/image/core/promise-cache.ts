import type { MaybePromise } from './byte-source'

/**
 * Results that are loaded once and kept while they are among the last ones asked for. What fails is forgotten. One that is
 * there is answered as it is, without a promise: whoever asks for thousands need not wait for each.
 */
export class PromiseCache<Key, Value> {
  private readonly kept = new Map<Key, MaybePromise<Value>>()
  private lastKey: Key | undefined
  private last: Value | undefined

  /** @param limit most results kept; those asked for longest ago go first */
  constructor(private readonly limit: number) {}

  get(key: Key, load: () => Promise<Value>): MaybePromise<Value> {
    if (key === this.lastKey && this.last !== undefined) return this.last
    const known = this.kept.get(key)
    if (known !== undefined) {
      this.kept.delete(key)
      this.kept.set(key, known)
      if (!(known instanceof Promise)) this.keepLast(key, known)
      return known
    }
    const loading = load()
    this.kept.set(key, loading)
    loading.then(
      (value) => {
        if (this.kept.get(key) === loading) this.kept.set(key, value)
      },
      () => {
        if (this.kept.get(key) === loading) this.kept.delete(key)
      },
    )
    if (this.kept.size > this.limit) this.forget(this.kept.keys().next().value as Key)
    return loading
  }

  /** What goes must not be held in another place: it may be as large as memory allows. */
  private forget(key: Key): void {
    this.kept.delete(key)
    if (key === this.lastKey) this.last = undefined
  }

  private keepLast(key: Key, value: Value): void {
    this.lastKey = key
    this.last = value
  }
}
