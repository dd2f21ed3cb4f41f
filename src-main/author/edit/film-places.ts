import type { Said } from '../../../src-shared/model'
import { AuthorError } from '../author-error'
import { walk, type AuthorContent, type AuthorNode } from '../author-tree'
import { hasFilms, videoSets } from '../dvd-video'
import type { AuthorOptions } from '../options'

/** Files that IFOs name the places of; others in their folder may lie anywhere. */
const FILM = /^VIDEO_TS\/(?:VIDEO_TS|VTS_\d\d_\d)\.(?:IFO|BUP|VOB)$/

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
        FILM.test(path) && content !== null && content.byteLength > 0 && !kept.has(content),
    )
    if (moved !== undefined) return { dvdVideo: false, lost: [lostFor(`“${moved.path}” is in another session.`)] }
  }
  try {
    await videoSets(root, { ...options, dvdVideo: 'places' })
    return { dvdVideo: kept === null ? 'places' : false, lost: [] }
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
