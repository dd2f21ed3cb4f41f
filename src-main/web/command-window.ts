/** As many of a connection as the engine does at once; what comes beyond that is not handed to it yet. */
const RUNNING_AT_MOST = 100
/** What the answers to all that runs may come to, in bytes. */
const ANSWERS_AT_MOST = 8 << 20
/** What an answer is taken for where the command does not say, in bytes. */
const USUAL_ANSWER = 64 << 10
/** While more than this waits for the page to read it, in bytes, nothing more is begun. */
const UNSENT_AT_MOST = 16 << 20
/** Commands that wait here before the connection is read no further. */
const HELD_AT_MOST = 1000
/** Bytes of what waits here; more is no page of ours. */
const HELD_BYTES_AT_MOST = 64 << 20
/** Others of the same connection wait for these. */
const NEVER_HELD = new Set(['upload.slice'])
/** A connection that is not read for this long is read a little further: the end of what runs may be in it. */
const BREATH_MILLISECONDS = 1000
const BREATH_COMMANDS = 100

interface Command {
  type: 'command'
  id: number
  name: string
  input: unknown
}

interface Held {
  command: Command
  byteLength: number
}

/** The connection, and the engine behind it. */
export interface WindowEnds {
  /** Hands a message to the engine. */
  pass(message: unknown): void
  /** Gives the page an answer. */
  answer(message: unknown): void
  pause(): void
  resume(): void
  /** Ends the connection. */
  refuse(): void
  /** Bytes that the page has not taken yet. */
  unsent(): number
}

/**
 * Hands the engine no more of one connection's commands than it can answer and the page can take; the others wait here,
 * and when many do, the connection is read no further. What is cancelled while it waits is never begun.
 */
export class CommandWindow {
  isPaused = false
  private readonly running = new Map<number, number[]>()
  private runningCount = 0
  private runningBytes = 0
  private held: Held[] = []
  private heldBytes = 0
  private heldAtMost = HELD_AT_MOST
  private breath: NodeJS.Timeout | undefined
  private isPumping = false

  constructor(private readonly ends: WindowEnds) {}

  /** @param byteLength of the message as it came */
  take(message: unknown, byteLength: number): void {
    if (isCommand(message) && !NEVER_HELD.has(message.name)) {
      this.held.push({ command: message, byteLength })
      this.heldBytes += byteLength
      this.pump()
      if (this.heldBytes > HELD_BYTES_AT_MOST) this.ends.refuse()
    } else if (!this.dropHeld(message)) this.ends.pass(message)
  }

  /** Hears what the engine says, before the page does. */
  receive(message: unknown): void {
    const { type, id, name } = message as { type?: unknown; id?: unknown; name?: unknown }
    if (type === 'result' && typeof id === 'number') this.ended(id)
    // The new engine, or none, answers nothing of what was asked of the old one.
    else if (type === 'event' && (name === 'engine.restarted' || name === 'engine.stopped')) this.forget()
  }

  /** To be called when the page has taken something, or was given an answer. */
  pump(): void {
    // An engine that is gone refuses at once, within this.
    if (this.isPumping) return
    this.isPumping = true
    let begun = 0
    for (let next = this.held[begun]; next !== undefined && this.hasRoomFor(next.command); next = this.held[begun]) {
      begun++
      this.heldBytes -= next.byteLength
      this.begin(next.command)
    }
    if (begun > 0) this.held = this.held.slice(begun)
    this.isPumping = false
    this.pauseOrResume()
  }

  close(): void {
    clearTimeout(this.breath)
    this.held = []
  }

  private begin(command: Command): void {
    const bytes = answerOf(command)
    const known = this.running.get(command.id)
    if (known) known.push(bytes)
    else this.running.set(command.id, [bytes])
    this.runningCount++
    this.runningBytes += bytes
    this.ends.pass(command)
  }

  private ended(id: number): void {
    const costs = this.running.get(id)
    const bytes = costs?.pop()
    if (costs === undefined || bytes === undefined) return
    if (costs.length === 0) this.running.delete(id)
    this.runningCount--
    this.runningBytes -= bytes
  }

  private forget(): void {
    this.running.clear()
    this.runningCount = 0
    this.runningBytes = 0
  }

  private hasRoomFor(command: Command): boolean {
    if (this.runningCount === 0) return this.ends.unsent() < UNSENT_AT_MOST
    return (
      this.runningCount < RUNNING_AT_MOST &&
      this.runningBytes + answerOf(command) <= ANSWERS_AT_MOST &&
      this.ends.unsent() < UNSENT_AT_MOST
    )
  }

  /** @returns whether it was the end of something that waits here */
  private dropHeld(message: unknown): boolean {
    const { type, id } = message as { type?: unknown; id?: unknown }
    if (type !== 'cancel') return false
    const at = this.held.findIndex(({ command }) => command.id === id)
    const [dropped] = at < 0 ? [] : this.held.splice(at, 1)
    if (dropped === undefined) return false
    this.heldBytes -= dropped.byteLength
    const error = { code: 'CANCELLED', message: 'Cancelled.' }
    this.ends.answer({ type: 'result', id, result: { ok: false, error } })
    this.pauseOrResume()
    return true
  }

  private pauseOrResume(): void {
    if (!this.isPaused && this.held.length >= this.heldAtMost) {
      this.isPaused = true
      this.ends.pause()
      this.breath = setTimeout(() => {
        this.heldAtMost = this.held.length + BREATH_COMMANDS
        this.resume()
      }, BREATH_MILLISECONDS)
    } else if (this.held.length < HELD_AT_MOST / 2) {
      this.heldAtMost = HELD_AT_MOST
      if (this.isPaused) this.resume()
    }
  }

  private resume(): void {
    this.isPaused = false
    clearTimeout(this.breath)
    this.ends.resume()
  }
}

function isCommand(message: unknown): message is Command {
  const { type, id, name } = (message ?? {}) as Partial<Record<keyof Command, unknown>>
  return type === 'command' && typeof name === 'string' && Number.isSafeInteger(id) && (id as number) >= 0
}

/** How long the answer may be: whoever asks for a piece says how long it is. */
function answerOf({ input }: Command): number {
  const { byteLength } = (input ?? {}) as { byteLength?: unknown }
  const asked = typeof byteLength === 'number' && byteLength > 0 ? byteLength : 0
  return Math.min(USUAL_ANSWER + asked, ANSWERS_AT_MOST)
}
