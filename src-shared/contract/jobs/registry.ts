import { archiveJob } from './archive'
import { convertJob } from './convert'
import { copyJob } from './copy'
import { createJob } from './create'
import { extractJob } from './extract'
import { hashJob } from './hash'
import { moveJob } from './move'
import { verifyJob } from './verify'

/** What a window says to start each kind of job, and what it comes to. */
export const jobContracts = {
  extract: extractJob,
  archive: archiveJob,
  copy: copyJob,
  move: moveJob,
  convert: convertJob,
  create: createJob,
  verify: verifyJob,
  hash: hashJob,
} as const
