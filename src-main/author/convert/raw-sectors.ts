import { makeModeOne, MODE_ONE_DATA_AT, RAW_SECTOR } from '../../image/containers/sectors/make-sector'
import { ADDRESSED_SECTORS } from '../../image/containers/sectors/sector-check'
import type { PourSource } from '../../sinks/pour'
import { AuthorError } from '../author-error'
import { BLOCK, blocksOf } from '../layout'

/**
 * The blocks of an image as raw sectors of a CD, in mode 1 with sum and parity (ECMA-130 14). A last block that is cut
 * is filled up with zeros.
 */
export class ModeOneSectors implements PourSource {
  readonly byteLength: number

  /** @throws {AuthorError} `IMAGE_TOO_LARGE` where a CD cannot number so many sectors */
  constructor(private readonly blocks: PourSource) {
    const count = blocksOf(blocks.byteLength)
    if (count > ADDRESSED_SECTORS)
      throw new AuthorError(
        'IMAGE_TOO_LARGE',
        `The image has ${count.toLocaleString('en')} blocks, and a CD numbers ${ADDRESSED_SECTORS.toLocaleString('en')} at most. Convert it to an .iso instead.`,
      )
    this.byteLength = count * RAW_SECTOR
  }

  read(at: number, byteLength: number): Promise<Uint8Array> {
    return this.readChecked(at, byteLength)
  }

  async readChecked(at: number, byteLength: number, wrong?: (sentence: string) => void): Promise<Uint8Array> {
    const first = Math.floor(at / RAW_SECTOR)
    const end = Math.min(Math.ceil((at + byteLength) / RAW_SECTOR), this.byteLength / RAW_SECTOR)
    const count = Math.max(0, end - first)
    const { blocks } = this
    const from = first * BLOCK
    const wanted = Math.min(count * BLOCK, blocks.byteLength - from)
    const data =
      wrong !== undefined && blocks.readChecked !== undefined
        ? await blocks.readChecked(from, wanted, wrong)
        : await blocks.read(from, wanted)
    const there = data.byteLength < wanted ? blocksOf(data.byteLength) : count
    const sectors = new Uint8Array(there * RAW_SECTOR)
    for (let index = 0; index < there; index++) {
      const sector = sectors.subarray(index * RAW_SECTOR, (index + 1) * RAW_SECTOR)
      sector.set(data.subarray(index * BLOCK, (index + 1) * BLOCK), MODE_ONE_DATA_AT)
      makeModeOne(sector, first + index)
    }
    const within = at - first * RAW_SECTOR
    return sectors.subarray(within, within + byteLength)
  }
}
