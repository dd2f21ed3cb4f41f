import { explainWriteError, type Details } from '../../src-shared/model'
import { CancelledError } from '../task'

/** A whole extraction could not start or go on. `code` is one of the contract's error codes. */
export class ExtractError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly details?: Details,
  ) {
    super(message)
    this.name = 'ExtractError'
  }
}

/** An error of the destination's file system, with the sentence that explains it. */
export function asWriteError(error: unknown, name: string): ExtractError | CancelledError {
  if (error instanceof ExtractError || error instanceof CancelledError) return error
  const meaning = explainWriteError(error, name)
  return new ExtractError(meaning.code, meaning.message, meaning.details)
}
