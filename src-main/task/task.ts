import type { EntryOutcome } from '../../src-shared/model'
import type { Control } from './control'

/** Work that somebody watches, may stop, and can be asked by it. */
export interface Task<Question, Answer> extends Required<Control> {
  /** An earlier process worked on it, and may have got as far as its last step. */
  readonly isTakenOver: boolean
  /** Something that was asked for did not come out as asked. What simply got done is told as well, and not kept. */
  problem(outcome: EntryOutcome): void
  /** Waits for the person. A cancelled task is answered `cancel`. */
  ask(question: Question): Promise<Answer>
  /** Cancelled: nothing is written any more, and the traces are being removed. */
  stopping(): void
}
