import { utilityProcess, type MessagePortMain } from 'electron'
import { fileURLToPath } from 'node:url'
import type { ChildMessage, EngineChild, HostMessage } from '../engine'

/** The engine as a utility process, with a way to hand it a window's port. */
export interface UtilityEngine extends EngineChild {
  /** The engine talks to the window through this port from now on. */
  adopt(client: number, port: MessagePortMain): void
}

/** To be called after `ready` only. */
export function spawnUtilityEngine(): UtilityEngine {
  const child = utilityProcess.fork(fileURLToPath(new URL('./engine.js', import.meta.url)), [], {
    serviceName: 'Isolde engine',
    stdio: 'inherit',
  })
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
        listener(`exit ${code}`)
      })
    },
    kill() {
      child.kill()
    },
  }
}
