import type { FlatRanges } from './number-ranges'

/**
 * Many entries of one directory of a view, without their paths. Children have the order of the UTF-8 bytes of their names
 * in every reading of an image, so that their places stay true; the rest tells whether it is still the same directory.
 */
export interface ChildSelection {
  /** Path of the directory; empty for the root. */
  directory: string
  /** Places among its children, from 0. */
  ranges: FlatRanges
  /** How many children it has. */
  childCount: number
  /** Names of the first and the last one that are selected. */
  firstName: string
  lastName: string
}
