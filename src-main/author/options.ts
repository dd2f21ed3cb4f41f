import type { VolumeFacts } from '../../src-shared/model'
import type { BootRequest } from './boot/el-torito'
import type { DiskIdentity, Hybrid, MbrCode } from './boot/hybrid'
import type { UdfRevision } from './udf/structures'

/** What an image is to be. */
export interface AuthorOptions extends VolumeFacts {
  label: string
  /** An ISO 9660 tree of this level; null: none. Level 4 adds a tree of ISO 9660:1999 to one of level 3. */
  isoLevel: 1 | 2 | 3 | 4 | null
  rockRidge: boolean
  joliet: boolean
  /** 103 characters instead of 64. */
  jolietLong: boolean
  udf: UdfRevision | null
  /** What lies deeper than the eighth level in the ISO 9660 tree with Rock Ridge. */
  deep: 'relocate' | 'keep'
  /** Equal files are written once. */
  dedupe: boolean
  boots: readonly BootRequest[]
  /** Boot entries that the tree's own files ask for are added, for each platform that `boots` has none of. */
  findsBoots: boolean
  /** A disk as well as a disc. */
  hybrid: Hybrid | null
  /** Code of the disk's first sector. */
  mbrCode: MbrCode | null
  /** What the disk is known by; null: made of what the image is. */
  diskIdentity: DiskIdentity | null
  /** MD5 sums of the image and of each file, as libisofs keeps them; they need Rock Ridge. */
  md5: boolean
  /** An MD5 sum of the whole in the volume descriptor, as `checkisomd5` looks for it. */
  implantMd5: boolean
  /** A list of the files' SHA-256 sums in the root. */
  sha256sums: boolean
  /** Files lie on the disc by weight, the heaviest first; the first pattern that fits a path gives it, others weigh 0. */
  sort: readonly { pattern: string; weight: number }[]
  /**
   * Texts that stand in the primary descriptor as they are, whatever ECMA-119 8.4 allows there: loaders look for labels
   * in small letters.
   */
  asRecorded: readonly (keyof VolumeFacts | 'label')[]
  /** Films lie as their IFOs say that they do; `places`: that alone, and no folder is made for it. */
  dvdVideo: boolean | 'places'
  /** Milliseconds since 1970 UTC: when the volume says that it was made. Null: now. */
  date: number | null
  /** The dates of the volume (ECMA-119 8.4.26.1) as another image has them: loaders look for a disc by them. Null: `date`. */
  recordedDates: RecordedDates | null
}

/** Fields of 17 bytes. */
export interface RecordedDates {
  created: Uint8Array
  modified: Uint8Array
}

const BASE: AuthorOptions = {
  label: '',
  isoLevel: 3,
  rockRidge: true,
  joliet: true,
  jolietLong: false,
  udf: null,
  deep: 'relocate',
  dedupe: false,
  boots: [],
  findsBoots: true,
  hybrid: null,
  mbrCode: null,
  diskIdentity: null,
  md5: false,
  implantMd5: false,
  sha256sums: false,
  sort: [],
  publisher: '',
  preparer: '',
  application: 'ISOLDE',
  systemId: '',
  volumeSetId: '',
  copyrightFile: '',
  abstractFile: '',
  bibliographicFile: '',
  asRecorded: [],
  dvdVideo: false,
  date: null,
  recordedDates: null,
}

/** Sets of options by what they are for; each may be changed one by one. */
export const PRESETS = {
  data: { ...BASE, udf: '1.02' },
  compatible: { ...BASE, isoLevel: 2 },
  linux: { ...BASE, joliet: false },
  windows: { ...BASE, rockRidge: false, udf: '1.02' },
  udf: { ...BASE, isoLevel: null, rockRidge: false, joliet: false, udf: '2.01' },
  'dvd-video': { ...BASE, isoLevel: 2, rockRidge: false, joliet: false, udf: '1.02', dvdVideo: true },
  bluray: { ...BASE, isoLevel: null, rockRidge: false, joliet: false, udf: '2.50' },
} as const satisfies Record<string, AuthorOptions>
