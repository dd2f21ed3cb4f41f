import { createHash } from 'node:crypto'
import { FileByteSource } from '../files/file-byte-source'
import { makeWholeFile, type AtomicFile } from '../sinks/atomic-file'
import { pour, type PourSource } from '../sinks/pour'
import { assertRoomFor } from '../sinks/room'
import type { Control } from '../task'
import { comparePlan } from './compare-plan'
import type { Layout } from './layout'
import type { Plan } from './plan'
import { IMPLANTED_OFFSET, ImplantedMd5Maker } from './sums/implanted-md5'

export interface WrittenImage {
  byteLength: number
  /** Of the whole image, in hexadecimal. */
  sha256: string
  /** What the sources did not give as planned; the image has zeros there. */
  faults: { origin: string; message: string }[]
}

/**
 * Writes a planned image, puts it on the disk, and reads it back before it gets its name: every byte, and every tree
 * against the plan. Whole or not at all. Progress counts every byte twice: written, and read back.
 * @throws {AuthorError} `VERIFY_FAILED` where what is on the disk is not what was written
 * @throws {SinkError} before the first byte `NAME_TAKEN`, `NO_SPACE`, `NO_PERMISSION` or `READ_ONLY`; or whatever the disk says
 * @throws {CancelledError}
 */
export async function writePlan(plan: Plan, target: string, control: Control): Promise<WrittenImage> {
  const { layout } = plan
  const { byteLength } = layout
  const faults = (): WrittenImage['faults'] =>
    layout.faults.map(({ content, message }) => ({ origin: content.origin, message }))
  assertRoomFor(target, byteLength)
  return makeWholeFile(target, async (hiddenPath, file) => {
    control.progress({ bytesTotal: byteLength * 2 })
    const written = await write(plan, file, control)
    const source = FileByteSource.open(hiddenPath)
    try {
      const checking: Control = {
        checkpoint: () => control.checkpoint(),
        progress: ({ bytesDone = 0 }) => {
          control.progress({ bytesDone: byteLength + bytesDone })
        },
      }
      return { byteLength, sha256: await comparePlan(plan, source, written, checking), faults: faults() }
    } finally {
      source.close()
    }
  })
}

/** @returns SHA-256 of the bytes as they were before a sum was implanted */
async function write({ layout, implantsMd5 }: Plan, file: AtomicFile, control: Control): Promise<string> {
  const hash = createHash('sha256')
  const implanted = implantsMd5 ? new ImplantedMd5Maker(layout.byteLength) : null
  try {
    const source = inOrder(layout, (bytes) => {
      hash.update(bytes)
      implanted?.feed(bytes)
    })
    await pour(source, file, control)
  } finally {
    await layout.close()
  }
  if (implanted) file.write(implanted.area(), IMPLANTED_OFFSET)
  file.sync()
  return hash.digest('hex')
}

/** A layout as it is poured: each piece follows on the one before, and is seen as it goes by. */
function inOrder(layout: Layout, see: (bytes: Uint8Array) => void): PourSource {
  let pieces: ReturnType<Layout['pieces']> | null = null
  return {
    byteLength: layout.byteLength,
    async read(_, byteLength) {
      pieces ??= layout.pieces(Buffer.alloc(byteLength))
      const next = await pieces.next()
      if (next.done === true) return new Uint8Array(0)
      see(next.value.bytes)
      return next.value.bytes
    },
  }
}
