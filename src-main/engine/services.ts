import type { EventName, EventPayload, Settings } from '../../src-shared/contract'
import type { PreparedCatalog } from '../catalog'
import type { JobQueue } from '../jobs'
import type { SettingsFile } from '../settings/settings'
import type { ImageRegistry } from './image-registry'
import type { LibraryIndexer } from './library-indexer'
import type { LibraryMethods } from './library-service'
import type { QueryMethods } from './query-service'
import type { StagingArea } from './staging'
import type { Thread } from './threads'
import type { Uploads } from './uploads'

export interface EngineOptions {
  /** The profile folder: catalog and settings. */
  home: string
  host: 'desktop' | 'web' | 'process'
  version: string
  openAtStart: string[]
  /** The engine before this one has died while it started, as it does of native code that crashes: none is loaded. */
  avoidsNativeCode?: boolean
}

/** What handlers work with. */
export interface EngineServices {
  options: EngineOptions
  catalog: PreparedCatalog
  images: ImageRegistry
  queries: () => Thread<QueryMethods>
  library: () => Thread<LibraryMethods>
  indexer: LibraryIndexer
  /** Tells one client, or all. */
  emit: <Name extends EventName>(name: Name, payload: EventPayload<Name>, client?: number) => void
  jobs: JobQueue
  settings: SettingsFile<Settings>
  /** Forgets images as the settings say; answers how many. @param isCompacting gives the room back to the disk */
  cleanCatalog: (isCompacting?: boolean) => Promise<number>
  uploads: Uploads
  staging: StagingArea
  watch: (client: number, paths: string[]) => void
}
