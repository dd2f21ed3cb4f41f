import type { Diagnostic, Entry, EntryKind, EntryStatus, Extent } from '../../../src-shared/model'
import { recordedIn, type ByteSource, type Place } from './byte-source'
import type { EntryTable, PackedRun, RecordedSums } from './entry-table'
import { ColumnStore } from './column-store'
import { NOWHERE, sumOfRuns, type ContentRuns } from './content-runs'
import { extentsOfRuns, statusOfRuns, wholePlace } from './run-places'
import type { DeviceNumber } from './device-number'
import type { ExtendedAttribute } from './extended-attributes'
import { EntryFlag, Kind, KIND_MASK, KINDS } from './entry-flags'
import { ExtentSource } from './sources/extent-source'
import type { SumTable } from './sum-table'
import { copied } from './copied'

/** What a `Date` can hold, either side of 1970; in milliseconds (ECMA-262, “Time Values”). */
const LATEST = 8.64e15
const LOST = EntryFlag.damaged | EntryFlag.encrypted

/** The entries of a view as columns; `EntryTable` for readers, plus what tree readers need to fill it. */
export class EntryColumns extends ColumnStore implements EntryTable {
  damage: readonly Diagnostic[] = []
  /** Reads the image's table of sums. */
  readSumTable: (() => Promise<SumTable | null>) | null = null
  /** Reads extended attributes by what {@link setAttributes} was given. */
  readAttributes: ((place: number) => Promise<ExtendedAttribute[]>) | null = null
  private readonly contents: ContentRuns[] = []
  private readonly rawNames = new Map<number, Uint8Array>()
  /** The recorded bytes of `basePath` where they differ from it. */
  private basePathBytes: Uint8Array | null = null
  private lastDirectory = -1
  private lastDirectoryPath = ''
  private groups: Map<number, number> | null = null

  /** `volume`: what start offsets and runs count in. `basePath`: the path of entry 0. */
  constructor(
    readonly volume: ByteSource,
    private readonly basePath = '',
    private readonly hasOwners = false,
  ) {
    super()
  }

  /** Replaces the content's single run by several, or by one that needs undoing. */
  setRuns(index: number, runs: ContentRuns): void {
    this.runs[index] = this.contents.push(runs) - 1
  }

  setDevice(index: number, device: DeviceNumber): void {
    this.setRuns(index, { runs: [], device })
  }

  /** Null where all of it lies in one run, from `start` on. */
  runsOf(index: number): ContentRuns | null {
    const at = this.runs[index] ?? -1
    // Looking an array's -1 up is ten times as slow as not looking.
    if (at >= 0) return this.contents[at] ?? null
    const flags = this.flags[index] ?? 0
    // Of a file that is lost and was never given a place, nothing lies at the start of the volume.
    const isNowhere = (flags & LOST) !== 0 && (flags & KIND_MASK) === Kind.file && (this.start[index] ?? 0) <= 0
    return isNowhere ? NOWHERE : null
  }

  /** The recorded bytes of a name that could not stay as it is. */
  keepRawName(index: number, bytes: Uint8Array): void {
    this.rawNames.set(this.nameOffset[index] ?? 0, copied(bytes))
    this.flags[index] = (this.flags[index] ?? 0) | EntryFlag.renamed
  }

  /** A name as it is recorded, whatever it became here. */
  recordedName(index: number): Uint8Array {
    const isRenamed = ((this.flags[index] ?? 0) & EntryFlag.renamed) !== 0
    const raw = isRenamed ? this.rawNames.get(this.nameOffset[index] ?? 0) : undefined
    return raw ?? this.nameBytes(index)
  }

  override setTargetBytes(index: number, target: Uint8Array): void {
    const before = this.nameOffset[index] ?? 0
    super.setTargetBytes(index, target)
    const raw = this.rawNames.get(before)
    // The name may have moved, and its recorded form is found by its place.
    if (raw !== undefined && before !== this.nameOffset[index]) this.rawNames.set(this.nameOffset[index] ?? 0, raw)
  }

  /** Becomes a table whose entry 0 is an entry of another. */
  adopt(other: EntryColumns, index: number): void {
    const own = this.append(0)
    this.flags[own] = other.flags[index] ?? 0
    this.mode[own] = other.mode[index] ?? 0
    this.uid[own] = other.uid[index] ?? 0
    this.gid[own] = other.gid[index] ?? 0
    this.serial[own] = other.serial[index] ?? 0
    this.length64[own] = other.length64[index] ?? 0
    this.start[own] = other.start[index] ?? 0
    this.modified[own] = other.modified[index] ?? NaN
    this.basePathBytes = index === 0 ? other.basePathBytes : other.pathBytesOf(index)
    const runs = other.runsOf(index)
    if (runs !== null) this.setRuns(own, runs)
    const attributes = other.attributesAt?.[index] ?? 0
    if (attributes !== 0) this.setAttributes(own, attributes)
  }

  /** −1 where no child of that name is there. Children are sorted by their bytes. */
  findChild(directory: number, name: string): number {
    const wanted = Buffer.from(name, 'utf8')
    let low = this.firstChildOf(directory)
    let high = low + this.childCountOf(directory) - 1
    while (low <= high) {
      const middle = (low + high) >>> 1
      const order = Buffer.compare(this.nameBytes(middle), wanted)
      if (order === 0) return middle
      if (order < 0) low = middle + 1
      else high = middle - 1
    }
    return -1
  }

  parentOf(index: number): number {
    return this.parent[index] ?? 0
  }

  firstChildOf(index: number): number {
    return this.firstChild[index] ?? 0
  }

  childCountOf(index: number): number {
    return this.childCount[index] ?? 0
  }

  nameOf(index: number): string {
    return index === 0 ? this.basePath.slice(this.basePath.lastIndexOf('/') + 1) : this.arenaName(index)
  }

  pathOf(index: number): string {
    if (index === 0) return this.basePath
    const parent = this.parentOf(index)
    if (parent !== this.lastDirectory) {
      this.lastDirectoryPath = this.directoryPath(parent)
      this.lastDirectory = parent
    }
    return this.lastDirectoryPath + this.arenaName(index)
  }

  /** Whether an entry is the root of the whole view, not only of the part that was asked for. */
  isViewRoot(index: number): boolean {
    return index === 0 && this.basePath === ''
  }

  kindOf(index: number): EntryKind {
    return KINDS[(this.flags[index] ?? 0) & KIND_MASK] ?? 'file'
  }

  byteLengthOf(index: number): number {
    return ((this.flags[index] ?? 0) & KIND_MASK) === 0 ? (this.length64[index] ?? 0) : 0
  }

  modifiedOf(index: number): number {
    const modified = this.modified[index] ?? NaN
    // Some formats have room for years that no calendar here goes to: as good as none.
    return Math.abs(modified) <= LATEST ? modified : NaN
  }

  modeOf(index: number): number {
    return ((this.flags[index] ?? 0) & EntryFlag.hasMode) !== 0 ? (this.mode[index] ?? 0) : -1
  }

  uidOf(index: number): number {
    return this.hasOwners && ((this.flags[index] ?? 0) & EntryFlag.hasOwner) !== 0 ? (this.uid[index] ?? 0) : -1
  }

  gidOf(index: number): number {
    return this.hasOwners && ((this.flags[index] ?? 0) & EntryFlag.hasOwner) !== 0 ? (this.gid[index] ?? 0) : -1
  }

  targetOf(index: number): string | null {
    return this.kindOf(index) === 'symlink' ? this.arenaTarget(index) : null
  }

  deviceOf(index: number): DeviceNumber | null {
    return this.kindOf(index) === 'device' ? (this.runsOf(index)?.device ?? null) : null
  }

  hiddenOf(index: number): boolean {
    return ((this.flags[index] ?? 0) & EntryFlag.hidden) !== 0
  }

  statusOf(index: number): EntryStatus {
    const flags = this.flags[index] ?? 0
    if ((flags & LOST) !== 0) return 'lost'
    const kind = flags & KIND_MASK
    if (kind > Kind.directory) return 'complete'
    const status = this.recordedStatus(index)
    const isDoubtful = (flags & EntryFlag.doubtful) !== 0 || this.isSuspectOf(index)
    return status === 'complete' && isDoubtful ? 'partial' : status
  }

  isSuspectOf(index: number): boolean {
    const { volume } = this
    if (volume.isSuspect === undefined || ((this.flags[index] ?? 0) & KIND_MASK) > Kind.directory) return false
    const runs = this.runsOf(index)?.runs ?? [this.start[index] ?? 0, this.length64[index] ?? 0]
    for (let i = 0; i + 1 < runs.length; i += 2) {
      const [start = -1, length = 0] = [runs[i], runs[i + 1]]
      if (start >= 0 && length > 0 && volume.isSuspect(start, length)) return true
    }
    return false
  }

  private recordedStatus(index: number): EntryStatus {
    const content = this.runsOf(index)
    if (content !== null) return statusOfRuns(this.volume, content)
    const length = this.length64[index] ?? 0
    if (length === 0) return 'complete'
    const present = recordedIn(this.volume, this.start[index] ?? 0, length)
    return present === length ? 'complete' : present > 0 ? 'partial' : 'lost'
  }

  isEncryptedOf(index: number): boolean {
    return ((this.flags[index] ?? 0) & EntryFlag.encrypted) !== 0
  }

  extentsOf(index: number): Extent[] | null {
    if (((this.flags[index] ?? 0) & KIND_MASK) !== 0) return []
    const length = this.length64[index] ?? 0
    const content = this.runsOf(index)
    if (content?.transform !== undefined) return null
    if (length === 0) return []
    const runs = content?.runs ?? [this.start[index] ?? 0, length]
    return extentsOfRuns(this.volume, runs)
  }

  plainRunOf(index: number): Place | null {
    const length = this.byteLengthOf(index)
    if (length === 0) return null
    const content = this.runsOf(index)
    if (content === null) return wholePlace(this.volume, this.start[index] ?? -1, length)
    // What speaks against its place is told by its content alone.
    if (content.transform !== undefined || content.doubt !== undefined) return null
    if (content.runs.length !== 2 || content.runs[1] !== length) return null
    return wholePlace(this.volume, content.runs[0] ?? -1, length)
  }

  packedRunOf(index: number): PackedRun | null {
    const content = this.runsOf(index)
    const packing = content?.transform?.packing
    if (!content || !packing || content.doubt !== undefined || content.runs.length !== 2) return null
    const place = wholePlace(this.volume, content.runs[0] ?? -1, content.runs[1] ?? 0)
    return place && { ...place, packing }
  }

  isPackedOf(index: number): boolean {
    return this.kindOf(index) === 'file' && this.runsOf(index)?.transform !== undefined
  }

  storedRunsOf(index: number): ArrayLike<number> {
    if (this.kindOf(index) !== 'file') return []
    return this.runsOf(index)?.runs ?? [this.start[index] ?? 0, this.length64[index] ?? 0]
  }

  discPositionOf(index: number): number {
    if (this.byteLengthOf(index) === 0) return Infinity
    const content = this.runsOf(index)
    if (content === null) return this.start[index] ?? Infinity
    for (let i = 0; i < content.runs.length; i += 2) if ((content.runs[i] ?? -1) >= 0) return content.runs[i] ?? 0
    return Infinity
  }

  hasAttributesOf(index: number): boolean {
    return ((this.flags[index] ?? 0) & EntryFlag.hasAttributes) !== 0
  }

  async extendedAttributesOf(index: number): Promise<readonly ExtendedAttribute[]> {
    const place = this.attributesAt?.[index] ?? 0
    return place === 0 ? [] : ((await this.readAttributes?.(place)) ?? [])
  }

  hardLinkGroupOf(index: number): number {
    if (((this.flags[index] ?? 0) & EntryFlag.linked) === 0) return -1
    this.groups ??= this.findHardLinks()
    return this.groups.get(index) ?? -1
  }

  entry(index: number): Entry {
    const modified = this.modifiedOf(index)
    const mode = this.modeOf(index)
    const uid = this.uidOf(index)
    const gid = this.gidOf(index)
    return {
      path: this.pathOf(index),
      name: this.nameOf(index),
      kind: this.kindOf(index),
      byteLength: this.byteLengthOf(index),
      modified: Number.isNaN(modified) ? null : modified,
      mode: mode < 0 ? null : mode,
      uid: uid < 0 ? null : uid,
      gid: gid < 0 ? null : gid,
      target: this.targetOf(index),
      hidden: this.hiddenOf(index),
      status: this.statusOf(index),
      extents: this.extentsOf(index),
      pathBytes: this.pathBytesOf(index),
    }
  }

  async recordedSums(): Promise<RecordedSums> {
    const sums = new Map<number, string>()
    const table = this.sumIndex === null ? null : await this.readSumTable?.()
    if (!table?.isIntact) return { algorithm: 'md5', sums, isDamaged: table?.isIntact === false }
    const { algorithm, isOfStored } = table
    for (let index = 0; index < this.length; index++) {
      const isOther = this.kindOf(index) !== 'file' || (isOfStored && this.isPackedOf(index))
      const hex = isOther ? null : table.hexOf(this.sumIndex?.[index] ?? 0)
      if (hex !== null) sums.set(index, hex)
    }
    return { algorithm, sums, isDamaged: false }
  }

  content(index: number): ByteSource | null {
    if (this.kindOf(index) !== 'file') return null
    const byteLength = this.length64[index] ?? 0
    const content = this.runsOf(index)
    if (content === null) return new ExtentSource(this.volume, [this.start[index] ?? 0, byteLength], byteLength)
    const { runs, transform, doubt } = content
    if (transform === undefined) return new ExtentSource(this.volume, runs, byteLength, doubt)
    return transform.open(new ExtentSource(this.volume, runs, sumOfRuns(runs), doubt), byteLength)
  }

  /** The path's recorded bytes where any of its names differs from them; else null. */
  pathBytesOf(index: number): Uint8Array | null {
    // Of nearly every image, and asked for every entry that is listed.
    if (this.rawNames.size === 0 && this.basePathBytes === null) return null
    const parts: Uint8Array[] = []
    let differs = this.basePathBytes !== null
    for (let at = index; at !== 0; at = this.parentOf(at)) {
      if (((this.flags[at] ?? 0) & EntryFlag.renamed) !== 0) differs = true
      parts.push(this.recordedName(at))
    }
    if (!differs) return null
    if (this.basePath !== '') parts.push(this.basePathBytes ?? new TextEncoder().encode(this.basePath))
    parts.reverse()
    const out = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength + 1, -1))
    let at = 0
    for (const part of parts) {
      if (at > 0) out[at++] = 0x2f
      out.set(part, at)
      at += part.byteLength
    }
    return out
  }

  private directoryPath(index: number): string {
    if (index === 0) return this.basePath === '' ? '' : `${this.basePath}/`
    const names: string[] = []
    for (let at = index; at !== 0; at = this.parentOf(at)) names.push(this.arenaName(at))
    if (this.basePath !== '') names.push(this.basePath)
    return `${names.reverse().join('/')}/`
  }

  private findHardLinks(): Map<number, number> {
    const groups = new Map<number, number>()
    const firstByKey = new Map<string, number>()
    for (let index = 0; index < this.length; index++) {
      if (((this.flags[index] ?? 0) & EntryFlag.linked) === 0) continue
      const key = `${this.serial[index] ?? 0} ${this.discPositionOf(index)} ${this.length64[index] ?? 0}`
      const first = firstByKey.get(key)
      if (first === undefined) {
        firstByKey.set(key, index)
        continue
      }
      groups.set(first, first)
      groups.set(index, first)
    }
    return groups
  }
}
