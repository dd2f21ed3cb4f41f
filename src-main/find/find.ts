import type { ByteSource } from '../image/core/byte-source'
import type { Identity } from '../identify/identify'

/**
 * How much of a found image is there. `proven`: sums that it carries fit all of its files. `whole`: every folder can be
 * read, every file is within it, and nothing of it lies in what is used otherwise by now. `partly-overwritten`: not all of
 * that. `begins-only`: of what describes its files nothing can be read.
 */
export type FindState = 'proven' | 'whole' | 'partly-overwritten' | 'begins-only'

/** Pairs of byte offset in the source (null: zeros that were never recorded) and byte length. */
export type Fragments = [byteOffset: number | null, byteLength: number][]

/** A disc image that was found. */
export interface Find {
  /** From 1, in the order in which they are told. */
  number: number
  /** Where it begins, in bytes of the source. */
  byteOffset: number
  byteLength: number
  /** Of the file that it is or was, as far as that is known; else made of its label. */
  name: string
  state: FindState
  fragments: Fragments
  identity: Identity | null
  /** Its file is there, was deleted, or nothing is known of one. */
  origin: 'file' | 'deleted' | 'unnamed'
  /** Which clusters it had is not recorded any more: they are taken as they follow. */
  isAssumed: boolean
  /** Its file system has packed it: its bytes do not lie on the disk as they are. */
  isPacked: boolean
  /** Bytes of it that could not be read. */
  unreadableByteLength: number
}

/** Where the bytes of an image may lie. */
export interface Candidate {
  byteOffset: number
  byteLength: number
  /** Null: to be made of its label. */
  name: string | null
  origin: Find['origin']
  isAssumed: boolean
  /** Pairs of byte offset in the source (−1: a hole) and byte length. */
  runs: readonly number[]
  /** As {@link Candidate.runs}, as a second guess. */
  otherRuns?: (() => number[] | null) | undefined
  /** Undoes how the file is packed. */
  open?: (() => ByteSource) | undefined
}

/** The end of what lies farthest behind, in bytes of the source. */
export function endOf(runs: readonly number[]): number {
  let end = 0
  for (let at = 0; at + 1 < runs.length; at += 2)
    if ((runs[at] ?? -1) >= 0) end = Math.max(end, (runs[at] ?? 0) + (runs[at + 1] ?? 0))
  return end
}
