import type { TrustReport } from '../../../src-shared/contract'
import { verifyPage } from '../../../src-shared/model'

/** A report as a page. Ranges that it does not name are as they should be: proven where all that it has is. */
export function pageOf(report: TrustReport): string {
  const { byteLength, damage, provenByteLength } = report
  const otherwise = provenByteLength >= byteLength - damage.reduce((sum, each) => sum + each.byteLength, 0)
  return verifyPage(
    { ...report, date: new Date(report.checkedAt).toISOString() },
    {
      byteLength,
      worst(at, length) {
        const hit = damage.find((each) => each.byteOffset < at + length && each.byteOffset + each.byteLength > at)
        return hit?.state ?? (otherwise ? 'proven' : 'present')
      },
    },
  )
}
