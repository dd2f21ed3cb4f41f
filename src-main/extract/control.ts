import type { MaybePromise } from '../image/core/byte-source'

/** How a running extraction is watched and stopped. Called for every file and every few MiB, so it must be cheap. */
export interface ExtractionControl {
  /**
   * Returns at once in the usual case, waits while paused.
   * @throws {CancelledError} when the extraction is to stop
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
  /**
   * @param bytesDone content bytes written so far
   * @param entriesDone entries finished
   * @param current the path at hand, put together only if it is asked for
   */
  progress(bytesDone: number, entriesDone: number, current: () => string): void
}

/** For callers that neither watch nor stop. */
export const UNCONTROLLED: ExtractionControl = { checkpoint: () => undefined, progress: () => undefined }
