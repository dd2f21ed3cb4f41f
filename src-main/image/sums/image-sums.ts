import { isSumListName, mayBeSumList } from './list-names'
import { HEX_LENGTH, parseSums, type SumAlgorithm } from './sum-lines'

/** What the bytes of an image file must give, by the word of somebody outside of it. */
export interface ImageSum {
  algorithm: SumAlgorithm
  /** Lower-case hexadecimal. */
  hex: string
  /** The name of the file that says so; null where a person gave the sum itself. */
  from: string | null
  /** The name by which the list knows it, where that is another. */
  listedAs: string | null
}

const OWN_LIST = /\.(?:md5|sha1|sha224|sha256|sha384|sha512|b2|blake2b)(?:sums?)?(?:\.txt)?$/i
/** What browsers and file managers add to the name of a second copy. */
const COPY_NUMBER = / ?\(\d+\)(?=\.[^.]*$|$)/

/** Whether a file beside an image may hold its sum. @param image its own name */
export function maySumImage(name: string, image: string): boolean {
  if (name === image) return false
  const own = OWN_LIST.test(name) && namesOf(image).some((each) => isOwnList(name, each))
  return own || isSumListName(name) || mayBeSumList(name)
}

/**
 * The sums that a list has of an image.
 * @param list its text
 * @param listName its name, without folder
 * @param image the image's name; the list may know it by the one that it had before it was copied
 */
export function imageSumsIn(list: string, listName: string, image: string): ImageSum[] {
  const { lines } = parseSums(list, listName.replace(/\.txt$/i, ''))
  for (const name of namesOf(image)) {
    const found = lines.filter(({ path }) => lastName(path) === name || isOwnList(listName, name, path))
    if (found.length > 0)
      return found.map(({ algorithm, hex, path }) => {
        const known = lastName(path)
        return {
          algorithm,
          hex,
          from: listName,
          listedAs: known === image || isOwnList(listName, image, path) ? null : known,
        }
      })
  }
  return []
}

/** Whether a list is of one image by its name: `x.iso.sha256`. */
export function isNamedAfter(list: string, image: string): boolean {
  return list !== image && OWN_LIST.test(list) && list.replace(OWN_LIST, '') === image
}

/** The sum in a list that has one alone, whatever it calls the file; empty for any other. */
export function loneSumIn(list: string, listName: string): ImageSum[] {
  const { lines } = parseSums(list, listName.replace(/\.txt$/i, ''))
  const [line] = lines
  if (lines.length !== 1 || line === undefined) return []
  const { algorithm, hex, path } = line
  return [{ algorithm, hex, from: listName, listedAs: lastName(path) }]
}

/** A sum as a person gives it; null where it is none. Blanks and a prefix such as `sha256:` are passed over. */
export function imageSumOf(text: string): ImageSum | null {
  const hex = text
    .replace(/^\s*[a-z0-9-]+\s*[:=]/i, '')
    .replaceAll(/\s/g, '')
    .toLowerCase()
  const algorithm = (Object.keys(HEX_LENGTH) as SumAlgorithm[]).find((name) => HEX_LENGTH[name] === hex.length)
  return algorithm !== undefined && algorithm !== 'crc32' && /^[0-9a-f]+$/.test(hex)
    ? { algorithm, hex, from: null, listedAs: null }
    : null
}

/** Its name, and the one that it had before it was copied. */
export function namesOf(image: string): string[] {
  const before = image.replace(COPY_NUMBER, '')
  return before === image ? [image] : [image, before]
}

/** `x.iso.md5`, or `x.md5`, which may hold a sum alone. @param path what a line of it names */
function isOwnList(list: string, image: string, path?: string): boolean {
  const named = list.replace(OWN_LIST, '')
  const isNamed = named === image || named === image.replace(/\.[^.]*$/, '')
  return isNamed && (path === undefined || lastName(path) === named)
}

function lastName(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path
}
