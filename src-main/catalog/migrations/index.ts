import { imagesAndEntries } from './0001-images-and-entries'
import { jobs } from './0002-jobs'
import { search } from './0003-search'
import { jobAttempts } from './0004-job-attempts'
import type { Migration } from './migration'

export type { Migration } from './migration'

/** In order; the version of each is its place, from 1. */
export const MIGRATIONS: readonly Migration[] = [imagesAndEntries, jobs, search, jobAttempts]
