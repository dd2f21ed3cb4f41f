import { explainWriteError } from '../../src-shared/model'

/** A whole extraction could not start or go on. `code` is one of the contract's error codes. */
export class ExtractError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly details?: Record<string, unknown>,
  ) {
    super(message)
    this.name = 'ExtractError'
  }
}

/** The person or program that asked has changed their mind. */
export class CancelledError extends ExtractError {
  constructor() {
    super('CANCELLED', 'Cancelled. Nothing was left behind.')
    this.name = 'CancelledError'
  }
}

/** A refusal by the destination's file system, with the sentence that explains it. */
export function asWriteError(error: unknown, name: string): ExtractError {
  if (error instanceof ExtractError) return error
  const meaning = explainWriteError(error, name)
  return new ExtractError(meaning.code, meaning.message)
}
