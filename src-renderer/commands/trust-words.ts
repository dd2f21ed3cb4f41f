import { computed, watch } from 'vue'
import { useI18n } from 'vue-i18n'
import type { ImageLocation } from '../../src-shared/contract'
import { formatCount } from '../base/format'
import { locale } from '../base/locales'
import { locationKey } from '../data/rows/address'
import { useImages } from '../data/stores/images'
import { trustStateOf, useTrust } from '../data/stores/trust'

/** What a window says of an image's trust: a word or two, and a sentence. */
export function useTrustWords(location: () => ImageLocation) {
  const trust = useTrust()
  const { t } = useI18n()
  const images = useImages()
  // Asked again when the image was opened anew, because its file has changed.
  watch(
    () => [locationKey(location()), images.get(location())?.generation],
    () => void trust.load(location()).catch(() => undefined),
    { immediate: true },
  )
  const report = computed(() => trust.reportOf(location()))
  /** What opening it has told already: how much of it is there. */
  const completeness = computed(() => images.get(location())?.info.completeness)
  const state = computed(() => {
    const known = trustStateOf(report.value)
    return known === 'unchecked' && completeness.value?.status === 'truncated' ? 'cut' : known
  })
  const parameters = computed(() => {
    const of = report.value
    const total = Math.max(1, of?.byteLength ?? completeness.value?.expectedByteLength ?? 1)
    const missing = of?.missingByteLength ?? completeness.value?.missingByteLength ?? 0
    const signer = of?.signatures.find(({ verdict, isOfImage }) => verdict === 'genuine' && isOfImage)
    return {
      n: formatCount(of?.damagedFiles ?? 0, locale.value),
      percent: Math.floor((100 * (total - missing)) / total),
      signer: signer === undefined ? '' : signer.signer === '' ? signer.fingerprint : signer.signer,
    }
  })
  const count = computed(() => report.value?.damagedFiles ?? 0)
  return {
    report,
    state,
    short: computed(() =>
      t(`trust.short.${state.value}`, { ...parameters.value, signer: nameOf(parameters.value.signer) }, count.value),
    ),
    long: computed(() => t(`trust.long.${state.value}`, parameters.value, count.value)),
  }
}

/** “Maker” of “Maker <maker@example.org>”: there is no room for more beside a path. */
function nameOf(signer: string): string {
  return signer.replace(/\s*<[^>]*>$/, '') || signer
}
