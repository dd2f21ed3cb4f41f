import type { DiagnosticLog } from './diagnostic-log'

/** With this share of the records a fault is how its writer writes them. */
const HABIT_SHARE = 0.75

interface Fault {
  count: number
  message: string
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

  add(code: string, message: string, byteOffset?: number): void {
    let fault = this.faults.get(code)
    if (fault === undefined) this.faults.set(code, (fault = { count: 0, message, places: [] }))
    fault.count++
    if (fault.places.length < 8) fault.places.push(byteOffset)
  }

  /** Tells the log, once: afterwards the tally is empty. */
  settle(log: DiagnosticLog): void {
    for (const [code, { count, message, places }] of this.faults) {
      if (count > 1 && count >= this.records * HABIT_SHARE) {
        log.note(code, `${message} So it is with nearly every record: its writer's habit.`, places[0])
        continue
      }
      for (const place of places) log.damage(code, message, place)
    }
    this.faults.clear()
    this.records = 0
  }
}
