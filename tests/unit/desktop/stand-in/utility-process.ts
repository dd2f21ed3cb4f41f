import type { ForkOptions, UtilityProcess as RealProcess } from 'electron'
import { fork, type ChildProcess } from 'node:child_process'
import { EventEmitter } from 'node:events'
import os from 'node:os'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { MessagePort } from 'node:worker_threads'
import { app } from './app'
import { takePorts } from './ports'

/** What crosses between a utility process and its host in place of Chromium's pipes. */
export type Crossing =
  | { kind: 'message'; data: unknown; ports: number[] }
  | { kind: 'port'; port: number; data: unknown }
  | { kind: 'port-closed'; port: number }

/** Every utility process of this program. */
export const utilityProcesses: UtilityProcess[] = []

/** A process of its own, as Electron's: ports that are handed to it are relayed message by message. */
export class UtilityProcess
  extends EventEmitter
  implements Pick<RealProcess, 'postMessage' | 'kill' | 'pid' | 'stderr'>
{
  private readonly ports = new Map<number, MessagePort>()
  private lastPort = 0
  private child: ChildProcess | null

  constructor(modulePath: string, args: readonly string[], options: ForkOptions) {
    super()
    // Its standard input is always closed; the others are piped, unless they are inherited or ignored.
    const { stdio = 'pipe' } = options
    const [, output, errors] = (typeof stdio === 'string' ? [stdio, stdio, stdio] : stdio).map((how) =>
      how === 'inherit' ? 2 : (how as 'pipe' | 'ignore'),
    )
    const child = fork(modulePath, args, {
      serialization: 'advanced',
      stdio: ['ignore', output, errors, 'ipc'],
      execArgv: ['--import', fileURLToPath(new URL('./inside-utility-process.ts', import.meta.url))],
    })
    this.child = child
    child.once('spawn', () => this.emit('spawn'))
    child.on('message', (message) => {
      this.receive(message as Crossing)
    })
    child.once('exit', (code, signal) => {
      this.child = null
      for (const port of this.ports.values()) port.close()
      this.ports.clear()
      this.emit('exit', code ?? (signal ? os.constants.signals[signal] : 0))
    })
  }

  get stderr(): Readable | null {
    return this.child?.stderr ?? null
  }

  /** Undefined once it has ended. */
  get pid(): number | undefined {
    return this.child?.pid
  }

  /** How many of the ports that were handed to it are still connected. */
  get openPorts(): number {
    return this.ports.size
  }

  postMessage(message: unknown, transfer: readonly unknown[] = []): void {
    const ports = takePorts(transfer).map((port) => this.relay(port))
    this.send({ kind: 'message', data: structuredClone(message), ports })
  }

  kill(): boolean {
    return this.child?.kill('SIGTERM') ?? false
  }

  private relay(port: MessagePort): number {
    const number = ++this.lastPort
    this.ports.set(number, port)
    port.on('message', (data) => {
      this.send({ kind: 'port', port: number, data: data as unknown })
    })
    port.on('close', () => {
      this.ports.delete(number)
      this.send({ kind: 'port-closed', port: number })
    })
    return number
  }

  private receive(message: Crossing): void {
    if (message.kind === 'message') this.emit('message', message.data)
    else if (message.kind === 'port') this.ports.get(message.port)?.postMessage(message.data)
    else this.ports.get(message.port)?.close()
  }

  private send(message: Crossing): void {
    if (this.child?.connected) this.child.send(message, () => undefined)
  }
}

export const utilityProcess = {
  fork(modulePath: string, args: readonly string[] = [], options: ForkOptions = {}): UtilityProcess {
    if (!app.isReady()) throw new Error('utilityProcess cannot be created before app is ready.')
    const process = new UtilityProcess(modulePath, args, options)
    utilityProcesses.push(process)
    return process
  },
}
