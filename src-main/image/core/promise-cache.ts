/** Results that are loaded once and kept while they are among the last ones asked for. What fails is forgotten. */
export class PromiseCache<Key, Value> {
  private readonly kept = new Map<Key, Promise<Value>>()

  /** @param limit most results kept; those asked for longest ago go first */
  constructor(private readonly limit: number) {}

  get(key: Key, load: () => Promise<Value>): Promise<Value> {
    const known = this.kept.get(key)
    if (known !== undefined) {
      this.kept.delete(key)
      this.kept.set(key, known)
      return known
    }
    const loading = load()
    this.kept.set(key, loading)
    loading.catch(() => {
      if (this.kept.get(key) === loading) this.kept.delete(key)
    })
    if (this.kept.size > this.limit) this.kept.delete(this.kept.keys().next().value as Key)
    return loading
  }
}
