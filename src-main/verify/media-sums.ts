import type { Check } from '../../src-shared/model'
import { blanked, type MediaSums } from '../image/sums/media-sums'
import type { SumAlgorithm } from '../image/sums/sums'
import type { Expectation } from './expectation'
import { RangeDigest } from './file-digests'
import type { Finding } from './finding'

/** Checks them: the medium with its boot sector as zeros, its tags as spaces, its signature and padding blank. */
export class MediaSumsCheck {
  readonly expectations: readonly Expectation[]
  private readonly whole: RangeDigest
  private readonly part: RangeDigest | null

  constructor(private readonly sums: MediaSums) {
    const { algorithm, byteLength, partition } = sums
    const form = (bytes: Uint8Array, position: number): Uint8Array => blanked(sums, bytes, position)
    this.whole = new RangeDigest([0, byteLength], form)
    this.whole.add(algorithm)
    this.part = partition && new RangeDigest([partition.byteOffset, partition.byteLength], form)
    this.part?.add(algorithm)
    this.expectations = [...(sums.hex === null ? [] : [this.whole]), ...(this.part ? [this.part] : [])]
  }

  /** After the pass. */
  findings(): Finding[] {
    const { algorithm, hex, partition } = this.sums
    const found: Finding[] = []
    if (hex !== null) found.push(compare(this.whole, algorithm, hex, 'The image'))
    if (partition !== null && this.part !== null)
      found.push(compare(this.part, algorithm, partition.hex, 'Its partition'))
    return found
  }
}

function compare({ result, ranges }: RangeDigest, algorithm: SumAlgorithm, hex: string, what: string): Finding {
  const kind: Check['kind'] = 'media-sum'
  if (result === null || 'problem' in result) {
    const why = result === null ? 'nothing of it can be read.' : result.problem
    return { check: { kind, verdict: 'unreadable', detail: `${what}’s sum cannot be checked: ${why}` }, ranges: [] }
  }
  const isRight = result.get(algorithm) === hex
  const detail = `${what} ${isRight ? 'gives' : 'does not give'} the ${algorithm} sum that the image carries (tagmedia).`
  return { check: { kind, verdict: isRight ? 'passed' : 'failed', detail }, ranges }
}
