import { z } from 'zod'
import { isTypeable } from '../../model'
import { absolutePath, entrySelection, localPath } from '../shapes'
import { openImage, writtenFiles } from './parts'

export const ARCHIVE_LEVELS = ['store', 'fast', 'normal', 'best'] as const
export type ArchiveLevel = (typeof ARCHIVE_LEVELS)[number]

/** Entries of an image into a ZIP or 7z file. */
export const archiveJob = {
  start: z.object({
    ...openImage,
    view: z.string(),
    /** Null: the whole view. */
    entries: entrySelection.nullable(),
    /** The folder in which the archive gets a free name. */
    destination: absolutePath,
    keepPaths: z.boolean().default(false),
    format: z.enum(['zip', '7z']),
    /** How hard it is tried to make it small. */
    level: z.enum(ARCHIVE_LEVELS).default('normal'),
    /** What the archive is called, without its extension; null: after what is in it. */
    name: localPath.min(1).nullable().default(null),
    /** Encrypts the archive with AES-256. Kept in memory only, and only until the job has ended. */
    password: z
      .string()
      .min(1)
      .refine(isTypeable, 'The password holds a character that nobody can type: nobody could open the archive.')
      .optional(),
  }),
  /** `bytesWritten` is the archive's own length. */
  result: writtenFiles,
}
