import { imagesAndEntries } from './0001-images-and-entries'
import { jobs } from './0002-jobs'
import { search } from './0003-search'
import { jobAttempts } from './0004-job-attempts'
import { library } from './0005-library'
import { hashes } from './0006-hashes'
import { watchedFolders } from './0007-watched-folders'
import { foldedNames } from './0008-folded-names'
import { searchWrites } from './0009-search-writes'
import { letters } from './0010-letters'
import { trust } from './0011-trust'
import { inside } from './0012-inside'
import type { Migration } from './migration'

export type { Migration } from './migration'

/** In order; the version of each is its place, from 1. */
export const MIGRATIONS: readonly Migration[] = [
  imagesAndEntries,
  jobs,
  search,
  jobAttempts,
  library,
  hashes,
  watchedFolders,
  foldedNames,
  searchWrites,
  letters,
  trust,
  inside,
]
