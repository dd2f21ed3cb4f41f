import type { HashAlgorithm, ResultSorting } from '../../catalog'

/** A view of an image as the catalog has it. */
export interface StoredViewRef {
  imageId: number
  generation: number
  view: string
}

/** What is to be written into a file of its own. */
export type ExportOf =
  | ({ what: 'listing'; entries: number[] | null; format: 'csv' | 'json' } & StoredViewRef)
  | { what: 'search'; search: number; sort: ResultSorting; format: 'csv' | 'json' }
  | ({ what: 'sums'; entries: number[] | null; algorithm: HashAlgorithm } & StoredViewRef)
