import type { Diagnostic } from './diagnostic'
import type { ViewKind } from './formats'

/** Encodings that names may be in where the image leaves it open, with what people call them. */
export const NAME_CHARSETS = {
  'utf-8': 'UTF-8',
  shift_jis: 'Shift JIS',
  'euc-jp': 'EUC-JP',
  gb18030: 'GB 18030',
  big5: 'Big5',
  'euc-kr': 'EUC-KR',
  'windows-1251': 'Windows-1251 (Cyrillic)',
  'koi8-u': 'KOI8 (Cyrillic)',
  ibm866: 'CP 866 (DOS, Cyrillic)',
  'iso-8859-5': 'ISO 8859-5 (Cyrillic)',
  'x-mac-cyrillic': 'Mac (Cyrillic)',
  'windows-1253': 'Windows-1253 (Greek)',
  'iso-8859-7': 'ISO 8859-7 (Greek)',
  'windows-1255': 'Windows-1255 (Hebrew)',
  'windows-1256': 'Windows-1256 (Arabic)',
  'iso-8859-6': 'ISO 8859-6 (Arabic)',
  'windows-874': 'Windows-874 (Thai)',
  cp437: 'CP 437 (DOS)',
  cp850: 'CP 850 (DOS)',
  latin1: 'Latin-1',
  'windows-1250': 'Windows-1250 (Central European)',
  'iso-8859-2': 'ISO 8859-2 (Central European)',
  cp852: 'CP 852 (DOS, Central European)',
  'windows-1254': 'Windows-1254 (Turkish)',
  macintosh: 'Mac (Western European)',
} as const

/** Encodings of names that no runtime knows by itself. */
export const DOS_CODE_PAGES = ['cp437', 'cp850', 'cp852'] as const
export type DosCodePage = (typeof DOS_CODE_PAGES)[number]

/** Trees that a person may want before others. */
export const VIEW_RULES = ['auto', 'rock-ridge', 'joliet', 'udf', 'iso9660'] as const

/** One tree an image holds. */
export interface ViewInfo {
  /** Stable within the image: a `ViewKind`, or one with `@N` for session or volume N (from 1, by address). */
  id: string
  kind: ViewKind
  /** For people: “Rock Ridge”, “Joliet (session 1)”. */
  label: string
  /** For people: the standard and its level or version: “ISO 9660 level 3”, “UDF 2.01”. */
  format: string
  volumeName: string
  /** Entries without the root; null until the tree has been read. */
  entryCount: number | null
  isDefault: boolean
}

/** Whether a view is a tree of files. Boot catalogs, partitions and tracks are lists of what the disc is made of. */
export function isTreeOfFiles(view: Pick<ViewInfo, 'kind'>): boolean {
  return view.kind !== 'boot' && view.kind !== 'partitions' && view.kind !== 'tracks'
}

export interface Completeness {
  status: 'complete' | 'truncated'
  /**
   * What the volume descriptors say the image should measure, in bytes of the image file; of the blocks in it where they
   * are packed, or lie in other files as well.
   */
  expectedByteLength: number
  /** In the same bytes. */
  missingByteLength: number
}

/** One entry of a boot catalog or one partition that can start a machine. */
export interface BootEntry {
  /** `bios`, `powerpc`, `mac`, `efi`, or a number in hexadecimal for a platform without a name. */
  platform: string
  /** `no-emulation`, `floppy-1.2`, `floppy-1.44`, `floppy-2.88`, `hard-disk`. */
  emulation: string
  bootable: boolean
  /** In bytes from the start of the image file; null in a container that moves bytes around. */
  byteOffset: number | null
  byteLength: number
  /** How many sectors of 512 bytes the catalog says that firmware loads. */
  loadSectors: number
  /** The file that starts at the same block, if any. */
  path: string | null
}

export interface VolumeDates {
  created: number | null
  modified: number | null
}

/** What a volume's descriptor says of it (ECMA-119 8.4). */
export interface VolumeFacts {
  systemId: string
  publisher: string
  preparer: string
  application: string
  volumeSetId: string
  /** Names of files in the root, as they are recorded: `COPYING.TXT;1`. */
  copyrightFile: string
  abstractFile: string
  bibliographicFile: string
}

/** Everything known about an opened image short of its entries; serialisable. */
export interface ImageInfo extends VolumeFacts {
  /** The file's own name, without folder. */
  name: string
  byteLength: number
  /** The volume's label in the default view. */
  label: string
  /** Outermost first: `plain`, `gzip`, `cso`, `cue`, `raw-2352` … */
  containers: string[]
  dates: VolumeDates
  views: ViewInfo[]
  defaultViewId: string
  completeness: Completeness
  boot: BootEntry[]
  diagnostics: Diagnostic[]
}
