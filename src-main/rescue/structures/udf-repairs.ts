import { readU16Le, readU32Le } from '../../image/core/byte-reader'
import { crcCcitt } from '../../image/core/crc-ccitt'
import { viewOf, type PatchedImage } from './patched-image'

const SECTOR = 2048
const ANCHOR = 2
/** ECMA-167 3/8.4.2 asks for 16 sectors; more are not looked at. */
const SEQUENCE_LIMIT = 64

/** ECMA-167 3/8.4.2: anchors stand in several places, and the volume descriptors in two; each of them can be made of the other. */
export async function repairUdf(image: PatchedImage): Promise<void> {
  const last = Math.floor(image.byteLength / SECTOR) - 1
  const places = [256, last, last - 256]
  const anchors = await Promise.all(places.map((sector) => readDescriptor(image, sector)))
  const anchor = anchors.find((bytes) => bytes !== null && readU16Le(bytes, 0) === ANCHOR)
  if (anchor === undefined || anchor === null) return
  const isOf = (bytes: Uint8Array | null): boolean => bytes !== null && readU16Le(bytes, 0) === ANCHOR
  // The one at 256 always is; of the others at least one.
  if (!isOf(anchors[0] ?? null))
    await putDescriptor(image, 256, anchor, 'The anchor of UDF at sector 256 was made of another.')
  const main = { length: readU32Le(anchor, 16), start: readU32Le(anchor, 20) }
  const reserve = { length: readU32Le(anchor, 24), start: readU32Le(anchor, 28) }
  const count = Math.min(SEQUENCE_LIMIT, Math.floor(Math.min(main.length, reserve.length) / SECTOR))
  for (let index = 0; index < count; index++) {
    const own = await readDescriptor(image, main.start + index)
    const copy = await readDescriptor(image, reserve.start + index)
    if (own === null && copy !== null)
      await putDescriptor(
        image,
        main.start + index,
        copy,
        'A volume descriptor of UDF was taken from the reserve sequence.',
      )
    else if (own !== null && copy === null && isThere(image, reserve.start + index))
      await putDescriptor(
        image,
        reserve.start + index,
        own,
        'A volume descriptor of UDF’s reserve sequence was made of the main one.',
      )
  }
}

function isThere(image: PatchedImage, sector: number): boolean {
  return sector > 16 && (sector + 1) * SECTOR <= image.byteLength
}

/** ECMA-167 3/7.2: null where the sums of a tag, or its place, do not fit. */
async function readDescriptor(image: PatchedImage, sector: number): Promise<Uint8Array | null> {
  if (sector < 16) return null
  const bytes = await image.read(sector * SECTOR, SECTOR)
  if (bytes.byteLength < SECTOR) return null
  const id = readU16Le(bytes, 0)
  if (id < 1 || id > 9 || readU32Le(bytes, 12) !== sector || tagSum(bytes) !== bytes[4]) return null
  const length = readU16Le(bytes, 10)
  return length <= SECTOR - 16 && crcCcitt(bytes, 16, 16 + length) === readU16Le(bytes, 8) ? bytes : null
}

async function putDescriptor(image: PatchedImage, sector: number, from: Uint8Array, message: string): Promise<void> {
  const bytes = from.slice()
  viewOf(bytes).setUint32(12, sector, true)
  bytes[4] = tagSum(bytes)
  await image.put(sector * SECTOR, bytes, message)
}

function tagSum(bytes: Uint8Array): number {
  let sum = 0
  for (let i = 0; i < 16; i++) if (i !== 4) sum += bytes[i] ?? 0
  return sum & 0xff
}
