import type { ViewRef } from '../../../src-shared/contract'
import type { StoredViewRef } from '../images'

/** A view as commands name it, as the catalog does. */
export function storedView({ image, generation, view }: ViewRef): StoredViewRef {
  return { imageId: image, generation, view }
}
