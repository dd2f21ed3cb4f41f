import { ExtractError } from './extract-error'

/** @throws {ExtractError} `BAD_REQUEST` for an empty password, which would be none: the archive would lie open */
export function assertPassword(password: string | undefined): void {
  if (password === '') throw new ExtractError('BAD_REQUEST', 'The password is empty. Give one, or none at all.')
}
