import type { Said } from '../../../src-shared/model'

/** What of an image's own equipment a changed copy will have, and what not: a sentence for each thing. */
export interface Fates {
  kept: Said[]
  lost: Said[]
}
