import fs from 'node:fs'
import path from 'node:path'
import { imageSumsIn, isNamedAfter, loneSumIn, maySumImage, type ImageSum } from '../image/sums/image-sums'
import { readPlainFile } from './plain-file'

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

/** Sentences for lists that are named after the image, and say nothing of it: nobody may take them for passed. */
export function findMuteLists(imagePath: string): string[] {
  const image = path.basename(imagePath)
  const folder = path.dirname(imagePath)
  return namesIn(folder)
    .filter((name) => isNamedAfter(name, image) && sumsIn(path.join(folder, name), image).length === 0)
    .slice(0, LISTS_LIMIT)
    .map((name) => `“${name}” lies beside the image and has no checksum of it.`)
}

/** The sums that one list has of an image; empty where it has none, or cannot be read. */
export function sumsIn(listPath: string, image: string): ImageSum[] {
  try {
    const name = path.basename(listPath)
    const text = textOf(readPlainFile(listPath, LIST_LIMIT))
    const found = imageSumsIn(text, name, image)
    if (found.length > 0 || !isNamedAfter(name, image)) return found
    // It is of this image by its own name: the one that it knows may be from before.
    return loneSumIn(text, name)
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
