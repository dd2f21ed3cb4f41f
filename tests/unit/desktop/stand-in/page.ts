import { EventEmitter } from 'node:events'
import fs from 'node:fs'
import vm from 'node:vm'
import type { MessagePort } from 'node:worker_threads'
import type {
  CommandInput,
  CommandName,
  CommandOutput,
  IsoldeBridge,
  ResultEnvelope,
} from '../../../../src-shared/contract'
import { crossBridge } from '../../../e2e/fake/context-bridge'
import { ipcMain } from './ipc-main'
import type { Frame, WebContents } from './web-contents'

interface Loaded {
  html: string
  headers: Headers
  status: number
}

/** A document with the built preload script in it, run as a sandboxed one is: it can require `electron` and no more. */
export class Page {
  readonly html: string
  readonly headers: Headers
  readonly status: number
  /** Whatever the preload script gave to the page, by name. */
  readonly exposed: Record<string, unknown> = {}
  /** Everything that the page was told over its line. */
  readonly received: unknown[] = []
  private readonly contents: WebContents
  private readonly channels = new EventEmitter()
  private readonly ports: MessagePort[] = []
  private readonly waiting = new Map<number, (result: ResultEnvelope) => void>()
  private lastId = 0
  private isClosed = false

  constructor(contents: WebContents, { html, headers, status }: Loaded) {
    this.contents = contents
    this.html = html
    this.headers = headers
    this.status = status
    vm.runInNewContext(fs.readFileSync(contents.preload, 'utf8'), {
      require: (name: string) => {
        if (name === 'electron') return this.electron()
        throw new Error(`module not found: ${name}`)
      },
      module: { exports: {} },
      exports: {},
      console,
      setTimeout,
      clearTimeout,
    })
  }

  /** The line and the services that the page has. */
  get isolde(): IsoldeBridge {
    return this.exposed.isolde as IsoldeBridge
  }

  /** What the window's own client does first: listens, and keeps answers to what it asked. */
  listen(): void {
    this.isolde.listen((message) => {
      this.received.push(message)
      const { type, id, result } = message as { type?: string; id?: number; result?: ResultEnvelope }
      if (type === 'result' && id !== undefined && result) this.waiting.get(id)?.(result)
    })
  }

  /** A command of the contract, over the page's own line; throws the engine's error. */
  async call<Name extends CommandName>(
    name: Name,
    input: CommandInput<Name>,
    withinMs = 10_000,
  ): Promise<CommandOutput<Name>> {
    const result = await this.ask(name, input, withinMs)
    if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`)
    return result.value as CommandOutput<Name>
  }

  private ask(name: string, input: unknown, withinMs: number): Promise<ResultEnvelope> {
    const id = ++this.lastId
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Error(`No answer to ${name}.`))
      }, withinMs)
      this.waiting.set(id, (result) => {
        clearTimeout(timer)
        resolve(result)
      })
      this.isolde.post({ type: 'command', id, name, input })
    })
  }

  arrive(channel: string, args: unknown[], ports: MessagePort[]): void {
    this.ports.push(...ports)
    setImmediate(() => {
      if (!this.isClosed) this.channels.emit(channel, { ports }, ...args)
    })
  }

  /** Its document goes, and its ports with it. */
  close(): void {
    this.isClosed = true
    for (const port of this.ports) port.close()
  }

  private electron() {
    const frame = (): Frame => this.contents.mainFrame
    return {
      ipcRenderer: {
        on: (channel: string, listener: (...args: unknown[]) => void) => this.channels.on(channel, listener),
        send: (channel: string, ...args: unknown[]) => {
          ipcMain.send(this.contents, frame(), channel, args)
        },
        invoke: (channel: string, ...args: unknown[]) => ipcMain.invoke(this.contents, frame(), channel, args),
      },
      contextBridge: {
        exposeInMainWorld: (key: string, api: unknown) => {
          if (Object.hasOwn(this.exposed, key)) throw new Error('Cannot bind an API on top of an existing property')
          this.exposed[key] = bridged(api)
        },
      },
      webUtils: { getPathForFile: (file: { path?: string }) => file.path ?? '' },
    }
  }
}

/** What crosses into the page's world: functions as such, all else as frozen copies. */
function bridged(value: unknown): unknown {
  if (typeof value === 'function')
    return (...args: unknown[]) => bridged(Reflect.apply(value, undefined, args.map(handedOver)))
  if (value instanceof Promise) return value
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return structuredClone(value)
  const copy = Object.entries(value).map(([key, item]) => [key, bridged(item)] as const)
  return Object.freeze(Object.fromEntries(copy))
}

/** What the page hands to a function of the bridge: a function as such, all else as plain data or not at all. */
function handedOver(value: unknown): unknown {
  return typeof value === 'function' ? bridged(value) : crossBridge(value)
}
