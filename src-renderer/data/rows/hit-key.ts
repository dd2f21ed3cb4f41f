import { z } from 'zod'
import type { RowKey } from './row-source'
import { imageLocation, type ImageLocation, type SearchHit } from '../../../src-shared/contract'

/** What a selection keeps of a hit: enough to extract it without asking for its row again. */
const hitKey = z.object({ location: imageLocation, generation: z.number(), view: z.string(), entry: z.number() })
export type HitKey = z.output<typeof hitKey>

export function locationOf(hit: SearchHit): ImageLocation {
  return { kind: 'path', path: hit.imagePath, inside: hit.inside }
}

export function keyOfHit(hit: SearchHit): string {
  const { generation, view, entry } = hit
  return JSON.stringify({ location: locationOf(hit), generation, view, entry } satisfies HitKey)
}

/** What a row's key says of its hit; null where it is no hit's. */
export function readKey(key: RowKey): HitKey | null {
  return typeof key === 'string' && key.startsWith('{') ? hitKey.parse(JSON.parse(key)) : null
}

/** Where a hit lies, in one line: its image, the way through those inside of it, and the folder there. */
export function placeOf(hit: SearchHit): string {
  const outermost = hit.inside.length === 0 ? hit.imageName : (hit.imagePath.split(/[/\\]/).at(-1) ?? hit.imageName)
  const cut = hit.path.lastIndexOf('/')
  const folders = cut < 0 ? [] : [hit.path.slice(0, cut)]
  return [outermost, ...[...hit.inside.map(({ path }) => path), ...folders].map(asSteps)].join(' › ')
}

function asSteps(path: string): string {
  return path.replaceAll('/', ' › ')
}
