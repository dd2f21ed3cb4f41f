import type { Domain } from './handler-types'
import type { EngineServices } from './services'

export function settingsHandlers(services: EngineServices): Domain<'settings'> {
  const { settings } = services
  return {
    'settings.get': () => settings.get(),
    'settings.set': ({ changes }) => {
      const now = settings.set(changes)
      if ('catalogByteLimit' in changes || 'catalogKeepDays' in changes) services.cleanCatalog().catch(() => undefined)
      return now
    },
  }
}
