import fs from 'node:fs'
import path from 'node:path'
import { imageSumsIn, isNamedAfter, loneSumIn, maySumImage, type ImageSum } from '../image/sums/image-sums'
import { lastHeading } from '../image/sums/sum-lines'
import { openPlainFile, readPlainFile } from './plain-file'

/** Lists up to this length are read at once, longer ones piece by piece; in bytes. */
const PIECE_BYTES = 4 << 20
/** A list of more than a million files; a longer one is not read, which is told. */
const LIST_LIMIT = 128 << 20
/** Different sums of one image in one list; more are none. */
const SUMS_LIMIT = 1000
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

/**
 * Sentences for lists that are named after the image and say nothing of it, and for those that are too long to be read:
 * nobody may take them for passed.
 */
export function findMuteLists(imagePath: string): string[] {
  const image = path.basename(imagePath)
  const folder = path.dirname(imagePath)
  const told: string[] = []
  for (const name of namesIn(folder)
    .filter((each) => maySumImage(each, image))
    .sort()
    .slice(0, LISTS_LIMIT)) {
    const list = path.join(folder, name)
    if (lengthOf(list) > LIST_LIMIT)
      told.push(`“${name}” lies beside the image and is too long to be read: it may have a checksum of it.`)
    else if (isNamedAfter(name, image) && sumsIn(list, image).length === 0)
      told.push(`“${name}” lies beside the image and has no checksum of it.`)
  }
  return told
}

/** The sums that one list has of an image; empty where it has none, or cannot be read. */
export function sumsIn(listPath: string, image: string): ImageSum[] {
  try {
    const name = path.basename(listPath)
    const length = lengthOf(listPath)
    if (length > LIST_LIMIT) return []
    if (length > PIECE_BYTES) return sumsInLong(listPath, image)
    const text = textOf(readPlainFile(listPath, PIECE_BYTES))
    const found = imageSumsIn(text, name, image)
    if (found.length > 0 || !isNamedAfter(name, image)) return found
    // It is of this image by its own name: the one that it knows may be from before.
    return loneSumIn(text, name)
  } catch {
    return []
  }
}

/** As {@link sumsIn}, with no more than a piece of the list in memory at a time. Equal sums count once. */
function sumsInLong(listPath: string, image: string): ImageSum[] {
  const name = path.basename(listPath)
  const found = new Map<string, ImageSum>()
  for (const text of piecesOf(listPath))
    for (const sum of imageSumsIn(text, name, image)) {
      const { algorithm, hex, listedAs } = sum
      if (found.size < SUMS_LIMIT) found.set(`${algorithm} ${hex} ${listedAs ?? ''}`, sum)
    }
  const sums = [...found.values()]
  // The name from before it was copied counts where the list does not know its own.
  const own = sums.filter(({ listedAs }) => listedAs === null)
  return own.length > 0 ? own : sums
}

/** The text of a list in pieces that end with a line, each behind the heading that its first lines stand under. */
function* piecesOf(listPath: string): Generator<string> {
  const descriptor = openPlainFile(listPath)
  try {
    const bytes = Buffer.alloc(PIECE_BYTES)
    fs.readSync(descriptor, bytes, 0, bytes.byteLength, 0)
    const decoder = new TextDecoder(charsetOf(bytes))
    let heading = ''
    let rest = ''
    for (let at = 0; at < LIST_LIMIT;) {
      const count = fs.readSync(descriptor, bytes, 0, bytes.byteLength, at)
      if (count === 0) break
      const text = rest + decoder.decode(bytes.subarray(0, count), { stream: true })
      const end = text.lastIndexOf('\n') + 1
      const whole = heading + text.slice(0, end)
      yield whole
      heading = lastHeading(whole)
      // What goes on for longer than a piece without the end of a line is none.
      rest = text.length - end > PIECE_BYTES ? '' : text.slice(end)
      at += count
    }
    yield heading + rest
  } finally {
    fs.closeSync(descriptor)
  }
}

/** Of a file, in bytes; 0 for what is none. */
function lengthOf(file: string): number {
  const stat = fs.statSync(file, { throwIfNoEntry: false })
  return stat?.isFile() === true ? stat.size : 0
}

function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder)
  } catch {
    return []
  }
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder(charsetOf(bytes)).decode(bytes)
}

/** UTF-8, or UTF-16 with a mark, as PowerShell writes it. */
function charsetOf(bytes: Uint8Array): 'utf-8' | 'utf-16le' {
  return bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8'
}
