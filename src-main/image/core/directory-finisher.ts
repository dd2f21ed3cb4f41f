import { because } from '../../../src-shared/model'
import { decodeUtf8, detectCharset, nameDecoder, type NameDecoder } from '../../../src-shared/charset/detect'
import type { DiagnosticLog } from './diagnostic-log'
import type { EntryColumns } from './entry-columns'
import { EntryFlag } from './entry-flags'
import { safeName, UniqueNames } from './safe-names'
import { copied } from './copied'

/** File versions (ECMA-119 7.5.1) that are not 1, by entry. */
export type Versions = Map<number, number>

/** Collects names that are not UTF-8 from the beginning of the tree, in an order that never varies. */
export type NameSampler = () => Promise<Uint8Array[]>

/**
 * Gives the children of one directory their final names and order: decoded, safe as path segments, unique, sorted by
 * their bytes. `lookup` and `readTree` both come through here, and that is why they agree.
 */
export class DirectoryFinisher {
  private decoder: NameDecoder | null = null
  private deciding: Promise<NameDecoder> | null = null
  private slots = new Int32Array(64)

  constructor(
    private readonly log: DiagnosticLog,
    charset: string | undefined,
    private readonly sample: NameSampler,
  ) {
    if (charset !== undefined) this.decoder = nameDecoder(charset)
    this.explicit = charset !== undefined
  }

  private readonly explicit: boolean

  /**
   * Waits only the first time that a name is met which leaves its encoding open.
   * @param onTwice called for each entry whose recorded name another one has as well, version and all
   */
  finish(
    columns: EntryColumns,
    parent: number,
    first: number,
    versions: Versions | null,
    onTwice?: () => void,
  ): void | Promise<void> {
    this.dropRemoved(columns, first, versions)
    if (this.decoder === null && this.needsDecoder(columns, first)) {
      return this.decideCharset().then(() => this.complete(columns, parent, first, versions, onTwice))
    }
    this.complete(columns, parent, first, versions, onTwice)
  }

  /** Up to where the entries from `first` on have names that finishing leaves alone, whatever else the directory holds. */
  settledEnd(columns: EntryColumns, first: number, limit: number): number {
    const names = new Set<string>()
    for (let index = first; index < limit; index++) {
      const flags = columns.flags[index] ?? 0
      if ((flags & EntryFlag.removed) !== 0) return index
      if ((flags & EntryFlag.oddName) !== 0) {
        const text = this.explicit ? null : decodeUtf8(columns.nameBytes(index))
        if (text === null || safeName(text) !== text) return index
      }
      const name = columns.arenaName(index)
      if (names.has(name)) return index
      names.add(name)
    }
    return Math.max(first, limit)
  }

  private complete(
    columns: EntryColumns,
    parent: number,
    first: number,
    versions: Versions | null,
    onTwice?: () => void,
  ): void {
    this.repairNames(columns, first)
    if (this.hasDuplicates(columns, first)) makeUnique(columns, first, versions, onTwice)
    sortByName(columns, first)
    columns.firstChild[parent] = first
    columns.childCount[parent] = columns.length - first
  }

  private dropRemoved(columns: EntryColumns, first: number, versions: Versions | null): void {
    let to = first
    for (let from = first; from < columns.length; from++) {
      if (((columns.flags[from] ?? 0) & EntryFlag.removed) !== 0) continue
      if (from !== to) {
        columns.moveEntry(from, to)
        const version = versions?.get(from)
        versions?.delete(to)
        if (version !== undefined) versions?.set(to, version)
      }
      to++
    }
    columns.truncate(to)
  }

  private needsDecoder(columns: EntryColumns, first: number): boolean {
    for (let index = first; index < columns.length; index++) {
      if (((columns.flags[index] ?? 0) & EntryFlag.oddName) === 0) continue
      if (decodeUtf8(columns.nameBytes(index)) === null) return true
      if ((columns.targetLength[index] ?? 0) > 0 && decodeUtf8(columns.arenaTargetBytes(index)) === null) return true
    }
    return false
  }

  private async decideCharset(): Promise<NameDecoder> {
    this.deciding ??= this.sample().then((names) => {
      const charset = detectCharset(names)
      this.log.note('NAMES_NOT_UTF8', `Some names are not in UTF-8; they are read as ${charset}.`)
      return nameDecoder(charset)
    })
    this.decoder = await this.deciding
    return this.decoder
  }

  private repairNames(columns: EntryColumns, first: number): void {
    for (let index = first; index < columns.length; index++) {
      if (((columns.flags[index] ?? 0) & EntryFlag.oddName) === 0) continue
      const raw = columns.nameBytes(index)
      const text = this.decode(raw)
      const name = safeName(text)
      const target = columns.arenaTargetBytes(index)
      if (target.byteLength > 0) columns.setTargetText(index, this.decode(target))
      const bytes = Buffer.from(name, 'utf8')
      if (Buffer.compare(bytes, raw) === 0) continue
      const recorded = copied(raw)
      columns.setNameText(index, name)
      columns.keepRawName(index, recorded)
      if (name !== text)
        this.log.warn(
          'UNSAFE_NAME',
          `A name that cannot be a file's was changed to “${name}”.`,
          undefined,
          because('nameChanged', { name }),
        )
    }
  }

  /** A charset the user chose holds for every name; otherwise UTF-8 comes first. */
  private decode(bytes: Uint8Array): string {
    if (this.explicit && this.decoder !== null) return this.decoder(bytes)
    return decodeUtf8(bytes) ?? this.decoder?.(bytes) ?? ''
  }

  private hasDuplicates(columns: EntryColumns, first: number): boolean {
    const count = columns.length - first
    if (count < 2) return false
    let size = 64
    while (size < count * 2) size *= 2
    if (this.slots.length < size || this.slots.length > size * 16) this.slots = new Int32Array(size)
    else this.slots.fill(0, 0, size)
    const { slots } = this
    const { arena, nameOffset, nameLength } = columns
    const mask = size - 1
    for (let index = first; index < columns.length; index++) {
      const at = nameOffset[index] ?? 0
      const end = at + (nameLength[index] ?? 0)
      let hash = 0x811c9dc5
      for (let i = at; i < end; i++) hash = Math.imul(hash ^ (arena[i] ?? 0), 0x01000193)
      let slot = (hash ^ (hash >>> 15)) & mask
      for (let other = slots[slot] ?? 0; other !== 0; other = slots[slot] ?? 0) {
        if (columns.compareNames(other - 1, index) === 0) return true
        slot = (slot + 1) & mask
      }
      slots[slot] = index + 1
    }
    return false
  }
}

function makeUnique(columns: EntryColumns, first: number, versions: Versions | null, onTwice?: () => void): void {
  const names = new UniqueNames()
  const highest = new Map<string, number>()
  const version = (index: number): number => versions?.get(index) ?? 1
  const isStream = (index: number): number => (columns.flags[index] ?? 0) & EntryFlag.stream
  for (let index = first; index < columns.length; index++) {
    const name = columns.arenaName(index)
    const best = highest.get(name)
    // A file that is really called so comes before a stream that is listed as if.
    if (best === undefined || isStream(best) > isStream(index)) highest.set(name, index)
    else if (isStream(best) === isStream(index) && version(index) > version(best)) highest.set(name, index)
  }
  // Names that stay as they are come first, so that nothing renamed can take them away.
  for (const name of highest.keys()) names.reserve(name)
  for (let index = first; index < columns.length; index++) {
    const name = columns.arenaName(index)
    const best = highest.get(name) ?? index
    if (best === index) continue
    const versioned = version(best) !== version(index) ? `${name};${version(index)}` : name
    const unique = names.claim(versioned)
    const recorded = copied(columns.recordedName(index))
    const isTwice = versioned === name && Buffer.compare(recorded, columns.recordedName(best)) === 0
    // Names may have become one by characters that their writer could not record.
    if (isTwice && recorded.every(isPlain)) onTwice?.()
    columns.setNameText(index, unique)
    columns.keepRawName(index, recorded)
  }
}

/** ASCII, and none of the characters that are put for others. */
function isPlain(code: number): boolean {
  return code < 0x7f && code !== 0x5f && code !== 0x3f
}

function sortByName(columns: EntryColumns, first: number): void {
  let sorted = true
  for (let index = first + 1; index < columns.length && sorted; index++) {
    sorted = columns.compareNames(index - 1, index) <= 0
  }
  if (sorted) return
  const order = new Uint32Array(columns.length - first)
  for (let i = 0; i < order.length; i++) order[i] = first + i
  order.sort((a, b) => columns.compareNames(a, b))
  columns.permute(first, order)
}
