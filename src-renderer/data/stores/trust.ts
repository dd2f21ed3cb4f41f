import { defineStore } from 'pinia'
import { shallowReactive, watch } from 'vue'
import type { ImageLocation, TrustReport } from '../../../src-shared/contract'
import { stepKey } from '../../../src-shared/model'
import { call } from '../api'
import { useJobs } from './jobs'

/** What is known of whether an image is whole and genuine. */
export type TrustState = 'unchecked' | 'whole' | 'unproven' | 'genuine' | 'damaged' | 'cut' | 'forged'

/** What verifications have found, by the image: those of this session, and what the catalog has kept of earlier ones. */
export const useTrust = defineStore('trust', () => {
  const jobs = useJobs()
  const reports = shallowReactive(new Map<string, TrustReport>())
  /** Of an image, the report whose damaged files have been put together. */
  const damaged = new WeakMap<TrustReport, ReadonlySet<string>>()
  // What ended before that may be about a file that has changed since: the catalog knows.
  const since = Date.now()

  // Jobs are cleared from the queue; what they found stays.
  watch(
    () => jobs.over,
    (over) => {
      for (const { result } of over) {
        const report = result?.kind === 'verify' ? (result as { report?: TrustReport }).report : undefined
        if (report === undefined || report.checkedAt < since) continue
        const key = keyOf(report.path, report.inside)
        if ((reports.get(key)?.checkedAt ?? 0) < report.checkedAt) reports.set(key, report)
      }
    },
    { immediate: true },
  )

  /** Asks what is known of an image as its file is now: what was found of an earlier one counts no more. */
  async function load(location: ImageLocation): Promise<void> {
    if (location.kind !== 'path') return
    const key = keyFor(location)
    const before = reports.get(key)
    const { report } = await call('trust.report', { location })
    // Checked again meanwhile.
    if (reports.get(key) !== before) return
    if (report === null) reports.delete(key)
    else if (report.checkedAt !== before?.checkedAt) reports.set(key, report)
  }

  /** The latest report on an image; null where it was not checked. */
  function reportOf(location: ImageLocation): TrustReport | null {
    return reports.get(keyFor(location)) ?? null
  }

  /** Whether a check has found a file of an image damaged. */
  function isDamaged(location: ImageLocation, path: string): boolean {
    const report = reportOf(location)
    if (!report?.damagedPaths?.length) return false
    const paths = damaged.get(report) ?? new Set(report.damagedPaths)
    damaged.set(report, paths)
    return paths.has(path)
  }

  return { load, reportOf, isDamaged }
})

function keyFor({ path, inside }: ImageLocation): string {
  return keyOf(path, inside.map(stepKey))
}

function keyOf(path: string, inside: readonly string[]): string {
  return JSON.stringify([path, inside])
}

/** What a report comes to. Integrity is never called authenticity: `genuine` needs a signature over the image. */
export function trustStateOf(report: TrustReport | null): TrustState {
  if (report === null) return 'unchecked'
  if (report.verdict === 'failed') {
    const wrong = report.checks.filter(({ verdict }) => verdict !== 'passed')
    if (wrong.length > 0 && wrong.every(({ kind }) => kind === 'signature')) return 'forged'
    return report.missingByteLength > 0 ? 'cut' : 'damaged'
  }
  if (report.signatures.some(({ verdict, isOfImage }) => verdict === 'genuine' && isOfImage)) return 'genuine'
  return report.verdict === 'passed' ? 'whole' : 'unproven'
}
