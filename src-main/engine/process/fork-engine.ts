import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { EngineOptions } from './engine-options'
import type { ChildMessage, HostMessage } from './process-messages'
import { engineEnvironment } from './engine-environment'
import { Supervisor, type EngineChild, type EngineLink } from './supervisor'

/** Starts a supervised engine as a child of this process: for the web host and for tests. */
export async function startEngine(
  options: EngineOptions,
  onTrouble?: (sentence: string) => void,
): Promise<EngineLink & { engineProcessId(): number | undefined }> {
  let processId: number | undefined
  const supervisor = new Supervisor({
    engine: options,
    spawn: () => {
      const child = forkEngine()
      processId = child.processId
      return child
    },
    ...(onTrouble ? { onTrouble } : {}),
  })
  await supervisor.start()
  return Object.assign(supervisor, { engineProcessId: () => processId })
}

function forkEngine(): EngineChild & { processId: number | undefined } {
  const child = fork(fileURLToPath(new URL('./engine.js', import.meta.url)), [], {
    // Structured clone: byte arrays cross as they are.
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: engineEnvironment(process.env),
  })
  return {
    processId: child.pid,
    post(message: HostMessage) {
      if (child.connected) child.send(message, () => undefined)
    },
    onMessage(listener) {
      child.on('message', (message) => {
        listener(message as ChildMessage)
      })
    },
    onExit(listener) {
      child.once('exit', (code, signal) => {
        listener(signal ?? `exit ${code ?? 0}`)
      })
    },
    kill() {
      child.kill('SIGKILL')
    },
  }
}
