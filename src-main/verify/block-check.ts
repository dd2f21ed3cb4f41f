import type { Check } from '../../src-shared/model'

/**
 * A check over stretches of an image's blocks. Several are fed by one pass over the image, in order, each with the
 * bytes from its `start` to its `end`.
 */
export interface BlockCheck {
  /** In bytes. */
  readonly start: number
  /** The first byte it no longer needs. */
  readonly end: number
  /** Bytes that follow the ones before. */
  feed(bytes: Uint8Array): void
  /** Called once: when `end` is reached, or with `missing` where the image ends, or cannot be read, before that. */
  finish(missing: string | null): Check[]
}
