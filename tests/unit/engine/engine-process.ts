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
  private hasEnded = false
  private readonly answers = new Map<number, Promise<unknown>>()
  private listeners: (() => void)[] = []
  private lastId = 0

  private constructor(readonly child: ChildProcess) {}

  static async start(home: string, execArgv: string[] = []): Promise<EngineProcess> {
    const entry = path.resolve('dist/main/engine.js')
    if (!fs.existsSync(entry)) throw new Error('Run “npm run build” first: these tests drive the built engine.')
    const child = fork(entry, [], { serialization: 'advanced', execArgv })
    const engine = new EngineProcess(child)
    onTestFinished(() => {
      child.kill('SIGKILL')
    })
    child.once('exit', () => {
      engine.end()
    })
    const ready = new Promise<void>((resolve, reject) => {
      child.once('exit', (code, signal) => {
        reject(new Error(`The engine has ended before it was ready: ${signal ?? String(code)}.`))
      })
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
    const value = await this.answer(this.post(name, input))
    return commands[name].output.parse(value) as CommandOutput<Name>
  }

  /** Gives a command and answers its number. */
  post<Name extends CommandName>(name: Name, input: CommandInput<Name>): number {
    return this.postRaw({ name, input })
  }

  /** As `post`, with whatever a broken client may leave out. */
  postRaw(command: object): number {
    const id = ++this.lastId
    this.answers.set(id, new Promise<unknown>((resolve) => this.waiting.set(id, resolve)))
    this.send({ type: 'client', client: 1, message: { type: 'command', id, ...command } })
    return id
  }

  /** What a command by its number answers. */
  async answer(id: number): Promise<unknown> {
    const result = (await this.answers.get(id)) as
      { ok: true; value: unknown } | { ok: false; error: { code: string; message: string } }
    this.answers.delete(id)
    if (!result.ok) throw Object.assign(new Error(result.error.message), { code: result.error.code })
    return result.value
  }

  /** Says that nobody waits for a command any more. */
  cancel(id: number): void {
    this.send({ type: 'client', client: 1, message: { type: 'cancel', id } })
  }

  /** The first event, past or to come, that fits. */
  async event<Name extends EventName>(
    name: Name,
    fits: (payload: EventPayload<Name>) => boolean,
  ): Promise<EventPayload<Name>> {
    for (;;) {
      const found = this.events.find((event) => event.name === name && fits(event.payload as EventPayload<Name>))
      if (found) return found.payload as EventPayload<Name>
      if (this.hasEnded) throw new Error(`The engine has ended before it told of ${name}.`)
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

  /** Nobody waits for an engine that is gone. */
  private end(): void {
    this.hasEnded = true
    const error = { code: 'ENGINE_GONE', message: 'The engine has ended.' }
    for (const settle of this.waiting.values()) settle({ ok: false, error })
    for (const resolve of this.listeners.splice(0)) resolve()
  }

  private receive(message: ChildMessage): void {
    if (message.type !== 'client' || message.client !== 1) return
    const content = message.message as EngineMessage
    if (content.type === 'result') this.waiting.get(content.id)?.(content.result)
    else {
      this.events.push(content)
      for (const resolve of this.listeners.splice(0)) resolve()
    }
  }
}
