import fs from 'node:fs'
import type { Helper } from './helper'
import { WINDOW_BYTES } from './packed-files'
import { writeSmallFiles, type ReadInto, type SmallFileFailure, type SmallFiles } from './small-files'

/** Batches given to the helper ahead of its answers: it never waits, and a cancel waits for no more than these. */
const AHEAD = 2

type Settle = (batch: SmallFiles, failures: SmallFileFailure[]) => void

/**
 * Writes batches of small files on two threads: this one, and a helper that shares its descriptors. Making a file is
 * mostly the system's work, and two threads get through nearly twice as many.
 */
export class Crew {
  private readonly window = Buffer.allocUnsafeSlow(WINDOW_BYTES)
  private readonly outstanding: SmallFiles[] = []
  private wake: (() => void) | null = null

  /**
   * @param helper the other thread; null where this one works alone
   * @param onDone told of each batch once it is written, by whichever thread
   */
  constructor(
    private readonly readInto: ReadInto,
    private readonly helper: Helper | null,
    private readonly onDone: Settle,
  ) {
    helper?.listen(
      (failures) => {
        const batch = this.outstanding.shift()
        if (batch) this.onDone(batch, failures)
        this.wakeUp()
      },
      () => {
        this.wakeUp()
      },
    )
  }

  /** Hands the batch to whoever is free. */
  async write(batch: SmallFiles): Promise<void> {
    if (this.helper?.problem === null && this.outstanding.length < AHEAD) {
      this.outstanding.push(batch)
      this.helper.give(batch)
      return
    }
    this.onDone(batch, writeSmallFiles(batch, this.readInto, this.window))
    // The helper's answers are only heard between turns.
    if (this.helper) await new Promise((resolve) => setImmediate(resolve))
  }

  /** Resolves when every batch is written. */
  async settle(): Promise<void> {
    while (this.outstanding.length > 0 && this.helper?.problem === null)
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

  private wakeUp(): void {
    const { wake } = this
    this.wake = null
    wake?.()
  }
}
