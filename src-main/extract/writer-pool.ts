import fs from 'node:fs'
import type { SourceFile } from '../image/core/byte-source'
import type { PoolWorker } from './pool-worker'
import { WINDOW_BYTES } from './packed-files'
import { writeSmallFiles, type SmallFileFailure, type SmallFiles } from './small-files'

/** Batches given to a worker ahead of its answers: it never waits, and a cancel waits for no more than these. */
const AHEAD = 2

type Settle = (batch: SmallFiles, failures: SmallFileFailure[]) => void

/** A worker, and what it has been given and not answered; it answers in that order. */
interface Hand {
  worker: PoolWorker
  outstanding: { batch: SmallFiles; file: SourceFile | null }[]
}

/**
 * Writes batches of files on several threads: this one, and workers that share its descriptors. Making a file is mostly the
 * system's work, and two threads get through nearly twice as many; what has to be unpacked keeps every processor busy.
 */
export class WriterPool {
  private readonly window = Buffer.allocUnsafeSlow(WINDOW_BYTES)
  private readonly hands: readonly Hand[]
  private wake: (() => void) | null = null

  /**
   * @param workers the other threads; none where this one works alone
   * @param onDone told of each batch once it is written, by whichever thread
   */
  constructor(
    workers: readonly PoolWorker[],
    private readonly onDone: Settle,
  ) {
    this.hands = workers.map((worker) => ({ worker, outstanding: [] }))
    for (const { worker, outstanding } of this.hands)
      worker.listen(
        (failures) => {
          const first = outstanding.shift()
          if (first) this.onDone(first.batch, failures)
          this.wakeUp()
        },
        () => {
          this.wakeUp()
        },
      )
  }

  /**
   * Hands the batch to whoever is free.
   * @param file what its offsets count in; null where all its files are empty
   */
  async write(batch: SmallFiles, file: SourceFile | null): Promise<void> {
    if (file?.descriptor !== undefined) {
      const free = this.freest()
      if (free !== null) {
        free.outstanding.push({ batch, file })
        free.worker.give(batch, file.descriptor)
        return
      }
    }
    this.writeHere(batch, file)
    // The workers' answers are only heard between turns.
    if (this.hands.length > 0) await new Promise((resolve) => setImmediate(resolve))
  }

  /** The worker with the least to do; null where all have enough. */
  private freest(): Hand | null {
    let free: Hand | null = null
    for (const hand of this.hands)
      if (hand.worker.problem === null && hand.outstanding.length < (free?.outstanding.length ?? AHEAD)) free = hand
    return free
  }

  /** Resolves when every batch is written. */
  async settle(): Promise<void> {
    while (this.hands.some(({ worker, outstanding }) => outstanding.length > 0 && worker.problem === null))
      await new Promise<void>((resolve) => {
        this.wake = resolve
      })
    // What a worker that died had in hand is written here; files it got as far as are made anew.
    for (const { outstanding } of this.hands)
      for (const { batch, file } of outstanding.splice(0)) {
        for (const [at, path] of batch.paths.entries()) if (!batch.packings[at]?.part) fs.rmSync(path, { force: true })
        this.writeHere(batch, file)
      }
  }

  isIdle(): boolean {
    return this.hands.every(({ outstanding }) => outstanding.length === 0)
  }

  private writeHere(batch: SmallFiles, file: SourceFile | null): void {
    this.onDone(
      batch,
      writeSmallFiles(batch, (target, byteOffset) => file?.readInto?.(target, byteOffset) ?? 0, this.window),
    )
  }

  private wakeUp(): void {
    const { wake } = this
    this.wake = null
    wake?.()
  }
}
