import type { Details } from '../../src-shared/model'

/** Where bytes go. Nobody sees what was written before `commit`, and after `discard` nothing is left of it. */
export interface Sink {
  /** @param at byte offset; what lies between two pieces reads as zeros */
  write(bytes: Uint8Array, at: number): void | Promise<void>
  /** @throws what the place says that it goes to */
  commit(): void | Promise<void>
  /** Never throws. */
  discard(): void
}

/** What was to be written cannot be. `code` is one of the contract's error codes. */
export class SinkError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly details?: Details,
  ) {
    super(message)
    this.name = 'SinkError'
  }
}
