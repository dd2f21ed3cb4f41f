import type { ArchiveEntry, ArchiveListing, ReadBytes } from './archive-types'

const MARK = '!<arch>\n'
const HEADER = 60
/** The table of long names of a GNU archive, at most this much of it. */
const NAMES_LIMIT = 1 << 18
/** A BSD name before the content; a longer one is a mistake. */
const NAME_LIMIT = 1 << 12

const latin = new TextDecoder('latin1')
const utf8 = new TextDecoder()

/**
 * The members of an `ar` archive, as `.deb` packages and `.a` libraries are: one header after the other (SVR4 and GNU,
 * with long names of both GNU and BSD).
 * @throws RangeError where it is none
 */
export async function listAr(byteLength: number, read: ReadBytes, limit: number): Promise<ArchiveListing> {
  if (latin.decode(await read(0, MARK.length)) !== MARK) throw new RangeError('This is no ar archive.')
  const entries: ArchiveEntry[] = []
  let names = ''
  let at = MARK.length
  while (at + HEADER <= byteLength) {
    const header = latin.decode(await read(at, HEADER))
    if (header.length < HEADER || !header.endsWith('`\n')) break
    const plain = header.slice(0, 16).trimEnd()
    const size = numberOf(header.slice(48, 58))
    const content = at + HEADER
    at = content + size + (size % 2)
    if (plain === '//') names = latin.decode(await read(content, Math.min(size, NAMES_LIMIT)))
    else if (plain !== '/' && plain !== '/SYM64/') {
      if (entries.length >= limit) return { entries, hasMore: true }
      const ahead = Number(/^#1\/(\d+)$/.exec(plain)?.[1] ?? 0)
      const name = ahead > 0 ? await read(content, Math.min(ahead, size, NAME_LIMIT)) : null
      entries.push({
        name: name ? utf8.decode(name).replace(/\0+$/, '') : longNameOf(plain, names),
        isDirectory: false,
        byteLength: Math.max(0, size - ahead),
        packedLength: null,
        modified: numberOf(header.slice(16, 28)) * 1000,
      })
    }
  }
  return { entries, hasMore: false }
}

function longNameOf(plain: string, names: string): string {
  const offset = /^\/(\d+)$/.exec(plain)?.[1]
  const name = offset === undefined ? plain : (names.slice(Number(offset)).split('\n', 1)[0] ?? plain)
  return name.replace(/\/$/, '')
}

function numberOf(text: string): number {
  const value = Number.parseInt(text.trim() || '0', 10)
  return Number.isSafeInteger(value) && value >= 0 ? value : 0
}
