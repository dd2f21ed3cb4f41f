import { AVOID_NATIVE_CODE } from '../../catalog'
import { Engine } from './engine'
import { ProgramLog } from './program-log'
import type { EngineOptions } from './engine-options'
import type { ChildMessage, HostMessage } from './process-messages'

/**
 * The engine as a process of its own: forked by the web host, or a utility process of Electron, where each window's
 * port is handed over by the main process.
 */

/** A MessagePort as Electron gives it to a utility process. */
interface WindowPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown }) => void): void
  on(event: 'close', listener: () => void): void
  start(): void
}

interface ParentPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown; ports: WindowPort[] }) => void): void
}

const parentPort = (process as unknown as { parentPort?: ParentPort }).parentPort
const windows = new Map<number, WindowPort>()
let engine: Engine | null = null
let log: ProgramLog | null = null

function post(message: ChildMessage): void {
  if (parentPort) parentPort.postMessage(message)
  else process.send?.(message)
}

/** Long enough for what was said last to arrive. */
const LAST_WORDS_MS = 200

function start(options: EngineOptions): void {
  // Known to every thread that this process starts.
  if (options.avoidsNativeCode === true) process.env[AVOID_NATIVE_CODE] = '1'
  log = new ProgramLog(options.home, options.logLevel)
  try {
    engine = new Engine(options, (client, message) => {
      const window = windows.get(client)
      if (window) window.postMessage(message)
      else post({ type: 'client', client, message })
    })
  } catch (error) {
    post({ type: 'failed', reason: error instanceof Error ? error.message : String(error) })
    setTimeout(() => process.exit(1), LAST_WORDS_MS)
    return
  }
  post({ type: 'ready' })
}

function receive(message: HostMessage, ports: WindowPort[] = []): void {
  switch (message.type) {
    case 'start':
      start(message.options)
      return
    case 'ping':
      post({ type: 'pong', isBusy: engine?.isBusy() ?? false })
      return
    case 'open-client':
      engine?.openClient(message.client)
      if (ports[0]) adopt(message.client, ports[0])
      return
    case 'close-client':
      windows.delete(message.client)
      engine?.closeClient(message.client)
      return
    case 'client':
      engine?.receive(message.client, message.message)
      return
    case 'open-paths':
      engine?.requestOpen(message.paths)
      return
    case 'shutdown':
      void shutdown()
      return
  }
}

function adopt(client: number, port: WindowPort): void {
  windows.set(client, port)
  port.on('message', (event) => engine?.receive(client, event.data))
  port.on('close', () => {
    windows.delete(client)
    engine?.closeClient(client)
  })
  port.start()
}

async function shutdown(): Promise<void> {
  await engine?.close()
  process.exit(0)
}

/** Half-dead is worse than restarted: the host hears why, and the log where. */
function crash(error: unknown): void {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  process.stderr.write(`isolde engine: ${stack}\n`)
  log?.error(`The engine ends because of ${stack}`)
  if (engine) post({ type: 'failed', reason: error instanceof Error ? error.message : String(error) })
  engine = null
  setTimeout(() => process.exit(1), LAST_WORDS_MS)
}

// In a utility process an unhandled rejection would only be a warning.
process.on('unhandledRejection', crash)
process.on('uncaughtException', crash)
// Ctrl+C in the terminal reaches the whole group; the host decides when to end.
process.on('SIGINT', () => undefined)

if (parentPort)
  parentPort.on('message', (event) => {
    receive(event.data as HostMessage, event.ports)
  })
else {
  process.on('message', (message) => {
    receive(message as HostMessage)
  })
  process.on('disconnect', () => void shutdown())
}
