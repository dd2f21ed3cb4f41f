import { isTypeable } from '../../src-shared/model'
import { ExtractError } from './extract-error'

/**
 * @throws {ExtractError} `BAD_REQUEST` for an empty password, which would be none: the archive would lie open; and for
 *   one that nobody can type, with which it would be closed for good
 */
export function assertPassword(password: string | undefined): void {
  if (password === undefined) return
  if (password === '') throw new ExtractError('BAD_REQUEST', 'The password is empty. Give one, or none at all.')
  if (!isTypeable(password))
    throw new ExtractError(
      'BAD_REQUEST',
      'The password holds a character that nobody can type, such as a line break: nobody could open the archive.',
    )
}
