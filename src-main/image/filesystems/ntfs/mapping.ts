import { SourceError } from '../../core/byte-source'
import type { Attribute } from './record'

/** Where runs of clusters lie: triples of first cluster of the attribute, cluster of the volume (−1: a hole), and count. */
export type ClusterRuns = number[]

/**
 * The runs of an attribute, by the mapping pairs of all of its pieces.
 * @throws {SourceError} `CONTENT_DAMAGED` where they cannot be
 */
export function readClusterRuns(pieces: readonly Attribute[], clusterCount: number): ClusterRuns {
  const runs: ClusterRuns = []
  let next = 0
  for (const { runs: piece } of [...pieces].sort((a, b) => (a.runs?.first ?? 0) - (b.runs?.first ?? 0))) {
    if (piece === null) continue
    if (piece.first !== next) throw damaged('lacks a piece of its list of clusters')
    next = addMapping(runs, piece.mapping, next, clusterCount)
  }
  return runs
}

/** Each pair: how many bytes the count takes, how many the signed difference to the cluster before. */
function addMapping(runs: ClusterRuns, mapping: Uint8Array, first: number, clusterCount: number): number {
  let next = first
  let cluster = 0
  for (let at = 0; at < mapping.byteLength && mapping[at] !== 0;) {
    const header = mapping[at++] ?? 0
    const countLength = header & 15
    const offsetLength = header >> 4
    if (
      countLength === 0 ||
      countLength > 8 ||
      offsetLength > 8 ||
      at + countLength + offsetLength > mapping.byteLength
    )
      throw damaged('has a list of clusters that cannot be read')
    const count = readSigned(mapping, at, countLength)
    at += countLength
    if (count <= 0 || !Number.isSafeInteger(next + count))
      throw damaged('has a run of clusters of a length that cannot be')
    if (offsetLength === 0) runs.push(next, -1, count)
    else {
      cluster += readSigned(mapping, at, offsetLength)
      if (cluster < 0 || cluster + count > clusterCount) throw damaged('lies outside the volume')
      runs.push(next, cluster, count)
    }
    at += offsetLength
    next += count
  }
  return next
}

function readSigned(bytes: Uint8Array, at: number, length: number): number {
  let value = 0
  for (let i = length - 1; i >= 0; i--) value = value * 256 + (bytes[at + i] ?? 0)
  return ((bytes[at + length - 1] ?? 0) & 0x80) === 0 ? value : value - 256 ** length
}

/** Pairs of byte offset in the volume (−1: a hole) and byte length, up to `byteLength` together. */
export function byteRuns(runs: ClusterRuns, clusterLength: number, byteLength: number): number[] {
  const pairs: number[] = []
  let left = byteLength
  for (let at = 0; at + 2 < runs.length && left > 0; at += 3) {
    const cluster = runs[at + 1] ?? -1
    const length = Math.min(left, (runs[at + 2] ?? 0) * clusterLength)
    const start = cluster < 0 ? -1 : cluster * clusterLength
    const last = pairs.length - 2
    const before = pairs[last] ?? -2
    const follows = start < 0 ? before === -1 : before >= 0 && before + (pairs[last + 1] ?? 0) === start
    if (last >= 0 && follows) pairs[last + 1] = (pairs[last + 1] ?? 0) + length
    else pairs.push(start, length)
    left -= length
  }
  return pairs
}

/** @param what rest of the sentence “A file …” */
export function damaged(what: string): SourceError {
  return new SourceError('CONTENT_DAMAGED', `A file ${what}.`)
}
