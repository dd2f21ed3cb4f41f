import { EventEmitter } from 'node:events'
import { isMainThread } from 'node:worker_threads'
import type { Crossing } from './utility-process'

/** Loaded first in a utility process: gives it `process.parentPort`, and takes away what Electron's has not. */

type Send = (message: Crossing) => void

/** A port on this side of the relay. */
class RelayedPort extends EventEmitter {
  private waiting: unknown[] | null = []
  private readonly number: number
  private readonly send: Send

  constructor(number: number, send: Send) {
    super()
    this.number = number
    this.send = send
  }

  start(): void {
    const { waiting } = this
    this.waiting = null
    for (const data of waiting ?? []) this.arrive(data)
  }

  postMessage(message: unknown): void {
    this.send({ kind: 'port', port: this.number, data: structuredClone(message) })
  }

  close(): void {
    this.send({ kind: 'port-closed', port: this.number })
  }

  arrive(data: unknown): void {
    if (this.waiting) this.waiting.push(data)
    else this.emit('message', { data, ports: [] })
  }
}

/** Messages wait until somebody listens. */
class ParentPort extends EventEmitter {
  private waiting: unknown[] = []
  private readonly send: Send

  constructor(send: Send) {
    super()
    this.send = send
    this.on('newListener', (event) => {
      if (event === 'message') queueMicrotask(() => this.flush())
    })
  }

  postMessage(message: unknown): void {
    this.send({ kind: 'message', data: structuredClone(message), ports: [] })
  }

  arrive(data: unknown, ports: RelayedPort[]): void {
    this.waiting.push({ data, ports })
    if (this.listenerCount('message') > 0) this.flush()
  }

  private flush(): void {
    for (const event of this.waiting.splice(0)) this.emit('message', event)
  }
}

function become(): void {
  const toParent = process.send?.bind(process)
  if (!toParent) throw new Error('A utility process has a host.')
  const send: Send = (message) => {
    if (process.connected) toParent(message, undefined, undefined, () => undefined)
  }
  const ports = new Map<number, RelayedPort>()
  const parentPort = new ParentPort(send)
  process.on('message', (raw) => {
    const message = raw as Crossing
    if (message.kind === 'port') ports.get(message.port)?.arrive(message.data)
    else if (message.kind === 'port-closed') {
      ports.get(message.port)?.emit('close')
      ports.delete(message.port)
    } else {
      const given = message.ports.map((number) => {
        const port = new RelayedPort(number, send)
        ports.set(number, port)
        return port
      })
      parentPort.arrive(message.data, given)
    }
  })
  // Chromium takes its processes along when it ends.
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
  Object.assign(process, { parentPort, send: undefined, type: 'utility' })
}

// Threads of the process load this too, and are none themselves.
if (isMainThread) become()
