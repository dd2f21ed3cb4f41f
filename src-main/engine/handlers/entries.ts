import fs from 'node:fs'
import path from 'node:path'
import { because } from '../../../src-shared/model'
import { IsoldeError } from '../../../src-shared/contract/errors'
import { isProgram } from '../images'
import { selectionOf } from '../jobs'
import type { Domain } from './handler-types'
import type { EngineServices } from './services'
import { storedView } from './stored-view'

/** Single entries of open images: what they are, their contents, copies of them for other programs. */
export function entryHandlers(services: EngineServices): Domain<'entry'> {
  const { images } = services
  const queries = () => services.queries().peer
  const details = async (request: { image: number; generation: number; view: string }, entry: number) => {
    const { thread } = images.get(request.image, request.generation)
    const record = await queries().call('entry', { view: storedView(request), entry })
    // The catalog does not know where contents lie: without the file nobody does.
    const isKnown = entry === 0 || !thread
    const { extents } = isKnown
      ? { extents: null }
      : await thread.peer.call('describe', { view: request.view, path: record.path })
    return { ...record, parent: entry === 0 ? null : record.parent, extents }
  }

  return {
    'entry.details': (request) => details(request, request.entry),
    'entry.resolve': async (request) => {
      const entry = await queries().call('resolve', { view: storedView(request), path: request.path })
      if (entry === null)
        throw new IsoldeError(
          'NO_SUCH_PATH',
          `There is no “${request.path}” in the image.`,
          because('noSuchPath', { path: request.path }),
        )
      return details(request, entry)
    },
    'entry.ancestors': async (request) => ({
      chain: await queries().call('ancestors', { view: storedView(request), entry: request.entry }),
    }),
    'entry.read': async (request, { signal }) => {
      const thread = images.readable(request.image, request.generation)
      const [filePath = ''] = await queries().call(
        'paths',
        { view: storedView(request), entries: [request.entry] },
        signal,
      )
      // The page may have gone on while the name was looked up.
      signal.throwIfAborted()
      const { byteOffset, byteLength } = request
      return thread.peer.call('read', { view: request.view, path: filePath, byteOffset, byteLength }, signal)
    },
    'entry.stage': async (request, { signal }) => {
      const thread = images.readable(request.image, request.generation)
      const selection = await selectionOf(services, request)
      const folder = services.staging.newFolder()
      const { view, byteLimit } = request
      if (byteLimit !== undefined) {
        const { bytesTotal } = await thread.peer.call(
          'preview',
          { view, selection, destination: folder, keepPaths: false },
          signal,
        )
        if (bytesTotal > byteLimit) return { paths: [], isExecutable: false, isTooLarge: true }
      }
      await thread.peer.call('stage', { view, selection, folder }, signal)
      const staged = fs.readdirSync(folder).map((name) => path.join(folder, name))
      return {
        paths: staged,
        isTooLarge: false,
        isExecutable: staged.some((file) => isProgram(path.basename(file), fs.statSync(file).mode)),
      }
    },
  }
}
