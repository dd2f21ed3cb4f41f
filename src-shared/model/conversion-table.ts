/** What the blocks of an image are. */
export type ConversionSource = 'disc' | 'udf' | 'files' | 'disk'

/**
 * What becomes of an image: `blocks`, as they are; `sectors` of a CD around them; `files`, a new image of the files;
 * `packed`, the blocks in an archive; `none`, since the file would not be what its name says.
 */
export type Conversion = 'blocks' | 'sectors' | 'files' | 'packed' | 'none'

/** Names of files that are written, what they promise, and what they get of each source. */
export interface ConversionTarget {
  id: 'iso' | 'udf' | 'toast' | 'sectors' | 'archive' | 'plain'
  /** Without the dot; empty: every name that promises nothing, and standard output. */
  extensions: readonly string[]
  of: Readonly<Record<ConversionSource, Conversion>>
}

export const CONVERSION_SOURCES: readonly { id: ConversionSource; about: string }[] = [
  { id: 'disc', about: 'a disc: ISO 9660, High Sierra, XDVDFS, or any that came with its tracks' },
  { id: 'udf', about: 'a disc with UDF' },
  {
    id: 'files',
    about: 'an archive of files: SquashFS, EROFS, WIM, cpio',
  },
  { id: 'disk', about: 'a disk with partitions, or a volume of one: ext, NTFS, exFAT, FAT, APFS, HFS that is no disc' },
]

/** What `convert` makes, by the name of what is to be written. The first that has the extension counts. */
export const CONVERSION_TARGETS: readonly ConversionTarget[] = [
  { id: 'iso', extensions: ['iso', 'cdr'], of: { disc: 'blocks', udf: 'blocks', files: 'files', disk: 'blocks' } },
  { id: 'udf', extensions: ['udf'], of: { disc: 'none', udf: 'blocks', files: 'files', disk: 'none' } },
  { id: 'toast', extensions: ['toast'], of: { disc: 'blocks', udf: 'blocks', files: 'none', disk: 'none' } },
  {
    id: 'sectors',
    extensions: ['bin', 'cue'],
    of: { disc: 'sectors', udf: 'sectors', files: 'none', disk: 'none' },
  },
  {
    id: 'archive',
    extensions: ['zip', '7z'],
    of: { disc: 'packed', udf: 'packed', files: 'packed', disk: 'packed' },
  },
  { id: 'plain', extensions: [], of: { disc: 'blocks', udf: 'blocks', files: 'blocks', disk: 'blocks' } },
]
