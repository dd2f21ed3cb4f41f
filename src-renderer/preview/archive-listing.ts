import type { ArchiveListing, ReadBytes } from './archive-types'

/** Entries that are listed: more than anybody scrolls through. */
export const LISTED_AT_MOST = 20_000

const ZIPS = /\.(zip|jar|apk|epub|xpi|odt|ods|odp|docx|xlsx|pptx|cbz|war|ipa|whl|nupkg|vsix)$/i
const TARS = /\.(tar|ova|cbt)$/i
const PACKED_TARS = /\.(tgz|tar\.gz)$/i

/** Those whose names lie in one place, each by a reader of its own. */
const OTHERS: readonly (readonly [RegExp, () => Promise<ListArchive>])[] = [
  [/\.7z$/i, async () => (await import('./seven-zip-listing')).listSevenZip],
  [/\.cab$/i, async () => (await import('./cab-listing')).listCab],
  [/\.(deb|udeb|ipk|a)$/i, async () => (await import('./ar-listing')).listAr],
  [TARS, async () => (await import('./tar-listing')).listTar],
  [ZIPS, async () => (await import('./zip-listing')).listZip],
]
type ListArchive = (byteLength: number, read: ReadBytes, limit: number) => Promise<ArchiveListing>

/** Whether the names in a file can be listed. */
export function isListable(name: string): boolean {
  return PACKED_TARS.test(name) || OTHERS.some(([names]) => names.test(name))
}

/**
 * Lists an archive from ranges of its bytes. Nothing of it is kept; only a packed TAR, and the list of a 7z archive, have to
 * be unpacked on the way.
 * @throws UnlistableError where there is a list, and it cannot be read here
 * @throws RangeError where the file is not what its name says
 */
export async function listArchive(name: string, byteLength: number, read: ReadBytes): Promise<ArchiveListing> {
  if (PACKED_TARS.test(name)) return listPackedTar(byteLength, read)
  const list = await OTHERS.find(([names]) => names.test(name))?.[1]()
  if (!list) throw new RangeError('This is no archive.')
  return list(byteLength, read, LISTED_AT_MOST)
}

async function listPackedTar(byteLength: number, read: ReadBytes): Promise<ArchiveListing> {
  const [{ listTar }, { gunzipped }] = await Promise.all([import('./tar-listing'), import('./gunzip')])
  const unpacked = gunzipped(byteLength, read)
  try {
    // How long it is shows at its end.
    const listing = await listTar(Infinity, unpacked.read, LISTED_AT_MOST)
    return { ...listing, hasMore: listing.hasMore || unpacked.isCut() }
  } finally {
    await unpacked.close()
  }
}
