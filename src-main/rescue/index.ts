/** What can be saved of a damaged image, and what protects one from damage. */
import path from 'node:path'
import { because } from '../../src-shared/model'
import { isEcc } from '../files/ecc-beside'
import { FileByteSource } from '../files/file-byte-source'
import type { Control } from '../task'
import { isThere } from '../sinks/made-folders'
import { protect, type Protected } from './protect'
import { RescueError } from './rescue-error'

export { planRescue, type RescuePlan, type RescueRequest } from './rescue'
export { writeItems, type PartialFiles, type WrittenItem } from './write-files'
export { writeRepaired, type RepairedImage } from './repaired-image'
export { htmlReport, jsonReport, lineOf, summaryOf, type RescueSummary } from './report'
export { lengthToWrite, type PlannedItem, type RescueStatus } from './plan'

/**
 * See {@link protect}: of a file of this computer. What takes the place of another file has to find error correction there.
 * @throws {SourceError} where it cannot be read; {@link RescueError} `NAME_TAKEN`
 */
export async function protectImage(
  imagePath: string,
  target: string,
  redundancy: number,
  control: Control,
  isReplacing = false,
): Promise<Protected> {
  assertReplaceable(target, isReplacing)
  const image = FileByteSource.open(imagePath)
  try {
    return await protect(image, path.basename(imagePath), target, redundancy, control, isReplacing)
  } finally {
    image.close()
  }
}

/**
 * Existing error correction is made anew only for who asks for it, and takes no other file's place.
 * @throws {RescueError} `NAME_TAKEN`
 */
export function assertReplaceable(target: string, isReplacing: boolean): void {
  if (!isThere(target)) return
  if (!isEcc(target))
    throw new RescueError(
      'NAME_TAKEN',
      `“${target}” already exists, and is no error correction of dvdisaster’s. Choose another name.`,
      because('nameExists', { name: target }),
    )
  if (!isReplacing)
    throw new RescueError(
      'NAME_TAKEN',
      `“${target}” already protects this image, or an earlier state of it. Make it anew with --replace.`,
      because('isProtected', { name: target }),
    )
}
