import type { EngineServices } from './services'
import { checksumHandlers } from './checksums'
import { comparisonHandlers } from './comparisons'
import { driveHandlers } from './drives'
import { engineHandlers } from './engine'
import { entryHandlers } from './entries'
import { exportHandlers } from './exports'
import { folderHandlers } from './folders'
import type { Handlers } from './handler-types'
import { historyHandlers } from './history'
import { imageHandlers } from './images'
import { jobHandlers } from './jobs'
import { keyHandlers } from './keys'
import { libraryHandlers } from './library'
import { mountHandlers } from './mounts'
import { projectHandlers } from './projects'
import { searchHandlers } from './search'
import { settingsHandlers } from './settings'
import { trashHandlers } from './trash'
import { trustHandlers } from './trust'
import { uploadHandlers } from './uploads'

export type { Handlers } from './handler-types'
export { charsetOf, parseSettings } from './parse-settings'
export type { EngineServices } from './services'

/**
 * What answers every command of the contract; requests arrive validated. A domain answers all commands that begin with
 * its names, or the build fails; one that nobody answers fails it too.
 */
export function makeHandlers(services: EngineServices): Handlers {
  return {
    ...engineHandlers(services),
    ...imageHandlers(services),
    ...entryHandlers(services),
    ...folderHandlers(services),
    ...trashHandlers(),
    ...libraryHandlers(services),
    ...searchHandlers(services),
    ...comparisonHandlers(services),
    ...checksumHandlers(services),
    ...keyHandlers(services),
    ...trustHandlers(services),
    ...driveHandlers(services),
    ...mountHandlers(services),
    ...exportHandlers(services),
    ...jobHandlers(services),
    ...historyHandlers(services),
    ...projectHandlers(services),
    ...settingsHandlers(services),
    ...uploadHandlers(services),
  }
}
