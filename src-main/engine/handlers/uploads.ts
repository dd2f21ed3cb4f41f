import type { Domain } from './handler-types'
import type { EngineServices } from './services'

/** Files that were dropped on pages. */
export function uploadHandlers(services: EngineServices): Domain<'upload'> {
  return {
    'upload.slice': ({ request, bytes, problem }, { client }) => {
      services.uploads.answer(client, request, bytes, problem)
      return {}
    },
  }
}
