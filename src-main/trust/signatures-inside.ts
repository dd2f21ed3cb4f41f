import { MemoryByteSource, type ByteSource, type EntryTable } from '../image'
import { readEntryBytes } from '../image/sums/entry-text'
import { applicationUse, readMediaSums, signatureIn } from '../image/sums/media-sums'
import { isSumListName } from '../image/sums/list-names'
import { checkSignature } from './check-signatures'
import type { Keyring } from './keyring'
import type { SignatureReport } from './signed'

const SECTOR = 2048
const EXTENSIONS = /\.(?:asc|sig|gpg|sign|minisig)$/
/** Lists that others sign: of sums, and of repositories of packages. */
const OTHER_LISTS = /^(?:Release|repomd\.xml|content|\.?treeinfo)$/
/** Lists that carry their signature. */
const SIGNED_LISTS = /^InRelease$/
/** A signature, or a list that is signed, is no longer; in bytes. */
const FILE_LIMIT = 64 << 20
/** Signatures that are looked at in one image. */
const FILES_LIMIT = 64

/**
 * The signatures over lists that lie in the image. What they prove is those lists, and the files that the lists have
 * sums of.
 */
export async function findSignaturesInside(table: EntryTable, keyring: Keyring): Promise<SignatureReport[]> {
  const byPath = new Map<string, number>()
  const found: { entry: number; over: string | null }[] = []
  for (let entry = 1; entry < table.length; entry++) {
    if (table.kindOf(entry) !== 'file' || table.byteLengthOf(entry) > FILE_LIMIT) continue
    const name = table.nameOf(entry)
    const list = name.replace(EXTENSIONS, '')
    if (isList(list)) byPath.set(table.pathOf(entry), entry)
    if (list !== name && isList(list)) found.push({ entry, over: table.pathOf(entry).replace(EXTENSIONS, '') })
    else if (SIGNED_LISTS.test(name) || isSumListName(name)) found.push({ entry, over: null })
  }
  const reports: SignatureReport[] = []
  for (const { entry, over } of found.slice(0, FILES_LIMIT)) {
    const list = over === null ? undefined : byPath.get(over)
    const signed =
      list === undefined || over === null
        ? null
        : { name: over, content: new MemoryByteSource(await readEntryBytes(table, list)) }
    const file = { name: table.pathOf(entry), bytes: await readEntryBytes(table, entry) }
    reports.push(...(await checkSignature(file, signed, keyring)).reports)
  }
  return reports
}

/** The signature that SUSE's tagmedia puts into an image, over the sums of it in its descriptor. */
export async function findMediaSignature(
  blocks: ByteSource,
  imageName: string,
  keyring: Keyring,
): Promise<SignatureReport[]> {
  const descriptor = await blocks.read(16 * SECTOR, SECTOR)
  const place = readMediaSums(descriptor)?.signature ?? null
  if (place === null) return []
  const armoured = signatureIn(await blocks.read(place, SECTOR))
  if (armoured === '') return []
  const content = new MemoryByteSource(applicationUse(descriptor))
  const name = `the signature in ${imageName}`
  const { reports } = await checkSignature(
    { name, bytes: Buffer.from(armoured, 'latin1') },
    { name: `the sums in ${imageName}`, content },
    keyring,
  )
  return reports
}

function isList(name: string): boolean {
  return isSumListName(name) || OTHER_LISTS.test(name)
}
