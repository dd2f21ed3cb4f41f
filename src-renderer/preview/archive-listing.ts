import type { ArchiveListing, ReadBytes } from './archive-types'

/** Entries that are listed: more than anybody scrolls through. */
export const LISTED_AT_MOST = 20_000

const ZIPS = /\.(zip|jar|apk|epub|xpi|odt|ods|odp|docx|xlsx|pptx|cbz|war|ipa|whl|nupkg|vsix)$/i
const TARS = /\.(tar|ova|cbt)$/i

const PACKED_TARS = /\.(tgz|tar\.gz)$/i

/** Whether the names in a file can be listed. */
export function isListable(name: string): boolean {
  return ZIPS.test(name) || TARS.test(name) || PACKED_TARS.test(name)
}

/** Lists an archive from ranges of its bytes. Nothing of it is kept; only a packed TAR has to be unpacked on the way. */
export async function listArchive(name: string, byteLength: number, read: ReadBytes): Promise<ArchiveListing> {
  if (PACKED_TARS.test(name)) return listPackedTar(byteLength, read)
  if (TARS.test(name)) return (await import('./tar-listing')).listTar(byteLength, read, LISTED_AT_MOST)
  return (await import('./zip-listing')).listZip(byteLength, read, LISTED_AT_MOST)
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
