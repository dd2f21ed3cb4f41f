import type { DiagnosticLog } from './diagnostic-log'

/** With this share of the records a fault is how its writer writes them. */
const HABIT_SHARE = 0.75
const SOME_SHARE = 0.1

/**
 * When a fault is a habit: `most`: nearly all records have it; `all`: every single one, since it is the lack of something
 * that is missed only beside others; `some`: more than two and a tenth have it, since an honest
 * writer has it nowhere; `never`: one loss can strike all records at once, as that of an area that they share.
 */
export type Habit = 'most' | 'all' | 'some' | 'never'

interface Fault {
  /** Records that have it, however often each. */
  count: number
  lastRecord: number
  message: string
  habit: Habit
  /** Of the first few, in bytes of the image. */
  places: (number | undefined)[]
}

/**
 * Faults of records, judged when all of them have been seen: what nearly every record has is its writer's habit and
 * worth a note, what few have is damage.
 */
export class FaultTally {
  private readonly faults = new Map<string, Fault>()
  private records = 0

  /** One more record was looked at. */
  countRecord(): void {
    this.records++
  }

  add(code: string, message: string, byteOffset?: number, habit: Habit = 'most'): void {
    let fault = this.faults.get(code)
    if (fault === undefined) this.faults.set(code, (fault = { count: 0, lastRecord: -1, message, habit, places: [] }))
    if (fault.lastRecord !== this.records) fault.count++
    fault.lastRecord = this.records
    if (fault.places.length < 8) fault.places.push(byteOffset)
  }

  /** Tells the log, once: afterwards the tally is empty. The codes of what was a habit. */
  settle(log: DiagnosticLog): ReadonlySet<string> {
    const habits = new Set<string>()
    for (const [code, { count, message, habit, places }] of this.faults) {
      if (habit !== 'most' && habit !== 'never' && count === this.records) {
        habits.add(code)
        continue
      }
      if (
        habit !== 'never' &&
        count > 1 &&
        (count >= this.records * HABIT_SHARE || (habit === 'some' && count > 2 && count >= this.records * SOME_SHARE))
      ) {
        log.note(code, `${message} So it is with many records: its writer's habit.`, places[0], { isHabit: true })
        habits.add(code)
        continue
      }
      for (const place of places) log.damage(code, message, place)
    }
    this.faults.clear()
    this.records = 0
    return habits
  }
}
