import { t } from '../../base/locales'
import type { ProjectOutcome } from '../../../src-shared/contract'

const TREES: Record<string, string> = {
  iso9660: 'ISO 9660',
  'rock-ridge': 'Rock Ridge',
  joliet: 'Joliet',
  enhanced: 'ISO 9660:1999',
  udf: 'UDF',
}

/** The names that the standards have for trees are the same in every language. */
export function treeName(tree: string): string {
  return TREES[tree] ?? tree
}

/** Every tree that an image will have, the plain one first. */
export function treesOf({ views, udf }: ProjectOutcome): string {
  const order = Object.keys(TREES)
  const sorted = [...views].sort((a, b) => order.indexOf(a) - order.indexOf(b))
  return sorted.map((view) => (view === 'udf' && udf !== null ? `UDF ${udf}` : treeName(view))).join(', ')
}

/** What an image will start from; empty where it does not. */
export function bootsOf({ boots }: ProjectOutcome): string {
  const platforms = [...new Set(boots.map(({ platform }) => (platform === 'uefi' ? 'UEFI' : 'BIOS')))]
  return platforms.length === 0 ? '' : t('project.boots', { platforms: platforms.join(' + ') })
}
