import type { EventName, EventPayload, Settings } from '../../../src-shared/contract'
import type { PreparedCatalog } from '../../catalog'
import type { SettingsFile } from '../../settings/settings'
import type { LibraryIndexer, NestedIndexer } from '../library'
import type { JobHistory, JobServices } from '../jobs'
import type { OpenMounts } from '../mounts'
import type { StagingArea, Uploads } from '../images'

/** What handlers work with. */
export interface EngineServices extends JobServices {
  /** Of what the engine was started with. */
  options: { home: string; host: 'desktop' | 'web' | 'process'; version: string; openAtStart: string[] }
  /** The path of what the program writes about itself. */
  logFile: string
  catalog: PreparedCatalog
  indexer: LibraryIndexer
  nested: NestedIndexer
  /** Tells one client, or all. */
  emit: <Name extends EventName>(name: Name, payload: EventPayload<Name>, client?: number) => void
  settings: SettingsFile<Settings>
  /** Forgets images as the settings say; answers how many. @param isCompacting gives the room back to the disk */
  cleanCatalog: (isCompacting?: boolean) => Promise<number>
  history: JobHistory
  uploads: Uploads
  staging: StagingArea
  mounts: OpenMounts
  watch: (client: number, paths: string[]) => void
}
