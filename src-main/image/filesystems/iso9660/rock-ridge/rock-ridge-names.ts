import { decodeUtf8 } from '../../../../../src-shared/charset/detect'
import type { DiagnosticLog } from '../../../core/diagnostic-log'
import type { EntryColumns } from '../../../core/entry-columns'
import { Fit, fitsIdentifier, hasFlippedBit, isBrokenUtf8, mayShareIdentifier } from '../../../core/name-twin'

/** Most names that differ in a digit which are looked at in a directory: each is compared with all others. */
const NUMBERED_LIMIT = 64

/** With so many bytes beyond ASCII, a name that lacks one bit to be UTF-8 is none in another encoding. */
const SURE_UTF8_BYTES = 16

/** Watches whether the Rock Ridge name of each record fits the identifier beside it, and is encoded as the others are. */
export class RockRidgeNames {
  /** Where names lie that are no UTF-8, and would be but for a bit. */
  private readonly foreign: number[] = []
  private readonly surelyBroken: number[] = []
  private utf8Names = 0
  /** Names of the directory being read whose identifiers have another digit. */
  private numbered: { name: Uint8Array; byteOffset: number }[] = []

  /** @param disagree is told of a name that is not of the same file as its identifier */
  constructor(private readonly disagree: (byteOffset: number) => void) {}

  beginDirectory(): void {
    this.numbered = []
  }

  /**
   * @param own has the name from `from` to `to`
   * @param at where the record begins in `bytes`, which lie at `base`
   */
  add(own: Uint8Array, from: number, to: number, bytes: Uint8Array, at: number, base: number): void {
    const id = at + 33
    const idEnd = id + (bytes[at + 32] ?? 0)
    const isForeign = this.isForeign(own, from, to)
    const isFlipped = isForeign && hasFlippedBit(own, from, to, bytes, id)
    const isBroken = isForeign && !isFlipped && isBrokenUtf8(own.subarray(from, to), bytes.subarray(id, idEnd))
    if (isBroken) (countHigh(own, from, to) < SURE_UTF8_BYTES ? this.foreign : this.surelyBroken).push(base + at)
    const fit = isForeign ? Fit.yes : fitsIdentifier(own, from, to, bytes, id, idEnd)
    if (isFlipped || fit === Fit.no) this.disagree(base + at)
    else if (fit === Fit.numbered && this.numbered.length < NUMBERED_LIMIT)
      this.numbered.push({ name: own.slice(from, to), byteOffset: base + at })
  }

  /**
   * The directory has been read, from the entry `first` on: an identifier is numbered where another name would have had the
   * same one, and nowhere else.
   */
  settleDirectory(columns: EntryColumns, first: number): void {
    for (const { name, byteOffset } of this.numbered) {
      let rivals = 0
      for (let index = first; index < columns.length; index++)
        if (mayShareIdentifier(name, columns.recordedName(index))) rivals++
      // It is one of them itself.
      if (rivals < 2) this.disagree(byteOffset)
    }
    this.numbered = []
  }

  /** Tells the log, once: afterwards nothing has been seen. */
  settle(log: DiagnosticLog): void {
    // Beside several names in UTF-8, one or two that would be but for a bit are such whose bytes have changed.
    const places = [...this.surelyBroken, ...(this.foreign.length < Math.min(this.utf8Names, 3) ? this.foreign : [])]
    for (const place of places)
      log.damage('NAME_NOT_UTF8', 'A name is not quite in UTF-8: it may be other than recorded.', place)
    this.foreign.length = 0
    this.surelyBroken.length = 0
    this.utf8Names = 0
  }

  /** Not UTF-8. Names that are, and are more than ASCII, are counted. */
  private isForeign(bytes: Uint8Array, from: number, to: number): boolean {
    let at = from
    while (at < to && (bytes[at] ?? 0) < 0x80) at++
    if (at === to) return false
    if (decodeUtf8(bytes.subarray(from, to)) === null) return true
    this.utf8Names++
    return false
  }
}

function countHigh(bytes: Uint8Array, from: number, to: number): number {
  let count = 0
  for (let at = from; at < to; at++) if ((bytes[at] ?? 0) >= 0x80) count++
  return count
}
