import type { ByteSource } from '../../core/byte-source'
import type { DiagnosticLog } from '../../core/diagnostic-log'
import type { Doubts } from './doubts'
import { contestedEntries, gapsIn, NO_PLACE, type Gap, type Places } from './places'
import { readOrNull } from './read-table'

/** Of the file, that nothing leads to: how much is looked at for anything but zeros. */
const LOOKED_AT = 64 << 20
const AT_ONCE = 1 << 20

/** A table whose entries stand for blocks of one length. */
export interface CheckedBlocks extends Places {
  /** Of the file, for sentences. */
  name: string
  file: ByteSource
  log: DiagnosticLog
  doubts: Doubts
  /** Where places are counted from: the first that a block may have. */
  start: number
  /** Of a place, in bytes of the file. */
  offsetOf: (place: number) => number
  /** Where an entry stands in the file, in bytes. */
  entryOffset: (entry: number) => number
  /** Of what an entry stands for, in bytes of the disk. */
  blockLength: number
  /** Where the first entry's block lies on the disk, in bytes; absent: at its start. */
  diskOffset?: number
  /**
   * What was given up is not cut off, and is written to again: where a file's order is not that of its table, what nothing
   * leads to may as well be that.
   */
  isReused?: boolean
}

/**
 * Compares a disk's table of blocks with the file: no two blocks lie at one place, and none is left that the table does
 * not lead to. What of the disk is doubtful is added to its doubts.
 */
export async function checkBlocks(blocks: CheckedBlocks): Promise<void> {
  const contested = checkPlaces(blocks)
  const lost = await filledGaps(blocks, gapsIn(blocks, blocks.start, contested))
  if (lost.length > 0) reportLost(blocks, lost)
}

/**
 * That no two blocks lie at one place, and none where the file has something for itself.
 * @returns the entries that do
 */
export function checkPlaces(blocks: Omit<CheckedBlocks, 'file' | 'start' | 'offsetOf'>): Uint32Array {
  const { name, log, doubts, entryOffset, blockLength, diskOffset = 0 } = blocks
  const contested = contestedEntries(blocks)
  const [first] = contested
  if (first === undefined) return contested
  const problem = `The table of blocks of “${name}” has two of them at one place: one is another’s.`
  log.damage(
    'DISK_BLOCK_TWICE',
    `The table of blocks of “${name}” is damaged: ${contested.length} lie where another one lies, or the table itself. At least one of two is wrong.`,
    entryOffset(first),
  )
  for (const entry of contested) {
    const from = diskOffset + entry * blockLength
    doubts.add(from, from + blockLength, problem)
  }
  return contested
}

/** What was written as zeros, or made ready to be written to, is missed by nobody. */
async function filledGaps({ file, offsetOf }: CheckedBlocks, gaps: readonly Gap[]): Promise<Gap[]> {
  const filled: Gap[] = []
  let left = LOOKED_AT
  for (const gap of gaps) {
    const end = Math.min(offsetOf(gap.to), file.byteLength)
    let isBlank = true
    for (let at = offsetOf(gap.from); isBlank && at < end; at += AT_ONCE) {
      const wanted = Math.min(AT_ONCE, end - at)
      left -= wanted
      const bytes = left < 0 ? null : await readOrNull(file, at, wanted)
      isBlank = bytes?.every((byte) => byte === 0) ?? false
    }
    if (!isBlank) filled.push(gap)
  }
  return filled
}

function reportLost(blocks: CheckedBlocks, lost: readonly Gap[]): void {
  const { name, log, doubts, offsetOf, blockLength, places, length } = blocks
  const count = lost.reduce((sum, { from, to }) => sum + Math.floor((to - from) / length), 0)
  const [first] = lost
  if (first?.isFitting === false && blocks.isReused === true) {
    log.warn('DISK_BLOCKS_UNUSED', `“${name}” has blocks that were given up, or that its table has lost.`)
    return
  }
  log.damage(
    'DISK_BLOCK_LOST',
    `The table of blocks of “${name}” is damaged: ${count === 1 ? 'a block of the file is' : `${count} blocks of the file are`} none of the disk’s. What was written there reads as if it never was.`,
    first && offsetOf(first.from),
  )
  const problem = `The table of blocks of “${name}” does not lead to all of them: this one may be lost.`
  for (const { entries } of lost)
    for (let entry = entries.from; entry < entries.to; entry++)
      if (places[entry] === NO_PLACE) doubts.add(entry * blockLength, (entry + 1) * blockLength, problem)
}
