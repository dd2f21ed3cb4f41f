import os from 'node:os'
import path from 'node:path'
import { hasOwnTrash } from '../../files/trash/trash'
import type { Domain } from './handler-types'
import type { EngineServices } from './services'

export function engineHandlers(services: EngineServices): Domain<'engine'> {
  const { settings } = services
  return {
    'engine.hello': () => ({
      version: services.options.version,
      host: services.options.host,
      platform: process.platform,
      pathSeparator: path.sep,
      homeFolder: os.homedir(),
      logFile: services.logFile,
      hasTrash: hasOwnTrash,
      catalogIsKept: services.catalog.isPersistent,
      catalogProblem: services.catalog.problem,
      settingsQuarantined: settings.quarantinedPath,
      // Given to the first page that asks: a page that is loaded anew has them, or has closed them.
      openAtStart: services.options.openAtStart.splice(0),
    }),
  }
}
