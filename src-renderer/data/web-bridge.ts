import { decodeFrame, encodeFrame, type ClientMessage, type IsoldeBridge } from '../../src-shared/contract'

/** The bridge of a browser, which can lose its connection and find it again. */
export interface WebBridge extends IsoldeBridge {
  /** Hears whether the connection stands, whenever that changes. One listener; a second call replaces the first. */
  listenToConnection(listener: (isConnected: boolean) => void): void
}

const FIRST_WAIT = 250
const LONGEST_WAIT = 8_000

/** Reaches the engine over the host's socket. Messages that are posted while there is none wait for the next. */
export function createWebBridge(address = socketAddress()): WebBridge {
  let socket: WebSocket | null = null
  let listener: (message: unknown) => void = () => undefined
  let connectionListener: (isConnected: boolean) => void = () => undefined
  let wait = FIRST_WAIT
  const waiting: ClientMessage[] = []

  function connect(): void {
    const next = new WebSocket(address)
    next.binaryType = 'arraybuffer'
    next.addEventListener('open', () => {
      socket = next
      wait = FIRST_WAIT
      connectionListener(true)
      for (const message of waiting.splice(0)) next.send(frame(message))
    })
    next.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (data instanceof ArrayBuffer) listener(decodeFrame(new Uint8Array(data)))
    })
    next.addEventListener('close', () => {
      socket = null
      connectionListener(false)
      setTimeout(connect, wait)
      wait = Math.min(wait * 2, LONGEST_WAIT)
    })
  }
  connect()

  return {
    host: 'web',
    desktop: null,
    post(message) {
      if (socket?.readyState === WebSocket.OPEN) socket.send(frame(message))
      else waiting.push(message)
    },
    listen(handler) {
      listener = handler
    },
    listenToConnection(handler) {
      connectionListener = handler
    },
  }
}

// A frame always fills a buffer of its own; saying so spares a copy.
const frame = (message: ClientMessage): Uint8Array<ArrayBuffer> => encodeFrame(message) as Uint8Array<ArrayBuffer>

function socketAddress(): string {
  const { protocol, host } = window.location
  return `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/engine`
}
