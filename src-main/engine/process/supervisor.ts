import type { EventPayload } from '../../../src-shared/contract'
import type { EngineOptions } from './engine-options'
import type { ChildMessage, HostMessage } from './process-messages'
import { ProgramLog } from './program-log'

/** A process that runs the engine, however it was started. */
export interface EngineChild {
  post(message: HostMessage): void
  onMessage(listener: (message: ChildMessage) => void): void
  /** Told once. */
  onExit(listener: (reason: string) => void): void
  kill(): void
}

export interface SupervisorOptions {
  engine: EngineOptions
  spawn: () => EngineChild
  /** Something for a terminal; it is in the profile's log already. */
  onTrouble?: (sentence: string) => void
  /** A new engine answers now; clients are opened there again. For hosts that hand ports over themselves. */
  onRestart?: (reason: string) => void
  /** No engine is started any more. For the same hosts: clients of the supervisor are told by an event. */
  onGiveUp?: (end: EngineStopped) => void
  timing?: Partial<Timing>
}

/** Why there is no engine any more, and where more is to be read. */
export type EngineStopped = EventPayload<'engine.stopped'>

interface Timing {
  pingEveryMs: number
  /** Silence this long means that it hangs: a suspended computer is no hang, so it is counted in missed answers. */
  missedPings: number
  startWithinMs: number
  /** More ends than `endsAtMost` within this time: it is not tried again. */
  giveUpWithinMs: number
  endsAtMost: number
}

const TIMING: Timing = {
  pingEveryMs: 1000,
  missedPings: 10,
  startWithinMs: 30_000,
  giveUpWithinMs: 60_000,
  endsAtMost: 5,
}

const ANSWERS_WITHIN_MS = 500

/** Clients' way to the engine, whichever process that is just now. */
export interface EngineLink {
  post(client: number, message: unknown): void
  openClient(listener: (message: unknown) => void): number
  closeClient(client: number): void
  /** Whether jobs were at work at the last heartbeat. */
  isBusy(): boolean
  requestOpen(paths: string[]): void
  close(): Promise<void>
}

/**
 * Keeps an engine running: starts it, listens for its heartbeat, and starts another when it ends or hangs. Clients keep
 * their numbers and are told by an `engine.restarted` event; what they were waiting for is answered with `ENGINE_GONE`.
 */
export class Supervisor implements EngineLink {
  private readonly timing: Timing
  private readonly listeners = new Map<number, (message: unknown) => void>()
  /** Commands whose answer is outstanding, by client. */
  private readonly pending = new Map<number, Set<number>>()
  private child: EngineChild | null = null
  private isReady = false
  private isClosing = false
  private stoppedBy: EngineStopped | null = null
  private missed = 0
  private waitingForPong: (() => void)[] = []
  private busy = false
  private readonly ends: number[] = []
  /** Whoever waits for the first engine to answer. */
  private starting: { resolve(): void; reject(error: Error): void } | null = null
  /** What the engine itself has said of its end. */
  private lastWords: string | null = null
  /** How the very first engine has ended, if it did so before it answered. */
  private firstEnd: string | null = null
  /** Its native code has ended an engine without a word: it would end the next one too. */
  private avoidsNativeCode = false
  private heartbeat: NodeJS.Timeout | null = null
  private lastClient = 0
  private queued: HostMessage[] = []
  private readonly log: ProgramLog

  constructor(private readonly options: SupervisorOptions) {
    this.timing = { ...TIMING, ...options.timing }
    this.log = new ProgramLog(options.engine.home, options.engine.logLevel)
  }

  /** Why no engine is started any more; null while there is one, or will be. */
  get stopped(): EngineStopped | null {
    return this.stoppedBy
  }

  /**
   * Resolves when the first engine answers. Rejects as soon as it has ended instead, with what is known of the reason: what
   * keeps it from starting keeps the next one too. Only one that dies without a word is tried again, without native code,
   * which can take a whole process with it.
   */
  async start(): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    await new Promise<void>((resolve, reject) => {
      this.starting = { resolve, reject }
      timer = setTimeout(() => {
        this.failStart('it is not responding')
      }, this.timing.startWithinMs)
      this.spawn()
    }).finally(() => {
      clearTimeout(timer)
      this.starting = null
    })
  }

  openClient(listener: (message: unknown) => void): number {
    const client = ++this.lastClient
    this.listeners.set(client, listener)
    const { stoppedBy } = this
    if (stoppedBy)
      // Not before it has its number.
      queueMicrotask(() => {
        if (this.listeners.has(client)) listener(stoppedEvent(stoppedBy))
      })
    else this.send({ type: 'open-client', client })
    return client
  }

  closeClient(client: number): void {
    this.listeners.delete(client)
    this.pending.delete(client)
    this.send({ type: 'close-client', client })
  }

  post(client: number, message: unknown): void {
    const id = commandId(message)
    if (this.stoppedBy) {
      if (id !== null) this.refuse(client, id, stoppedSentence(this.stoppedBy))
      return
    }
    if (id !== null) {
      const ids = this.pending.get(client) ?? new Set()
      ids.add(id)
      this.pending.set(client, ids)
    }
    this.send({ type: 'client', client, message })
  }

  isBusy(): boolean {
    return this.busy
  }

  /**
   * Whether jobs are at work now: what the last heartbeat said may have ended since. An engine that does not answer in a
   * moment is taken by its last word.
   */
  async isStillBusy(): Promise<boolean> {
    const { child } = this
    if (!this.busy || !child || !this.isReady) return this.busy
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ANSWERS_WITHIN_MS)
      this.waitingForPong.push(() => {
        clearTimeout(timer)
        resolve()
      })
      child.post({ type: 'ping' })
    })
    return this.busy
  }

  requestOpen(paths: string[]): void {
    this.send({ type: 'open-paths', paths })
  }

  async close(): Promise<void> {
    this.isClosing = true
    if (this.heartbeat) clearInterval(this.heartbeat)
    const { child } = this
    if (!child) return
    await new Promise<void>((resolve) => {
      // Written jobs and a clean catalog are worth a moment, not more.
      const timer = setTimeout(() => {
        child.kill()
        resolve()
      }, 3000)
      child.onExit(() => {
        clearTimeout(timer)
        resolve()
      })
      child.post({ type: 'shutdown' })
    })
  }

  private spawn(): void {
    const child = this.options.spawn()
    this.child = child
    this.isReady = false
    this.missed = 0
    this.lastWords = null
    child.onMessage((message) => {
      if (child === this.child) this.receive(message)
    })
    child.onExit((reason) => {
      if (child === this.child && !this.isClosing) this.ended(reason)
    })
    const safely = this.avoidsNativeCode ? { avoidsNativeCode: true } : {}
    child.post({ type: 'start', options: { ...this.options.engine, ...safely } })
    this.heartbeat ??= setInterval(() => {
      this.beat()
    }, this.timing.pingEveryMs)
  }

  private receive(message: ChildMessage): void {
    this.missed = 0
    if (message.type === 'pong') {
      this.busy = message.isBusy
      for (const resolve of this.waitingForPong.splice(0)) resolve()
    } else if (message.type === 'ready') this.ready()
    else if (message.type === 'failed') {
      this.lastWords = message.reason
      this.child?.kill()
    } else {
      const id = resultId(message.message)
      if (id !== null) this.pending.get(message.client)?.delete(id)
      this.listeners.get(message.client)?.(message.message)
    }
  }

  private ready(): void {
    this.isReady = true
    for (const client of this.listeners.keys()) this.child?.post({ type: 'open-client', client })
    for (const message of this.queued) if (message.type !== 'open-client') this.child?.post(message)
    this.queued = []
    this.starting?.resolve()
  }

  private failStart(reason: string): void {
    this.isClosing = true
    if (this.heartbeat) clearInterval(this.heartbeat)
    this.child?.kill()
    this.child = null
    const sentence = `Isolde’s engine does not start: ${reason.replace(/\.$/, '')}.`
    this.log.error(sentence)
    this.starting?.reject(new Error(sentence))
  }

  private trouble(sentence: string): void {
    this.log.error(sentence)
    this.options.onTrouble?.(sentence)
  }

  private beat(): void {
    if (!this.child || !this.isReady) return
    if (++this.missed > this.timing.missedPings) {
      this.trouble('The engine is not responding and is being restarted.')
      this.lastWords = 'it did not respond'
      this.child.kill()
      return
    }
    this.child.post({ type: 'ping' })
  }

  private ended(how: string): void {
    const reason = this.lastWords ?? how
    if (this.starting) {
      this.child = null
      if (this.lastWords !== null || this.firstEnd !== null) {
        this.failStart(this.lastWords === null ? (this.firstEnd ?? how) : reason)
        return
      }
      this.firstEnd = how
      this.avoidsNativeCode = true
      this.spawn()
      return
    }
    const now = Date.now()
    this.ends.push(now)
    while ((this.ends[0] ?? now) < now - this.timing.giveUpWithinMs) this.ends.shift()
    this.child = null
    this.isReady = false
    this.busy = false
    if (this.ends.length > this.timing.endsAtMost) {
      this.giveUp(reason)
      return
    }
    this.failPending(restartedSentence(reason))
    this.trouble(`The engine has ended (${reason}) and is started anew.`)
    this.spawn()
    for (const listener of this.listeners.values())
      listener({ type: 'event', name: 'engine.restarted', payload: { reason } })
    this.options.onRestart?.(reason)
  }

  private giveUp(reason: string): void {
    const stopped = { reason, times: this.ends.length, log: this.log.path }
    this.stoppedBy = stopped
    if (this.heartbeat) clearInterval(this.heartbeat)
    this.trouble(`The engine has ended ${stopped.times} times within a minute (${reason}) and is left alone now.`)
    this.failPending(stoppedSentence(stopped))
    for (const listener of this.listeners.values()) listener(stoppedEvent(stopped))
    this.options.onGiveUp?.(stopped)
  }

  private failPending(sentence: string): void {
    for (const [client, ids] of this.pending) for (const id of ids) this.refuse(client, id, sentence)
    this.pending.clear()
    this.queued = []
  }

  private refuse(client: number, id: number, message: string): void {
    const error = { code: 'ENGINE_GONE', message }
    this.listeners.get(client)?.({ type: 'result', id, result: { ok: false, error } })
  }

  private send(message: HostMessage): void {
    if (this.child && this.isReady) this.child.post(message)
    else this.queued.push(message)
  }
}

function restartedSentence(reason: string): string {
  return `Isolde’s engine had to be restarted (${reason}). Try again.`
}

function stoppedSentence({ reason, times }: EngineStopped): string {
  return `Isolde’s engine has stopped ${times} times in a row (${reason}). Close Isolde and start it again.`
}

/** As clients hear it. */
export function stoppedEvent(payload: EngineStopped): unknown {
  return { type: 'event', name: 'engine.stopped', payload }
}

function commandId(message: unknown): number | null {
  return numberOf(message, 'command')
}

function resultId(message: unknown): number | null {
  return numberOf(message, 'result')
}

function numberOf(message: unknown, type: string): number | null {
  if (typeof message !== 'object' || message === null) return null
  const { type: own, id } = message as { type?: unknown; id?: unknown }
  return own === type && typeof id === 'number' ? id : null
}
