import { latin1, matchesAscii } from './byte-reader'

/** What Linux looks for at the very end of an initrd (Documentation/admin-guide/bootconfig.rst). */
const BOOT_CONFIGURATION = '#BOOTCONFIG\n'
/** Of the last bytes, how many are looked at. */
export const TAIL_LENGTH = BOOT_CONFIGURATION.length
/** Not even the trailer of an archive fits into less, packed or not: marks that tools leave, and what a copy has added. */
const LEAST_ARCHIVE_LENGTH = 32

const KINDS: readonly (readonly [mark: string, what: string])[] = [
  ['\x04\x22\x4d\x18', 'an LZ4 frame, which Linux does not start from (lz4 -d unpacks it)'],
  ['LZIP', 'an lzip file, which Linux does not start from (lzip -d unpacks it)'],
]

/**
 * What it costs that something behind the archives of an initrd is no archive: what could be one whose beginning is
 * destroyed is missing.
 * @param head its first bytes
 * @param tail its last `TAIL_LENGTH`
 * @returns a sentence about the damage; null where nothing of an archive can be in it
 */
export function lostBehindArchives(head: Uint8Array, byteLength: number, tail: Uint8Array): string | null {
  if (byteLength < LEAST_ARCHIVE_LENGTH || latin1(tail) === BOOT_CONFIGURATION) return null
  const known = KINDS.find(([mark]) => matchesAscii(head, 0, mark))
  const what = known?.[1] ?? 'something that is no archive'
  return `Behind the end of the archive lies ${what}, ${byteLength} bytes long: the files in it, if any, are missing.`
}
