import type { Control } from '../../task'
import { alignedMemory } from '../helper/medium'
import type { RawSource } from './raw-source'
import type { MapBlock } from '../../image/core/map-file'
import type { RescueMap } from './rescue-map'

/** Read at once where nothing is wrong. */
const LARGE = 1 << 20
/** And around what is. */
const SMALL = 64 << 10

export interface PassOptions {
  /** How often sectors that cannot be read are tried again. */
  retries: number
  /** From the end: what makes one end unreadable often stops there. */
  isReverse: boolean
}

/** Where what was read goes; pieces come in order only while nothing is wrong. */
export interface PassTarget {
  write(bytes: Buffer, at: number): void
  /** Told now and then, and when a pass is done. */
  save(isDone: boolean): void
}

/**
 * Reads what a map says is not read yet: in large pieces, then the edges of what failed, then sector by sector, then what
 * still failed again.
 */
export class ReadPasses {
  private readonly buffers = [alignedMemory(LARGE), alignedMemory(LARGE)] as const
  private bytesDone: number

  constructor(
    private readonly source: RawSource,
    private readonly map: RescueMap,
    private readonly target: PassTarget,
    private readonly options: PassOptions,
    private readonly control: Control,
  ) {
    this.bytesDone = map.sum('+')
  }

  /** @throws {CancelledError}; and the system’s error where the drive is gone */
  async run(): Promise<void> {
    await this.copy()
    this.target.save(true)
    await this.trim()
    this.target.save(true)
    await this.scrape('/')
    for (let i = 0; i < this.options.retries && this.map.sum('-') > 0; i++) await this.scrape('-')
    this.target.save(true)
  }

  private async copy(): Promise<void> {
    for (const block of this.inOrder(this.map.of('?'))) {
      const pieces = piecesOf(block, LARGE, this.options.isReverse)
      let turn = 0
      let piece = nextOf(pieces)
      let ahead = this.start(piece, turn)
      while (piece !== undefined) {
        await this.control.checkpoint()
        const outcome = await ahead
        const buffer = this.buffers[turn % 2 === 0 ? 0 : 1].subarray(0, piece.byteLength)
        turn++
        const following = nextOf(pieces)
        // Nothing may be read ahead into a buffer that smaller reads use.
        if (outcome !== null) await this.copySmall(piece, outcome)
        ahead = this.start(following, turn)
        if (outcome === null) this.take(buffer, piece.byteOffset)
        piece = following
      }
    }
  }

  private async start(piece: MapBlock | undefined, turn: number): Promise<unknown> {
    if (piece === undefined) return null
    return this.tryRead(this.buffers[turn % 2 === 0 ? 0 : 1].subarray(0, piece.byteLength), piece.byteOffset)
  }

  /** What failed as a whole, in smaller pieces: those that fail as well are looked at later. */
  private async copySmall(block: MapBlock, error: unknown): Promise<void> {
    assertThere(error)
    for (const piece of piecesOf(block, SMALL, this.options.isReverse)) {
      await this.control.checkpoint()
      if (!(await this.readPiece(piece))) this.map.mark(piece.byteOffset, piece.byteLength, '*')
    }
    this.target.save(false)
  }

  /** From both ends of what failed, until a sector fails. */
  private async trim(): Promise<void> {
    const { sectorLength } = this.source
    for (const block of this.inOrder(this.map.of('*'))) {
      let from = block.byteOffset
      let to = from + block.byteLength
      for (const sector of piecesOf(block, sectorLength, false)) {
        from = sector.byteOffset + sector.byteLength
        if (!(await this.trySector(sector, '-'))) break
      }
      for (const sector of piecesOf({ ...block, byteOffset: from, byteLength: to - from }, sectorLength, true)) {
        to = sector.byteOffset
        if (!(await this.trySector(sector, '-'))) break
      }
      if (from < to) this.map.mark(from, to - from, '/')
    }
  }

  private async scrape(status: '/' | '-'): Promise<void> {
    for (const block of this.inOrder(this.map.of(status)))
      for (const sector of piecesOf(block, this.source.sectorLength, this.options.isReverse))
        await this.trySector(sector, '-')
  }

  private async trySector(sector: MapBlock, failed: '-'): Promise<boolean> {
    await this.control.checkpoint()
    const isRead = await this.readPiece(sector)
    if (!isRead) this.map.mark(sector.byteOffset, sector.byteLength, failed)
    return isRead
  }

  private async readPiece({ byteOffset, byteLength }: MapBlock): Promise<boolean> {
    const buffer = this.buffers[0].subarray(0, byteLength)
    const error = await this.tryRead(buffer, byteOffset)
    if (error !== null) {
      assertThere(error)
      return false
    }
    this.take(buffer, byteOffset)
    return true
  }

  /** Null, or the system’s error. */
  private async tryRead(buffer: Buffer, at: number): Promise<unknown> {
    try {
      await this.source.read(buffer, at)
      return null
    } catch (error) {
      return error
    }
  }

  private take(bytes: Buffer, at: number): void {
    this.target.write(bytes, at)
    this.map.mark(at, bytes.byteLength, '+')
    this.bytesDone += bytes.byteLength
    this.control.progress({ bytesDone: this.bytesDone })
    this.target.save(false)
  }

  private inOrder(blocks: MapBlock[]): MapBlock[] {
    return this.options.isReverse ? blocks.toReversed() : blocks
  }
}

/** A sector that cannot be read is one thing; a drive that is gone would give a map of nothing but those. */
function assertThere(error: unknown): void {
  const code = (error as NodeJS.ErrnoException).code ?? ''
  if (['ENXIO', 'ENODEV', 'ENOMEDIUM', 'EBADF'].includes(code)) throw error
}

/** One after the other: a range of a terabyte has more sectors than memory has room for. */
function* piecesOf(range: MapBlock, most: number, isReverse: boolean): Generator<MapBlock, undefined> {
  const { status } = range
  let from = range.byteOffset
  let to = from + range.byteLength
  // All but the first begin at multiples, whatever a map begins with.
  while (from < to) {
    if (isReverse) {
      const byteOffset = Math.max(Math.floor((to - 1) / most) * most, from)
      yield { byteOffset, byteLength: to - byteOffset, status }
      to = byteOffset
    } else {
      const end = Math.min(Math.floor(from / most) * most + most, to)
      yield { byteOffset: from, byteLength: end - from, status }
      from = end
    }
  }
}

function nextOf(pieces: Generator<MapBlock, undefined>): MapBlock | undefined {
  return pieces.next().value
}
