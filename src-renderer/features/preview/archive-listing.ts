import type { ArchiveListing, ReadBytes } from './archive-types'
import { ARCHIVE_NAMES } from '../../base/file-kinds/listable'

/** Entries that are listed: more than anybody scrolls through. */
export const LISTED_AT_MOST = 20_000

/** Those whose names lie in one place, each by a reader of its own. */
const OTHERS: readonly (readonly [RegExp, () => Promise<ListArchive>])[] = [
  [ARCHIVE_NAMES.sevenZip, async () => (await import('./seven-zip-listing')).listSevenZip],
  [ARCHIVE_NAMES.cab, async () => (await import('./cab-listing')).listCab],
  [ARCHIVE_NAMES.ar, async () => (await import('./ar-listing')).listAr],
  [ARCHIVE_NAMES.tar, async () => (await import('./tar-listing')).listTar],
  [ARCHIVE_NAMES.zip, async () => (await import('./zip-listing')).listZip],
]
type ListArchive = (byteLength: number, read: ReadBytes, limit: number) => Promise<ArchiveListing>

/**
 * Lists an archive from ranges of its bytes. Nothing of it is kept; only a packed TAR, and the list of a 7z archive, have to
 * be unpacked on the way. The readers are our own: libarchive compiled to WebAssembly wants the whole archive in memory, which
 * may be gigabytes of which the list needs a few pages, and a frame that is allowed to compile code.
 * @throws UnlistableError where there is a list, and it cannot be read here
 * @throws RangeError where the file is not what its name says
 */
export async function listArchive(name: string, byteLength: number, read: ReadBytes): Promise<ArchiveListing> {
  if (ARCHIVE_NAMES.packedTar.test(name)) return listPackedTar(byteLength, read)
  if (ARCHIVE_NAMES.gzip.test(name)) return (await import('./gzip-listing')).listGzip(name, byteLength, read)
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
