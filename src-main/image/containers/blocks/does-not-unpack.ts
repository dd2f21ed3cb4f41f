import { because } from '../../../../src-shared/model'
import { SourceError } from '../../core/byte-source'

/**
 * The error of a packed block that gives nothing, or other than it should.
 * @param name of the file
 * @param what with its article, as in a sentence: `its block 7`
 */
export function doesNotUnpack(name: string, what: string, cause?: unknown): SourceError {
  return new SourceError('CONTENT_DAMAGED', `“${name}” is damaged: ${what} does not unpack.`, {
    details: because('doesNotUnpack', { name }),
    cause,
  })
}
