import { utilityProcess, type MessagePortMain } from 'electron'
import { fileURLToPath } from 'node:url'
import { engineEnvironment, type ChildMessage, type EngineChild, type HostMessage } from '../engine'

/** The engine as a utility process, with a way to hand it a window's port. */
export interface UtilityEngine extends EngineChild {
  /** The engine talks to the window through this port from now on. */
  adopt(client: number, port: MessagePortMain): void
}

/** To be called after `ready` only. */
export function spawnUtilityEngine(): UtilityEngine {
  const child = utilityProcess.fork(fileURLToPath(new URL('./engine.js', import.meta.url)), [], {
    serviceName: 'Isolde engine',
    stdio: ['ignore', 'inherit', 'pipe'],
    env: engineEnvironment(process.env),
  })
  const complaint = listenFor(child.stderr)
  return {
    post(message: HostMessage) {
      child.postMessage(message)
    },
    adopt(client, port) {
      child.postMessage({ type: 'open-client', client } satisfies HostMessage, [port])
    },
    onMessage(listener) {
      child.on('message', (message: ChildMessage) => {
        listener(message)
      })
    },
    onExit(listener) {
      child.once('exit', (code) => {
        const error = complaint()
        listener(error === null ? describeExit(code) : `${describeExit(code)}, ${error}`)
      })
    },
    kill() {
      child.kill()
    },
  }
}

/** A process that crashes on Windows ends with a number of 32 bits, which is looked up as such. */
function describeExit(code: number): string {
  return code >= 0 && code < 256 ? `exit ${code}` : `it crashed with code 0x${(code >>> 0).toString(16)}`
}

const KEPT_CHARACTERS = 4000

/**
 * Passes on what a process complains of, and keeps the end of it: one that cannot even be loaded says why nowhere else.
 * @returns answers the error that was named last, if there was one
 */
function listenFor(stream: NodeJS.ReadableStream | null): () => string | null {
  let said = ''
  stream?.on('data', (bytes: Buffer) => {
    process.stderr.write(bytes)
    said = (said + bytes.toString()).slice(-KEPT_CHARACTERS)
  })
  return () => said.match(/^(?:\w*Error|isolde engine)\b.*: .*$/gm)?.at(-1) ?? null
}
