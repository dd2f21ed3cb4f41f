import fs from 'node:fs'
import { asSinkError, AtomicFile, hasAppeared, type ReadyFile } from './atomic-file'
import type { PourTarget } from './pour'

/**
 * Makes several files that belong together: all of them appear, or none does. The last of them gets its name first, so
 * that whoever finds the first finds them all.
 * @param fill writes them, in the order of `targets`
 * @throws {SinkError} `NAME_TAKEN` before the first byte, or whatever the disk says; errors of `fill` as they are
 */
export async function makeWholeFiles<T>(
  targets: readonly string[],
  fill: (files: readonly AtomicFile[]) => Promise<T>,
): Promise<T> {
  const files: AtomicFile[] = []
  const appeared: ReadyFile[] = []
  let current = targets[0] ?? ''
  try {
    for (current of targets) files.push(new AtomicFile(current))
    const result = await fill(files)
    const ready = files.map((file) => file.ready())
    for (let index = files.length - 1; index >= 0; index--) {
      const [file, own] = [files[index], ready[index]]
      if (file === undefined || own === undefined) continue
      current = own.target
      file.commit()
      appeared.push(own)
    }
    return result
  } catch (error) {
    for (const own of appeared) if (hasAppeared(own)) fs.rmSync(own.target, { force: true })
    for (const file of files.toReversed()) file.discard()
    throw asSinkError(error, current)
  }
}

/** Several files that bytes are poured into as into one: each but the last has `partLength` bytes. */
export class PartsTarget implements PourTarget {
  constructor(
    private readonly files: readonly PourTarget[],
    private readonly partLength: number,
  ) {}

  write(bytes: Uint8Array, at: number): void {
    for (let done = 0; done < bytes.byteLength;) {
      const index = Math.floor((at + done) / this.partLength)
      const within = at + done - index * this.partLength
      const piece = bytes.subarray(done, done + this.partLength - within)
      this.files[index]?.write(piece, within)
      done += piece.byteLength
    }
  }

  setLength(byteLength: number): void {
    for (const [index, file] of this.files.entries())
      file.setLength(Math.max(0, Math.min(this.partLength, byteLength - index * this.partLength)))
  }
}
