/** More than a window has under way by itself; what is asked for beyond that waits for its turn. */
const AT_ONCE = 100

interface Waiting {
  begin: () => void
  drop: () => void
}

interface Client {
  running: number
  waiting: Map<AbortController, Waiting>
  /** Of everything that is not answered yet, by the number that the client has given it. */
  open: Map<number, AbortController>
}

/**
 * What clients have asked for and is not answered yet. Each has so much done at once and no more, so that one that asks
 * for a great deal keeps nobody else from an answer, and nothing of it is begun once it has gone.
 */
export class ClientCalls {
  private readonly clients = new Map<number, Client>()

  constructor(private readonly atOnce = AT_ONCE) {}

  /**
   * Does work in the client's turn.
   * @param skipsTurn what others of its calls wait for
   * @throws the signal's reason where the call was cancelled, or its client closed, before its turn came
   */
  async run<Result>(
    client: number,
    id: number,
    work: (signal: AbortSignal) => Promise<Result>,
    skipsTurn = false,
  ): Promise<Result> {
    const state = this.stateOf(client)
    const abort = new AbortController()
    state.open.set(id, abort)
    const { signal } = abort
    try {
      if (skipsTurn) return await work(signal)
      if (state.running >= this.atOnce) await turnOf(state, abort)
      // A turn is handed on as it is.
      else state.running++
      try {
        signal.throwIfAborted()
        return await work(signal)
      } finally {
        this.handOn(state)
      }
    } finally {
      if (state.open.get(id) === abort) state.open.delete(id)
    }
  }

  /** What waits is dropped; what runs is told that nobody wants its answer. */
  cancel(client: number, id: number): void {
    const state = this.clients.get(client)
    const abort = state?.open.get(id)
    if (!state || !abort) return
    abort.abort()
    state.waiting.get(abort)?.drop()
    state.waiting.delete(abort)
  }

  /** As {@link cancel} of everything that a client has asked for. */
  close(client: number): void {
    const state = this.clients.get(client)
    if (!state) return
    this.clients.delete(client)
    for (const abort of state.open.values()) abort.abort()
    for (const { drop } of state.waiting.values()) drop()
    state.waiting.clear()
    state.open.clear()
  }

  private stateOf(client: number): Client {
    const known = this.clients.get(client)
    if (known) return known
    const state: Client = { running: 0, waiting: new Map(), open: new Map() }
    this.clients.set(client, state)
    return state
  }

  private handOn(state: Client): void {
    const [next] = state.waiting
    if (!next) {
      state.running--
      return
    }
    state.waiting.delete(next[0])
    next[1].begin()
  }
}

/** @throws the signal's reason where it is dropped instead; it then has no turn to hand on */
function turnOf(state: Client, abort: AbortController): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    state.waiting.set(abort, {
      begin: resolve,
      drop: () => {
        reject(abort.signal.reason as Error)
      },
    })
  })
}
