import { UsageError } from './exit-status'
import { readNamedFile } from './named-file'

/**
 * The password of an archive: from a file, or from ISOLDE_PASSWORD. An argument would be seen by everybody on this
 * computer.
 * @param isArchive what is made takes one
 * @throws {UsageError} where it is empty, or has no use
 */
export function passwordOf(file: string | undefined, isArchive: boolean, command: string): string | undefined {
  if (file === undefined) {
    const password = isArchive ? process.env.ISOLDE_PASSWORD : undefined
    if (password === '') throw new UsageError('ISOLDE_PASSWORD is set, but empty: the archive would lie open.', command)
    return password
  }
  if (!isArchive) throw new UsageError('Only a ZIP or 7z takes a password.', command)
  const line = readNamedFile(file, 'password-file', command).toString('utf8').split(/\r?\n/)[0] ?? ''
  if (line === '')
    throw new UsageError(
      `The first line of ${file} is empty, so there is no password: the archive would lie open.`,
      command,
    )
  return line
}
