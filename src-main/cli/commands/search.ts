import { searchCatalog } from '../../engine'
import { parse } from '../arguments'
import { EXIT, UsageError } from '../exit-status'
import { Output, showable, warn } from '../output'

/** `isolde search TEXT [--json]`: over every image in the catalog, whether it is there just now or not. */
export async function search(args: string[]): Promise<number> {
  const { values, positionals } = parse('search', args, {
    json: { type: 'boolean' },
    limit: { type: 'string' },
  })
  const [text] = positionals
  if (text === undefined || text === '') throw new UsageError('Say what to search for.', 'search')
  const limit = Number(values.limit ?? 10_000)
  if (!Number.isInteger(limit) || limit < 1) throw new UsageError('--limit takes a number from 1.', 'search')
  const output = new Output()
  const { hits, hasMore } = await searchCatalog(text, limit)
  for (const hit of hits)
    output.line(
      values.json
        ? JSON.stringify({
            image: hit.imagePath,
            view: hit.view,
            path: hit.path,
            kind: hit.kind,
            size: hit.byteLength,
            modified: hit.modified === null ? null : new Date(hit.modified).toISOString().replace(/\.\d+Z$/, 'Z'),
            status: hit.status,
            isOnline: hit.isOnline,
          })
        : `${showable(hit.imagePath)}: ${showable(hit.path)}${hit.kind === 'directory' ? '/' : ''}`,
    )
  output.flush()
  if (hits.length === 0) warn(`nothing called “${text}” is in any image that was opened so far.`)
  if (hasMore) warn(`these are the first ${limit}; there are more (--limit).`)
  return EXIT.well
}
