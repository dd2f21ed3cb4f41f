import { entriesIn } from '../library'
import type { Domain } from './handler-types'
import type { EngineServices } from './services'

const EXPORT_PIECE = 1 << 20

export function exportHandlers(services: EngineServices): Domain<'export'> {
  const library = () => services.library().peer
  return {
    'export.open': async (request) => {
      if (request.what === 'search') return library().call('writeExport', request)
      const { image, entries, ...rest } = request
      return library().call('writeExport', { ...rest, entries: entries && entriesIn(entries), imageId: image })
    },
    'export.read': async ({ export: id, byteOffset }) => ({
      bytes: await library().call('readExport', { export: id, byteOffset, byteLength: EXPORT_PIECE }),
    }),
  }
}
