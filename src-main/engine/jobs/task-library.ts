import type { TaskLibrary } from '../../jobs'
import type { LibraryIndexer } from '../library'
import type { JobServices } from './services'
import { knownSourceOf } from './start-job'

/** What jobs get of all that is known across images. @param services are there once the first job asks */
export function taskLibrary(services: () => JobServices & { indexer: LibraryIndexer }): TaskLibrary {
  const library = () => services().library().peer
  return {
    compare: (request) => library().call('compare', request),
    duplicates: (query) => library().call('duplicates', query),
    duplicateCandidates: (query) => library().call('duplicateCandidates', query),
    source: ({ imageId }) => knownSourceOf(services(), imageId),
    close: (request) => library().call('close', request),
    nextToIndex: ({ folder }) => services().indexer.next(folder),
    indexImage: ({ path }) => services().indexer.index(path),
  }
}
