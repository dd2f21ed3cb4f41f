import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { CommandOutput, CommandRequest } from '../../src-shared/contract'
import { IsoldeError } from '../../src-shared/contract/errors'
import { createFolder, renameItem } from '../files/changes'
import { measureFolder } from '../files/folder-size'
import { describePath } from '../files/listing'
import { freeBytes, listPlaces } from '../files/places'
import { hasOwnTrash } from '../files/trash/trash'
import type { Handlers } from './handler-types'
import { makeLibraryHandlers } from './library-handlers'
import type { EngineServices } from './services'
import { measureDisc } from './measure-disc'
import { jobReport, peekConflict, retryFailed } from './job-details'
import { charsetOf } from './parse-settings'
import { isProgram } from './staging'
import { selectionOf, startJob } from './start-job'
import { TrashHistory } from './trash-history'

type ViewRequest = { image: number; generation: number; view: string }

/** One small function for every command of the contract; requests arrive validated. */
export function makeHandlers(services: EngineServices): Handlers {
  const { images, jobs, settings } = services
  const queries = () => services.queries().peer
  const trash = new TrashHistory()
  const viewRef = (request: ViewRequest) => ({
    imageId: request.image,
    generation: request.generation,
    view: request.view,
  })
  const directoryQuery = (
    request: CommandRequest<'image.findRow' | 'image.rows' | 'image.rowIds' | 'image.rowRanges'>,
  ) => ({
    ...viewRef(request),
    directory: request.directory,
    sort: request.sort,
    filter: request.filter,
    showHidden: request.showHidden,
    mask: request.mask,
  })
  const details = async (request: { image: number; generation: number; view: string }, entry: number) => {
    const { thread } = images.get(request.image, request.generation)
    const record = await queries().call('entry', { view: viewRef(request), entry })
    // The catalog does not know where contents lie: without the file nobody does.
    const isKnown = entry === 0 || !thread
    const { extents } = isKnown
      ? { extents: null }
      : await thread.peer.call('describe', { view: request.view, path: record.path })
    return { ...record, parent: entry === 0 ? null : record.parent, extents }
  }

  return {
    'engine.hello': () => ({
      version: services.options.version,
      host: services.options.host,
      platform: process.platform,
      pathSeparator: path.sep,
      homeFolder: os.homedir(),
      hasTrash: hasOwnTrash,
      catalogIsKept: services.catalog.isPersistent,
      catalogProblem: services.catalog.problem,
      settingsQuarantined: settings.quarantinedPath,
      // Given to the first page that asks: a page that is loaded anew has them, or has closed them.
      openAtStart: services.options.openAtStart.splice(0),
    }),

    'image.open': ({ location, charset }, { client }) => {
      const absolute = location.kind === 'path' ? { ...location, path: path.resolve(location.path) } : location
      if (location.kind === 'upload') services.uploads.own(location.path, client)
      return images.open(client, absolute, charsetOf(charset ?? settings.get().charset))
    },
    'image.close': async ({ image }, { client }) => {
      await images.close(client, image)
      return {}
    },
    'image.info': ({ image }) => images.get(image).opened,
    'image.rows': (request) => {
      images.get(request.image, request.generation)
      return queries().call('rows', { query: directoryQuery(request), offset: request.offset, limit: request.limit })
    },
    'image.rowIds': (request) => {
      images.get(request.image, request.generation)
      return queries().call('rowIds', { query: directoryQuery(request), offset: request.offset, limit: request.limit })
    },
    'image.rowRanges': (request) => {
      images.get(request.image, request.generation)
      const { offset, limit } = request
      return queries().call('rowRanges', { query: directoryQuery(request), offset, limit })
    },
    'image.findRow': (request) => {
      images.get(request.image, request.generation)
      return queries().call('findRow', { query: directoryQuery(request), prefix: request.prefix, from: request.from })
    },

    'entry.details': (request) => details(request, request.entry),
    'entry.resolve': async (request) => {
      const entry = await queries().call('resolve', { view: viewRef(request), path: request.path })
      if (entry === null) throw new IsoldeError('NO_SUCH_PATH', `There is no “${request.path}” in the image.`)
      return details(request, entry)
    },
    'entry.ancestors': async (request) => ({
      chain: await queries().call('ancestors', { view: viewRef(request), entry: request.entry }),
    }),
    'entry.read': async (request, { signal }) => {
      const thread = images.readable(request.image, request.generation)
      const [filePath = ''] = await queries().call('paths', { view: viewRef(request), entries: [request.entry] })
      // The page may have gone on while the name was looked up.
      signal.throwIfAborted()
      const { byteOffset, byteLength } = request
      return thread.peer.call('read', { view: request.view, path: filePath, byteOffset, byteLength })
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

    'image.map': async (request) => {
      const open = images.get(request.image, request.generation)
      const disc = await measureDisc(open, request.view)
      return queries().call('map', { view: viewRef(request), disc, buckets: request.buckets })
    },
    'image.sizes': ({ directory, limit, ...request }) => {
      images.get(request.image, request.generation)
      return queries().call('sizes', { view: viewRef(request), directory, limit })
    },
    'image.folderSizes': ({ directories, ...request }) => {
      images.get(request.image, request.generation)
      return queries().call('folderSizes', { view: viewRef(request), directories })
    },
    'folder.size': ({ path: folder }, { signal }) => measureFolder(path.resolve(folder), signal),

    'folder.rows': (request) => queries().call('folderRows', request),
    'folder.findRow': async (request) => ({ position: await queries().call('findFolderRow', request) }),
    'folder.stat': ({ path: itemPath }) => describePath(itemPath),
    'folder.create': async ({ path: parent, name }) => {
      const made = await createFolder(path.resolve(parent), name)
      queries().tell('forgetFolder', { path: parent })
      return { path: made }
    },
    'folder.rename': async ({ path: itemPath, name }) => {
      const renamed = await renameItem(path.resolve(itemPath), name)
      queries().tell('forgetFolder', { path: path.dirname(renamed) })
      return { path: renamed }
    },
    'trash.move': ({ paths }) => {
      if (!hasOwnTrash) throw new IsoldeError('UNSUPPORTED_HERE', 'The trash of this system is the desktop’s to use.')
      return trash.move(paths.map((itemPath) => path.resolve(itemPath)))
    },
    'trash.undo': ({ undo }) => trash.undo(undo),
    'folder.watch': ({ paths }, { client }) => {
      services.watch(client, paths)
      return {}
    },
    'places.list': () => ({ places: listPlaces() }),

    ...makeLibraryHandlers(services),
    'recent.list': async ({ limit }) => ({ images: await queries().call('recent', { limit }) }),
    'recent.forget': async ({ id }) => {
      await queries().call('forget', { id })
      return {}
    },

    'job.start': async (start) => ({ job: await startJob(services, start) }),
    'job.preview': async (request, { signal }) => {
      const thread = images.readable(request.image, request.generation)
      const selection = await selectionOf(services, request)
      const destination = path.resolve(request.destination)
      const { view, keepPaths } = request
      const [preview, free] = await Promise.all([
        thread.peer.call('preview', { view, selection, destination, keepPaths }, signal),
        freeBytes(destination),
      ])
      return { ...preview, freeBytes: free }
    },
    // As `job.snapshot`: the queue knows only that each kind has a result.
    'job.list': () => ({ jobs: jobs.list() as CommandOutput<'job.list'>['jobs'] }),
    'job.pause': ({ job }) => {
      jobs.pause(job)
      return {}
    },
    'job.resume': ({ job }) => {
      jobs.resume(job)
      return {}
    },
    'job.cancel': ({ job }) => {
      jobs.cancel(job)
      return {}
    },
    'job.move': ({ job, before }) => {
      jobs.move(job, before)
      return {}
    },
    'job.retry': ({ job }) => {
      jobs.retry(job)
      return {}
    },
    'job.retryFailed': ({ job }) => retryFailed(services, job),
    'job.dismiss': ({ job }) => {
      jobs.dismiss(job)
      return {}
    },
    'job.answer': ({ job, answer }) => {
      jobs.answer(job, answer)
      return {}
    },

    'job.report': (request) => jobReport(services, request),
    'job.peek': (request) => peekConflict(services, request),

    'settings.get': () => settings.get(),
    'settings.set': ({ changes }) => {
      const now = settings.set(changes)
      if ('catalogByteLimit' in changes || 'catalogKeepDays' in changes) services.cleanCatalog().catch(() => undefined)
      return now
    },

    'upload.slice': ({ request, bytes, problem }, { client }) => {
      services.uploads.answer(client, request, bytes, problem)
      return {}
    },
  }
}
