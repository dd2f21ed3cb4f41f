import { SourceError } from '../core/byte-source'

/** @param what rest of the sentence “The compressed file …” */
export function damagedContent(what: string, cause?: unknown): SourceError {
  return new SourceError('CONTENT_DAMAGED', `The compressed file ${what}.`, { cause })
}
