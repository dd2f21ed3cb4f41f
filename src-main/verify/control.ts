import type { MaybePromise } from '../image/core/byte-source'

/** How whoever asked for a verification stays in charge of it. */
export interface VerifyControl {
  /** Called between pieces of work: waits while paused, throws when cancelled. */
  checkpoint(): MaybePromise<void> | undefined
  /** So many bytes more were checked. */
  progress(byteLength: number, current: () => string): void
  /** Told once, before the first byte is checked. */
  total?(byteLength: number): void
}
