import type { ByteSource } from '../image/core/byte-source'
import type { EntryTable } from '../image/core/entry-table'
import { EccError, EccVolume } from '../image/error-correction/ecc-volume'
import { volumeEnds } from '../image/error-correction/find-ecc'
import { SECTOR } from '../image/error-correction/ecc-header'
import { checkSectors } from '../image/error-correction/repair'
import type { Finding } from './finding'
import type { ReadTally } from './read-tally'
import { reportWrong } from './sector-sums'

/** Wrong sectors that are kept to look up whose they are. */
const KEPT_LIMIT = 1_000_000
const AGAINST = 'fit the sum that the error correction of dvdisaster has of it'

/**
 * Compares every sector with the sum that dvdisaster's error correction has of it, in the image itself or in a file beside
 * it. A check for each file with wrong sectors and one for what no file holds, or one that all is well; none without any.
 * @param ecc the file beside the image; null without one
 */
export async function checkDvdisaster(
  blocks: ByteSource,
  ecc: ByteSource | null,
  table: EntryTable,
  tally: ReadTally,
): Promise<Finding[]> {
  const kind = 'dvdisaster'
  try {
    const volume =
      ecc === null
        ? await EccVolume.inImage(blocks, await volumeEnds(blocks))
        : await EccVolume.inFile(blocks, ecc, 'The error correction beside it')
    if (volume === null) return []
    const wrong: number[] = []
    let count = 0
    let done = 0
    await checkSectors(
      volume,
      {
        isLost: () => false,
        fits: () => undefined,
        checkpoint: () => tally.checkpoint(),
        progress: (bytesDone) => {
          tally.add(bytesDone - done)
          done = bytesDone
        },
      },
      (sector) => {
        count++
        if (wrong.length < KEPT_LIMIT) wrong.push(sector * SECTOR)
      },
    )
    const unknown = volume.isRowKnown.reduce((sum, isKnown) => sum + (isKnown === 1 ? 0 : 1), 0)
    const found: Finding[] =
      count === 0
        ? []
        : reportWrong(wrong, count, table, { kind, one: `does not ${AGAINST}`, many: `do not ${AGAINST}` })
    const told = (verdict: 'passed' | 'unreadable', detail: string, ranges: number[]): Finding => {
      return { check: { kind, verdict, detail }, ranges }
    }
    if (unknown > 0)
      found.push(told('unreadable', 'Some of the sums of dvdisaster’s error correction are damaged.', []))
    if (found.length > 0) return found
    const whole = [0, blocks.byteLength]
    return [told('passed', 'Every sector gives the sum in the error correction of dvdisaster.', whole)]
  } catch (error) {
    if (error instanceof EccError) {
      const detail = 'The error correction beside the image is of another one, or hardly anything of the image is left.'
      return error.code === 'BAD_ECC' ? [] : [{ check: { kind, verdict: 'failed', detail }, ranges: [] }]
    }
    if ((error as { name?: string }).name !== 'SourceError') throw error
    return [{ check: { kind, verdict: 'unreadable', detail: (error as Error).message }, ranges: [] }]
  }
}
