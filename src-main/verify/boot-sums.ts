import type { DiscImage, EntryTable } from '../image'
import { readBootInfoSums } from '../image/sums/written-when-made'
import type { Finding } from './finding'

/**
 * Boot images against the sums in their own boot information tables, which loaders compare before they start (isolinux
 * refuses with “Image checksum error”). Nothing for images without any.
 */
export async function checkBootSums(image: DiscImage): Promise<Finding[]> {
  if (!image.info.views.some(({ id }) => id === 'boot')) return []
  const table = await image.view('boot').readTree()
  const findings: Finding[] = []
  for (let index = 1; index < table.length; index++) {
    const finding = await checkOne(image, table, index)
    if (finding !== null) findings.push(finding)
  }
  return findings
}

async function checkOne(image: DiscImage, table: EntryTable, index: number): Promise<Finding | null> {
  const at = table.discPositionOf(index)
  // They are named by their numbers in the catalog; the file that one is tells people more.
  const own = table.nameOf(index)
  const name = image.info.boot[Number.parseInt(own, 10) - 1]?.path ?? own
  const ranges = [at, table.byteLengthOf(index)]
  try {
    const sums = await readBootInfoSums(table, index)
    if (sums === null) return null
    const isFit = sums.actual === sums.recorded
    const detail = isFit
      ? `The boot image “${name}” fits the sum in its boot information table.`
      : `The boot image “${name}” does not fit the sum in its boot information table: the disc may not start from it.`
    return {
      check: { kind: 'boot-info', verdict: isFit ? 'passed' : 'failed', detail, ...(isFit ? {} : { byteOffset: at }) },
      ranges,
    }
  } catch (error) {
    if ((error as { name?: string }).name !== 'SourceError') throw error
    const detail = `The boot image “${name}” cannot be read: ${(error as Error).message}`
    return { check: { kind: 'boot-info', verdict: 'unreadable', detail }, ranges }
  }
}
