import path from 'node:path'
import { ByteMap, isHole } from '../image/core/byte-map'
import { isAllZero } from '../image/core/byte-reader'
import { FileByteSource } from '../files/file-byte-source'
import type { Control } from '../task'
import { takeMap } from './known-map'
import { RescueError } from './rescue-error'
import type { FileSource, RescuedSource } from './rescued-source'

const CHUNK_UNITS = 512
/** Units that are compared to find out whether something is a copy at all. */
const SAMPLES = 400
/** Disputed units that are kept for sums to decide; of images that are hardly alike there may be millions. */
const DISPUTES_LIMIT = 200_000

/** Who says that a sector is suspect which as many copies have one way as another. */
export const COPIES_DIFFER = 'copies'

/** A file that should hold the same image, with what is known of its bytes. */
export interface Copy {
  name: string
  source: FileSource
  map: ByteMap
}

/** Units that the image and its copies have differently, and by whom. */
export interface Dispute {
  unit: number
  /** Each another content, in the order in which it is to be tried. */
  candidates: Copy[]
}

/**
 * Opens the copies that were named.
 * @param unit in bytes
 * @throws {RescueError} `OTHER_IMAGE` for a copy of another one; {@link SourceError} where one cannot be read
 */
export async function openCopies(image: Copy, paths: readonly string[], unit: number): Promise<Copy[]> {
  const copies: Copy[] = []
  try {
    for (const file of paths) {
      const source = FileByteSource.open(file, 'sibling')
      const map = new ByteMap(source.byteLength, path.basename(file))
      const copy = { name: path.basename(file), source, map }
      copies.push(copy)
      takeMap(map, file, source.byteLength, null)
      if (!(await isAlike(image, copy, unit)))
        throw new RescueError(
          'OTHER_IMAGE',
          `${file} is a copy of another image: hardly a sector is the same. Name copies of the same disc with --with.`,
        )
    }
    return copies
  } catch (error) {
    for (const { source } of copies) await source.close()
    throw error
  }
}

/** Whether what both have is mostly the same. What is zeros in one may not have been read there. */
async function isAlike(image: Copy, copy: Copy, unit: number): Promise<boolean> {
  const units = Math.floor(Math.min(image.source.byteLength, copy.source.byteLength) / unit)
  let same = 0
  let other = 0
  for (let i = 0; i < Math.min(units, SAMPLES); i++) {
    // Descriptors come first, and tell most.
    const at = (i < 32 ? i : Math.floor((units * i) / Math.min(units, SAMPLES))) * unit
    const [own, its] = [await readOf(image, at, unit), await readOf(copy, at, unit)]
    if (own === null || its === null || isAllZero(own) || isAllZero(its)) continue
    if (Buffer.compare(own, its) === 0) same++
    else other++
  }
  return same + other === 0 ? units === 0 || copy.source.byteLength === image.source.byteLength : same > other
}

/** What a copy has of a range; null where it is not all there. */
async function readOf({ source, map }: Copy, at: number, length: number): Promise<Uint8Array | null> {
  if (isHole(map.worst(at, length))) return null
  try {
    const bytes = await source.read(at, length)
    return bytes.byteLength === length ? bytes : null
  } catch (error) {
    if ((error as { name?: string }).name !== 'SourceError') throw error
    return null
  }
}

/**
 * Compares an image with its copies, unit by unit: takes from a copy what only that has, or what most of them have, and
 * tells where they differ.
 */
export async function mergeCopies(
  image: Copy,
  copies: readonly Copy[],
  rescued: RescuedSource,
  map: ByteMap,
  control: Control,
): Promise<Dispute[]> {
  const disputes: Dispute[] = []
  const { unit } = rescued
  const all = [image, ...copies]
  const end = Math.max(...all.map(({ source }) => source.byteLength))
  for (let at = 0; at < end; at += CHUNK_UNITS * unit) {
    const wait = control.checkpoint()
    if (wait) await wait
    control.progress({ bytesDone: at, bytesTotal: end })
    const length = Math.min(CHUNK_UNITS * unit, end - at)
    const read = await Promise.all(all.map((copy) => readOf(copy, at, length)))
    const [first] = read
    if (first && read.every((bytes) => bytes !== null && Buffer.compare(first, bytes) === 0)) continue
    for (let from = at; from < at + length; from += unit)
      await settle({ all, from, length: Math.min(unit, at + length - from), rescued, map, disputes })
  }
  return disputes
}

async function settle(context: {
  all: readonly Copy[]
  from: number
  length: number
  rescued: RescuedSource
  map: ByteMap
  disputes: Dispute[]
}): Promise<void> {
  const { all, from, length, rescued, map, disputes } = context
  const having: { copy: Copy; bytes: Uint8Array }[] = []
  for (const copy of all) {
    const bytes = await readOf(copy, from, length)
    if (bytes !== null) having.push({ copy, bytes })
  }
  // A sector of zeros where another copy has something was not read there.
  const filled = having.filter(({ bytes }) => !isAllZero(bytes))
  const groups: { copy: Copy; bytes: Uint8Array; count: number }[] = []
  for (const { copy, bytes } of filled.length > 0 ? filled : having) {
    const group = groups.find((each) => Buffer.compare(each.bytes, bytes) === 0)
    if (group === undefined) groups.push({ copy, bytes, count: 1 })
    else group.count++
  }
  groups.sort((a, b) => b.count - a.count)
  const blank = filled.length > 0 ? having.find(({ bytes }) => isAllZero(bytes)) : undefined
  const [best, second] = groups
  if (best === undefined) return
  const range = { byteOffset: from, byteLength: length }
  if (best.copy !== all[0]) {
    rescued.take(from, from + length, best.copy.source)
    map.mend({ ...range, state: 'present', by: best.copy.name })
  }
  if (second === undefined && blank === undefined) return
  if (second?.count === best.count) map.mend({ ...range, state: 'suspect', by: COPIES_DIFFER })
  if (disputes.length < DISPUTES_LIMIT)
    disputes.push({
      unit: from / rescued.unit,
      candidates: [...groups, ...(blank ? [blank] : [])].map(({ copy }) => copy),
    })
}
