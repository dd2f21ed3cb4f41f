import type { ByteSource } from './byte-source'
import type { Packing } from '../codecs/packing'
import type { DeviceNumber } from './device-number'
import { PackedSource } from './sources/packed-source'

/** Turns the stored bytes of a file into its content: packed files, sparse files. */
export interface ContentTransform {
  /** The stored bytes are at other offsets than the content: extents would mislead. */
  open(stored: ByteSource, byteLength: number): ByteSource
  /** Of a packed file: what another thread needs to know to unpack it. */
  packing?: Packing
}

/** A file packed in blocks. */
export function packedContent(packing: Packing): ContentTransform {
  return { open: (stored, byteLength) => new PackedSource(stored, packing, byteLength), packing }
}

/** Where the content of a file lies: pairs of byte offset in the volume (−1: hole) and byte length. */
export interface ContentRuns {
  runs: ArrayLike<number>
  transform?: ContentTransform
  /** What speaks against these being the right places: the bytes may be other than recorded. */
  doubt?: string | undefined
  /** Of a device node, which has no content: its number. */
  device?: DeviceNumber
}

/** Of a file none of whose content is here, or can be found. */
export const NOWHERE: ContentRuns = { runs: [] }

export function sumOfRuns(runs: ArrayLike<number>): number {
  let sum = 0
  for (let i = 1; i < runs.length; i += 2) sum += runs[i] ?? 0
  return sum
}

/** Appends a run, joined to the last one where it follows it. */
export function pushRun(runs: number[], start: number, byteLength: number): void {
  const last = runs.length - 2
  if (last >= 0) {
    const previous = runs[last] ?? 0
    const length = runs[last + 1] ?? 0
    if (start < 0 ? previous < 0 : previous >= 0 && previous + length === start) {
      runs[last + 1] = length + byteLength
      return
    }
  }
  runs.push(start, byteLength)
}
