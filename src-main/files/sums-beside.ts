import fs from 'node:fs'
import path from 'node:path'
import { imageSumsIn, maySumImage, type ImageSum } from '../image/sums/image-sums'

/** A list of sums is no longer; in bytes. */
const LIST_LIMIT = 4 << 20
/** Lists that are read in one folder. */
const LISTS_LIMIT = 64

/** The sums that lists beside an image have of it; empty where its folder cannot be read. Lists that cannot be are passed over. */
export function findSumsBeside(imagePath: string): ImageSum[] {
  const image = path.basename(imagePath)
  const folder = path.dirname(imagePath)
  const found: ImageSum[] = []
  for (const name of namesIn(folder)
    .filter((each) => maySumImage(each, image))
    .sort()
    .slice(0, LISTS_LIMIT))
    found.push(...sumsIn(path.join(folder, name), image))
  return found
}

/** The sums that one list has of an image; empty where it has none, or cannot be read. */
export function sumsIn(listPath: string, image: string): ImageSum[] {
  try {
    const stat = fs.statSync(listPath)
    if (!stat.isFile() || stat.size > LIST_LIMIT) return []
    return imageSumsIn(textOf(fs.readFileSync(listPath)), path.basename(listPath), image)
  } catch {
    return []
  }
}

function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder)
  } catch {
    return []
  }
}

/** UTF-8, or UTF-16 with a mark, as PowerShell writes it. */
function textOf(bytes: Uint8Array): string {
  const charset = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8'
  return new TextDecoder(charset).decode(bytes)
}
