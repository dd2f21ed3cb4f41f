import { fork, type ChildProcess } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import {
  commands,
  type CommandInput,
  type CommandName,
  type CommandOutput,
  type EngineMessage,
  type EventName,
  type EventPayload,
} from '../../../src-shared/contract'
import type { ChildMessage, HostMessage } from '../../../src-main/engine'

/** The built engine as a process of its own, spoken to as a host does. */
export class EngineProcess {
  readonly events: { name: string; payload: unknown }[] = []
  private readonly waiting = new Map<number, (result: unknown) => void>()
  private listeners: (() => void)[] = []
  private lastId = 0

  private constructor(readonly child: ChildProcess) {}

  static async start(home: string): Promise<EngineProcess> {
    const entry = path.resolve('dist/main/engine.js')
    if (!fs.existsSync(entry)) throw new Error('Run “npm run build” first: these tests drive the built engine.')
    const child = fork(entry, [], { serialization: 'advanced', execArgv: [] })
    const engine = new EngineProcess(child)
    onTestFinished(() => {
      child.kill('SIGKILL')
    })
    const ready = new Promise<void>((resolve) => {
      child.on('message', (message) => {
        if ((message as ChildMessage).type === 'ready') resolve()
        else engine.receive(message as ChildMessage)
      })
    })
    engine.send({ type: 'start', options: { home, host: 'process', version: '0', openAtStart: [] } })
    await ready
    engine.send({ type: 'open-client', client: 1 })
    return engine
  }

  /** The value of a command. Rejects with the error's code and sentence. */
  async call<Name extends CommandName>(name: Name, input: CommandInput<Name>): Promise<CommandOutput<Name>> {
    const id = ++this.lastId
    const answered = new Promise<unknown>((resolve) => this.waiting.set(id, resolve))
    this.send({ type: 'client', client: 1, message: { type: 'command', id, name, input } })
    const result = (await answered) as
      { ok: true; value: unknown } | { ok: false; error: { code: string; message: string } }
    if (!result.ok) throw Object.assign(new Error(result.error.message), { code: result.error.code })
    return commands[name].output.parse(result.value) as CommandOutput<Name>
  }

  /** The first event, past or to come, that fits. */
  async event<Name extends EventName>(
    name: Name,
    fits: (payload: EventPayload<Name>) => boolean,
  ): Promise<EventPayload<Name>> {
    for (;;) {
      const found = this.events.find((event) => event.name === name && fits(event.payload as EventPayload<Name>))
      if (found) return found.payload as EventPayload<Name>
      await new Promise<void>((resolve) => this.listeners.push(resolve))
    }
  }

  send(message: HostMessage): void {
    this.child.send(message)
  }

  async shutdown(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('exit', resolve))
    this.send({ type: 'shutdown' })
    await ended
  }

  async kill(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('exit', resolve))
    this.child.kill('SIGKILL')
    await ended
  }

  private receive(message: ChildMessage): void {
    if (message.type !== 'client') return
    const content = message.message as EngineMessage
    if (content.type === 'result') this.waiting.get(content.id)?.(content.result)
    else {
      this.events.push(content)
      for (const resolve of this.listeners.splice(0)) resolve()
    }
  }
}
