import {
  DAMAGED_LIMIT,
  REPORT_LIMIT,
  MAP_CELLS,
  CELL_STATES,
  type TrustReport,
} from '../../../../src-shared/contract/jobs'
import { provenBy, type Checked } from '../../../check'
import { stepKey } from '../../../../src-shared/model'
import type { DiscImage } from '../../../image'
import type { ByteMap } from '../../../image/core/byte-map'
import { findOfferedKeys, type OfferedKey } from '../../../trust'
import { identifyImage } from '../../../identify/identify'
import type { ImageSource } from '../from-image/image-source'

const PATHS_LIMIT = 5

/** What is kept of a check, for the window: not more than it can show. */
export async function reportOf(source: ImageSource, image: DiscImage, checked: Checked): Promise<TrustReport> {
  const { checks, verdict, damage, signatures, map } = checked
  const { summary, evidence } = await identifyImage(image)
  const isWrong = ({ verdict: each }: (typeof checks)[number]): boolean => each !== 'passed'
  const sorted = [...checks.filter(isWrong), ...checks.filter((check) => !isWrong(check))]
  const damaged = damagedFiles(checked)
  const offered = await offeredFor(source, checked)
  const found = [
    ...signatures.ofImage.map((one) => ({ ...one, isOfImage: true })),
    ...signatures.ofLists.map((one) => ({ ...one, isOfImage: false })),
  ]
  return {
    path: source.path,
    inside: source.inside.map(stepKey),
    verdict,
    checks: sorted.slice(0, REPORT_LIMIT).map((check) => {
      const { kind, verdict: each, detail, details } = check
      return { kind, verdict: each, detail, ...(details ? { details } : {}), proves: provenBy(check) }
    }),
    checkTotal: checks.length,
    damage: damage.slice(0, REPORT_LIMIT).map(({ byteOffset, byteLength, state, by, paths }) => {
      return { byteOffset, byteLength, state, by, paths: paths.slice(0, PATHS_LIMIT) }
    }),
    damageTotal: damage.length,
    damagedFiles: damaged.size,
    damagedPaths: [...damaged].slice(0, DAMAGED_LIMIT),
    cells: cellsOf(map),
    byteLength: map.byteLength,
    missingByteLength: image.info.completeness.missingByteLength,
    provenByteLength: map.count('proven'),
    signatures: found.slice(0, REPORT_LIMIT).map((one) => {
      const key = one.verdict === 'unknown-key' ? offered.get(one.fingerprint.toLowerCase()) : undefined
      return key === undefined ? one : { ...one, offered: key }
    }),
    identity: { summary, evidence: evidence.slice(0, REPORT_LIMIT) },
    checkedAt: Date.now(),
  }
}

/** Keys beside an image are only looked for where a signature is by one that is not trusted. */
async function offeredFor(source: ImageSource, { signatures }: Checked): Promise<Map<string, OfferedKey>> {
  const isLooked = [...signatures.ofImage, ...signatures.ofLists].some(({ verdict }) => verdict === 'unknown-key')
  return isLooked && source.kind === 'path' ? findOfferedKeys(source.path) : new Map<string, OfferedKey>()
}

/** Those that a check of their own fails, or whose bytes are known to be wrong: a sum over more says nothing of each. */
function damagedFiles({ checks, damage }: Checked): Set<string> {
  const failed = checks.flatMap(({ verdict, path }) => (verdict !== 'passed' && path !== undefined ? [path] : []))
  return new Set([...failed, ...damage.flatMap(({ state, paths }) => (state === 'suspect' ? [] : paths))])
}

/** The map in so few letters that it can be drawn, and kept. */
function cellsOf(map: ByteMap): string {
  const width = map.byteLength / MAP_CELLS
  const letters = Array.from({ length: MAP_CELLS }, (_, at) => {
    const start = Math.floor(at * width)
    return CELL_STATES[map.worst(start, Math.max(1, Math.floor((at + 1) * width) - start))]
  })
  return map.byteLength === 0 ? '' : letters.join('')
}
