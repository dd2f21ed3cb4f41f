import type { Diagnostic } from '../../src-shared/model'
import type { DiscImage } from '../image/core/disc-image'
import type { EntryTable } from '../image/core/entry-table'
import { FaultTally } from '../image/core/fault-tally'
import { DiagnosticLog } from '../image/core/diagnostic-log'
import { namesFitIdentifier } from '../image/core/name-twin'

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
  return twins?.find((id) => image.info.views.some((view) => view.id === id)) ?? null
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
 * What two trees of the same files (Rock Ridge and Joliet, the sides of a bridge) contradict each other in, as damage:
 * they share their places, so what begins at one place has one length and one name.
 */
export function differences(viewId: string, table: EntryTable, twinId: string, twin: EntryTable): Diagnostic[] {
  const fits = nameRule(viewId.split('@')[0] ?? '', twinId.split('@')[0] ?? '')
  const others = byPlace(twin)
  const faults = new FaultTally()
  const differ = (index: number, what: string): void => {
    const position = table.extentsOf(index)?.[0]?.byteOffset ?? undefined
    const message = `“${table.pathOf(index)}” has another ${what} in the ${twinId} tree.`
    faults.add('TWIN_TREES_DIFFER', message, position, 'some')
  }
  for (const [place, index] of byPlace(table)) {
    const counterpart = index < 0 ? undefined : others.get(place)
    if (counterpart === undefined || counterpart < 0) continue
    faults.countRecord()
    // A packed file measures what it unpacks to in the one tree that knows of it, and what is stored in the other.
    const isPacked = table.isPackedOf(index) || twin.isPackedOf(counterpart)
    if (!isPacked && table.byteLengthOf(index) !== twin.byteLengthOf(counterpart)) differ(index, 'length')
    const other = twin.nameOf(counterpart)
    if (!fits(table.nameOf(index), other)) differ(index, `name (“${other}”)`)
  }
  const log = new DiagnosticLog()
  faults.settle(log)
  return log.costs
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
  return name.length >= JOLIET_LIMIT - 4 || namesFitIdentifier(name, identifier)
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
    if (a === '_' || b === '_' || isReplaced(a) || isReplaced(b)) continue
    return false
  }
  // Two encodings hardly ever differ by one bit in one letter; damage does.
  return differing !== 1 || !isFlippedBit(long.charAt(last), short.charAt(last))
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

/** Not allowed in Joliet, or written in different ways by different writers. */
function isReplaced(character: string): boolean {
  return '*/:;?\\'.includes(character) || character < ' ' || character > '~'
}
