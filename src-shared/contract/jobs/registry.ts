import { archiveJob } from './archive'
import { compareJob } from './compare'
import { convertJob } from './convert'
import { copyJob } from './copy'
import { createJob } from './create'
import { duplicatesJob } from './duplicates'
import { editJob } from './edit'
import { eraseDriveJob } from './erase-drive'
import { extractJob } from './extract'
import { findJob } from './find'
import { hashJob } from './hash'
import { indexFolderJob } from './index-folder'
import { indexInsideJob } from './index-inside'
import { moveJob } from './move'
import { protectJob } from './protect'
import { readDiscJob } from './read-disc'
import { rescueJob } from './rescue'
import { saveFindsJob } from './save-finds'
import { verifyJob } from './verify'
import { writeDriveJob } from './write-drive'

/** What a window says to start each kind of job, and what it comes to. */
export const jobContracts = {
  extract: extractJob,
  archive: archiveJob,
  copy: copyJob,
  move: moveJob,
  convert: convertJob,
  create: createJob,
  edit: editJob,
  verify: verifyJob,
  hash: hashJob,
  compare: compareJob,
  duplicates: duplicatesJob,
  'index-folder': indexFolderJob,
  'index-inside': indexInsideJob,
  'write-drive': writeDriveJob,
  'erase-drive': eraseDriveJob,
  'read-disc': readDiscJob,
  rescue: rescueJob,
  protect: protectJob,
  find: findJob,
  'save-finds': saveFindsJob,
} as const
