import type { Domain } from './handler-types'
import type { EngineServices } from './services'

/** Jobs that are over, and what can still be done about them. */
export function historyHandlers({ history, queries, emit }: EngineServices): Domain<'history'> {
  return {
    'history.list': ({ offset, limit }) => history.list(offset, limit),
    'history.undo': async ({ job }, { signal }) => {
      const { destination, ...taken } = await history.undo(job, signal)
      queries().peer.tell('forgetFolder', { path: destination })
      emit('folder.changed', { path: destination })
      return taken
    },
    'history.clear': () => {
      history.clear()
      return {}
    },
  }
}
