import { createHash } from 'node:crypto'
import fs from 'node:fs'
import { FileByteSource } from '../files/file-byte-source'
import { comparePlan } from './compare-plan'
import type { Plan } from './plan'
import type { WriteControl } from './write-control'
import { IMPLANTED_LENGTH, IMPLANTED_OFFSET, ImplantedMd5Maker } from './sums/implanted-md5'

const CHUNK_BYTES = 4 << 20

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
  const implanted = plan.implantsMd5 ? new ImplantedMd5Maker(layout.byteLength) : null
  const descriptor = fs.openSync(file, 'wx')
  try {
    for await (const { bytes, byteOffset } of layout.pieces(Buffer.alloc(CHUNK_BYTES))) {
      const wait = control.checkpoint()
      if (wait) await wait
      hash.update(bytes)
      implanted?.feed(bytes)
      for (let at = 0; at < bytes.byteLength;)
        at += fs.writeSync(descriptor, bytes, at, bytes.byteLength - at, byteOffset + at)
      control.progress(byteOffset + bytes.byteLength, 'writing')
    }
    if (implanted) fs.writeSync(descriptor, implanted.area(), 0, IMPLANTED_LENGTH, IMPLANTED_OFFSET)
    fs.fsyncSync(descriptor)
  } finally {
    fs.closeSync(descriptor)
    await layout.close()
  }
  const source = FileByteSource.open(file)
  let sha256: string
  try {
    sha256 = await comparePlan(plan, source, hash.digest('hex'), control)
  } finally {
    source.close()
  }
  const faults = layout.faults.map(({ content, message }) => ({ origin: content.origin, message }))
  return { byteLength: layout.byteLength, sha256, faults }
}
