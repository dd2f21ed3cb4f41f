import type { Said } from '../../../src-shared/model'

/** What of an image's own equipment a changed copy will have, and what not: a sentence for each thing. */
export interface Fates {
  kept: Said[]
  /** What it has in another form, or does without, and nobody misses: no file, and nothing that starts a machine. */
  otherwise: Said[]
  lost: Said[]
}
