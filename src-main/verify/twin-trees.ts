import type { Diagnostic, Entry } from '../../src-shared/model'
import type { DiscImage } from '../image/core/disc-image'
import type { EntryTable } from '../image/core/entry-table'
import { FaultTally } from '../image/core/fault-tally'
import { DiagnosticLog } from '../image/core/diagnostic-log'
import { isReplacedInJoliet, namesFitIdentifier } from '../image/core/name-twin'

/** Which other tree of the same files tells most about one: both name the same places on the disc. */
const TWINS: Record<string, readonly string[]> = {
  'rock-ridge': ['joliet', 'udf'],
  joliet: ['rock-ridge', 'iso9660', 'udf'],
  udf: ['rock-ridge', 'joliet'],
  iso9660: ['joliet', 'udf'],
  enhanced: ['joliet', 'iso9660'],
}

/** Joliet keeps so many characters of a name at least (Joliet specification, “File identifiers”). */
const JOLIET_LIMIT = 64

/** The view that tells most about another; null where the image has none. */
export function twinOf(image: DiscImage, viewId: string): string | null {
  const [kind = '', session] = viewId.split('@')
  const twins = TWINS[kind]?.map((id) => (session === undefined ? id : `${id}@${session}`))
  const there = twins?.filter((id) => image.info.views.some((view) => view.id === id)) ?? []
  // Of two partitions of a disk neither describes the other's files.
  const placeOf = (id: string): number => image.view(id).volume.byteOffset
  return there.find((id) => placeOf(id) === placeOf(viewId)) ?? null
}

/**
 * Compares a tree with another that the image holds of the same files, which is read for it.
 * @returns what contradicts, as damage; empty where the trees agree, or there is no other
 */
export async function twinDamage(image: DiscImage, viewId: string, table: EntryTable): Promise<Diagnostic[]> {
  const twinId = twinOf(image, viewId)
  return twinId === null ? [] : differences(viewId, table, twinId, await image.view(twinId).readTree())
}

/**
 * What contradicts of some files alone: their lengths. The part of the other tree that they lie in is read for it.
 * @param paths the files, and folders with all that is below them
 * @param from the folder that all of them lie in, as its path
 */
export async function twinDamageOf(
  image: DiscImage,
  viewId: string,
  table: EntryTable,
  paths: readonly string[],
  from = '',
): Promise<Diagnostic[]> {
  const twinId = twinOf(image, viewId)
  if (twinId === null) return []
  const view = image.view(twinId)
  // Where the other tree calls the folder something else, all of it is read.
  const located = from === '' ? null : await view.lookup(from)
  const twin = await view.readTree(located?.entry.kind === 'directory' ? { from } : {})
  const found: Diagnostic[] = []
  for (const [index, counterpart] of pairs(table, twin)) {
    const path = table.pathOf(index)
    if (!haveOneLength(table, index, twin, counterpart) && isBelow(path, paths))
      found.push({ ...LENGTHS_DIFFER, message: `“${path}” has another length in the ${twinId} tree.` })
  }
  return found
}

const LENGTHS_DIFFER = { code: 'TWIN_TREES_DIFFER', severity: 'damage' } as const

/**
 * The same of a single file, for which no tree is read.
 * @returns what contradicts, in a sentence; null where nothing does, or the other tree has no file of this name
 */
export async function twinLengthProblem(image: DiscImage, viewId: string, entry: Entry): Promise<string | null> {
  const twinId = twinOf(image, viewId)
  const twin = twinId === null ? null : ((await image.view(twinId).lookup(entry.path))?.entry ?? null)
  const [place, twinPlace] = [entry.extents?.[0]?.byteOffset, twin?.extents?.[0]?.byteOffset]
  const isSame = typeof place === 'number' && place === twinPlace
  if (!isSame || twin === null || twin.byteLength === entry.byteLength) return null
  return `it has ${entry.byteLength} bytes here, and ${twin.byteLength} in the ${twinId} tree.`
}

/**
 * What two trees of the same files (Rock Ridge and Joliet, the sides of a bridge) contradict each other in, as damage:
 * they share their places, so what begins at one place has one length and one name.
 */
export function differences(viewId: string, table: EntryTable, twinId: string, twin: EntryTable): Diagnostic[] {
  const fits = nameRule(viewId.split('@')[0] ?? '', twinId.split('@')[0] ?? '')
  const faults = new FaultTally()
  const differ = (index: number, what: string): void => {
    const position = table.extentsOf(index)?.[0]?.byteOffset ?? undefined
    const message = `“${table.pathOf(index)}” has another ${what} in the ${twinId} tree.`
    faults.add('TWIN_TREES_DIFFER', message, position, 'some')
  }
  const folders = new FolderPairs(table, twin)
  const compareNames = (index: number, counterpart: number): void => {
    const other = twin.nameOf(counterpart)
    if (!fits(table.nameOf(index), other)) differ(index, `name (“${other}”)`)
  }
  for (const [index, counterpart] of pairs(table, twin)) {
    faults.countRecord()
    if (!haveOneLength(table, index, twin, counterpart)) differ(index, 'length')
    compareNames(index, counterpart)
    folders.addParents(index, counterpart)
  }
  for (const [index, counterpart] of folders.certain()) {
    faults.countRecord()
    compareNames(index, counterpart)
  }
  const log = new DiagnosticLog()
  faults.settle(log)
  return log.costs
}

/** Entries of a tree, and those of its twin whose content begins where theirs does. */
function* pairs(table: EntryTable, twin: EntryTable): Generator<readonly [number, number]> {
  const others = byPlace(twin)
  for (const [place, index] of byPlace(table)) {
    const counterpart = index < 0 ? undefined : others.get(place)
    if (counterpart !== undefined && counterpart >= 0) yield [index, counterpart]
  }
}

/**
 * Folders of two trees that are one. Each tree has records of its own for them; what tells is that they hold the same
 * files, and stand below the same folders.
 */
class FolderPairs {
  private readonly counterparts = new Map<number, number>()

  constructor(
    private readonly table: EntryTable,
    private readonly twin: EntryTable,
  ) {}

  /** @param index,counterpart one entry in both trees */
  addParents(index: number, counterpart: number): void {
    let own = this.table.parentOf(index)
    let other = this.twin.parentOf(counterpart)
    while (own > 0 && other > 0) {
      const known = this.counterparts.get(own)
      if (known === other) return
      // One of the trees has moved what lies in it, or part of that.
      this.counterparts.set(own, known === undefined ? other : -1)
      if (known !== undefined) return
      own = this.table.parentOf(own)
      other = this.twin.parentOf(other)
    }
  }

  /** Those of which every file says the same: of the others, nobody can tell which is which. */
  *certain(): Generator<readonly [number, number]> {
    const counts = new Map<number, number>()
    for (const other of this.counterparts.values()) counts.set(other, (counts.get(other) ?? 0) + 1)
    for (const [own, other] of this.counterparts) {
      const isMoved = this.table.parentOf(own) > 0 !== this.twin.parentOf(other) > 0
      if (other > 0 && counts.get(other) === 1 && !isMoved) yield [own, other]
    }
  }
}

/** A packed file measures what it unpacks to in the one tree that knows of it, and what is stored in the other. */
function haveOneLength(table: EntryTable, index: number, twin: EntryTable, counterpart: number): boolean {
  const isPacked = table.isPackedOf(index) || twin.isPackedOf(counterpart)
  return isPacked || table.byteLengthOf(index) === twin.byteLengthOf(counterpart)
}

function isBelow(path: string, tops: readonly string[]): boolean {
  return tops.some((top) => top === '' || path === top || path.startsWith(`${top}/`))
}

/** Entries by where their content begins; −1 where several begin there, as hard links do: which is which, nobody can tell. */
function byPlace(table: EntryTable): Map<number, number> {
  const places = new Map<number, number>()
  for (let index = 1; index < table.length; index++) {
    if (table.kindOf(index) !== 'file' || table.byteLengthOf(index) === 0 || table.statusOf(index) === 'lost') continue
    const place = table.discPositionOf(index)
    places.set(place, places.has(place) ? -1 : index)
  }
  return places
}

function nameRule(own: string, twin: string): (name: string, other: string) => boolean {
  if (twin === 'iso9660') return identifierFits
  if (own === 'iso9660') return (name, other) => identifierFits(other, name)
  return namesFit
}

/** A name that was cut has lost its extension, which its identifier may have kept. */
function identifierFits(name: string, identifier: string): boolean {
  return name.length >= JOLIET_LIMIT - 4 || isReplacedFrom(name, identifier) || namesFitIdentifier(name, identifier)
}

/** Identifiers that genisoimage records as they are (-U, -iso-level 4) hold what Joliet has replaced by `_`. */
function isReplacedFrom(name: string, identifier: string): boolean {
  if (name.length !== identifier.length) return false
  for (let i = 0; i < name.length; i++) {
    const recorded = identifier.charAt(i)
    if (name.charAt(i) !== (isReplacedInJoliet(recorded.charCodeAt(0)) ? '_' : recorded)) return false
  }
  return true
}

/** What tells a name that was taken apart, in front of the extension. */
const NUMBER = /~\d{1,6}(?=\.[^.]*$|$)/

/** Characters that Joliet does not allow become others; names that are too long are cut, their extension kept. */
function namesFit(name: string, other: string): boolean {
  if (name === other) return true
  const [plain, plainOther] = [name.replace(NUMBER, ''), other.replace(NUMBER, '')]
  if (plain !== name || plainOther !== other) return namesFit(plain, plainOther)
  const [long, short] = name.length >= other.length ? [name, other] : [other, name]
  const isCut = long.length > short.length
  if (isCut && isNumberedFor(long, short)) return true
  if (isCut && short.length < JOLIET_LIMIT - 4) return long.includes(';') || /[^\x20-\x7e]/.test(long)
  const length = isCut ? JOLIET_LIMIT / 2 : short.length
  let differing = 0
  let last = 0
  for (let i = 0; i < length; i++) {
    const a = long.charAt(i)
    const b = short.charAt(i)
    if (a === b) continue
    differing++
    last = i
    if (isFlippedLetter(a, b)) return false
    if (a === '_' || b === '_' || isReplaced(a) || isReplaced(b)) continue
    return false
  }
  // Two encodings hardly ever differ by one bit in one letter; damage does.
  return differing !== 1 || !isFlippedBit(long.charAt(last), short.charAt(last))
}

/**
 * libisofs numbers names that are the same once characters are replaced: `a?b.c` and `a_b.c` are `a_b0.c`, `a_b1.c`. So are
 * those that its character set does not have.
 */
function isNumberedFor(recorded: string, name: string): boolean {
  const moved = recorded.length - name.length
  return [name.length, name.lastIndexOf('.')].some((end) => {
    if (end < 0 || !/^\d{1,7}$/.test(recorded.slice(end, end + moved))) return false
    let replaced = 0
    for (let at = 0; at < name.length; at++) {
      const own = name.charAt(at)
      const is = recorded.charAt(at < end ? at : at + moved)
      if (is === '_' && (own === '_' || isReplaced(own))) replaced++
      else if (is !== own) return false
    }
    return replaced > 0
  })
}

/** Whether two letters beyond ASCII are one, but for one bit of UTF-8 (Rock Ridge, UDF) or UCS-2 (Joliet, UDF). */
function isFlippedBit(a: string, b: string): boolean {
  if (a <= '~' || b <= '~') return false
  return (['utf8', 'utf16le'] as const).some((encoding) => {
    const own = Buffer.from(a, encoding)
    const other = Buffer.from(b, encoding)
    if (own.byteLength !== other.byteLength) return false
    let bits = 0
    for (const [i, byte] of own.entries()) for (let rest = byte ^ (other[i] ?? 0); rest > 0; rest &= rest - 1) bits++
    return bits === 1
  })
}

/** Whether one bit makes a letter or digit of ASCII the other character, be it a `_`: no writer replaces those. */
function isFlippedLetter(a: string, b: string): boolean {
  const bits = a.charCodeAt(0) ^ b.charCodeAt(0)
  return (bits & (bits - 1)) === 0 && /[A-Za-z\d]/.test(a + b)
}

/** Not allowed in Joliet, or written in different ways by different writers. */
function isReplaced(character: string): boolean {
  return '*/:;?\\'.includes(character) || character < ' ' || character > '~'
}
