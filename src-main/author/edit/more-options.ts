import path from 'node:path'
import { explainReadError } from '../../../src-shared/model'
import { AuthorError } from '../author-error'
import type { BootEmulation, BootRequest } from '../boot/el-torito'
import { readPlainHead, PlainFileError } from '../../files/plain-file'
import { MBR_BYTES, mbrCodeOf, type Hybrid } from '../boot/hybrid'
import type { AuthorOptions } from '../options'

const TEXTS = ['publisher', 'preparer', 'application', 'systemId', 'volumeSetId'] as const
type ImageText = (typeof TEXTS)[number]

/**
 * What was said of an image beyond its preset, or beyond the image that is changed. What is undefined is as those have
 * it; what each means is said where windows say it.
 */
export interface MoreOptions extends Partial<Record<ImageText, string | undefined>> {
  date?: number | undefined
  findsBoots?: boolean | undefined
  bootBios?: string | undefined
  bootUefi?: string | undefined
  bootEmulation?: BootEmulation | undefined
  bootTable?: 'none' | 'isolinux' | 'grub' | undefined
  hybrid?: Hybrid | 'none' | undefined
  mbrFile?: string | undefined
  implantMd5?: boolean | undefined
  sha256sums?: boolean | undefined
  plainModes?: boolean | undefined
  appends?: boolean | undefined
}

/**
 * Options with what was said beyond them.
 * @throws {AuthorError} `NO_SUCH_FILE` where the file with boot code cannot be read, `BAD_REQUEST` where it is no file
 */
export function withMore(options: AuthorOptions, more: MoreOptions): AuthorOptions {
  const said = TEXTS.filter((key) => more[key] !== undefined)
  const texts = Object.fromEntries(said.map((key) => [key, more[key]])) as Partial<Record<ImageText, string>>
  return {
    ...options,
    ...texts,
    // What is said anew is written by the rules, whatever the image had there.
    asRecorded: options.asRecorded.filter((key) => !said.includes(key as ImageText)),
    date: more.date ?? options.date,
    recordedDates: more.date === undefined ? options.recordedDates : null,
    findsBoots: more.findsBoots ?? options.findsBoots,
    boots: bootsWith(options.boots, more),
    ...diskWith(options, more),
    implantMd5: more.implantMd5 ?? options.implantMd5,
    // The two are sums of one another; who asks for the one does without the other.
    md5: more.implantMd5 === true ? false : options.md5,
    sha256sums: more.sha256sums ?? options.sha256sums,
  }
}

/** An entry that is asked for takes the place of the one that is there for its platform. */
function bootsWith(boots: AuthorOptions['boots'], more: MoreOptions): BootRequest[] {
  const { bootBios, bootUefi, bootEmulation = 'none', bootTable = 'none' } = more
  const plain = { emulation: 'none', hasInfoTable: false, hasGrubTable: false } as const
  const asked: BootRequest[] = []
  if (bootBios !== undefined)
    asked.push({
      platform: 'bios',
      path: bootBios,
      emulation: bootEmulation,
      hasInfoTable: bootTable !== 'none',
      hasGrubTable: bootTable === 'grub',
    })
  if (bootUefi !== undefined) asked.push({ ...plain, platform: 'uefi', path: bootUefi })
  const kept = boots.filter(({ platform }) => !asked.some((each) => each.platform === platform))
  return [...asked, ...kept].sort((a, b) => Number(a.platform === 'uefi') - Number(b.platform === 'uefi'))
}

function diskWith(options: AuthorOptions, { hybrid, mbrFile }: MoreOptions): Pick<AuthorOptions, 'hybrid' | 'mbrCode'> {
  const mbrCode = mbrFile === undefined ? options.mbrCode : mbrCodeOf(readCode(mbrFile))
  if (hybrid === undefined) return { hybrid: options.hybrid, mbrCode }
  return hybrid === 'none' ? { hybrid: null, mbrCode: null } : { hybrid, mbrCode }
}

function readCode(file: string): Uint8Array {
  // As a path is typed, so that the shape of what is kept cannot ask for a whole one.
  if (!path.isAbsolute(file))
    throw new AuthorError('BAD_REQUEST', `“${file}” is not a whole path: it must begin at the root of a disk.`)
  try {
    return readPlainHead(file, MBR_BYTES)
  } catch (error) {
    if (error instanceof PlainFileError) throw new AuthorError('BAD_REQUEST', error.message, error.details)
    const { message, details } = explainReadError(error, file)
    throw new AuthorError('NO_SUCH_FILE', message, details)
  }
}
