import { call } from '../api'
import type { ProjectAddress } from './address'
import { KeySet } from './key-set'
import type { RowSource } from './row-source'

/** The rows of a folder of an image that is being put together. */
export function projectSource({ project, path }: ProjectAddress): RowSource {
  const at = { project, path }
  return {
    async fetch(query, offset, limit, signal) {
      const { rows, ...answer } = await call('project.rows', { ...at, ...query, offset, limit }, { signal })
      return {
        ...answer,
        isComplete: true,
        freeBytes: null,
        isWritable: true,
        rows: rows.map(({ isDamaged, ...row }) => ({
          ...row,
          status: isDamaged ? 'partial' : 'complete',
          looksLikeImage: false,
          position: null,
        })),
      }
    },
    keys: (query, offset, limit) => call('project.rowKeys', { ...at, ...query, offset, limit }),
    async keySet(query, offset, limit) {
      const { keys, byteTotal } = await call('project.rowKeys', { ...at, ...query, offset, limit })
      return { keys: KeySet.of(keys), byteTotal }
    },
    async find(query, prefix, from) {
      return (await call('project.findRow', { ...at, ...query, prefix, from })).position
    },
  }
}
