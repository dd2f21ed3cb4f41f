import type { JobQueue } from '../../jobs'
import type { ImageRegistry } from '../images'
import type { LibraryMethods, QueryMethods } from '../library'
import type { ProjectMethods } from '../projects'
import type { Thread } from '../rpc'

/** What starting a job, and telling of it, takes of the engine. */
export interface JobServices {
  /** The profile folder, where reports are kept. */
  options: { home: string }
  jobs: JobQueue
  images: ImageRegistry
  queries: () => Thread<QueryMethods>
  projects: () => Thread<ProjectMethods>
  library: () => Thread<LibraryMethods>
}
