import { imageKindOf } from '../../src-shared/model'

/**
 * The first part's name, where a name is that of a later part: `x.iso.002`, `x.iso.2`, `x.iso.ab`. Null for other names.
 */
export function firstPartName(name: string): string | null {
  const [, stem = '', suffix = ''] = /^(.+)\.(\d+|a[b-z])$/.exec(name) ?? []
  // Other names end in numbers and letters too: those of parts begin like an image's, or count in three digits.
  if (stem === '' || (!/^0\d\d$/.test(suffix) && imageKindOf(stem) === null)) return null
  if (!/^\d+$/.test(suffix)) return `${stem}.aa`
  return Number(suffix) > 1 ? `${stem}.${'1'.padStart(suffix.length, '0')}` : null
}
