import type { DiscImage, EntryTable } from '../image'
import { BOOT_INFO_END, recordedWordSum, WordSum } from '../image/sums/written-when-made'
import type { Expectation } from './expectation'
import type { Finding } from './finding'

/**
 * A boot image against the sum in its own boot information table, which loaders compare before they start (isolinux
 * refuses with “Image checksum error”).
 */
export class BootInfoCheck implements Expectation {
  readonly ranges: readonly number[]
  private readonly sum = new WordSum()
  private missing: string | null = null

  /** @param at where it lies, in bytes of the image's blocks @param recorded by its table */
  constructor(
    private readonly name: string,
    private readonly at: number,
    byteLength: number,
    private readonly recorded: number,
  ) {
    this.ranges = byteLength > BOOT_INFO_END ? [at + BOOT_INFO_END, byteLength - BOOT_INFO_END] : []
  }

  feed(bytes: Uint8Array): void {
    this.sum.update(bytes)
  }

  finish(missing: string | null): void {
    this.missing = missing
  }

  /** After the pass. */
  finding(): Finding {
    const { name, missing, ranges, at: byteOffset } = this
    const kind = 'boot-info'
    if (missing !== null) {
      const detail = `The sum of the boot image “${name}” cannot be checked: ${missing}`
      return { check: { kind, verdict: 'unreadable', detail }, ranges: [] }
    }
    if (this.sum.value === this.recorded) {
      const detail = `The boot image “${name}” fits the sum in its boot information table.`
      return { check: { kind, verdict: 'passed', detail }, ranges }
    }
    const detail = `The boot image “${name}” does not fit the sum in its boot information table: the disc may not start from it.`
    return { check: { kind, verdict: 'failed', detail, byteOffset }, ranges }
  }
}

/** Of every boot image of a disc that has such a table. */
export async function findBootInfo(image: DiscImage): Promise<BootInfoCheck[]> {
  if (!image.info.views.some(({ id }) => id === 'boot')) return []
  const table = await image.view('boot').readTree()
  const checks: BootInfoCheck[] = []
  for (let index = 1; index < table.length; index++) {
    const byteLength = table.byteLengthOf(index)
    const at = table.discPositionOf(index)
    if (table.statusOf(index) !== 'complete' || byteLength < BOOT_INFO_END) continue
    const recorded = recordedWordSum(await headOf(table, index), byteLength, at)
    if (recorded === null) continue
    // They are named by their numbers in the catalog; the file that one is tells people more.
    const own = table.nameOf(index)
    const name = image.info.boot[Number.parseInt(own, 10) - 1]?.path ?? own
    checks.push(new BootInfoCheck(name, at, byteLength, recorded))
  }
  return checks
}

/** Empty where it cannot be read: then nothing says that there is a table. */
async function headOf(table: EntryTable, index: number): Promise<Uint8Array> {
  const content = table.content(index)
  try {
    return (await content?.read(0, BOOT_INFO_END)) ?? new Uint8Array(0)
  } catch (error) {
    if ((error as { name?: string }).name !== 'SourceError') throw error
    return new Uint8Array(0)
  } finally {
    await content?.close()
  }
}
