import { createHash } from 'node:crypto'
import fs from 'node:fs'
import { FileByteSource } from '../files/file-byte-source'
import { comparePlan } from './compare-plan'
import type { Plan } from './plan'

const CHUNK_BYTES = 4 << 20

export interface WriteControl {
  checkpoint: () => void | Promise<void>
  progress: (bytesDone: number, step: 'writing' | 'checking') => void
}

export interface WrittenImage {
  byteLength: number
  /** Of the whole image, in hexadecimal. */
  sha256: string
  /** What the sources did not give as planned; the image has zeros there. */
  faults: { origin: string; message: string }[]
}

/**
 * Writes a planned image into a new file, puts it on the disk, and reads it back: every byte, and every tree against the
 * plan.
 * @throws {AuthorError} `VERIFY_FAILED` where what is on the disk is not what was written
 * @throws the system's error where the disk refuses
 */
export async function writePlan(plan: Plan, file: string, control: WriteControl): Promise<WrittenImage> {
  const { layout } = plan
  const hash = createHash('sha256')
  const descriptor = fs.openSync(file, 'wx')
  try {
    const buffer = Buffer.alloc(CHUNK_BYTES)
    for (let offset = 0; offset < layout.byteLength;) {
      const wait = control.checkpoint()
      if (wait) await wait
      const chunk = buffer.subarray(0, Math.min(CHUNK_BYTES, layout.byteLength - offset))
      chunk.fill(0)
      await layout.fill(chunk, offset)
      hash.update(chunk)
      for (let at = 0; at < chunk.byteLength;)
        at += fs.writeSync(descriptor, chunk, at, chunk.byteLength - at, offset + at)
      offset += chunk.byteLength
      control.progress(offset, 'writing')
    }
    fs.fsyncSync(descriptor)
  } finally {
    fs.closeSync(descriptor)
    await layout.close()
  }
  const sha256 = hash.digest('hex')
  const source = FileByteSource.open(file)
  try {
    await comparePlan(plan, source, sha256, control)
  } finally {
    source.close()
  }
  const faults = layout.faults.map(({ content, message }) => ({ origin: content.origin, message }))
  return { byteLength: layout.byteLength, sha256, faults }
}
