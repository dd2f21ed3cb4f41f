/** The person or program that asked has changed their mind. */
export class CancelledError extends Error {
  readonly code = 'CANCELLED'

  constructor() {
    super('Cancelled. Nothing was left behind.')
    this.name = 'CancelledError'
  }

  /** The same, of what did leave something behind. */
  because(message: string): this {
    this.message = message
    return this
  }
}
