import type { EventName, EventPayload } from '../../../src-shared/contract'
import { charsetOf, type EngineServices } from '../handlers'
import { workInside, workOn } from '../jobs'
import { indexInBackground, LibraryIndexer, NestedIndexer } from '../library'

interface IndexersContext {
  /** There once the first image is read. */
  services: () => EngineServices
  emit: <Name extends EventName>(name: Name, payload: EventPayload<Name>) => void
}

/** What reads images into the catalog that nobody has opened: those of watched folders, and those inside of others. */
export function makeIndexers({ services, emit }: IndexersContext): { indexer: LibraryIndexer; nested: NestedIndexer } {
  const charset = () => charsetOf(services().settings.get().charset)
  const isBusy = () => services().images.isOpening()
  const library = () => services().library().peer
  return {
    indexer: new LibraryIndexer({
      library,
      index: async (location, signal) => {
        const found = await indexInBackground(services().catalog.path, location, { charset: charset(), signal })
        services().nested.note(location, found)
      },
      work: (folder) => workOn(services(), folder),
      isBusy,
      emit,
    }),
    nested: new NestedIndexer({
      library,
      rule: () => services().settings.get().indexInside,
      carriedInOpen: async ({ path, inside }) => {
        const open = services().images.findSource({ kind: 'path', path, inside })
        if (!open?.thread) return null
        const images = await open.thread.peer.call('carries', {})
        return { view: open.opened.info.defaultViewId, images }
      },
      index: (location, signal, limits) =>
        indexInBackground(services().catalog.path, location, { charset: charset(), signal, ...limits }),
      start: (image) => workInside(services(), image),
      ended: (job) => services().jobs.ended(job),
      isBusy,
    }),
  }
}
