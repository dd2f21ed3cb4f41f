import type { MaybePromise } from './byte-source'

/** Of everything that is kept unpacked, at any depth of images in images. */
const BYTE_LIMIT = 64 << 20

let owners = 0
let total = 0
/** By owner and block; those asked for longest ago come first. */
const kept = new Map<string, Uint8Array>()

/** Unpacked blocks of one source. All sources together keep at most 64 MiB; those asked for longest ago go first. */
export class BlockCache {
  private readonly owner = `${owners++}:`

  /** Loads what is not kept. What is answered belongs to the cache: it may not be written to. */
  get(block: number, load: () => MaybePromise<Uint8Array>): MaybePromise<Uint8Array> {
    const key = `${this.owner}${block}`
    const known = kept.get(key)
    if (known !== undefined) {
      kept.delete(key)
      kept.set(key, known)
      return known
    }
    const bytes = load()
    if (bytes instanceof Promise) return bytes.then((loaded) => keep(key, loaded))
    return keep(key, bytes)
  }

  clear(): void {
    for (const [key, bytes] of kept) {
      if (!key.startsWith(this.owner)) continue
      kept.delete(key)
      total -= bytes.byteLength
    }
  }
}

function keep(key: string, bytes: Uint8Array): Uint8Array {
  total += bytes.byteLength - (kept.get(key)?.byteLength ?? 0)
  kept.delete(key)
  kept.set(key, bytes)
  for (const [oldest, { byteLength }] of kept) {
    if (total <= BYTE_LIMIT || oldest === key) break
    kept.delete(oldest)
    total -= byteLength
  }
  return bytes
}
