import fs from 'node:fs'
import type { SourceFile } from '../image/core/byte-source'
import type { SecondWorker } from './second-worker'
import { WINDOW_BYTES } from './packed-files'
import { writeSmallFiles, type SmallFileFailure, type SmallFiles } from './small-files'

/** Batches given to the worker ahead of its answers: it never waits, and a cancel waits for no more than these. */
const AHEAD = 2

type Settle = (batch: SmallFiles, failures: SmallFileFailure[]) => void

/**
 * Writes batches of small files on two threads: this one, and a worker that shares its descriptors. Making a file is
 * mostly the system's work, and two threads get through nearly twice as many.
 */
export class WriterPool {
  private readonly window = Buffer.allocUnsafeSlow(WINDOW_BYTES)
  private readonly outstanding: { batch: SmallFiles; file: SourceFile | null }[] = []
  private wake: (() => void) | null = null

  /**
   * @param worker the other thread; null where this one works alone
   * @param onDone told of each batch once it is written, by whichever thread
   */
  constructor(
    private readonly worker: SecondWorker | null,
    private readonly onDone: Settle,
  ) {
    worker?.listen(
      (failures) => {
        const first = this.outstanding.shift()
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
    const canShare = file?.descriptor !== undefined
    if (canShare && this.worker?.problem === null && this.outstanding.length < AHEAD) {
      this.outstanding.push({ batch, file })
      this.worker.give(batch, file.descriptor)
      return
    }
    this.writeHere(batch, file)
    // The worker's answers are only heard between turns.
    if (this.worker) await new Promise((resolve) => setImmediate(resolve))
  }

  /** Resolves when every batch is written. */
  async settle(): Promise<void> {
    while (this.outstanding.length > 0 && this.worker?.problem === null)
      await new Promise<void>((resolve) => {
        this.wake = resolve
      })
    // What a worker that died had in hand is written here; files it got as far as are made anew.
    for (const { batch, file } of this.outstanding.splice(0)) {
      for (const [at, path] of batch.paths.entries()) if (!batch.packings[at]?.part) fs.rmSync(path, { force: true })
      this.writeHere(batch, file)
    }
  }

  isIdle(): boolean {
    return this.outstanding.length === 0
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
