import type { MessageChannelMain as RealChannel, MessagePortMain as RealPort } from 'electron'
import { EventEmitter } from 'node:events'
import { MessageChannel, type MessagePort } from 'node:worker_threads'

/** Electron's MessagePortMain: a port whose messages wait until `start`, over one of Node's. */
export class MessagePortMain extends EventEmitter implements Pick<RealPort, 'start' | 'close' | 'postMessage'> {
  private port: MessagePort | null
  private isStarted = false

  constructor(port: MessagePort) {
    super()
    this.port = port
    port.on('close', () => {
      // A port that was handed over is no longer this object's.
      if (this.port) this.emit('close')
      this.port = null
    })
  }

  start(): void {
    if (this.isStarted) return
    this.isStarted = true
    this.port?.on('message', (data) => {
      this.emit('message', { data: data as unknown, ports: [] })
    })
  }

  close(): void {
    this.port?.close()
  }

  postMessage(message: unknown, transfer: readonly unknown[] = []): void {
    if (transfer.length > 0) throw new Error('The stand-in hands ports over by windows and processes only.')
    this.port?.postMessage(structuredClone(message))
  }

  /** For whoever hands it over: from then on this object is of no use. */
  takeOut(): MessagePort {
    const { port } = this
    if (!port) throw new TypeError('Port at index 0 is already neutered')
    if (this.isStarted) throw new Error('The stand-in hands over only ports that nobody listens to.')
    this.port = null
    port.removeAllListeners('close')
    return port
  }
}

export class MessageChannelMain implements Record<keyof RealChannel, unknown> {
  readonly port1: MessagePortMain
  readonly port2: MessagePortMain

  constructor() {
    const { port1, port2 } = new MessageChannel()
    this.port1 = new MessagePortMain(port1)
    this.port2 = new MessagePortMain(port2)
  }
}

/** As Electron does, nothing but its own ports crosses. */
export function takePorts(transfer: readonly unknown[]): MessagePort[] {
  return transfer.map((port, index) => {
    if (!(port instanceof MessagePortMain)) throw new TypeError(`Port at index ${index} is not a valid port`)
    return port.takeOut()
  })
}
