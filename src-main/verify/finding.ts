import type { Check } from '../../src-shared/model'

/** How a check came out, and of which bytes of the image's blocks it speaks. */
export interface Finding {
  check: Check
  /** Pairs of byte offset and byte length; empty where it speaks of none in particular. */
  ranges: ArrayLike<number>
  /** Set where those bytes lie behind the end of the image, and should be there. */
  isMissing?: true
}
