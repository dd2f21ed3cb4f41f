import { shallowRef } from 'vue'
import {
  commands,
  engineMessage,
  events,
  IsoldeError,
  type CommandInput,
  type CommandName,
  type CommandOutput,
  type DesktopBridge,
  type EventName,
  type EventPayload,
  type IsoldeBridge,
} from '../../src-shared/contract'
import { plainData } from '../base/plain-data'
import { createWebBridge, type WebBridge } from './web-bridge'

declare global {
  interface Window {
    readonly isolde?: IsoldeBridge
  }
}

const ENGINE_STOPPED = 'Isolde’s engine has stopped. Close Isolde and start it again.'

interface Waiting {
  settle(value: unknown): void
  fail(error: Error): void
}

type Listener = (payload: unknown) => void

const waiting = new Map<number, Waiting>()
const listeners = new Map<EventName, Set<Listener>>()
const newEngineListeners = new Set<() => void>()
const connected = shallowRef(true)
let lastId = 0
const stopped = shallowRef<EventPayload<'engine.stopped'> | null>(null)

const bridge: IsoldeBridge = plainly(window.isolde ?? watched(createWebBridge()))

/** Where the window runs. */
export const host = bridge.host
/** What only a desktop can do; null in a browser. */
export const desktop: DesktopBridge | null = bridge.desktop
/** Whether the engine can be reached at all. Only a browser ever loses it. */
export const isConnected = connected
/** Why there is no engine any more, and none will be until Isolde is started again; null while there is one. */
export const engineStopped = stopped

bridge.listen((raw) => {
  const message = engineMessage.safeParse(raw)
  if (!message.success) return
  if (message.data.type === 'result') {
    const { id, result } = message.data
    const call = waiting.get(id)
    waiting.delete(id)
    if (result.ok) call?.settle(result.value)
    else call?.fail(new IsoldeError(result.error.code, result.error.message, result.error.details))
    return
  }
  const name = message.data.name as EventName
  if (!Object.hasOwn(events, name)) return
  const payload = events[name].safeParse(message.data.payload)
  if (!payload.success) return
  // What was asked of the engine that died is never answered.
  if (name === 'engine.restarted') failAll('The engine stopped and was started again.')
  if (name === 'engine.stopped') {
    stopped.value = payload.data as EventPayload<'engine.stopped'>
    failAll(ENGINE_STOPPED)
  }
  for (const listener of listeners.get(name) ?? []) listener(payload.data)
  if (name === 'engine.restarted') for (const listener of newEngineListeners) listener()
})

/**
 * Gives the engine a command and answers what it says, both held to the contract.
 * @throws {IsoldeError} with a stable code and a sentence for people.
 */
export async function call<Name extends CommandName>(
  name: Name,
  input: CommandInput<Name>,
  { signal }: { signal?: AbortSignal } = {},
): Promise<CommandOutput<Name>> {
  if (signal?.aborted) throw cancelled()
  if (stopped.value) throw new IsoldeError('ENGINE_GONE', ENGINE_STOPPED)
  const id = ++lastId
  const value = await new Promise<unknown>((settle, fail) => {
    const stop = (): void => {
      if (!waiting.delete(id)) return
      bridge.post({ type: 'cancel', id })
      fail(cancelled())
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
    bridge.post({ type: 'command', id, name, input })
  })
  const output = commands[name].output.safeParse(value)
  if (!output.success)
    throw new IsoldeError('INTERNAL', `The answer to ${name} makes no sense.`, { issues: output.error.issues })
  return output.data as CommandOutput<Name>
}

/** Hears an event of the engine until the answered function is called. */
export function on<Name extends EventName>(name: Name, listener: (payload: EventPayload<Name>) => void): () => void {
  const handlers = listeners.get(name) ?? new Set()
  listeners.set(name, handlers.add(listener as Listener))
  return () => handlers.delete(listener as Listener)
}

/**
 * Hears when the engine knows nothing of this window any more, neither its images nor what it watches: it was started
 * again, or the connection to it broke off and stands again.
 */
export function onNewEngine(listener: () => void): void {
  newEngineListeners.add(listener)
}

/** Whether an error only says that nobody waits any more. */
export function isCancelled(error: unknown): boolean {
  return error instanceof IsoldeError && error.code === 'CANCELLED'
}

/** The address of a file inside an image, for downloads. */
export function contentAddress(
  ref: { image: number; generation: number; view: string; entry: number },
  name: string,
): string {
  const view = encodeURIComponent(ref.view)
  return `/content/${ref.image}/${ref.generation}/${view}/${ref.entry}/${encodeURIComponent(name)}`
}

/**
 * An address under which whoever has it can load this one file, without being known to the host: for elements in a frame
 * that has no origin.
 * @throws {IsoldeError} where the host cannot be reached
 */
export async function signAddress(
  ref: { image: number; generation: number; view: string; entry: number },
  name: string,
): Promise<string> {
  const answer = await fetch(contentAddress(ref, name).replace(/^\/content\//, '/sign/')).catch(() => null)
  if (!answer?.ok) throw new IsoldeError('ENGINE_GONE', 'The host of this window cannot be reached.')
  return new URL((await answer.text()).trim(), document.baseURI).href
}

/** The address of entries of an image as one ZIP. */
export function archiveAddress(
  ref: { image: number; generation: number; view: string },
  entries: readonly number[],
  name: string,
): string {
  const view = encodeURIComponent(ref.view)
  return `/archive/${ref.image}/${ref.generation}/${view}/${entries.join(',')}/${encodeURIComponent(name)}.zip`
}

/** Whatever leaves this window leaves here, as plain data. */
function plainly(outside: IsoldeBridge): IsoldeBridge {
  const { host, desktop: services } = outside
  return {
    host,
    post: (message) => {
      outside.post(plainData(message))
    },
    listen: (listener) => {
      outside.listen(listener)
    },
    desktop: services && {
      ...services,
      startDrag: (paths) => {
        services.startDrag(plainData(paths))
      },
    },
  }
}

function cancelled(): IsoldeError {
  return new IsoldeError('CANCELLED', 'Cancelled.')
}

function failAll(sentence: string): void {
  const calls = [...waiting.values()]
  waiting.clear()
  for (const one of calls) one.fail(new IsoldeError('ENGINE_GONE', sentence))
}

function watched(web: WebBridge): IsoldeBridge {
  connected.value = false
  let wasConnected = false
  let isLater = false
  web.listenToConnection((isUp) => {
    if (!isUp && wasConnected) failAll('The connection to Isolde broke off.')
    wasConnected = isUp
    connected.value = isUp
    // To the engine this is another window.
    if (isUp && isLater) for (const listener of newEngineListeners) listener()
    isLater ||= isUp
  })
  return web
}
