import type { MaybePromise } from '../core/byte-source'
import { isSame, type EccVolume } from './ecc-volume'
import { SECTOR, sectorCrc } from './ecc-header'
import { decodingMatrix, WORD_LENGTH } from './galois'
import { WordMixer } from './word-mixer'

const CHUNK_SECTORS = 512
/** Rows that are mended at once, where they have lost the same sectors. */
const BATCH_ROWS = 32
/** How many choices of parity are tried for a row whose parity is damaged as well. */
const TRIALS = 170

/** What happens to the sectors of an image while it is checked and mended. */
export interface RepairEvents {
  /** Asked before any sector is looked at: known to be lost, whatever stands there. */
  isLost(sector: number): boolean
  /** `count` sectors from `sector` on fit their sums. */
  fits(sector: number, count: number): void
  /** They fit no sum, and could not be mended. */
  damaged(sector: number, count: number): void
  /** A sector as it was recorded. */
  mended(sector: number, bytes: Uint8Array): MaybePromise<void>
  checkpoint(): MaybePromise<void>
  /** In bytes of the image. */
  progress(bytesDone: number): void
}

/**
 * Compares every sector with its sum, in disc order.
 * @param wrong told of each that does not fit its sum, or is cut off
 * @param isLost sectors that count as wrong whatever stands there
 */
export async function checkSectors(
  volume: EccVolume,
  { checkpoint, fits, isLost, progress }: Pick<RepairEvents, 'checkpoint' | 'fits' | 'isLost' | 'progress'>,
  wrong: (sector: number) => void,
): Promise<void> {
  // What comes behind the sums may be known to be lost as well.
  const total = volume.coveredSectors
  const rows = volume.sectorsPerLayer
  const buffer = new Uint8Array(CHUNK_SECTORS * SECTOR)
  for (let sector = 0; sector < total;) {
    const wait = checkpoint()
    if (wait) await wait
    const row = sector % rows
    const count = Math.min(CHUNK_SECTORS, rows - row, total - sector)
    const layer = Math.floor(sector / rows)
    const bytes = await volume.readLayer(layer, row, count, buffer)
    let from = sector
    for (let i = 0; i < count; i++) {
      const own = sector + i
      const sum = volume.sumOf(own)
      if (isLost(own) || volume.isCut(layer, row + i)) wrong(own)
      else if (sum === null || sum === sectorCrc(bytes.subarray(i * SECTOR, (i + 1) * SECTOR))) {
        if (sum !== null) continue
      } else wrong(own)
      if (own > from) fits(from, own - from)
      from = own + 1
    }
    if (sector + count > from) fits(from, sector + count - from)
    sector += count
    progress(Math.min(sector * SECTOR, volume.totalByteLength))
  }
}

/** Checks all sectors, and mends those that do not fit as far as parity goes. */
export async function repairSectors(volume: EccVolume, events: RepairEvents): Promise<void> {
  await new Repair(volume, events).run()
}

class Repair {
  /** By row, the layers that are lost in it. */
  private readonly lost = new Map<number, number[]>()
  private readonly buffer = new Uint8Array(BATCH_ROWS * SECTOR)
  private lastMixer: { key: string; mixer: WordMixer } | null = null

  constructor(
    private readonly volume: EccVolume,
    private readonly events: RepairEvents,
  ) {}

  async run(): Promise<void> {
    const { volume, events } = this
    await checkSectors(volume, events, (sector) => {
      this.lose(Math.floor(sector / volume.sectorsPerLayer), sector % volume.sectorsPerLayer)
    })
    if (volume.header.codec === 'RS03') {
      for (let row = 0; row < volume.sectorsPerLayer; row++)
        if (volume.isRowKnown[(row + 1) % volume.sectorsPerLayer] !== 1) this.lose(volume.dataLayers - 1, row)
      await this.mendSums()
    }
    await this.mendAll()
  }

  private lose(layer: number, row: number): void {
    const layers = this.lost.get(row)
    if (layers === undefined) this.lost.set(row, [layer])
    else if (!layers.includes(layer)) layers.push(layer)
  }

  /** A CRC sector that is damaged is a sector of its row as others are; with it the sums of the next row are known. */
  private async mendSums(): Promise<void> {
    const { volume } = this
    const rows = volume.sectorsPerLayer
    let isAnyDone = true
    while (isAnyDone) {
      isAnyDone = false
      for (let row = 0; row < rows; row++) {
        const next = (row + 1) % rows
        if (volume.isRowKnown[next] === 1 || volume.isRowKnown[row] !== 1) continue
        const layer = volume.dataLayers - 1
        const mended = await this.solve(row, this.lost.get(row) ?? [layer])
        const sums = mended?.get(layer)
        if (sums === undefined || !volume.takeSums(row, sums)) continue
        isAnyDone = true
        const own = volume.imageSectorAt(layer, row)
        if (own >= 0) await this.events.mended(own, sums)
        await this.checkRow(next)
      }
    }
  }

  /** The sectors of a row whose sums have just become known. */
  private async checkRow(row: number): Promise<void> {
    const { volume, events } = this
    for (let layer = 0; layer < volume.imageLayers; layer++) {
      const sector = volume.imageSectorAt(layer, row)
      const sum = sector < 0 ? null : volume.sumOf(sector)
      if (sum === null) continue
      const isWhole = !events.isLost(sector) && !volume.isCut(layer, row)
      if (isWhole && sectorCrc(await volume.readLayer(layer, row, 1)) === sum) events.fits(sector, 1)
      else this.lose(layer, row)
    }
  }

  private async mendAll(): Promise<void> {
    const rows = [...this.lost.keys()].sort((a, b) => a - b)
    for (let at = 0; at < rows.length;) {
      const wait = this.events.checkpoint()
      if (wait) await wait
      const first = rows[at] ?? 0
      const layers = this.lost.get(first) ?? []
      const key = layers.join()
      let count = 1
      while (count < BATCH_ROWS && rows[at + count] === first + count && this.lost.get(first + count)?.join() === key)
        count++
      const isMended = await this.mendBatch(first, count, layers)
      for (let i = 0; i < count; i++) {
        if (isMended[i] === true) continue
        const mended = await this.solve(first + i, layers)
        for (const layer of layers) {
          const sector = this.volume.imageSectorAt(layer, first + i)
          if (sector < 0) continue
          const bytes = mended?.get(layer)
          if (bytes === undefined) this.events.damaged(sector, 1)
          else await this.events.mended(sector, bytes)
        }
      }
      at += count
    }
  }

  /** Rows that have lost the same layers, by one matrix. Answers for each whether it is mended; none of a doubtful one. */
  private async mendBatch(row: number, count: number, layers: readonly number[]): Promise<boolean[]> {
    const { volume } = this
    const isCut = Array.from({ length: count }, (_, i) => this.cutParity(row + i).length > 0)
    if (layers.length > volume.header.eccLayers || isCut.includes(true)) return []
    const bytes = await this.mix(row, count, layers, layers)
    const done: boolean[] = []
    for (let i = 0; i < count; i++) {
      const own = bytes.map((sectors) => sectors.subarray(i * SECTOR, (i + 1) * SECTOR))
      const isRight = layers.every((layer, at) => this.fitsSum(layer, row + i, own[at] ?? new Uint8Array(0)))
      done.push(isRight)
      for (const [at, layer] of isRight ? layers.entries() : []) {
        const sector = volume.imageSectorAt(layer, row + i)
        if (sector >= 0) await this.events.mended(sector, (own[at] ?? new Uint8Array(0)).slice())
      }
    }
    return done
  }

  /** Where a sum is known, it decides. */
  private fitsSum(layer: number, row: number, bytes: Uint8Array): boolean {
    if (layer >= this.volume.imageLayers) return false
    const sum = this.volume.sumOf(layer * this.volume.sectorsPerLayer + row)
    return sum !== null && sum === sectorCrc(bytes)
  }

  /** What a row has lost; null where it cannot be had, or nothing would prove it. */
  private async solve(row: number, layers: readonly number[]): Promise<Map<number, Uint8Array> | null> {
    const { volume } = this
    const cut = this.cutParity(row)
    const parity: number[] = []
    for (let layer = volume.dataLayers; layer < WORD_LENGTH; layer++) if (!cut.includes(layer)) parity.push(layer)
    if (layers.length > parity.length) return null
    const isRight = (mended: readonly Uint8Array[]): boolean =>
      layers.every((layer, index) => {
        const bytes = mended[index] ?? new Uint8Array(0)
        if (layer === volume.dataLayers - 1 && volume.header.codec === 'RS03') return volume.isCrcSector(bytes)
        return this.fitsSum(layer, row, bytes)
      })
    const all = [...layers, ...cut]
    const first = await this.mix(row, 1, all, layers)
    if (isRight(first)) return byLayer(layers, first)
    if (!this.isProvable(row, layers)) return this.solveBySpare(row, layers, cut, parity)
    // Parity is damaged too: some choice of as many of it as are needed is not.
    for (let trial = 0; trial < Math.min(parity.length, TRIALS) && parity.length > layers.length; trial++) {
      const kept = new Set(layers.map((_, i) => parity[(trial + i) % parity.length] ?? 0))
      const without = parity.filter((layer) => !kept.has(layer))
      const mended = await this.mix(row, 1, [...all, ...without], layers)
      if (isRight(mended)) return byLayer(layers, mended)
    }
    return null
  }

  private isProvable(row: number, layers: readonly number[]): boolean {
    return layers.every(
      (layer) =>
        layer >= this.volume.imageLayers || this.volume.sumOf(layer * this.volume.sectorsPerLayer + row) !== null,
    )
  }

  /** Without sums: where parity that was not needed comes out as it is, all of the word is right. */
  private async solveBySpare(
    row: number,
    layers: readonly number[],
    cut: readonly number[],
    parity: readonly number[],
  ): Promise<Map<number, Uint8Array> | null> {
    const [spare, other] = parity
    if (spare === undefined || other === undefined || parity.length < layers.length + 2) return null
    const wanted = [...layers, spare, other]
    const mended = await this.mix(row, 1, [...wanted, ...cut], wanted)
    for (const [index, layer] of [spare, other].entries())
      if (!isSame(mended[layers.length + index] ?? new Uint8Array(0), await this.volume.readLayer(layer, row, 1)))
        return null
    return byLayer(layers, mended)
  }

  private cutParity(row: number): number[] {
    const { volume, events } = this
    const cut: number[] = []
    for (let layer = volume.dataLayers; layer < WORD_LENGTH; layer++) {
      const sector = volume.imageSectorAt(layer, row)
      if (volume.isCut(layer, row) || (sector >= 0 && events.isLost(sector))) cut.push(layer)
    }
    return cut
  }

  /** `wanted` of the layers that `lost` names, in `count` rows. */
  private async mix(
    row: number,
    count: number,
    lost: readonly number[],
    wanted: readonly number[],
  ): Promise<Uint8Array[]> {
    const key = `${lost.join()} ${wanted.length}`
    const mixer = this.lastMixer?.key === key ? this.lastMixer.mixer : new WordMixer(decodingMatrix(lost, wanted))
    this.lastMixer = { key, mixer }
    mixer.begin(count * SECTOR)
    const isLost = new Set(lost)
    for (let layer = 0; layer < WORD_LENGTH; layer++)
      if (!isLost.has(layer)) mixer.add(layer, await this.volume.readLayer(layer, row, count, this.buffer))
    return wanted.map((_, index) => {
      const bytes = new Uint8Array(count * SECTOR)
      mixer.take(index, bytes)
      return bytes
    })
  }
}

function byLayer(layers: readonly number[], mended: readonly Uint8Array[]): Map<number, Uint8Array> {
  return new Map(layers.map((layer, index) => [layer, mended[index] ?? new Uint8Array(0)]))
}
