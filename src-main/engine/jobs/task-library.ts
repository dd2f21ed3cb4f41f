import type { TaskLibrary } from '../../jobs'
import type { LibraryIndexer, NestedIndexer } from '../library'
import type { JobServices } from './services'
import { knownSourceOf } from './start-job'

/** What jobs get of all that is known across images. @param services are there once the first job asks */
export function taskLibrary(
  services: () => JobServices & { indexer: LibraryIndexer; nested: NestedIndexer },
): TaskLibrary {
  const library = () => services().library().peer
  return {
    compare: (request) => library().call('compare', request),
    duplicates: (query) => library().call('duplicates', query),
    duplicateCandidates: (query) => library().call('duplicateCandidates', query),
    source: ({ imageId }) => knownSourceOf(services(), imageId),
    close: (request) => library().call('close', request),
    nextToIndex: ({ folder }) => services().indexer.next(folder),
    indexImage: ({ path }) => services().indexer.index(path),
    nextInside: ({ job, source, isEverything }) => services().nested.next(job, source, isEverything),
    indexInside: ({ job }) => services().nested.index(job),
  }
}
