import { because, type Details } from '../../src-shared/model'
import type { ByteMap } from '../image/core/byte-map'
import { isHole } from '../image/core/byte-map'
import type { ByteSource } from '../image/core/byte-source'
import { sumMaker } from '../image/sums/sum-maker'
import { sumMismatchSaid } from '../image/sums/sums'
import type { Control } from '../task'
import { COPIES_DIFFER, type Dispute } from './copies'
import type { RescueItem } from './items'
import type { RescuedSource } from './rescued-source'

const CHUNK = 1 << 20
/** Of content whose stored bytes are not known one by one, this much is tried at once. */
const PIECE = 64 << 10
/** How many combinations of disputed sectors are tried for a file whose sum is known. */
const COMBINATIONS = 256

export type RescueStatus = 'proven' | 'whole' | 'partial' | 'lost'

/** What can be saved of one thing, and why no more. */
export interface PlannedItem extends RescueItem {
  status: RescueStatus
  /** What of a file is not there: pairs of byte offset in the file and byte length, in order. */
  holes: [number, number][]
  /** Some of its bytes may be wrong, and nobody can tell which, or whether. */
  isDoubtful?: true
  /** One sentence; empty where there is nothing to say. */
  why: string
  /** What windows word it by. */
  details?: Details | undefined
}

export interface PlanContext {
  /** Of the image's blocks; null where nothing is known of them one by one. */
  map: ByteMap | null
  rescued: RescuedSource
  disputes: readonly Dispute[]
  control: Control
}

/** Finds out of each file what of it can be saved, in the order in which they lie on the disc. */
export async function planItems(items: readonly RescueItem[], context: PlanContext): Promise<PlannedItem[]> {
  const planned = new Map<RescueItem, PlannedItem>()
  const files = items.filter(({ kind }) => kind === 'file').sort((a, b) => (a.runs[0] ?? 0) - (b.runs[0] ?? 0))
  let bytesDone = 0
  const bytesTotal = files.reduce((sum, { byteLength }) => sum + byteLength, 0)
  for (const item of files) {
    const wait = context.control.checkpoint()
    if (wait) await wait
    context.control.progress({ bytesDone, bytesTotal, current: () => item.path })
    planned.set(item, { ...item, ...(await statusOf(item, context)) })
    bytesDone += item.byteLength
  }
  return items.map((item) => planned.get(item) ?? { ...item, status: 'whole', holes: [], why: '' })
}

type Finding = Pick<PlannedItem, 'status' | 'isDoubtful' | 'holes' | 'why' | 'details'>

async function statusOf(item: RescueItem, context: PlanContext): Promise<Finding> {
  const { byteLength, sum } = item
  const { map } = context
  if (item.isEncrypted) {
    const why = 'It is encrypted; without its key nothing can be read of it.'
    return { status: 'lost', holes: [[0, byteLength]], why, details: because('contentEncrypted', {}) }
  }
  let holes = map === null || item.isPacked ? await holesByReading(item) : holesOf(item, map)
  if (item.isPacked && map !== null && holes.length === 0 && holesOf(item, map).length > 0)
    holes = await holesByReading(item)
  const lost = holes.reduce((total, [, length]) => total + length, 0)
  if (lost > 0 && lost >= byteLength)
    return { status: 'lost', holes, why: 'None of its bytes can be read.', details: because('noneReadable', {}) }
  if (lost > 0)
    return {
      status: 'partial',
      holes,
      why: `${lost} of its ${byteLength} bytes cannot be read.`,
      details: because('partUnreadable', { lost, total: byteLength }),
    }
  if (sum !== null) {
    const isRight = (await digestOf(item, sum.algorithm)) === sum.hex || (await settle(item, context))
    if (isRight)
      return {
        status: 'proven',
        holes,
        why: `It gives the ${sum.algorithm} sum ${sum.from === null ? 'that the image records for it' : `in “${sum.from}”`}.`,
      }
    const { message: why, details } = sumMismatchSaid(sum)
    return { status: 'partial', holes, why, details }
  }
  if (item.recorded !== 'complete')
    return {
      status: byteLength === 0 || item.recorded === 'lost' ? 'lost' : 'partial',
      holes,
      why: 'What describes it is damaged, so that nobody knows where all of it lies.',
      details: because('descriptionDamaged', {}),
    }
  if (item.isContested)
    return {
      status: 'partial',
      holes,
      why: 'What describes it is recorded twice, and differently: one of the two is wrong.',
      details: because('describedTwice', {}),
    }
  if (byteLength === 0 || map === null) return { status: 'whole', holes, why: '' }
  const { state, by } = worstOf(item, map)
  if (state === 'proven') return { status: 'proven', holes, why: `Every byte of it is proven (${by}).` }
  if (state === 'suspect')
    return {
      // Copies differ in a sector of its own. A sum is over more than it: nothing is known against this file.
      status: by === COPIES_DIFFER ? 'partial' : 'whole',
      isDoubtful: true,
      holes,
      why: `Its bytes lie where a sum does not fit (${by}): some of them may be wrong.`,
      details: because('sumDoubtful', {}),
    }
  return { status: 'whole', holes, why: '' }
}

/** What of the stored bytes is known to be gone, in bytes of the file. */
function holesOf({ runs, byteLength }: RescueItem, map: ByteMap): [number, number][] {
  const holes: [number, number][] = []
  let at = 0
  for (let i = 0; i + 1 < runs.length && at < byteLength; i += 2) {
    const start = runs[i] ?? -1
    const length = Math.min(runs[i + 1] ?? 0, byteLength - at)
    if (start >= 0) {
      for (const { byteOffset, byteLength: size, state } of map.within(start, length))
        if (isHole(state)) addHole(holes, at + byteOffset - start, size)
      const beyond = Math.max(start, map.byteLength)
      if (start + length > beyond) addHole(holes, at + beyond - start, start + length - beyond)
    }
    at += length
  }
  if (at < byteLength) addHole(holes, at, byteLength - at)
  return holes
}

function addHole(holes: [number, number][], start: number, length: number): void {
  const last = holes.at(-1)
  if (last !== undefined && last[0] + last[1] === start) last[1] += length
  else if (length > 0) holes.push([start, length])
}

/** Where nothing else tells: reads all of it, and notes what cannot be, or does not fit the sums around it. */
async function holesByReading(item: RescueItem): Promise<[number, number][]> {
  const content = item.open()
  const holes: [number, number][] = []
  if (content === null) return [[0, item.byteLength]]
  for (let at = 0; at < item.byteLength; at += PIECE) {
    const length = Math.min(PIECE, item.byteLength - at)
    let there = 0
    try {
      const wrong: string[] = []
      const bytes = await (content.readChecked?.(at, length, (problem) => wrong.push(problem)) ??
        content.read(at, length))
      there = wrong.length > 0 ? 0 : bytes.byteLength
    } catch (error) {
      if ((error as { name?: string }).name !== 'SourceError') throw error
    }
    if (there < length) addHole(holes, at + there, length - there)
  }
  if (content.damage && holes.length === 0) addHole(holes, 0, item.byteLength)
  await content.close()
  return holes
}

async function digestOf(item: RescueItem, algorithm: string): Promise<string | null> {
  const content = item.open()
  if (content === null) return null
  const maker = sumMaker(algorithm)
  try {
    for (let at = 0; at < item.byteLength;) {
      const bytes = await content.read(at, Math.min(CHUNK, item.byteLength - at))
      if (bytes.byteLength === 0) return null
      maker.update(bytes)
      at += bytes.byteLength
    }
  } catch (error) {
    if ((error as { name?: string }).name !== 'SourceError') throw error
    return null
  } finally {
    await content.close()
  }
  return maker.digest('hex')
}

function worstOf({ runs }: RescueItem, map: ByteMap): { state: string; by: string } {
  const by = new Set<string>()
  let isProven = true
  let doubted: { state: string; by: string } | null = null
  for (let i = 0; i + 1 < runs.length; i += 2) {
    const start = runs[i] ?? -1
    if (start < 0) continue
    for (const range of map.within(start, runs[i + 1] ?? 0)) {
      // What copies differ in counts more than a sum over all.
      if (range.state === 'suspect' && doubted?.by !== COPIES_DIFFER) doubted = { state: 'suspect', by: range.by }
      if (range.state === 'proven') by.add(range.by)
      else isProven = false
    }
  }
  if (doubted !== null) return doubted
  return { state: isProven && by.size > 0 ? 'proven' : 'present', by: [...by].join(', ') }
}

/** Where copies differ, the file's own sum tells which of them is right. */
async function settle(item: RescueItem, { disputes, rescued, map }: PlanContext): Promise<boolean> {
  const { sum, runs } = item
  const { unit } = rescued
  if (sum === null || disputes.length === 0 || map === null) return false
  const own: Dispute[] = []
  for (let i = 0; i + 1 < runs.length; i += 2) {
    const start = runs[i] ?? -1
    const end = start + (runs[i + 1] ?? 0)
    if (start >= 0) own.push(...disputes.filter((one) => one.unit * 2048 < end && (one.unit + 1) * 2048 > start))
  }
  if (own.length === 0) return false
  const most = Math.max(...own.map(({ candidates }) => candidates.length))
  const before = own.map((dispute) => rescued.read(dispute.unit * unit, unit))
  const choose = async (choice: (index: number) => number): Promise<boolean> => {
    for (const [index, { unit: number, candidates }] of own.entries()) {
      const bytes = await (candidates[Math.min(choice(index), candidates.length - 1)]?.source.read(
        number * unit,
        unit,
      ) ?? before[index])
      if (bytes !== undefined) rescued.put(number, padded(bytes, unit), rescued.byteLength)
    }
    return (await digestOf(item, sum.algorithm)) === sum.hex
  }
  // First all of one copy, then one from here and one from there.
  const choices: ((index: number) => number)[] = Array.from({ length: most }, (_, copy) => () => copy)
  if (most ** own.length <= COMBINATIONS)
    for (let code = 0; code < most ** own.length; code++)
      choices.push((index) => Math.floor(code / most ** index) % most)
  for (const choice of choices) if (await choose(choice)) return true
  for (const [index, bytes] of before.entries())
    rescued.put(own[index]?.unit ?? 0, padded(bytes, unit), rescued.byteLength)
  return false
}

function padded(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.byteLength === length) return bytes
  const whole = new Uint8Array(length)
  whole.set(bytes)
  return whole
}

/** What of a file is to be written: up to its first hole, where it is to be cut there. */
export function lengthToWrite({ byteLength, holes }: PlannedItem, isCut: boolean): number {
  return isCut ? (holes[0]?.[0] ?? byteLength) : byteLength
}

/** The content of a file without what of it is not there, which stays zeros. Opened and closed by the caller. */
export async function readAround(
  content: ByteSource,
  holes: readonly [number, number][],
  at: number,
  length: number,
): Promise<Uint8Array> {
  const out = new Uint8Array(length)
  let from = at
  const end = at + length
  const take = async (to: number): Promise<void> => {
    while (from < to) {
      const bytes = await content.read(from, to - from)
      if (bytes.byteLength === 0) return
      out.set(bytes, from - at)
      from += bytes.byteLength
    }
  }
  for (const [start, size] of holes) {
    if (start + size <= from) continue
    if (start >= end) break
    await take(Math.min(start, end))
    from = Math.max(from, Math.min(end, start + size))
  }
  await take(end)
  return out
}
