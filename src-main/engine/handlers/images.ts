import path from 'node:path'
import { IsoldeError } from '../../../src-shared/contract/errors'
import type { CommandRequest } from '../../../src-shared/contract'
import { measureDisc } from '../images'
import { charsetOf } from './parse-settings'
import type { Domain } from './handler-types'
import type { EngineServices } from './services'
import { storedView } from './stored-view'

/** Images that windows have open: their directories, and pictures of the whole. */
export function imageHandlers(services: EngineServices): Domain<'image'> {
  const { images, settings } = services
  const queries = () => services.queries().peer

  return {
    'image.open': ({ location, charset }, { client, signal }) => {
      const absolute = location.kind === 'path' ? { ...location, path: path.resolve(location.path) } : location
      if (location.kind === 'upload') services.uploads.own(location.path, client)
      return images.open(client, absolute, charsetOf(charset ?? settings.get().charset), signal)
    },
    'image.close': async ({ image }, { client }) => {
      await images.close(client, image)
      return {}
    },
    'image.plain': async ({ image, generation }, { signal }) => {
      const { thread } = images.get(image, generation)
      if (!thread) throw new IsoldeError('SOURCE_GONE', 'This image is offline. Connect its disk.')
      return thread.peer.call('plain', {}, signal)
    },
    'image.info': ({ image }) => images.get(image).opened,
    'image.rows': (request, { signal }) => {
      images.get(request.image, request.generation)
      return queries().call(
        'rows',
        { query: directoryQuery(request), offset: request.offset, limit: request.limit },
        signal,
      )
    },
    'image.rowIds': (request, { signal }) => {
      images.get(request.image, request.generation)
      return queries().call(
        'rowIds',
        { query: directoryQuery(request), offset: request.offset, limit: request.limit },
        signal,
      )
    },
    'image.rowRanges': (request, { signal }) => {
      images.get(request.image, request.generation)
      const { offset, limit } = request
      return queries().call('rowRanges', { query: directoryQuery(request), offset, limit }, signal)
    },
    'image.findRow': (request, { signal }) => {
      images.get(request.image, request.generation)
      return queries().call(
        'findRow',
        { query: directoryQuery(request), prefix: request.prefix, from: request.from },
        signal,
      )
    },
    'image.map': async (request, { signal }) => {
      const open = images.get(request.image, request.generation)
      const disc = await measureDisc(open, request.view)
      return queries().call('map', { view: storedView(request), disc, buckets: request.buckets }, signal)
    },
    'image.sizes': ({ directory, limit, ...request }, { signal }) => {
      images.get(request.image, request.generation)
      return queries().call('sizes', { view: storedView(request), directory, limit }, signal)
    },
    'image.carries': async ({ image, generation }, { signal }) => {
      const { thread, opened } = images.get(image, generation)
      // Without its file nobody can look into it.
      const found = thread ? await thread.peer.call('carries', {}, signal) : []
      return { view: opened.info.defaultViewId, images: found }
    },
    'image.folderSizes': ({ directories, ...request }, { signal }) => {
      images.get(request.image, request.generation)
      return queries().call('folderSizes', { view: storedView(request), directories }, signal)
    },
    'image.contents': ({ entries, ...request }, { signal }) => {
      images.get(request.image, request.generation)
      return queries().call('contents', { view: storedView(request), entries }, signal)
    },
  }
}

function directoryQuery(request: CommandRequest<'image.findRow' | 'image.rows' | 'image.rowIds' | 'image.rowRanges'>) {
  const { directory, sort, filter, showHidden, mask, isDeep } = request
  return { ...storedView(request), directory, sort, filter, showHidden, mask, isDeep }
}
