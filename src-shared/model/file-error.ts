import { because, type Details } from './reasons'

/** What an error of the file system means: a stable code and one sentence that names the file and what to do. */
export interface FileErrorMeaning {
  code: string
  message: string
  details: Details
}

/** The system's own code (`ENOENT` …) of whatever was thrown, or undefined. */
export function systemErrorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined
  const code = (error as { code?: unknown }).code
  return typeof code === 'string' ? code : undefined
}

/** @param name what to call the file in the sentence, usually its path */
export function explainReadError(error: unknown, name: string): FileErrorMeaning {
  const code = systemErrorCode(error)
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return {
        code: 'NO_SUCH_FILE',
        message: `“${name}” doesn't exist. Check the name, or connect its disk.`,
        details: because('missingFile', { name }),
      }
    case 'EISDIR':
      return {
        code: 'IS_A_FOLDER',
        message: `${name} is a folder, not a disc image. Choose the image file itself.`,
        details: because('folderNotImage', { name }),
      }
    case 'EACCES':
    case 'EPERM':
      return {
        code: 'SOURCE_FORBIDDEN',
        message: `You don't have permission to read “${name}”. Ask its owner.`,
        details: because('mayNotRead', { name }),
      }
    case 'EIO':
    case 'EBADMSG':
      return {
        code: 'SOURCE_UNREADABLE',
        message: `${name} cannot be read: the device reports a read error. Clean the disc or try another drive.`,
        details: because('readError', { name }),
      }
    case 'ENXIO':
    case 'ENODEV':
    case 'ENOMEDIUM':
    case 'ESTALE':
      return {
        code: 'SOURCE_GONE',
        message: `${name} went away while it was being read. Connect its disk again.`,
        details: because('wentAway', { name }),
      }
    case 'ELOOP':
      return {
        code: 'NO_SUCH_FILE',
        message: `${name} is a link that leads in a circle.`,
        details: because('linkCircle', { name }),
      }
    case 'ENAMETOOLONG':
      return {
        code: 'NO_SUCH_FILE',
        message: `${name} is too long to be the name of a file.`,
        details: because('pathTooLong', { name }),
      }
    default:
      return {
        code: 'SOURCE_UNREADABLE',
        message: `${name} cannot be read (${describeUnknown(error)}).`,
        details: because('cannotRead', { name, cause: describeUnknown(error) }),
      }
  }
}

/** @param name what to call the file or folder in the sentence, usually its path */
export function explainWriteError(error: unknown, name: string): FileErrorMeaning {
  const code = systemErrorCode(error)
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return {
        code: 'NO_SPACE',
        message: `There is no space left for ${name}. Free some, or choose another folder.`,
        details: because('noSpaceFor', { name }),
      }
    case 'EACCES':
    case 'EPERM':
      return {
        code: 'NO_PERMISSION',
        message: `You don't have permission to write “${name}”. Choose another folder.`,
        details: because('mayNotWrite', { name }),
      }
    case 'EROFS':
      return {
        code: 'READ_ONLY',
        message: `${name} is on a read-only disk. Choose another folder.`,
        details: because('readOnlyDisk', { name }),
      }
    case 'EEXIST':
    case 'ENOTEMPTY':
      return { code: 'NAME_TAKEN', message: `“${name}” already exists.`, details: because('nameExists', { name }) }
    case 'EFBIG':
      return {
        code: 'FILE_TOO_LARGE',
        message: `${name} is larger than its disk's file system allows. Choose a disk that is not FAT32.`,
        details: because('tooLargeForDisk', { name }),
      }
    case 'ENAMETOOLONG':
      return {
        code: 'NAME_TOO_LONG',
        message: `${name} is too long a name for this disk.`,
        details: because('nameTooLong', { name }),
      }
    case 'ENOTDIR':
      return {
        code: 'NOT_A_FOLDER',
        message: `${name} is not a folder. Choose a folder.`,
        details: because('notAFolder', { name }),
      }
    case 'ENOENT':
      return {
        code: 'NO_SUCH_FILE',
        message: `${name} cannot be made: the folder that it goes into is gone, or takes no files. Choose another folder.`,
        details: because('parentGone', { name }),
      }
    case 'ELOOP':
      return {
        code: 'UNSAFE_DESTINATION',
        message: `${name} was replaced by a link while files were being written. Nothing was written through it.`,
        details: because('replacedByLink', { name }),
      }
    default:
      return {
        code: 'WRITE_FAILED',
        message: `${name} cannot be written (${describeUnknown(error)}).`,
        details: because('cannotWrite', { name, cause: describeUnknown(error) }),
      }
  }
}

function describeUnknown(error: unknown): string {
  const code = systemErrorCode(error)
  if (code !== undefined) return code
  return error instanceof Error ? error.message : String(error)
}
