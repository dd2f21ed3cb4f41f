/** What the system is told that Isolde reads, by ending. */
export interface ImageExtension {
  /** Without the dot, lower case. */
  extension: string
  description: string
  /**
   * Whether the file manager offers its verbs on every file that ends so. Endings that mostly belong to something else
   * (`.bin`, `.gz`) are offered too, but never more than that; those that no file manager can tell apart are left out.
   */
  verbs: boolean
}

/**
 * The one list of endings: dialogs, the Windows installer and macOS' document types are held to it by tests, and it to
 * what the engine takes for an image.
 */
export const IMAGE_EXTENSIONS: readonly ImageExtension[] = [
  { extension: 'iso', description: 'Disc image', verbs: true },
  { extension: 'udf', description: 'UDF disc image', verbs: true },
  { extension: 'img', description: 'Raw disc image', verbs: true },
  { extension: 'ima', description: 'Floppy disk image', verbs: true },
  { extension: 'bin', description: 'Raw disc sectors', verbs: true },
  { extension: 'cue', description: 'Cue sheet', verbs: true },
  { extension: 'toc', description: 'CD table of contents', verbs: true },
  { extension: 'gdi', description: 'GD-ROM table of contents', verbs: true },
  { extension: 'ccd', description: 'CloneCD disc image', verbs: true },
  { extension: 'mds', description: 'Media descriptor', verbs: true },
  { extension: 'mdf', description: 'Media disc image', verbs: true },
  { extension: 'nrg', description: 'Nero disc image', verbs: true },
  { extension: 'cso', description: 'Compressed disc image', verbs: true },
  { extension: 'ciso', description: 'Compressed disc image', verbs: true },
  { extension: 'zso', description: 'Compressed disc image', verbs: true },
  { extension: 'isz', description: 'Zipped disc image', verbs: true },
  { extension: 'toast', description: 'Toast disc image', verbs: true },
  { extension: 'cdr', description: 'CD/DVD master', verbs: true },
  { extension: 'dvd', description: 'DVD layer list', verbs: true },
  { extension: '001', description: 'First part of a disc image', verbs: true },
  // Only as `.iso.gz` and the like are these images; a file manager sees the last ending and would offer Isolde on all.
  { extension: 'gz', description: 'Packed disc image', verbs: false },
  { extension: 'xz', description: 'Packed disc image', verbs: false },
  { extension: 'zst', description: 'Packed disc image', verbs: false },
  { extension: 'bz2', description: 'Packed disc image', verbs: false },
]
