import {
  commands,
  engineMessage,
  IsoldeError,
  type CommandInput,
  type CommandName,
  type CommandOutput,
} from '../../src-shared/contract'
import type { EngineLink } from '../engine'

/** The host's own line to the engine, for content that it streams to the page. */
export interface EngineClient {
  call<Name extends CommandName>(
    name: Name,
    input: CommandInput<Name>,
    signal?: AbortSignal,
  ): Promise<CommandOutput<Name>>
  close(): void
}

interface Waiting {
  settle(value: unknown): void
  fail(error: Error): void
}

export function createEngineClient(link: EngineLink): EngineClient {
  const waiting = new Map<number, Waiting>()
  let lastId = 0

  const client = link.openClient((raw) => {
    const message = engineMessage.safeParse(raw)
    if (!message.success) return
    if (message.data.type === 'event') {
      // The new engine knows nothing of what was asked of the old one.
      if (message.data.name === 'engine.restarted') failAll(new IsoldeError('ENGINE_GONE', 'The engine was restarted.'))
      return
    }
    const { id, result } = message.data
    const call = waiting.get(id)
    waiting.delete(id)
    if (result.ok) call?.settle(result.value)
    else call?.fail(new IsoldeError(result.error.code, result.error.message, result.error.details))
  })

  function failAll(error: Error): void {
    const calls = [...waiting.values()]
    waiting.clear()
    for (const call of calls) call.fail(error)
  }

  return {
    async call(name, input, signal) {
      const id = ++lastId
      const value = await new Promise<unknown>((settle, fail) => {
        const stop = (): void => {
          if (!waiting.delete(id)) return
          link.post(client, { type: 'cancel', id })
          fail(new IsoldeError('CANCELLED', 'Cancelled.'))
        }
        if (signal?.aborted) {
          fail(new IsoldeError('CANCELLED', 'Cancelled.'))
          return
        }
        signal?.addEventListener('abort', stop, { once: true })
        const done = (): void => signal?.removeEventListener('abort', stop)
        waiting.set(id, {
          settle(result) {
            done()
            settle(result)
          },
          fail(error) {
            done()
            fail(error)
          },
        })
        link.post(client, { type: 'command', id, name, input })
      })
      const output = commands[name].output.safeParse(value)
      if (!output.success) throw new IsoldeError('INTERNAL', `The engine's answer to ${name} makes no sense.`)
      return output.data as CommandOutput<typeof name>
    },
    close() {
      failAll(new IsoldeError('ENGINE_GONE', 'The host is closing.'))
      link.closeClient(client)
    },
  }
}
