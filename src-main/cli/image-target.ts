import { conversionTargetOf, extensionOf, fileSystemNamed, promisedFormatOf } from '../../src-shared/model'
import { UsageError } from './exit-status'

/**
 * What `create` and `edit` write is an ISO 9660 or UDF image, and is never called as anything else is.
 * @throws {UsageError} for a name that promises another format, or none
 */
export function assertImageName(target: string, command: string): void {
  if (target === '') throw new UsageError('Name the image to write.', command)
  if (target === '-') return
  const isArchive = conversionTargetOf(target).id === 'archive' || extensionOf(target) === 'cue'
  const format =
    promisedFormatOf(target) ?? fileSystemNamed(target)?.label ?? (isArchive ? `.${extensionOf(target)}` : null)
  if (format !== null)
    throw new UsageError(
      `“${target}” is named like what this command does not write (${format}). Name an .iso or an .img.`,
      command,
    )
}
