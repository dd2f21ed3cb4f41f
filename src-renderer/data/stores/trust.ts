import { defineStore } from 'pinia'
import { shallowReactive, watch } from 'vue'
import type { ImageLocation, TrustReport } from '../../../src-shared/contract'
import { stepKey } from '../../../src-shared/model'
import { useJobs } from './jobs'

/** What is known of whether an image is whole and genuine. */
export type TrustState = 'unchecked' | 'whole' | 'unproven' | 'genuine' | 'damaged' | 'cut' | 'forged'

/** What verifications have found, by the image. */
export const useTrust = defineStore('trust', () => {
  const jobs = useJobs()
  const reports = shallowReactive(new Map<string, TrustReport>())

  // Jobs are cleared from the queue; what they found stays.
  watch(
    () => jobs.over,
    (over) => {
      for (const { result } of over) {
        const report = result?.kind === 'verify' ? (result as { report?: TrustReport }).report : undefined
        if (report === undefined) continue
        const key = keyOf(report.path, report.inside)
        if ((reports.get(key)?.checkedAt ?? 0) < report.checkedAt) reports.set(key, report)
      }
    },
    { immediate: true },
  )

  /** The latest report on an image; null where it was not checked. */
  function reportOf({ path, inside }: ImageLocation): TrustReport | null {
    return reports.get(keyOf(path, inside.map(stepKey))) ?? null
  }

  return { reportOf }
})

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
