import type { ByteSource } from '../../core/byte-source'
import type { ContainerContext } from '../container'
import { checkBlocks } from '../disk/check-blocks'
import type { Doubts } from '../disk/doubts'
import { NO_PLACE, type Range } from '../disk/places'
import { readEntries, TABLE_LIMIT } from '../disk/read-table'
import { BlockState, entryOf, MIB, type Region } from './structures'

export interface CheckedTable {
  blockLength: number
  /** In bytes, of the disk. */
  byteLength: number
  /** Blocks for each one of the bitmap. */
  ratio: number
  isBased: boolean
  table: Region
  /** What the file has besides: log, metadata. */
  regions: readonly Region[]
}

/** [MS-VHDX] 2.5: blocks lie at whole megabytes, each at its own, and none is left that the table does not name. */
export async function checkTable(
  { blockLength, byteLength, ratio, isBased, table, regions }: CheckedTable,
  file: ByteSource,
  { name, log }: ContainerContext,
  doubts: Doubts,
): Promise<void> {
  const blockCount = Math.ceil(byteLength / blockLength)
  const places = new Uint32Array(Math.min(blockCount, TABLE_LIMIT)).fill(NO_PLACE)
  const impossible: number[] = []
  const bitmaps: Range[] = []
  const entries = { byteOffset: table.byteOffset, count: entryOf(blockCount - 1, ratio) + 1, entryLength: 8 }
  const isRead = await readEntries({ file, name, log }, entries, (index, bytes, at) => {
    const state = (bytes[at] ?? 0) & 7
    const place = bytes.readUInt32LE(at + 4) * 2 ** 12 + (bytes.readUInt32LE(at) >>> 20)
    const block = index - Math.floor(index / (ratio + 1))
    if (index % (ratio + 1) === ratio) {
      if (state === BlockState.whole && place < NO_PLACE) bitmaps.push({ from: place, to: place + 1 })
      return
    }
    const isState = state !== 4 && state !== 5 && (state !== BlockState.partly || isBased)
    if (!isState) impossible.push(block)
    // What was trimmed may keep its place. What was never written, or is zeros, has none, whatever stands there.
    const hasPlace = state !== BlockState.notPresent && state !== BlockState.zero
    if (hasPlace && place > 0 && place < NO_PLACE) places[block] = place
  })
  if (!isRead) return
  const [first] = impossible
  if (first !== undefined) {
    log.damage(
      'DISK_BLOCK_STATE',
      `The table of blocks of “${name}” is damaged: ${impossible.length} are in a state that there is not. What they hold is not known.`,
      table.byteOffset + entryOf(first, ratio) * 8,
    )
    const problem = `The table of blocks of “${name}” has this one in a state that there is not.`
    for (const block of impossible) doubts.add(block * blockLength, (block + 1) * blockLength, problem)
  }
  const megabytes = ({ byteOffset, byteLength: length }: Region): Range => ({
    from: Math.floor(byteOffset / MIB),
    to: Math.ceil((byteOffset + length) / MIB),
  })
  const structures = [{ from: 0, to: 1 }, ...[table, ...regions].map(megabytes), ...bitmaps]
  await checkBlocks({
    name,
    file,
    log,
    doubts,
    places,
    length: blockLength / MIB,
    structures: structures.sort((a, b) => a.from - b.from),
    start: 1,
    end: Math.ceil(file.byteLength / MIB),
    offsetOf: (place) => place * MIB,
    entryOffset: (block) => table.byteOffset + entryOf(block, ratio) * 8,
    blockLength,
    isReused: true,
  })
}
