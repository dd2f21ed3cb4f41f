import type { ImageInfo } from '../../../src-shared/model'
import type { Settings } from '../../../src-shared/contract'

/** The view that an image begins with: the kind that a person wants, where it has one, or else the image's own choice. */
export function firstView(info: Pick<ImageInfo, 'views' | 'defaultViewId'>, rule: Settings['viewRule']): string {
  const own = info.views.find(({ id }) => id === info.defaultViewId)
  if (rule === 'auto' || own?.kind === rule) return info.defaultViewId
  // Views of the last session, which is the one shown, have no number in their name.
  const wanted = info.views.find(({ kind, id }) => kind === rule && !id.includes('@'))
  return wanted?.id ?? info.defaultViewId
}
