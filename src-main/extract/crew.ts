import fs from 'node:fs'
import os from 'node:os'
import { Worker } from 'node:worker_threads'
import { WINDOW_BYTES } from './packed-files'
import { writeSmallFiles, type ReadInto, type SmallFileFailure, type SmallFiles } from './small-files'

/** Batches given to the helper ahead of its answers: it never waits, and a cancel waits for no more than these. */
const AHEAD = 2
/** With fewer files a second thread takes longer to start than it saves. */
const WORTH_IT_FILES = 3000
/** Unpacking keeps a processor busy: a second one is worth it for less than the system's work of writing. */
const WORTH_IT_PACKED_BYTES = 16 << 20

/** How much there will be to do. */
export interface ExpectedWork {
  files: number
  /** Of packed files, unpacked. */
  packedBytes: number
}

type Settle = (batch: SmallFiles, failures: SmallFileFailure[]) => void

/**
 * Writes batches of small files on two threads: this one, and a helper that shares its descriptors. Making a file is
 * mostly the system's work, and two threads get through nearly twice as many.
 */
export class Crew {
  private readonly window = Buffer.allocUnsafeSlow(WINDOW_BYTES)
  private readonly helper: Worker | null
  private readonly outstanding: SmallFiles[] = []
  private wake: (() => void) | null = null
  private helperProblem: unknown = null

  /**
   * @param imageDescriptor the image file, open for reading; null where its bytes come from elsewhere
   * @param onDone told of each batch once it is written, by whichever thread
   */
  constructor(
    private readonly readInto: ReadInto,
    imageDescriptor: number | null,
    expected: ExpectedWork,
    private readonly onDone: Settle,
  ) {
    const isWorthIt = expected.files >= WORTH_IT_FILES || expected.packedBytes >= WORTH_IT_PACKED_BYTES
    this.helper =
      isWorthIt && imageDescriptor !== null && os.availableParallelism() > 1 ? this.startHelper(imageDescriptor) : null
  }

  /** Hands the batch to whoever is free. */
  async write(batch: SmallFiles): Promise<void> {
    if (this.helper && this.outstanding.length < AHEAD && this.helperProblem === null) {
      this.outstanding.push(batch)
      this.helper.postMessage(batch)
      return
    }
    this.onDone(batch, writeSmallFiles(batch, this.readInto, this.window))
    // The helper's answers are only heard between turns.
    if (this.helper) await new Promise((resolve) => setImmediate(resolve))
  }

  /** Resolves when every batch is written. */
  async settle(): Promise<void> {
    while (this.outstanding.length > 0 && this.helperProblem === null)
      await new Promise<void>((resolve) => {
        this.wake = resolve
      })
    // What a helper that died had in hand is written here; files it got as far as are made anew.
    for (const batch of this.outstanding.splice(0)) {
      for (const [at, path] of batch.paths.entries()) if (!batch.packings[at]?.part) fs.rmSync(path, { force: true })
      this.onDone(batch, writeSmallFiles(batch, this.readInto, this.window))
    }
  }

  isIdle(): boolean {
    return this.outstanding.length === 0
  }

  /** Nothing is being written any more when this resolves. */
  async end(): Promise<void> {
    await this.helper?.terminate()
  }

  private startHelper(imageDescriptor: number): Worker {
    const helper = new Worker(new URL('./writer-worker.js', import.meta.url), { workerData: { imageDescriptor } })
    helper.on('message', (failures: SmallFileFailure[]) => {
      const batch = this.outstanding.shift()
      if (batch) this.onDone(batch, failures)
      this.wakeUp()
    })
    const failed = (problem: unknown): void => {
      this.helperProblem ??= problem
      this.wakeUp()
    }
    helper.on('error', failed)
    helper.on('exit', () => {
      failed('ended')
    })
    return helper
  }

  private wakeUp(): void {
    const { wake } = this
    this.wake = null
    wake?.()
  }
}
