import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocket, WebSocketServer, type RawData } from 'ws'
import { decodeFrame, encodeFrame } from '../../src-shared/contract'
import type { EngineLink } from '../engine'
import { CommandWindow } from './command-window'

/** A slice of a dropped file is the largest thing a page sends. */
const MESSAGE_LIMIT = 17 << 20
/** A page that reads nothing for this long a queue is not coming back. */
const BACKLOG_LIMIT = 64 << 20
const HEARTBEAT_MILLISECONDS = 30_000

/** Joins every socket that is let in at `/engine` to the engine as a client of its own. */
export function attachSockets(
  server: Server,
  link: EngineLink,
  isAllowed: (request: IncomingMessage) => boolean,
): { close(): void } {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MESSAGE_LIMIT })

  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    // The server has let go of the stream, and one that is reset without a listener would end the program.
    const destroy = (): void => {
      stream.destroy()
    }
    stream.on('error', destroy)
    if (!isAllowed(request)) {
      stream.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
      return
    }
    sockets.handleUpgrade(request, stream, head, (socket) => {
      stream.off('error', destroy)
      join(socket, link)
    })
  })

  return {
    close() {
      for (const socket of sockets.clients) socket.close(1001)
      sockets.close()
    },
  }
}

function join(socket: WebSocket, link: EngineLink): void {
  const send = (message: unknown): void => {
    if (socket.readyState !== WebSocket.OPEN) return
    if (socket.bufferedAmount > BACKLOG_LIMIT) socket.terminate()
    else
      socket.send(encodeFrame(message), () => {
        commands.pump()
      })
  }
  const client = link.openClient((message) => {
    commands.receive(message)
    send(message)
  })
  const commands = new CommandWindow({
    pass: (message) => {
      link.post(client, message)
    },
    answer: send,
    pause: () => {
      socket.pause()
    },
    resume: () => {
      socket.resume()
    },
    refuse: () => {
      socket.terminate()
    },
    unsent: () => socket.bufferedAmount,
  })
  let isAlive = true
  const heartbeat = setInterval(() => {
    // What is not read cannot be heard either.
    if (!isAlive && !commands.isPaused) {
      socket.terminate()
      return
    }
    isAlive = false
    socket.ping()
  }, HEARTBEAT_MILLISECONDS)
  socket.on('pong', () => {
    isAlive = true
  })
  socket.on('message', (data, isBinary) => {
    if (!isBinary) {
      socket.close(1003)
      return
    }
    let message: unknown
    try {
      message = decodeFrame(bytesOf(data))
    } catch {
      socket.close(1007)
      return
    }
    commands.take(message, lengthOf(data))
  })
  // An error is always followed by `close`, which is where things are put away.
  socket.on('error', () => socket.terminate())
  socket.on('close', () => {
    clearInterval(heartbeat)
    commands.close()
    link.closeClient(client)
  })
}

function lengthOf(data: RawData): number {
  return Array.isArray(data) ? data.reduce((sum, part) => sum + part.byteLength, 0) : data.byteLength
}

function bytesOf(data: RawData): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data)
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data
}
