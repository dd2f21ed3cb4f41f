import path from 'node:path'
import { because, inWords, type Said } from '../../src-shared/model'
import { isHole } from '../image/core/byte-map'
import { FileByteSource } from '../files/file-byte-source'
import { openImage } from '../image'
import { openSiblingOf } from '../files/file-byte-source'
import { openScratchFile } from '../files/scratch'
import { makeWholeFile } from '../sinks/atomic-file'
import type { Control } from '../task'
import { verifyImage } from '../verify/verify'
import type { RescuePlan } from './rescue'
import { RescueError } from './rescue-error'
import { structureRepairs } from './structures'

const CHUNK = 1 << 20
/** Lengths that no disc has are no reason to write as much. */
const PADDING_LIMIT = 128 * 2 ** 30

export interface RepairedImage {
  byteLength: number
  /** A sentence for each thing that was put right. */
  repairs: string[]
  /** Each thing that could not be. */
  problems: Said[]
}

/**
 * Writes a repaired image as a new file, and checks it: all that was mended in its place, structures from their better
 * half or their backup, and as long as its volume says.
 * @throws {SinkError}, {@link RescueError} `NOTHING_READABLE` where no volume is left to be repaired
 */
export async function writeRepaired(plan: RescuePlan, target: string, control: Control): Promise<RepairedImage> {
  const { evidence, image } = plan
  const { rescued, map } = evidence
  if (image.image === null)
    throw new RescueError(
      'NOTHING_READABLE',
      'No descriptor of a volume is left, so that there is no image to repair. Save its files with --to instead.',
    )
  const expected = image.image.info.completeness.expectedByteLength
  const byteLength = Math.max(rescued.byteLength, expected <= PADDING_LIMIT ? expected : 0)
  const repairs: string[] = []
  const patches = evidence.raw === null && image.map !== null ? await structureRepairs(rescued) : []
  repairs.push(...new Set(patches.map(({ message }) => message)))
  if (rescued.mendedCount > 0) repairs.push(`${rescued.mendedCount} sectors were mended, and are in their places.`)
  if (byteLength > rescued.byteLength)
    repairs.push(`${inWords(byteLength - rescued.byteLength)} of zeros stand for what is missing at the end.`)
  await makeWholeFile(target, async (_, file) => {
    const buffer = new Uint8Array(CHUNK)
    for (let at = 0; at < rescued.byteLength; at += CHUNK) {
      const wait = control.checkpoint()
      if (wait) await wait
      control.progress({ bytesDone: at, bytesTotal: byteLength })
      file.write(readTolerantly(plan, at, buffer), at)
    }
    for (const { byteOffset, bytes } of patches) file.write(bytes, byteOffset)
    file.setLength(byteLength)
    file.sync()
  })
  const problems: Said[] = []
  let left = byteLength > map.byteLength ? byteLength - map.byteLength : 0
  for (const range of map.ranges()) if (isHole(range.state)) left += range.byteLength
  if (left > 0)
    problems.push({
      message: `${inWords(left)} could not be had from anywhere.`,
      details: because('bytesMissing', { missing: left }),
    })
  problems.push(...(await checked(target, control)))
  return { byteLength, repairs, problems }
}

/** What the device refuses is zeros, as the map says. */
function readTolerantly({ evidence }: RescuePlan, at: number, buffer: Uint8Array): Uint8Array {
  const { rescued, map } = evidence
  try {
    return buffer.subarray(0, rescued.readInto(buffer, at))
  } catch (error) {
    if ((error as { code?: string }).code !== 'SOURCE_UNREADABLE') throw error
    const out = new Uint8Array(Math.min(buffer.byteLength, rescued.byteLength - at))
    for (const { byteOffset, byteLength, state } of map.within(at, out.byteLength))
      if (!isHole(state)) rescued.readInto(out.subarray(byteOffset - at, byteOffset - at + byteLength), byteOffset)
    return out
  }
}

/** What the checks that it carries have against the image that was written. */
async function checked(target: string, control: Control): Promise<Said[]> {
  const file = FileByteSource.open(target)
  try {
    const image = await openImage(file, {
      name: path.basename(target),
      openSibling: openSiblingOf(path.resolve(target)),
      openScratch: openScratchFile,
    })
    try {
      const { checks } = await verifyImage(image, image.info.defaultViewId, {
        checkpoint: () => control.checkpoint(),
        progress: (change) => {
          control.progress(change)
        },
      })
      return checks
        .filter(({ verdict }) => verdict !== 'passed')
        .map(({ detail, details }) => ({ message: detail, details }))
    } finally {
      await image.close()
    }
  } catch (error) {
    // It is there all the same, as well as it can be.
    if ((error as { name?: string }).name === 'NotAnImageError') return [{ message: (error as Error).message }]
    throw error
  } finally {
    file.close()
  }
}
