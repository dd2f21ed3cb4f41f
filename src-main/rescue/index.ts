/** What can be saved of a damaged image, and what protects one from damage. */
import path from 'node:path'
import { FileByteSource } from '../files/file-byte-source'
import type { Control } from '../task'
import { protect, type Protected } from './protect'

export { planRescue, type RescuePlan, type RescueRequest } from './rescue'
export { writeItems, type PartialFiles, type WrittenItem } from './write-files'
export { writeRepaired, type RepairedImage } from './repaired-image'
export { htmlReport, jsonReport, lineOf, summaryOf, type RescueSummary } from './report'
export { lengthToWrite, type PlannedItem, type RescueStatus } from './plan'

/** See {@link protect}: of a file of this computer. @throws {SourceError} where it cannot be read */
export async function protectImage(
  imagePath: string,
  target: string,
  redundancy: number,
  control: Control,
): Promise<Protected> {
  const image = FileByteSource.open(imagePath)
  try {
    return await protect(image, path.basename(imagePath), target, redundancy, control)
  } finally {
    image.close()
  }
}
