import type { Said } from '../../../src-shared/model'
import { AuthorError } from '../author-error'
import { walk, type AuthorContent, type AuthorNode } from '../author-tree'
import { hasFilms, videoSets, type VideoSet } from '../dvd-video'
import { blocksOf } from '../layout'
import type { AuthorOptions } from '../options'

/** Whether films are to lie where their IFOs say, and what is said where they cannot. */
export interface FilmPlaces {
  dvdVideo: AuthorOptions['dvdVideo']
  lost: Said[]
}

/**
 * Of a tree that comes from an image: IFOs say in sectors where the other files of a DVD-Video disc lie, and a new layout
 * has to keep to that.
 * @param kept of an image that a session is added to: the contents that stay where they lie
 */
export async function filmPlacesOf(
  root: AuthorNode,
  options: AuthorOptions,
  kept: ReadonlyMap<AuthorContent, number> | null = null,
): Promise<FilmPlaces> {
  if (!(await hasFilms(root))) return { dvdVideo: false, lost: [] }
  if (kept !== null) {
    const moved = [...walk(root)].find(
      ({ path, node: { content } }) =>
        path.startsWith('VIDEO_TS/') && content !== null && content.byteLength > 0 && !kept.has(content),
    )
    return { dvdVideo: false, lost: moved === undefined ? [] : [lostFor(`“${moved.path}” is in another session.`)] }
  }
  try {
    const sets = await videoSets(root, { ...options, dvdVideo: 'places' })
    if (endOf(sets) > 2 * blocksOfAll(root)) return { dvdVideo: false, lost: [lostFor('They name places far apart.')] }
    return { dvdVideo: 'places', lost: [] }
  } catch (error) {
    if (!(error instanceof AuthorError)) throw error
    return { dvdVideo: false, lost: [lostFor(error.message)] }
  }
}

function lostFor(why: string): Said {
  return {
    message: `The files of VIDEO_TS do not lie where its IFOs say, and players will not find their way: ${why}`,
  }
}

/** In blocks from where the first set begins. */
function endOf(sets: readonly VideoSet[]): number {
  let end = 0
  for (const { blockCount, fromFirst } of sets) end = Math.max(end, fromFirst ?? 0) + blockCount
  return end
}

/** IFOs of an image that nobody knows are not to make one of terabytes. */
function blocksOfAll(root: AuthorNode): number {
  let count = 1 << 16
  for (const { node } of walk(root)) count += blocksOf(node.content?.byteLength ?? 0)
  return count
}
