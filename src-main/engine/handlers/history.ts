import type { Domain } from './handler-types'
import type { EngineServices } from './services'

/** Jobs that are over, and what can still be done about them. */
export function historyHandlers({ history, jobs, queries, emit }: EngineServices): Domain<'history'> {
  return {
    'history.list': ({ offset, limit }) => history.list(offset, limit),
    'history.undo': async ({ job }, { signal }) => {
      const { destination, ...taken } = await history.undo(job, signal)
      queries().peer.report('forgetFolder', { path: destination })
      emit('folder.changed', { path: destination })
      // What its line says was written is not there any more; the history says what became of it.
      if (jobs.list().some(({ id }) => id === job)) jobs.dismiss(job)
      return taken
    },
    'history.clear': () => {
      history.clear()
      return {}
    },
  }
}
