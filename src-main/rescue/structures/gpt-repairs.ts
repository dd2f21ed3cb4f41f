import { crc32 } from 'node:zlib'
import { matchesAscii } from '../../image/core/byte-reader'
import { viewOf, type PatchedImage } from './patched-image'

const SECTOR = 512
/** UEFI 5.3.2: what a header measures, and an entry of the array at least. */
const HEADER_LENGTH = 92
const ARRAY_LIMIT = 1 << 20

interface Header {
  bytes: Uint8Array
  array: Uint8Array
  own: number
  other: number
}

/** UEFI 5.3.2: the table is recorded at both ends of a disk; of one whose sums fit the other can be made. */
export async function repairGuidTables(image: PatchedImage): Promise<void> {
  const last = Math.floor(image.byteLength / SECTOR) - 1
  const primary = await readHeader(image, 1)
  // Where the backup lies the primary one says; images may go on behind it.
  const backup = await readHeader(image, primary?.other ?? last)
  if (primary !== null && backup === null) await writeOther(image, primary, false)
  else if (primary === null && backup?.other === 1) await writeOther(image, backup, true)
}

/** Null where no header is, or its sums do not fit. */
async function readHeader(image: PatchedImage, sector: number): Promise<Header | null> {
  const bytes = await image.read(sector * SECTOR, SECTOR)
  if (bytes.byteLength < SECTOR || !matchesAscii(bytes, 0, 'EFI PART')) return null
  const view = viewOf(bytes)
  if (view.getUint32(12, true) !== HEADER_LENGTH || view.getUint32(16, true) !== sumOf(bytes)) return null
  const [own, other, place] = [24, 32, 72].map((at) => Number(view.getBigUint64(at, true)))
  const length = view.getUint32(80, true) * view.getUint32(84, true)
  if (own !== sector || other === undefined || place === undefined || length === 0 || length > ARRAY_LIMIT) return null
  const array = await image.read(place * SECTOR, length)
  if (array.byteLength !== length || crc32(array) !== view.getUint32(88, true)) return null
  return { bytes, array, own, other }
}

function sumOf(header: Uint8Array): number {
  const copy = header.slice(0, HEADER_LENGTH)
  copy.fill(0, 16, 20)
  return crc32(copy)
}

async function writeOther(
  image: PatchedImage,
  { bytes, array, own, other }: Header,
  isPrimary: boolean,
): Promise<void> {
  const arraySectors = Math.ceil(array.byteLength / SECTOR)
  const place = isPrimary ? 2 : other - arraySectors
  if (place < 2 || (other + 1) * SECTOR > image.byteLength) return
  const made = bytes.slice()
  const view = viewOf(made)
  view.setBigUint64(24, BigInt(other), true)
  view.setBigUint64(32, BigInt(own), true)
  view.setBigUint64(72, BigInt(place), true)
  view.setUint32(16, sumOf(made), true)
  const message = isPrimary
    ? 'The table of partitions (GPT) was taken from its backup.'
    : 'The backup of the table of partitions (GPT) was made anew.'
  await image.put(place * SECTOR, array, message)
  await image.put(other * SECTOR, made, message)
}
