import { IsoldeError, toErrorShape, type ErrorShape } from '../../../src-shared/contract/errors'

/** What both ends of a channel between threads look like here: worker, parent port, or either end of a channel. */
export interface PeerPort {
  postMessage(message: unknown, transfer?: readonly ArrayBuffer[]): void
  on(event: 'message', listener: (message: unknown) => void): unknown
}

/** What a method may know of the call that it answers. */
export interface Call {
  /** Aborted where nobody waits for the answer any more. Heard between turns: long work must take some. */
  signal: AbortSignal
}

/** Methods of one side: each takes one value and answers one, or a promise of it. */
export type Methods = Record<string, (input: never, call: Call) => unknown>

/** Methods as the side that answers writes them. */
export type Served<M extends Methods> = {
  [K in keyof M]: (input: Parameters<M[K]>[0], call: Call) => ReturnType<M[K]>
}

type Input<M extends Methods, K extends keyof M> = Parameters<M[K]>[0]
type Output<M extends Methods, K extends keyof M> = Awaited<ReturnType<M[K]>>

type Message =
  /** One that may be cancelled waits for what else has arrived already: its end may be there. */
  | { type: 'call'; id: number; method: string; input: unknown; mayEnd: boolean }
  | { type: 'answer'; id: number; value: unknown }
  | { type: 'rejection'; id: number; error: ErrorShape }
  | { type: 'tell'; method: string; input: unknown }
  | { type: 'cancel'; id: number }

const NEVER_CANCELLED = new AbortController()

/**
 * Calls between two threads of the engine, both ways over one channel. Errors cross as code and sentence. Both ends are
 * this program's own code; what windows send is validated before it gets here.
 */
export class Peer<Remote extends Methods> {
  private readonly waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>()
  private readonly serving = new Map<number, AbortController>()
  private lastId = 0
  private closedBecause: IsoldeError | null = null

  constructor(
    private readonly port: PeerPort,
    private readonly own: Methods,
  ) {
    port.on('message', (message) => {
      this.receive(message as Message)
    })
  }

  /**
   * @param signal tells the other side that the answer is not wanted any more: what it has not begun is dropped then, and
   *   what it has may still be answered
   */
  call<K extends keyof Remote & string>(
    method: K,
    input: Input<Remote, K>,
    signal?: AbortSignal,
  ): Promise<Output<Remote, K>> {
    if (this.closedBecause) return Promise.reject(this.closedBecause)
    if (signal?.aborted === true) return Promise.reject(signal.reason as Error)
    const id = ++this.lastId
    const cancel = (): void => {
      this.port.postMessage({ type: 'cancel', id } satisfies Message)
    }
    const answer = new Promise<Output<Remote, K>>((resolve, reject) => {
      this.waiting.set(id, { resolve: resolve as (value: unknown) => void, reject })
      this.port.postMessage({ type: 'call', id, method, input, mayEnd: signal !== undefined } satisfies Message)
    })
    if (!signal) return answer
    signal.addEventListener('abort', cancel, { once: true })
    return answer.finally(() => {
      signal.removeEventListener('abort', cancel)
    })
  }

  /** Expects no answer. */
  report<K extends keyof Remote & string>(method: K, input: Input<Remote, K>): void {
    if (!this.closedBecause) this.port.postMessage({ type: 'tell', method, input } satisfies Message)
  }

  /** The other side is gone: everything that waits for it fails with `reason`. */
  close(reason: IsoldeError): void {
    this.closedBecause = reason
    const waiting = [...this.waiting.values()]
    this.waiting.clear()
    for (const call of waiting) call.reject(reason)
  }

  private receive(message: Message): void {
    if (message.type === 'call') void this.serve(message)
    else if (message.type === 'tell')
      void this.invoke(message.method, message.input, NEVER_CANCELLED).catch(() => undefined)
    else if (message.type === 'cancel') this.serving.get(message.id)?.abort()
    else {
      const call = this.waiting.get(message.id)
      this.waiting.delete(message.id)
      if (message.type === 'answer') call?.resolve(message.value)
      else call?.reject(new IsoldeError(message.error.code, message.error.message, message.error.details))
    }
  }

  private async serve(message: Extract<Message, { type: 'call' }>): Promise<void> {
    const abort = new AbortController()
    this.serving.set(message.id, abort)
    try {
      if (message.mayEnd) await new Promise((resolve) => setImmediate(resolve))
      abort.signal.throwIfAborted()
      const value = await this.invoke(message.method, message.input, abort)
      this.port.postMessage({ type: 'answer', id: message.id, value } satisfies Message)
    } catch (error) {
      this.port.postMessage({ type: 'rejection', id: message.id, error: toErrorShape(error) } satisfies Message)
    } finally {
      this.serving.delete(message.id)
    }
  }

  private async invoke(method: string, input: unknown, call: Call): Promise<unknown> {
    const handler = Object.hasOwn(this.own, method) ? this.own[method] : undefined
    if (!handler) throw new IsoldeError('UNKNOWN_COMMAND', `No method ${method}.`)
    return await handler(input as never, { signal: call.signal })
  }
}
