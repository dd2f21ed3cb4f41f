import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

let collect: ((options?: { type: 'minor' }) => void) | null = null

/**
 * Gives memory back now. Large tables and buffers lie outside the collector's own heap, which it therefore takes its
 * time to clear: what is read and dropped one after another would be held all at once.
 * @param reach `minor`: only what is young, which takes a millisecond and is enough for buffers just used
 */
export function collectGarbage(reach: 'all' | 'minor' = 'all'): void {
  if (!collect) {
    setFlagsFromString('--expose-gc')
    collect = runInNewContext('gc') as (options?: { type: 'minor' }) => void
  }
  if (reach === 'minor') collect({ type: 'minor' })
  else collect()
}
