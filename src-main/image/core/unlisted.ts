import type { Diagnostic } from '../../../src-shared/model'

const CODES = new Set(['ASSOCIATED_FILES', 'NAMED_STREAMS'])

/** What is told of contents that no tree lists, so that nobody could ask for them: whoever copies files leaves them behind. */
export function unlistedIn(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return diagnostics.filter(({ code }) => CODES.has(code))
}
