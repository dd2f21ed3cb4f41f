import type { ViewKind } from '../../../src-shared/model'

/** Trees that a changed copy has again; an image that has none of them is of another kind. */
const WRITTEN = new Set<ViewKind>(['rock-ridge', 'joliet', 'enhanced', 'iso9660', 'udf'])

export function isWrittenTree(kind: ViewKind): boolean {
  return WRITTEN.has(kind)
}
