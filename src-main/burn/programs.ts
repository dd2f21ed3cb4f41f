import { SECTOR_LENGTH } from './medium'

/** In the order in which they are preferred. */
export const BURNERS = ['xorriso', 'cdrskin', 'wodim'] as const
export type Burner = (typeof BURNERS)[number]

export const INSTALL = 'To burn discs, “xorriso” is needed; install the package xorriso (or cdrskin, or wodim).'

export interface BurnSettings {
  /** `/dev/sr0`, or a file that stands for a drive. */
  drive: string
  /** The drive is a plain file: for tests. */
  isFile: boolean
  /** Of the image. It comes on standard input. */
  byteLength: number
  /** As many times as fast as the slowest of its kind; null: as fast as it goes. */
  speed: number | null
  /** What is on the disc goes. */
  isBlanked: boolean
}

/** The arguments that burn an image which comes on standard input: all three understand those of cdrecord(1). */
export function burnArguments(burner: Burner, settings: BurnSettings): string[] {
  const { byteLength, speed, isBlanked, isFile } = settings
  return [
    ...(burner === 'xorriso' ? ['-as', 'cdrecord'] : []),
    ...(burner === 'cdrskin' && isFile ? ['--allow_emulated_drives'] : []),
    '-v',
    `dev=${deviceOf(burner, settings)}`,
    // wodim cannot tell whether it is needed.
    ...(isBlanked ? [burner === 'wodim' ? 'blank=fast' : 'blank=as_needed'] : []),
    ...(speed === null ? [] : [`speed=${speed}`]),
    // The length is known: what is behind it was never burned, and nobody runs into it.
    ...(burner === 'wodim' ? ['-sao'] : []),
    `tsize=${Math.ceil(byteLength / SECTOR_LENGTH)}s`,
    'padsize=0',
    '-data',
    '-',
  ]
}

/** The runs that tell what lies in a drive, in order; none where the program cannot say. */
export function mediumArguments(burner: Burner, settings: Pick<BurnSettings, 'drive' | 'isFile'>): string[][] {
  const device = deviceOf(burner, settings)
  if (burner === 'xorriso') return [['-outdev', device, '-toc', '-list_speeds']]
  if (burner === 'wodim') return []
  const before = settings.isFile ? ['--allow_emulated_drives'] : []
  return [
    [...before, `dev=${device}`, '-minfo'],
    [...before, `dev=${device}`, '--tell_media_space'],
  ]
}

/** libburn takes plain files for drives under a name of their own, and for nothing else. */
function deviceOf(burner: Burner, { drive, isFile }: Pick<BurnSettings, 'drive' | 'isFile'>): string {
  return isFile && burner !== 'wodim' ? `stdio:${drive}` : drive
}

/** How far a burner is, as cdrecord(1) tells it: `12 of 340 MB written`. In bytes; null in any other line. */
export function writtenIn(line: string): number | null {
  const match = /(\d+) of\s+\d+ MB written/.exec(line)
  return match === null ? null : Number(match[1]) * 2 ** 20
}

/** What libburnia’s programs say last of all: that they end, not why; and what could be tried. */
const ENDING = /^[\w-]+\s*: (?:aborting|HINT) :/

/** The line that says what went wrong; the last one that is not about how far it is. */
export function complaintIn(output: string): string {
  const lines = output.split(/[\r\n]+/).map((line) => line.trim())
  const told = lines.filter((line) => line !== '' && writtenIn(line) === null && !ENDING.test(line))
  const bad = told.findLast((line) => /\b(?:FAILURE|FATAL|SORRY|ABORT)\b|error|cannot/i.test(line))
  return (bad ?? told.at(-1) ?? '').replace(/^[\w-]+\s*: (?:[A-Z]+ : )?/, '').replace(/\.$/, '')
}
