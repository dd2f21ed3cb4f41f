import type { Details } from './reasons'

/** What an image says of itself that can be checked. */
export const CHECK_KINDS = [
  'length',
  'structures',
  'container',
  'boot-info',
  'implanted-md5',
  'libisofs-md5',
  'recorded-sum',
  'edc',
  'dvdisaster',
  'sum-file',
  'treeinfo',
  'repository',
  'media-sum',
  'image-sum',
  'pieces',
  'deep',
  'signature',
] as const
export type CheckKind = (typeof CHECK_KINDS)[number]

/**
 * Whether a check shows only that an image does not contradict itself: that it is as long as it says, that its structures
 * can be read, that a loader of some kilobytes fits its own table. None of them proves anything of its files.
 */
export function isConsistency(kind: CheckKind): boolean {
  return kind === 'length' || kind === 'structures' || kind === 'boot-info'
}

/** `unreadable`: the bytes to compare, or the sum itself, could not be had. */
export type CheckVerdict = 'passed' | 'failed' | 'unreadable'

/** One check that an image carries, and how it came out. */
export interface Check {
  kind: CheckKind
  verdict: CheckVerdict
  /** One sentence in English, and what the window words it by. */
  detail: string
  details?: Details
  /** The entry that was checked, for sums by file. */
  path?: string
  /** Where the first damage lies, in bytes from the start of the image's blocks, where the check tells. */
  byteOffset?: number
}

export interface VerifyReport {
  checks: Check[]
  /** `failed` where any check did not pass. */
  verdict: 'passed' | 'failed' | 'nothing-to-check'
}
