import { imageKindOf } from '../../../../src-shared/model'
import type { ByteSource } from '../../core/byte-source'
import type { SiblingOpener } from '../../core/disc-image'
import { ConcatSource } from '../../core/sources/concat-source'

const PART_LIMIT = 1000

/**
 * `x.001`, `x.iso.001`, `x.iso.1`, `x.iso.0`, and `x.iso.aa` as split(1) names them: the names of the parts that follow, by
 * number. Null for other names.
 */
export function nextPartNames(name: string): ((index: number) => string) | null {
  const letters = /^(.+)\.(aa+)$/.exec(name)
  if (letters !== null && imageKindOf(letters[1] ?? '') !== null) {
    const width = letters[2]?.length ?? 2
    return (index) => `${letters[1] ?? ''}.${inLetters(index, width)}`
  }
  const match = /^(.+\.)(0*)([01])$/.exec(name)
  if (match === null) return null
  const [, stem = '', zeros = '', first = '1'] = match
  const width = zeros.length + 1
  // A lone digit is a version or a date unless the name before it is an image's.
  if (width === 1 && imageKindOf(stem.slice(0, -1)) === null) return null
  return (index) => stem + String(Number(first) + index).padStart(width, '0')
}

function inLetters(index: number, width: number): string {
  let word = ''
  for (let rest = index; word.length < width; rest = Math.floor(rest / 26))
    word = String.fromCharCode(97 + (rest % 26)) + word
  return word
}

/** A set of parts, as far as it is there. */
export interface Parts {
  /** Null where only the first one is there. */
  source: ConcatSource | null
  /** The part that would come next, which is not there, or has nothing in it. */
  next: string
  isNextEmpty: boolean
  /** A part behind that one which is: the set has a hole. Null where there is none. */
  beyond: string | null
  /** A part whose length cannot be right: all but the last are as long as the first, the last no longer. */
  uneven: { name: string; byteLength: number; firstByteLength: number } | null
}

/** Parts that are looked for behind one that is missing. */
const BEYOND_LIMIT = 16

/** Null where the name is not a first part's. */
export async function openParts(source: ByteSource, name: string, openSibling: SiblingOpener): Promise<Parts | null> {
  const nameOf = nextPartNames(name)
  if (nameOf === null) return null
  const parts: ByteSource[] = [source]
  let isNextEmpty = false
  while (parts.length < PART_LIMIT) {
    const part = await openSibling(nameOf(parts.length))
    isNextEmpty = part?.byteLength === 0
    if (part === null || isNextEmpty) {
      await part?.close()
      break
    }
    parts.push(part)
  }
  return {
    source: parts.length > 1 ? new ConcatSource(parts) : null,
    next: nameOf(parts.length),
    isNextEmpty,
    beyond: await firstThere(nameOf, parts.length + 1, openSibling),
    uneven: findUneven(parts, nameOf),
  }
}

function findUneven(parts: readonly ByteSource[], nameOf: (index: number) => string): Parts['uneven'] {
  const firstByteLength = parts[0]?.byteLength ?? 0
  for (const [index, { byteLength }] of parts.entries()) {
    const isLast = index === parts.length - 1
    const difference = byteLength - firstByteLength
    // As many equal parts as were asked for (split -n) differ by what cannot be shared out: fewer bytes than parts.
    if (Math.abs(difference) >= parts.length && !(isLast && difference < 0))
      return { name: nameOf(index), byteLength, firstByteLength }
  }
  return null
}

async function firstThere(
  nameOf: (index: number) => string,
  from: number,
  openSibling: SiblingOpener,
): Promise<string | null> {
  for (let index = from; index < from + BEYOND_LIMIT; index++) {
    const part = await openSibling(nameOf(index))
    await part?.close()
    if (part !== null) return nameOf(index)
  }
  return null
}
