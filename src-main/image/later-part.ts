import { imageKindOf } from '../../src-shared/model'

/**
 * Whether a name is that of a later part, such as `x.iso.002`, `x.iso.10` or `x.iso.ab`. How the first one is called does
 * not follow from that: its number may be 0 or 1, and as wide or not.
 */
export function isLaterPart(name: string): boolean {
  const [, stem = '', suffix = ''] = /^(.+)\.(\d+|a[b-z])$/.exec(name) ?? []
  if (stem === '' || Number(suffix) < 2) return false
  // Other names end in numbers and letters too: those of parts begin like an image's, or count in three digits.
  return /^0\d\d$/.test(suffix) || imageKindOf(stem) !== null
}
