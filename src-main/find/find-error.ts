import type { Details } from '../../src-shared/model'

/** What finding refuses. `code` is one of the contract's error codes; the message is one sentence with the file's name. */
export class FindError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly details?: Details,
  ) {
    super(message)
    this.name = 'FindError'
  }
}
