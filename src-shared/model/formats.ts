/** The kinds of tree an image can hold. A session or volume other than the default is named `<kind>@N`. */
export const VIEW_KINDS = [
  'rock-ridge',
  'joliet',
  'iso9660',
  'enhanced',
  'udf',
  'high-sierra',
  'hfs',
  'hfsplus',
  'apfs',
  'squashfs',
  'erofs',
  'wim',
  'cpio',
  'ext',
  'ntfs',
  'exfat',
  'xdvdfs',
  'fat',
  'boot',
  'partitions',
  'tracks',
] as const
export type ViewKind = (typeof VIEW_KINDS)[number]

/** Files that systems know by one type. */
export interface FileType {
  /** Without the dot, lower case. */
  extensions: readonly string[]
  /** For people: “Nero disc image”. */
  label: string
  /** The label in other languages, for types that Isolde itself tells the system of. */
  translations?: Readonly<Record<'de' | 'es', string>>
  /** MIME types, as desktops name them; those that begin with {@link OWN_MIME_TYPE} are told to the system. */
  mimeTypes: readonly string[]
  /** What such files begin with, for the system's table of types. */
  magic?: string
  /** Uniform type identifiers of macOS; those that begin with {@link OWN_TYPE} are told to the system. */
  typeIdentifiers: readonly string[]
  /**
   * A file of that name opens like a folder; `inner`: where the name in front of the extension is an image's as well, as
   * in `.iso.gz`.
   */
  opensLikeFolder: true | 'inner'
  /** The file manager offers Isolde's actions on every file that ends so. */
  isOffered: boolean
}

/** Something that is read: what lies around blocks, what divides them, and how files are recorded in them. */
export interface Format {
  /** Of its driver in `src-main/image`. */
  id: string
  role: 'container' | 'volumes' | 'file-system'
  label: string
  files: readonly FileType[]
}

export const OWN_MIME_TYPE = 'application/x-isolde-'
export const OWN_TYPE = 'org.isolde.'

/** Of an image that has no type but ours, opened like a folder and offered to file managers. */
const ownType = (
  extension: string,
  label: string,
  translations?: FileType['translations'],
  magic?: string,
): FileType => ({
  extensions: [extension],
  label,
  ...(translations ? { translations } : {}),
  ...(magic ? { magic } : {}),
  mimeTypes: [OWN_MIME_TYPE + extension],
  typeIdentifiers: [OWN_TYPE + extension],
  opensLikeFolder: true,
  isOffered: true,
})

const compressed = (id: string, label: string, extension: string): Format => ({
  id,
  role: 'container',
  label,
  files: [
    {
      extensions: [extension],
      label: 'Packed disc image',
      mimeTypes: [],
      typeIdentifiers: [],
      // A file manager sees the last extension only, and would offer Isolde on everything that is packed.
      opensLikeFolder: 'inner',
      isOffered: false,
    },
  ],
})

/** Everything that is opened, and the only list of it. */
export const FORMATS: readonly Format[] = [
  {
    id: 'iso9660',
    role: 'file-system',
    label: 'ISO 9660 with Rock Ridge, Joliet, ISO 9660:1999 and El Torito',
    files: [
      {
        extensions: ['iso'],
        label: 'Disc image',
        // shared-mime-info has renamed the type twice; each desktop knows one of the three.
        mimeTypes: ['application/vnd.efi.iso', 'application/x-cd-image', 'application/x-iso9660-image'],
        typeIdentifiers: ['public.iso-image'],
        opensLikeFolder: true,
        isOffered: true,
      },
      {
        extensions: ['cdr'],
        label: 'CD/DVD master',
        mimeTypes: [],
        typeIdentifiers: ['com.apple.disk-image-cdr'],
        opensLikeFolder: true,
        isOffered: true,
      },
    ],
  },
  {
    id: 'udf',
    role: 'file-system',
    label: 'UDF 1.01 to 2.60',
    files: [ownType('udf', 'UDF disc image', { de: 'UDF-Abbild', es: 'Imagen de disco UDF' })],
  },
  { id: 'high-sierra', role: 'file-system', label: 'High Sierra, from before ISO 9660', files: [] },
  { id: 'xdvdfs', role: 'file-system', label: 'XDVDFS, of Xbox discs', files: [] },
  {
    id: 'hfs',
    role: 'file-system',
    label: 'HFS and HFS+',
    files: [ownType('toast', 'Toast disc image', { de: 'Toast-Abbild', es: 'Imagen de disco Toast' })],
  },
  { id: 'apfs', role: 'file-system', label: 'APFS', files: [] },
  {
    id: 'squashfs',
    role: 'file-system',
    label: 'SquashFS 4.0 (gzip, LZMA, LZO, xz, LZ4, zstd)',
    files: [
      {
        extensions: ['squashfs', 'sqfs', 'sfs', 'snap'],
        label: 'SquashFS image',
        translations: { de: 'SquashFS-Abbild', es: 'Imagen SquashFS' },
        mimeTypes: ['application/vnd.squashfs', 'application/x-isolde-squashfs'],
        magic: 'hsqs',
        typeIdentifiers: ['org.isolde.squashfs'],
        opensLikeFolder: true,
        isOffered: true,
      },
    ],
  },
  {
    id: 'erofs',
    role: 'file-system',
    label: 'EROFS (LZ4, LZMA, DEFLATE, zstd)',
    files: [ownType('erofs', 'EROFS image', { de: 'EROFS-Abbild', es: 'Imagen EROFS' })],
  },
  {
    id: 'wim',
    role: 'file-system',
    label: 'Windows images: WIM, ESD, SWM (XPRESS, LZX, LZMS)',
    files: [
      {
        extensions: ['wim', 'esd', 'swm'],
        label: 'Windows image',
        translations: { de: 'Windows-Abbild', es: 'Imagen de Windows' },
        mimeTypes: ['application/x-ms-wim'],
        magic: 'MSWIM',
        typeIdentifiers: ['org.isolde.wim'],
        opensLikeFolder: true,
        isOffered: true,
      },
    ],
  },
  {
    id: 'cpio',
    role: 'file-system',
    label: 'cpio archives and boot RAM disks of Linux',
    files: [
      {
        extensions: ['cpio'],
        label: 'cpio archive',
        mimeTypes: ['application/x-cpio'],
        typeIdentifiers: ['public.cpio-archive'],
        opensLikeFolder: true,
        isOffered: true,
      },
    ],
  },
  {
    id: 'ext',
    role: 'file-system',
    label: 'ext2, ext3 and ext4',
    files: [
      {
        extensions: ['ext2', 'ext3', 'ext4'],
        label: 'Linux volume',
        translations: { de: 'Linux-Datenträger', es: 'Volumen de Linux' },
        mimeTypes: ['application/x-isolde-ext'],
        typeIdentifiers: ['org.isolde.ext'],
        opensLikeFolder: true,
        isOffered: true,
      },
    ],
  },
  {
    id: 'ntfs',
    role: 'file-system',
    label: 'NTFS',
    files: [ownType('ntfs', 'NTFS volume', { de: 'NTFS-Datenträger', es: 'Volumen NTFS' })],
  },
  {
    id: 'exfat',
    role: 'file-system',
    label: 'exFAT',
    files: [ownType('exfat', 'exFAT volume', { de: 'exFAT-Datenträger', es: 'Volumen exFAT' })],
  },
  {
    id: 'fat',
    role: 'file-system',
    label: 'FAT12, FAT16 and FAT32',
    files: [
      {
        extensions: ['img', 'ima'],
        label: 'Raw disk image',
        mimeTypes: ['application/vnd.efi.img', 'application/x-raw-disk-image'],
        typeIdentifiers: ['com.apple.disk-image', 'com.apple.disk-image-raw'],
        opensLikeFolder: true,
        isOffered: true,
      },
    ],
  },
  { id: 'mbr', role: 'volumes', label: 'Master boot record', files: [] },
  { id: 'gpt', role: 'volumes', label: 'GUID partition table', files: [] },
  { id: 'apm', role: 'volumes', label: 'Apple partition map', files: [] },
  {
    id: 'raw-sectors',
    role: 'container',
    label: 'CD sectors of 2352, 2336 or 2448 bytes',
    files: [
      {
        extensions: ['bin'],
        label: 'Raw disc sectors',
        mimeTypes: [],
        typeIdentifiers: [],
        opensLikeFolder: true,
        isOffered: true,
      },
    ],
  },
  {
    id: 'cue',
    role: 'container',
    label: 'Cue sheet',
    files: [
      {
        extensions: ['cue'],
        label: 'Cue sheet',
        mimeTypes: ['application/x-cue'],
        typeIdentifiers: ['org.isolde.cue'],
        opensLikeFolder: true,
        isOffered: true,
      },
    ],
  },
  {
    id: 'ccd',
    role: 'container',
    label: 'CloneCD',
    files: [ownType('ccd', 'CloneCD disc image', { de: 'CloneCD-Abbild', es: 'Imagen de disco CloneCD' }, '[CloneCD]')],
  },
  {
    id: 'mds',
    role: 'container',
    label: 'Alcohol 120 %',
    files: [
      ownType('mds', 'Media descriptor', { de: 'MDS-Beschreibung', es: 'Descriptor MDS' }, 'MEDIA DESCRIPTOR'),
      ownType('mdf', 'Media disc image', { de: 'MDF-Abbild', es: 'Imagen de disco MDF' }),
    ],
  },
  {
    id: 'nrg',
    role: 'container',
    label: 'Nero Burning ROM',
    files: [ownType('nrg', 'Nero disc image', { de: 'Nero-Abbild', es: 'Imagen de disco Nero' })],
  },
  {
    id: 'dmg',
    role: 'container',
    label: 'Apple disk image (UDIF: zlib, bzip2, xz, LZFSE, ADC)',
    files: [
      {
        extensions: ['dmg'],
        label: 'Apple disk image',
        mimeTypes: ['application/x-apple-diskimage'],
        typeIdentifiers: [],
        opensLikeFolder: true,
        isOffered: true,
      },
    ],
  },
  {
    id: 'toc',
    role: 'container',
    label: 'cdrdao',
    files: [
      {
        extensions: ['toc'],
        label: 'Table of contents of cdrdao',
        mimeTypes: [],
        typeIdentifiers: [],
        opensLikeFolder: true,
        // Most files that end so are the tables of contents of books.
        isOffered: false,
      },
    ],
  },
  {
    id: 'gdi',
    role: 'container',
    label: 'GD-ROM',
    files: [ownType('gdi', 'GD-ROM tracks', { de: 'GD-ROM-Spuren', es: 'Pistas de GD-ROM' })],
  },
  {
    id: 'cso',
    role: 'container',
    label: 'CISO 1 and 2',
    files: [
      {
        extensions: ['cso', 'ciso'],
        label: 'Compressed disc image',
        mimeTypes: ['application/x-compressed-iso'],
        typeIdentifiers: ['org.isolde.cso'],
        opensLikeFolder: true,
        isOffered: true,
      },
    ],
  },
  {
    id: 'zso',
    role: 'container',
    label: 'ZISO',
    files: [
      ownType(
        'zso',
        'Compressed disc image (LZ4)',
        { de: 'Komprimiertes Abbild (LZ4)', es: 'Imagen de disco comprimida (LZ4)' },
        'ZISO',
      ),
    ],
  },
  {
    id: 'qcow2',
    role: 'container',
    label: 'QEMU disk image (QCOW2, versions 2 and 3)',
    files: [
      {
        extensions: ['qcow2'],
        label: 'QEMU disk image',
        mimeTypes: ['application/x-qemu-disk'],
        typeIdentifiers: ['org.isolde.qcow2'],
        opensLikeFolder: true,
        isOffered: true,
      },
    ],
  },
  {
    id: 'vhd',
    role: 'container',
    label: 'Virtual hard disk (VHD)',
    files: [
      {
        extensions: ['vhd'],
        label: 'Virtual hard disk',
        mimeTypes: ['application/x-virtualbox-vhd', 'application/x-vhd-disk'],
        typeIdentifiers: ['org.isolde.vhd'],
        opensLikeFolder: true,
        isOffered: true,
      },
    ],
  },
  {
    id: 'vhdx',
    role: 'container',
    label: 'Hyper-V disk image (VHDX)',
    files: [
      {
        extensions: ['vhdx'],
        label: 'Hyper-V disk image',
        mimeTypes: ['application/x-virtualbox-vhdx', 'application/x-vhdx-disk'],
        typeIdentifiers: ['org.isolde.vhdx'],
        opensLikeFolder: true,
        isOffered: true,
      },
    ],
  },
  {
    id: 'vmdk',
    role: 'container',
    label: 'VMware disk image (VMDK)',
    files: [
      {
        extensions: ['vmdk'],
        label: 'VMware disk image',
        mimeTypes: ['application/x-virtualbox-vmdk', 'application/x-vmdk-disk'],
        typeIdentifiers: ['org.isolde.vmdk'],
        opensLikeFolder: true,
        isOffered: true,
      },
    ],
  },
  {
    id: 'vdi',
    role: 'container',
    label: 'VirtualBox disk image (VDI)',
    files: [
      {
        extensions: ['vdi'],
        label: 'VirtualBox disk image',
        mimeTypes: ['application/x-virtualbox-vdi', 'application/x-vdi-disk'],
        typeIdentifiers: ['org.isolde.vdi'],
        opensLikeFolder: true,
        isOffered: true,
      },
    ],
  },
  {
    id: 'chd',
    role: 'container',
    label: 'MAME disc image (CHD 5)',
    files: [ownType('chd', 'MAME disc image', { de: 'MAME-Abbild', es: 'Imagen de disco MAME' }, 'MComprHD')],
  },
  {
    id: 'isz',
    role: 'container',
    label: 'ISZ (zlib, bzip2)',
    files: [
      ownType(
        'isz',
        'Compressed disc image (ISZ)',
        { de: 'Komprimiertes Abbild (ISZ)', es: 'Imagen de disco comprimida (ISZ)' },
        'IsZ!',
      ),
    ],
  },
  {
    id: 'ecm',
    role: 'container',
    label: 'ECM',
    files: [
      ownType('ecm', 'CD image without error codes', {
        de: 'CD-Abbild ohne Fehlercodes',
        es: 'Imagen de CD sin códigos de error',
      }),
    ],
  },
  {
    id: 'dax',
    role: 'container',
    label: 'DAX',
    files: [
      ownType('dax', 'Compressed disc image (DAX)', {
        de: 'Komprimiertes Abbild (DAX)',
        es: 'Imagen de disco comprimida (DAX)',
      }),
    ],
  },
  {
    id: 'gcz',
    role: 'container',
    label: 'GCZ',
    files: [
      ownType('gcz', 'Compressed disc image (GCZ)', {
        de: 'Komprimiertes Abbild (GCZ)',
        es: 'Imagen de disco comprimida (GCZ)',
      }),
    ],
  },
  {
    id: 'cdi',
    role: 'container',
    label: 'DiscJuggler, versions 2 to 4',
    files: [ownType('cdi', 'DiscJuggler disc image', { de: 'DiscJuggler-Abbild', es: 'Imagen de disco DiscJuggler' })],
  },
  {
    id: 'split',
    role: 'container',
    label: 'Images in parts',
    files: [
      {
        extensions: ['001'],
        label: 'First part of a disc image',
        mimeTypes: [],
        typeIdentifiers: [],
        opensLikeFolder: true,
        isOffered: true,
      },
    ],
  },
  {
    id: 'appended',
    role: 'container',
    label: 'AppImage, and other volumes behind a program or zeros (SquashFS, EROFS)',
    files: [
      {
        extensions: ['appimage'],
        label: 'AppImage',
        // Opening one from the system is to start it, not to look into it.
        mimeTypes: [],
        typeIdentifiers: [],
        opensLikeFolder: true,
        isOffered: true,
      },
    ],
  },
  {
    id: 'initrd',
    role: 'container',
    label: 'Boot RAM disks in several parts (gzip, xz, zstd, bzip2, LZ4, LZMA, LZO)',
    files: [],
  },
  compressed('gzip', 'gzip', 'gz'),
  compressed('xz', 'xz', 'xz'),
  compressed('zstd', 'Zstandard', 'zst'),
  compressed('bzip2', 'bzip2', 'bz2'),
]

export const FILE_TYPES: readonly FileType[] = FORMATS.flatMap(({ files }) => files)

const extensionsThat = (isMeant: (type: FileType) => boolean): string[] =>
  FILE_TYPES.filter(isMeant).flatMap(({ extensions }) => extensions)

/** Extensions of images that a person may want to treat as other files. */
export const IMAGE_KINDS: readonly string[] = extensionsThat(({ opensLikeFolder }) => opensLikeFolder === true)
const KINDS = new Set(IMAGE_KINDS)
const WRAPPERS = new Set(extensionsThat(({ opensLikeFolder }) => opensLikeFolder === 'inner'))
/** Every extension that is read, for dialogs and installers. */
export const IMAGE_EXTENSIONS: readonly string[] = extensionsThat(() => true)

const OPTICAL_DEVICE = /^(?:sr\d+|cdrom\d*|dvd\d*)$/

/** The extension that says what a file is, seen through compression and numbered parts; null for other files. */
export function imageKindOf(name: string): string | null {
  const dot = name.lastIndexOf('.')
  if (dot <= 0) return null
  const extension = name.slice(dot + 1).toLowerCase()
  const isKind = KINDS.has(extension)
  if (WRAPPERS.has(extension) || /^(?:\d{1,3}|a{2,3})$/.test(extension)) {
    return imageKindOf(name.slice(0, dot)) ?? (isKind ? extension : null)
  }
  return isKind ? extension : null
}

/** Whether a file of this name opens like a folder. Judged by the name only: opening tells the truth. */
export function looksLikeImage(name: string): boolean {
  return imageKindOf(name) !== null || OPTICAL_DEVICE.test(name)
}
