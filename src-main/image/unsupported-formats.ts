import { because, type Details } from '../../src-shared/model'
import { ByteReader, readU32Le } from './core/byte-reader'
import type { ByteSource } from './core/byte-source'
import { isSkippableFrame } from './containers/stream/skippable-frame'

/** What a file is that is not read here. */
export interface Unsupported {
  /** The rest of a sentence that begins with the file's name, and a sentence with what opens it. */
  rest: string
  why: (name: string) => Details
}

/** A format that holds a disc or a disk and is not read here. */
interface UnsupportedFormat {
  /** With its article. */
  what: string
  /** What it is called everywhere. */
  label: string
  /** Names of programs that open it. Absent: the format is read, and this file of it is damaged. */
  programs?: string
  /** A sentence: what does open it. */
  opener: string
  /** Text at an offset from the start, or before the end where it is negative. */
  marks: readonly (readonly [byteOffset: number, magic: string])[]
}

const DOLPHIN = 'Dolphin opens it, and converts it to an ISO image.'
const QEMU = 'qemu-img convert makes a plain image of it.'
/** Of formats that are read, but for such files. */
const DAMAGED = 'Copy it anew; qemu-img check tells what is wrong with it.'

const FORMATS: readonly UnsupportedFormat[] = [
  {
    what: 'a MAME disc image (CHD) of another version than 5, or with a damaged header',
    label: 'CHD',
    programs: 'chdman (MAME)',
    opener: 'chdman, which comes with MAME, makes one of version 5 of it (chdman copy).',
    marks: [[0, 'MComprHD']],
  },
  {
    what: 'a compressed ISO image of UltraISO (ISZ) with a damaged header',
    label: 'ISZ',
    opener: 'Copy it anew; UltraISO may still unpack it.',
    marks: [[0, 'IsZ!']],
  },
  {
    what: 'a compressed image of PowerISO (DAA)',
    label: 'DAA',
    programs: 'PowerISO',
    opener: 'PowerISO converts it to an ISO image.',
    marks: [
      [0, 'DAA\0\0'],
      [0, 'GBI\0\0'],
      [0, 'DAA VOL'],
      [0, 'GBI VOL'],
    ],
  },
  {
    what: 'a compressed image of MagicISO (UIF)',
    label: 'UIF',
    programs: 'MagicISO, uif2iso',
    opener: 'MagicISO or uif2iso converts it to an ISO image.',
    marks: [[-64, 'bbis']],
  },
  {
    what: 'a CD image in ECM form that holds nothing',
    label: 'ECM',
    opener: 'Copy it anew.',
    marks: [[0, 'ECM\0']],
  },
  {
    what: 'a PlayStation game in an EBOOT (PBP)',
    label: 'PBP (EBOOT)',
    programs: 'pop-fe, PSX2PSP, PPSSPP',
    opener: 'pop-fe, PSX2PSP or PPSSPP extract the disc in it.',
    marks: [[0, '\0PBP']],
  },
  {
    what: 'a GameCube or Wii disc in RVZ form',
    label: 'RVZ',
    programs: 'Dolphin',
    opener: DOLPHIN,
    marks: [[0, 'RVZ\x01']],
  },
  {
    what: 'a GameCube or Wii disc in WIA form',
    label: 'WIA',
    programs: 'Dolphin',
    opener: DOLPHIN,
    marks: [[0, 'WIA\x01']],
  },
  {
    what: 'a GameCube or Wii disc in GCZ form with a damaged header',
    label: 'GCZ',
    opener: 'Copy it anew; Dolphin tells what is wrong with it.',
    marks: [[0, '\x01\xc0\x0b\xb1']],
  },
  {
    what: 'a Wii backup disk (WBFS)',
    label: 'WBFS',
    programs: 'Dolphin, wit',
    opener: 'Dolphin and wit open it.',
    marks: [[0, 'WBFS']],
  },
  {
    what: 'a GameCube disc',
    label: 'GameCube',
    programs: 'Dolphin',
    opener: 'Dolphin opens it.',
    marks: [[0x1c, '\xc2\x33\x9f\x3d']],
  },
  {
    what: 'a Wii disc',
    label: 'Wii',
    programs: 'Dolphin',
    opener: 'Dolphin opens it.',
    marks: [[0x18, '\x5d\x1c\x9e\xa3']],
  },
  { what: 'a Wii U disc in WUX form', label: 'WUX', programs: 'Cemu', opener: 'Cemu opens it.', marks: [[0, 'WUX0']] },
  {
    what: 'a GameCube or Wii disc in CISO form',
    label: 'Wii CISO',
    programs: 'Dolphin',
    opener: DOLPHIN,
    marks: [[0, 'CISO\0\0']],
  },
  {
    what: 'a PSP game in DAX form with a damaged header',
    label: 'DAX',
    opener: 'Copy it anew; PPSSPP may still open it.',
    marks: [[0, 'DAX\0']],
  },
  {
    what: 'a PSP game in JSO form',
    label: 'JSO',
    programs: 'maxcso, jsoTool',
    opener: 'maxcso and jsoTool convert it.',
    marks: [[0, 'JISO']],
  },
  {
    what: 'a CD-i disc (Green Book)',
    label: 'CD-i',
    programs: 'MAME, CD-i Emulator, VLC',
    opener: 'MAME and CD-i Emulator open it; VLC plays its films.',
    marks: [[32769, 'CD-I ']],
  },
  {
    what: 'an LZ4 file',
    label: 'LZ4',
    programs: 'lz4 -d',
    opener: 'lz4 -d unpacks it.',
    marks: [
      [0, '\x04\x22\x4d\x18'],
      [0, '\x02\x21\x4c\x18'],
    ],
  },
  { what: 'an lzip file', label: 'lzip', programs: 'lzip -d', opener: 'lzip -d unpacks it.', marks: [[0, 'LZIP']] },
  {
    what: 'an LZMA file of the old form',
    label: 'LZMA',
    programs: 'xz -d, 7-Zip',
    opener: 'xz -d or 7-Zip unpacks it.',
    marks: [[0, '\x5d\0\0\x80\0']],
  },
  {
    what: 'a file packed with compress (.Z)',
    label: '.Z (compress)',
    programs: 'gzip -d',
    opener: 'gzip -d unpacks it.',
    marks: [[0, '\x1f\x9d']],
  },
  {
    what: 'a SquashFS image of the other byte order',
    label: 'SquashFS',
    programs: 'unsquashfs',
    opener: 'unsquashfs unpacks it.',
    marks: [[0, 'sqsh']],
  },
  {
    what: 'a cramfs image',
    label: 'cramfs',
    programs: '7-Zip',
    opener: '7-Zip unpacks it.',
    marks: [
      [0, '\x45\x3d\xcd\x28'],
      [0, '\x28\xcd\x3d\x45'],
    ],
  },
  {
    what: 'an encrypted Apple disk image (.dmg)',
    label: 'DMG, AES',
    programs: 'macOS',
    opener: 'macOS opens it.',
    marks: [
      [0, 'encrcdsa'],
      [-8, 'cdsaencr'],
    ],
  },
  {
    what: 'an Apple disk image (.dmg) without a table of blocks',
    label: 'DMG',
    programs: 'macOS, 7-Zip',
    opener: 'macOS and 7-Zip open it.',
    marks: [[-512, 'koly']],
  },
  {
    what: 'a QEMU disk image (QCOW2) of version 1, or with a damaged header',
    label: 'QCOW',
    programs: 'qemu-img',
    opener: QEMU,
    marks: [[0, 'QFI\xfb']],
  },
  {
    what: 'a VMware disk image (VMDK) with a damaged header',
    label: 'VMDK',
    opener: DAMAGED,
    marks: [
      [0, 'KDMV'],
      [0, 'COWD'],
      [0, '# Disk DescriptorFile'],
    ],
  },
  {
    what: 'a Hyper-V disk image (VHDX) with a damaged header',
    label: 'VHDX',
    opener: DAMAGED,
    marks: [[0, 'vhdxfile']],
  },
  {
    what: 'a virtual hard disk (VHD) with a damaged header',
    label: 'VHD',
    opener: DAMAGED,
    marks: [
      [0, 'conectix'],
      [-512, 'conectix'],
    ],
  },
  { what: 'a VirtualBox disk image (VDI) with a damaged header', label: 'VDI', opener: DAMAGED, marks: [[0, '<<< ']] },
  {
    what: 'a Parallels disk image',
    label: 'Parallels',
    programs: 'qemu-img',
    opener: QEMU,
    marks: [
      [0, 'WithoutFreeSpace'],
      [0, 'WithouFreSpacExt'],
    ],
  },
  {
    what: 'an EnCase disk image (E01)',
    label: 'E01 (EnCase)',
    programs: 'ewfexport',
    opener: 'ewfexport makes a plain image of it.',
    marks: [[0, 'EVF\x09\x0d\x0a\xff']],
  },
  {
    what: 'a BlindWrite image',
    label: 'BlindWrite',
    programs: 'BlindWrite, Alcohol 120%',
    opener: 'BlindWrite or Alcohol 120% opens it.',
    marks: [
      [0, 'BWT5 STREAM'],
      [0, 'BWT4 STREAM'],
    ],
  },
  {
    what: 'an image of Easy CD Creator (CIF)',
    label: 'CIF (Easy CD Creator)',
    programs: 'IsoBuster',
    opener: 'IsoBuster converts it to an ISO image.',
    marks: [[8, 'imag']],
  },
  {
    what: 'an image of WinOnCD (C2D)',
    label: 'C2D (WinOnCD)',
    programs: 'IsoBuster',
    opener: 'IsoBuster converts it to an ISO image.',
    marks: [
      [0, 'Roxio Image File Format'],
      [0, 'Adaptec CeQuadrat VirtualCD File'],
    ],
  },
]

/** Reading far into a large file for each mark would be slow; these lengths hold nearly all of them at once. */
const START_LENGTH = 66 * 1024
const END_LENGTH = 512

/**
 * The name of a format that holds a disc, or a disk, and is not read here. Null for everything else.
 */
export async function nameUnsupported(source: ByteSource): Promise<Unsupported | null> {
  const start = new ByteReader(await source.read(0, START_LENGTH))
  const end = new ByteReader(await source.read(Math.max(0, source.byteLength - END_LENGTH), END_LENGTH))
  const matches = async ([at, magic]: readonly [number, string]): Promise<boolean> => {
    if (at < 0) return end.matches(end.byteLength + at, magic)
    if (at + magic.length <= START_LENGTH) return start.matches(at, magic)
    return new ByteReader(await source.read(at, magic.length)).matches(0, magic)
  }
  for (const format of FORMATS) for (const mark of format.marks) if (await matches(mark)) return unsupported(format)
  if (isDiscJuggler(end, source.byteLength)) {
    return unsupported({
      what: 'a DiscJuggler image (CDI) with a damaged description',
      label: 'CDI',
      opener: 'Copy it anew; DiscJuggler or IsoBuster may still open it.',
    })
  }
  // zstd was looked for behind such frames already: what is left that has them is LZ4.
  if (isSkippableFrame(start.bytes))
    return unsupported({ what: 'an LZ4 file', label: 'LZ4', programs: 'lz4 -d', opener: 'lz4 -d unpacks it.' })
  return null
}

function unsupported({ what, label: format, programs, opener }: Omit<UnsupportedFormat, 'marks'>): Unsupported {
  return {
    rest: `is ${what}, which is not supported. ${opener}`,
    why: (name) =>
      programs === undefined
        ? because('damagedFormat', { name, format })
        : because('unsupportedFormat', { name, format, programs }),
  }
}

/** Its description lies at the end: a version, and where the description begins (from version 3.5 on: its length). */
function isDiscJuggler(end: ByteReader, byteLength: number): boolean {
  if (end.byteLength < 8) return false
  const version = readU32Le(end.bytes, end.byteLength - 8)
  const place = readU32Le(end.bytes, end.byteLength - 4)
  return version >= 0x80000004 && version <= 0x80000006 && place > 0 && place < byteLength
}
