import type { EngineServices } from './services'
import { comparisonHandlers } from './comparisons'
import { engineHandlers } from './engine'
import { entryHandlers } from './entries'
import { exportHandlers } from './exports'
import { folderHandlers } from './folders'
import type { Handlers } from './handler-types'
import { imageHandlers } from './images'
import { jobHandlers } from './jobs'
import { libraryHandlers } from './library'
import { searchHandlers } from './search'
import { settingsHandlers } from './settings'
import { trashHandlers } from './trash'
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
    ...exportHandlers(services),
    ...jobHandlers(services),
    ...settingsHandlers(services),
    ...uploadHandlers(services),
  }
}
