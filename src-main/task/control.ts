import type { JobPhase } from '../../src-shared/model'

export type MaybePromise<T> = T | Promise<T>

/** How far work has come: what is absent is as it was. Counts are running totals, not steps. */
export interface Progress {
  bytesDone?: number
  bytesTotal?: number
  entriesDone?: number
  entriesTotal?: number
  /** What is worked on; put together only if it is shown. */
  current?: string | (() => string)
  /** It still finds out what there is to do, and `entriesTotal` grows; nothing has been written. */
  isCounting?: boolean
  phase?: JobPhase
}

/**
 * How anything that takes time is watched and stopped: reading a tree, writing files, checking sums. Called for every
 * file and every few MiB, so it must be cheap.
 */
export interface Control {
  /**
   * Returns at once in the usual case, waits while paused.
   * @throws {CancelledError} when the work is to stop
   */
  checkpoint(): MaybePromise<void>
  /**
   * Told once, when everything is planned and the first byte is about to be written.
   * @throws {CancelledError} when it is not wanted any more
   */
  begin?(): void
  /**
   * Told once, when everything is written and is about to get its final names.
   * @throws {CancelledError} when it is not wanted any more
   */
  commit?(): void
  progress(progress: Progress): void
}

/** For callers that neither watch nor stop. */
export const UNCONTROLLED: Control = { checkpoint: () => undefined, progress: () => undefined }
