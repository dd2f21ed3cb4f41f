import type { JobQueue } from '../jobs'
import type { ImageRegistry } from './image-registry'
import type { LibraryMethods } from './library-service'
import type { QueryMethods } from './query-service'
import type { Thread } from './threads'

/** What starting a job, and telling of it, takes of the engine. */
export interface JobServices {
  /** The profile folder, where reports are kept. */
  options: { home: string }
  jobs: JobQueue
  images: ImageRegistry
  queries: () => Thread<QueryMethods>
  library: () => Thread<LibraryMethods>
}
