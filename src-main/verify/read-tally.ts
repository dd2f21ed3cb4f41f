import type { MaybePromise } from '../image/core/byte-source'
import type { Control } from '../task'

/** The checks' side of {@link Control}: each adds what it has read to one total. */
export class ReadTally {
  private bytesDone = 0

  constructor(private readonly control: Control) {}

  checkpoint(): MaybePromise<void> {
    return this.control.checkpoint()
  }

  /** So many bytes more were checked. */
  add(byteLength: number, current?: () => string): void {
    this.bytesDone += byteLength
    this.control.progress({ bytesDone: this.bytesDone, ...(current ? { current } : {}) })
  }

  /** One that adds nothing: for what is read a second time. */
  silent(): ReadTally {
    return new ReadTally({ checkpoint: () => this.control.checkpoint(), progress: () => undefined })
  }
}
