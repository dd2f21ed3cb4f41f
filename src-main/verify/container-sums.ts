import type { Check } from '../../src-shared/model'
import type { ContainerSum } from '../image/core/container-sum'
import { sumMaker } from '../image/sums/sum-maker'
import type { ReadTally } from './read-tally'

const CHUNK_BYTES = 1 << 20

/** How much is read to check them, in bytes. */
export function bytesOfSums(sums: readonly ContainerSum[]): number {
  return sums.reduce((total, { ranges }) => total + lengthOf(ranges), 0)
}

/**
 * Checks what the containers around an image say of their bytes and of what they unpack to.
 * Answers one check for each sum that is not given, and one for those that are; none where there are no sums.
 */
export async function checkContainerSums(sums: readonly ContainerSum[], tally: ReadTally): Promise<Check[]> {
  const checks: Check[] = []
  let passed = 0
  for (const sum of sums) {
    const check = await checkOne(sum, tally)
    if (check === null) passed++
    else checks.push(check)
  }
  if (passed > 0) {
    const all = passed === 1 ? 'A checksum' : `${passed} checksums`
    checks.push({ kind: 'container', verdict: 'passed', detail: `${all} in the file around the disc fit.` })
  }
  return checks
}

/** Null where it fits. */
async function checkOne(
  { what, algorithm, hex, source, ranges }: ContainerSum,
  tally: ReadTally,
): Promise<Check | null> {
  const hash = sumMaker(algorithm)
  try {
    for (let index = 0; index + 1 < ranges.length; index += 2) {
      const start = ranges[index] ?? 0
      const end = start + (ranges[index + 1] ?? 0)
      for (let at = start; at < end;) {
        const wait = tally.checkpoint()
        if (wait) await wait
        const bytes = await source.read(at, Math.min(CHUNK_BYTES, end - at))
        if (bytes.byteLength === 0)
          return {
            kind: 'container',
            verdict: 'unreadable',
            detail: `${what} is not all there: the file was cut short.`,
          }
        hash.update(bytes)
        at += bytes.byteLength
        tally.add(bytes.byteLength)
      }
    }
  } catch (error) {
    if ((error as { name?: string }).name !== 'SourceError') throw error
    return { kind: 'container', verdict: 'unreadable', detail: `${what} cannot be read: ${(error as Error).message}` }
  }
  if (hash.digest('hex') === hex) return null
  return { kind: 'container', verdict: 'failed', detail: `${what} is damaged: it does not give its own checksum.` }
}

function lengthOf(ranges: readonly number[]): number {
  let total = 0
  for (let index = 1; index < ranges.length; index += 2) total += ranges[index] ?? 0
  return total
}
