import os from 'node:os'
import type { Worker } from 'node:worker_threads'
import type { EntryTable } from '../image/core/entry-table'
import { NOT_WANTED, type Selection } from './selection'
import type { SmallFileFailure, SmallFiles } from './small-files'
import { startWriterThread, takeWriterThread } from './writer-thread'

/** With fewer files another thread takes longer to start than it saves. */
const WORTH_IT_FILES = 3000
/** Unpacking keeps a processor busy: a second one is worth it for less than the system's work of writing. */
const WORTH_IT_PACKED_BYTES = 16 << 20
/** Where so many unpack, writing takes longer. */
const UNPACKING_LIMIT = 3
/** A thread that has been begun already pays for a tenth of that. */
const BEGUN_IS_WORTH_IT = 0.1

/** Another thread that writes batches of files until it is ended; descriptors are shared by all threads. */
export class PoolWorker {
  /** Why it gives no answers any more; null while it does. */
  problem: unknown = null
  private answered: ((failures: SmallFileFailure[]) => void) | null = null
  private failed: (() => void) | null = null

  private constructor(private readonly worker: Worker) {
    this.worker.on('message', (failures: SmallFileFailure[]) => this.answered?.(failures))
    const fail = (problem: unknown): void => {
      this.problem ??= problem
      this.failed?.()
    }
    this.worker.on('error', fail)
    this.worker.on('exit', () => {
      fail('ended')
    })
  }

  /**
   * Starts some where it pays: before the plan is made, since a thread needs as long to start as a small image to plan.
   * @returns none where there is too little to do, one processor, or no file that another thread could read
   */
  static startFor(table: EntryTable, selection: Selection): PoolWorker[] {
    const begun = takeWriterThread()
    const others = os.availableParallelism() - 1
    const work = others < 1 ? 'little' : workOf(table, selection, begun ? BEGUN_IS_WORTH_IT : 1)
    if (work === 'little') {
      void begun?.terminate()
      return []
    }
    const count = work === 'packed' ? Math.min(UNPACKING_LIMIT, others) : 1
    return Array.from({ length: count }, (_, at) => new PoolWorker((at === 0 ? begun : null) ?? startWriterThread()))
  }

  /** @param answered with what went wrong in the batch that was given first of those without an answer */
  listen(answered: (failures: SmallFileFailure[]) => void, failed: () => void): void {
    this.answered = answered
    this.failed = failed
  }

  /** @param descriptor of the file that the batch's offsets count in */
  give(batch: SmallFiles, descriptor: number): void {
    this.worker.postMessage({ descriptor, batch })
  }

  /** Nothing is being written any more when this resolves. */
  async end(): Promise<void> {
    await this.worker.terminate()
  }
}

/** What there is to do, as soon as it is known to be worth another thread. */
function workOf(table: EntryTable, { marks }: Selection, share: number): 'little' | 'plain' | 'packed' {
  let files = 0
  let packedBytes = 0
  // Files of one view are packed alike: the first that is packed tells.
  let known: boolean | null = null
  const isInBlocks = (index: number): boolean => table.isPackedOf(index) && (known ??= hasBlocks(table, index))
  for (let i = 0; i < table.length; i++) {
    if (marks[i] === NOT_WANTED || table.kindOf(i) !== 'file') continue
    const packed = table.packedRunOf(i)
    const run = packed ?? table.plainRunOf(i)
    if (run !== null && run.file.descriptor === undefined) return 'little'
    if (run === null && table.byteLengthOf(i) > 0) {
      if (!isInBlocks(i)) continue
      packedBytes += table.byteLengthOf(i)
    } else packedBytes += packed?.packing.byteLength ?? 0
    files++
    if (packedBytes >= WORTH_IT_PACKED_BYTES * share) return 'packed'
    if (files >= WORTH_IT_FILES * share) return 'plain'
  }
  return 'little'
}

function hasBlocks(table: EntryTable, index: number): boolean {
  const content = table.content(index)
  void content?.close()
  return content?.contentBlocks !== undefined
}
