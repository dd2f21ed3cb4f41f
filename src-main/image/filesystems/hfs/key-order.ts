import type { ByteReader } from '../../core/byte-reader'

/**
 * Whether a record may stand in front of another by their keys, which begin at `from` of their nodes. Equal keys may not.
 * True as well where the order cannot be told without the whole tables that fold names.
 */
export type KeyOrder = (first: ByteReader, firstFrom: number, second: ByteReader, secondFrom: number) => boolean

interface RecordedName {
  length: number
  unit: (index: number) => number
}

/** How a unit of a name sorts; null where that takes a table. */
type Fold = (unit: number) => number | null

/** Inside Macintosh: Files, 2-70: the parent's id, then the name, of which capitals count as their small letters. */
export const classicCatalogOrder: KeyOrder = (first, firstFrom, second, secondFrom) =>
  mayRise(first.u32Be(firstFrom + 2), second.u32Be(secondFrom + 2)) ??
  nameMayRise(bytesOf(first, firstFrom + 6), bytesOf(second, secondFrom + 6), foldClassic)

/** TN1150 “Catalog File Key”, on HFS+ and on HFSX of which case does not count. */
export const catalogOrder: KeyOrder = (first, firstFrom, second, secondFrom) =>
  mayRise(first.u32Be(firstFrom + 2), second.u32Be(secondFrom + 2)) ??
  nameMayRise(unitsOf(first, firstFrom + 6), unitsOf(second, secondFrom + 6), foldUnicode)

/** TN1150 “HFSX”: kHFSBinaryCompare. */
export const binaryCatalogOrder: KeyOrder = (first, firstFrom, second, secondFrom) =>
  mayRise(first.u32Be(firstFrom + 2), second.u32Be(secondFrom + 2)) ??
  nameMayRise(unitsOf(first, firstFrom + 6), unitsOf(second, secondFrom + 6), (unit) => unit)

/** Inside Macintosh: Files, 2-75: file, fork, first block. */
export const classicExtentOrder: KeyOrder = (first, firstFrom, second, secondFrom) =>
  mayRise(first.u32Be(firstFrom + 2), second.u32Be(secondFrom + 2)) ??
  mayRise(first.u8(firstFrom + 1), second.u8(secondFrom + 1)) ??
  first.u16Be(firstFrom + 6) < second.u16Be(secondFrom + 6)

/** TN1150 “Extents Overflow File Key”: file, fork, first block. */
export const extentOrder: KeyOrder = (first, firstFrom, second, secondFrom) =>
  mayRise(first.u32Be(firstFrom + 4), second.u32Be(secondFrom + 4)) ??
  mayRise(first.u8(firstFrom + 2), second.u8(secondFrom + 2)) ??
  first.u32Be(firstFrom + 8) < second.u32Be(secondFrom + 8)

/** TN1150 “Attributes File”: the file; what follows is the matter of each writer. */
export const attributeOrder: KeyOrder = (first, firstFrom, second, secondFrom) =>
  first.u32Be(firstFrom + 4) <= second.u32Be(secondFrom + 4)

/** Null where both are equal. */
function mayRise(first: number, second: number): boolean | null {
  return first === second ? null : first < second
}

function nameMayRise(first: RecordedName, second: RecordedName, fold: Fold): boolean {
  for (let index = 0; ; index++) {
    if (index === first.length) return index !== second.length
    // What is left of the first may count for nothing, as some signs of Unicode do.
    if (index === second.length) return fold(first.unit(index)) === null
    if (first.unit(index) === second.unit(index)) continue
    const one = fold(first.unit(index))
    const other = fold(second.unit(index))
    if (one === null || other === null) return true
    if (one !== other) return one < other
  }
}

/** Of MacRoman. The backquote (0x60) sorts among the letters, as only the whole table tells. */
function foldClassic(unit: number): number | null {
  if (unit === 0 || unit === 0x60 || unit > 0x7e) return null
  return unit >= 0x61 && unit <= 0x7a ? unit - 0x20 : unit
}

/** Of ASCII, NUL but for which sorts last (TN1150 “Case-Insensitive String Comparison Algorithm”). */
function foldUnicode(unit: number): number | null {
  if (unit === 0 || unit > 0x7e) return null
  return unit >= 0x41 && unit <= 0x5a ? unit + 0x20 : unit
}

function bytesOf(node: ByteReader, at: number): RecordedName {
  return { length: node.u8(at), unit: (index) => node.u8(at + 1 + index) }
}

function unitsOf(node: ByteReader, at: number): RecordedName {
  return { length: node.u16Be(at), unit: (index) => node.u16Be(at + 2 + index * 2) }
}
