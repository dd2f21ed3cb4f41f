import type { Settings } from '../../src-shared/contract'
import type { PreparedCatalog } from '../catalog'
import type { JobQueue } from '../jobs'
import type { SettingsFile } from '../settings/settings'
import type { FolderRows } from './folder-rows'
import type { ImageRegistry } from './image-registry'
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
}

/** What handlers work with. */
export interface EngineParts {
  options: EngineOptions
  catalog: PreparedCatalog
  images: ImageRegistry
  queries: () => Thread<QueryMethods>
  jobs: JobQueue
  settings: SettingsFile<Settings>
  folders: FolderRows
  uploads: Uploads
  staging: StagingArea
  watch: (client: number, paths: string[]) => void
}
