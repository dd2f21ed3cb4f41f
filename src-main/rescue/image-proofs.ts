import type { ByteMap } from '../image/core/byte-map'
import { isHole } from '../image/core/byte-map'
import type { ByteSource } from '../image/core/byte-source'
import type { SumAlgorithm } from '../image/sums/sums'
import type { Control } from '../task'
import { lengthOf } from '../verify/expectation'
import { RangeDigest } from '../verify/file-digests'
import { ImplantedMd5Check, readImplantedMd5, withoutImplantedMd5 } from '../verify/implanted-md5'
import { findTags } from '../verify/libisofs-tags'
import { covered, feedInOnePass } from '../verify/pass'
import { ReadTally } from '../verify/read-tally'

const SECTOR = 2048

/** A sum over a range of the image, as somebody has it. */
export interface RangeSum {
  byteOffset: number
  byteLength: number
  algorithm: SumAlgorithm
  /** Lower-case hexadecimal. */
  hex: string
  by: string
  /** It was made before a sum was implanted, and counts spaces there. */
  isWithoutImplanted?: boolean
}

/** The sums over ranges of its blocks that an image carries itself. */
export async function sumsOfImage(blocks: ByteSource): Promise<RangeSum[]> {
  const sums: RangeSum[] = []
  const implanted = readImplantedMd5(await blocks.read(16 * SECTOR, SECTOR))
  const isWithoutImplanted = implanted !== null
  if (implanted !== null) {
    const { byteLength, md5 } = implanted
    sums.push({ byteOffset: 0, byteLength, algorithm: 'md5', hex: md5, by: 'implanted MD5', isWithoutImplanted })
  }
  for (const { rangeStart, rangeSize, md5, isIntact } of (await findTags(blocks)).tags) {
    if (!isIntact) continue
    const range = { byteOffset: rangeStart * SECTOR, byteLength: rangeSize * SECTOR }
    sums.push({ ...range, algorithm: 'md5', hex: md5, by: 'libisofs MD5', isWithoutImplanted })
  }
  return sums
}

/**
 * Compares ranges of blocks with their sums in one pass, and puts into the map what that proves. One that fails makes
 * its range suspect, unless something in it is known to be lost, which explains it.
 */
export async function proveRanges(
  blocks: ByteSource,
  sums: readonly RangeSum[],
  map: ByteMap,
  control: Control,
): Promise<void> {
  // Of what is lost no sum is worth making.
  const made = sums.filter(
    ({ byteOffset, byteLength }) =>
      byteLength > 0 &&
      byteOffset + byteLength <= blocks.byteLength &&
      !isHole(map.worst(byteOffset, byteLength)) &&
      map.worst(byteOffset, byteLength) !== 'proven',
  )
  const digests = made.map((sum) => {
    const form = sum.isWithoutImplanted === true ? withoutImplantedMd5 : undefined
    const digest = new RangeDigest([sum.byteOffset, sum.byteLength], form)
    digest.add(sum.algorithm)
    return { sum, digest }
  })
  const implanted = made.some(({ by }) => by === 'implanted MD5')
    ? readImplantedMd5(await blocks.read(16 * SECTOR, SECTOR))
    : null
  const check = implanted === null ? null : new ImplantedMd5Check(implanted)
  const expectations = [...digests.map(({ digest }) => digest), ...(check === null ? [] : [check])]
  control.progress({ bytesTotal: lengthOf(covered(expectations)) })
  await feedInOnePass(blocks, expectations, new ReadTally(control))
  for (const { sum, digest } of digests) {
    const { byteOffset, byteLength, by } = sum
    const { result } = digest
    if (result === null || 'problem' in result) continue
    if (result.get(sum.algorithm) === sum.hex) map.mark({ byteOffset, byteLength, state: 'proven', by })
    else {
      // The sums of its parts, of twelve bits each, tell where the first one lies that does not fit.
      const first = by === 'implanted MD5' ? (check?.finding(() => '').check.byteOffset ?? byteOffset) : byteOffset
      map.mark({ byteOffset: first, byteLength: byteOffset + byteLength - first, state: 'suspect', by }, byteLength)
    }
  }
}
