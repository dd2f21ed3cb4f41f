import { takeTurns } from '../task'
import type { Connection } from './database'
import { KIND_MASK, kindCode, rowidOf, VIEW_SPAN } from './entry-codes'
import { KNOWN_TO_PEOPLE } from './nested-images'
import { EntrySearch, type SearchHit } from './entry-search'
import { HashStore, type HashAlgorithm } from './hash-store'
import { orderByNumbers } from './radix-order'

export interface DuplicateQuery {
  /** Within this image, by where contents lie and by hashes; null: across all images, by size and hashes. */
  imageId: number | null
  minByteLength: number
  algorithm: HashAlgorithm
}

/** Files that hold the same, or may. */
export interface DuplicateGroup {
  byteLength: number
  /** Whether extents or hashes say so; else they only have one size. */
  isProven: boolean
  /** Rowids of entries. */
  members: number[]
}

export type DuplicateRow =
  | { row: 'group'; byteLength: number; isProven: boolean; count: number; sharedBytes: number }
  | ({ row: 'entry' } & SearchHit)

/** Files read by one statement: some tens of milliseconds. */
const ROWS_AT_ONCE = 20_000
/** Milliseconds: a list that is scrolled meanwhile must not wait longer. */
const TURN_MS = 25
/** Stands for an image where there are several. */
const SEVERAL = -1

interface FileFacts {
  id: number
  byteLength: number
  /** −1 where the content has no place of its own. */
  position: number
  imageId: number
}

/** Groups of files that hold the same, the most wasteful first, as rows of one list. */
export class Duplicates {
  readonly groups: DuplicateGroup[]
  /** Where each group begins in the list of rows. */
  private readonly starts: number[] = []
  readonly rowCount: number
  private readonly search: EntrySearch

  /** What `find` has found. */
  constructor(database: Connection, groups: DuplicateGroup[]) {
    this.search = new EntrySearch(database)
    this.groups = groups
    let at = 0
    for (const group of groups) {
      this.starts.push(at)
      at += 1 + group.members.length
    }
    this.rowCount = at
  }

  /** Looks through every file that is known, a chunk at a time: the thread answers others in between. */
  static async find(database: Connection, query: DuplicateQuery): Promise<Duplicates> {
    const groups = query.imageId === null ? await acrossImages(database, query) : await withinImage(database, query)
    return new Duplicates(database, await mostWasteful(groups))
  }

  /** Bytes that would be saved if each content were there once: those that are proven, and those that may be. */
  get shared(): { provenBytes: number; possibleBytes: number } {
    let provenBytes = 0
    let possibleBytes = 0
    for (const group of this.groups) {
      if (group.isProven) provenBytes += sharedBytes(group)
      else possibleBytes += sharedBytes(group)
    }
    return { provenBytes, possibleBytes }
  }

  rows(offset: number, limit: number): DuplicateRow[] {
    const rows: DuplicateRow[] = []
    let index = this.groupAt(offset)
    for (let at = offset; at < Math.min(this.rowCount, offset + limit); at++) {
      while (index + 1 < this.starts.length && (this.starts[index + 1] ?? 0) <= at) index++
      const group = this.groups[index]
      if (!group) break
      const member = at - (this.starts[index] ?? 0) - 1
      if (member < 0) {
        const { byteLength, isProven, members } = group
        rows.push({ row: 'group', byteLength, isProven, count: members.length, sharedBytes: sharedBytes(group) })
      } else {
        const hit = this.search.describe(group.members[member] ?? -1)
        if (hit) rows.push({ row: 'entry', ...hit })
      }
    }
    return rows
  }

  private groupAt(row: number): number {
    let low = 0
    let high = this.starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.starts[middle] ?? 0) <= row) low = middle
      else high = middle - 1
    }
    return low
  }
}

/** Files of one image with one content: those that lie at one place, and those whose hashes say so. */
async function withinImage(database: Connection, query: DuplicateQuery): Promise<DuplicateGroup[]> {
  const groups: DuplicateGroup[] = []
  const digestOf = knownDigests(database, query.algorithm)
  const turn = takeTurns(TURN_MS)
  for (const [byteLength, files] of await sameSized(database, query)) {
    await turn()
    const contents = new Map<string, number[]>()
    const digestAt = digestsByPlace(files, digestOf)
    for (const { id, position } of files) {
      const digest = digestOf(id) ?? digestAt.get(position)
      // Without a hash only what lies at the same place is known to be the same.
      const content = digest ?? (position >= 0 ? `at ${position}` : `of ${id}`)
      const members = contents.get(content)
      if (members) members.push(id)
      else contents.set(content, [id])
    }
    for (const members of contents.values())
      if (members.length > 1) groups.push({ byteLength, isProven: true, members })
  }
  return groups
}

/** What is known of one file is known of every other that lies at its place. */
function digestsByPlace(
  files: readonly Placed[],
  digestOf: (id: number) => string | null,
): ReadonlyMap<number, string> {
  const digestAt = new Map<number, string>()
  for (const { id, position } of files) {
    const digest = position >= 0 ? digestOf(id) : null
    if (digest !== null) digestAt.set(position, digest)
  }
  return digestAt
}

async function acrossImages(database: Connection, query: DuplicateQuery): Promise<DuplicateGroup[]> {
  const groups: DuplicateGroup[] = []
  const digestOf = knownDigests(database, query.algorithm)
  const turn = takeTurns(TURN_MS)
  for (const [byteLength, files] of await sameSized(database, query)) {
    await turn()
    const ids = files.map(({ id }) => id)
    const rest: number[] = []
    let isAnyUnknown = false
    for (const [digest, members] of byDigest(ids, digestOf)) {
      if (digest !== null && members.length > 1) groups.push({ byteLength, isProven: true, members })
      else for (const id of members) rest.push(id)
      isAnyUnknown ||= digest === null
    }
    if (isAnyUnknown && rest.length > 1) groups.push({ byteLength, isProven: false, members: rest })
  }
  return groups
}

function byDigest(ids: number[], digestOf: (id: number) => string | null): Map<string | null, number[]> {
  const known = new Map<string | null, number[]>()
  for (const id of ids) {
    const digest = digestOf(id)
    const members = known.get(digest)
    if (members) members.push(id)
    else known.set(digest, [id])
  }
  return known
}

/** Mostly nothing was hashed yet, and millions of files need not be asked one by one. */
function knownDigests(database: Connection, algorithm: HashAlgorithm): (id: number) => string | null {
  const hashes = new HashStore(database)
  return hashes.isEmpty(algorithm) ? () => null : (id) => hashes.get(id, algorithm)
}

/** Proven ones first, then what shares the most; those that share the same stay as they came: by where they are. */
async function mostWasteful(groups: DuplicateGroup[]): Promise<DuplicateGroup[]> {
  const sorted: DuplicateGroup[] = []
  for (const isProven of [true, false]) {
    const some = groups.filter((group) => group.isProven === isProven)
    const order = Uint32Array.from(some.keys())
    orderByNumbers(
      order,
      Float64Array.from(some, (group) => -sharedBytes(group)),
    )
    await new Promise((resolve) => setImmediate(resolve))
    for (const at of order) {
      const group = some[at]
      if (group) sorted.push(group)
    }
  }
  return sorted
}

/** A file, and where its content begins; −1 where it has no place of its own. */
type Placed = Pick<FileFacts, 'id' | 'position'>

/** Files of one size, by size: of one image where one is asked about, else only sizes that several images have. */
async function sameSized(database: Connection, query: DuplicateQuery): Promise<Map<number, Placed[]>> {
  const isWithin = query.imageId !== null
  const seenIn = new Map<number, number>()
  for await (const files of chunks(database, query))
    for (const { byteLength, imageId } of files) {
      const known = seenIn.get(byteLength)
      if (known === undefined) seenIn.set(byteLength, imageId)
      else if (isWithin || known !== imageId) seenIn.set(byteLength, SEVERAL)
    }
  const sizes = new Map<number, Placed[]>()
  for await (const files of chunks(database, query))
    for (const { byteLength, id, position } of files) {
      if (seenIn.get(byteLength) !== SEVERAL) continue
      const same = sizes.get(byteLength)
      if (same) same.push({ id, position })
      else sizes.set(byteLength, [{ id, position }])
    }
  return sizes
}

/**
 * The files of all current default views, or of one image's, giving way in between. What lies in images inside of others
 * goes by these: their files would be told twice.
 */
async function* chunks(database: Connection, query: DuplicateQuery): AsyncGenerator<FileFacts[]> {
  const views = database
    .prepare(
      `SELECT view.id, image_id AS imageId, entry_count AS entryCount FROM view
       JOIN image ON image.id = view.image_id AND image.generation = view.generation
       WHERE is_searchable = 1 AND is_complete = 1 AND iif(@imageId IS NULL, ${KNOWN_TO_PEOPLE}, image_id = @imageId)
       ORDER BY view.id`,
    )
    .all({ imageId: query.imageId }) as { id: number; imageId: number; entryCount: number }[]
  const select = database.prepare(
    `SELECT id, byte_length AS byteLength, coalesce(disc_position, -1) AS position, @imageId AS imageId FROM entry
     WHERE id BETWEEN @first AND @last AND (flags & ${KIND_MASK}) = ${kindCode('file')}
       AND byte_length >= @least`,
  )
  const least = Math.max(1, query.minByteLength)
  const turn = takeTurns(TURN_MS)
  for (const { id, imageId, entryCount } of views) {
    const end = rowidOf(id, entryCount)
    for (let first = rowidOf(id, 0); first <= end; first += ROWS_AT_ONCE) {
      await turn()
      yield select.all({ imageId, first, last: Math.min(end, first + ROWS_AT_ONCE - 1), least }) as FileFacts[]
    }
  }
}

/** What must be hashed to prove duplicates: entries by image, generation and view. */
export async function duplicateCandidates(
  database: Connection,
  query: DuplicateQuery,
): Promise<{ imageId: number; generation: number; view: string; entries: number[] }[]> {
  const digestOf = knownDigests(database, query.algorithm)
  const turn = takeTurns(TURN_MS)
  const views = new Map<number, number[]>()
  for (const files of (await sameSized(database, query)).values()) {
    await turn()
    for (const id of query.imageId === null ? files.map((file) => file.id) : oneOfEachPlace(files, digestOf)) {
      if (digestOf(id) !== null) continue
      const viewId = Math.floor(id / VIEW_SPAN)
      const entries = views.get(viewId)
      if (entries) entries.push(id - viewId * VIEW_SPAN)
      else views.set(viewId, [id - viewId * VIEW_SPAN])
    }
  }
  const select = database.prepare('SELECT image_id AS imageId, generation, key AS view FROM view WHERE id = ?')
  return [...views].flatMap(([viewId, entries]) => {
    const ref = select.get(viewId) as { imageId: number; generation: number; view: string } | undefined
    // Indexed anew meanwhile.
    return ref ? [{ ...ref, entries }] : []
  })
}

/** Of files of one image and one size those that need be read; none where they all lie at one place. */
function oneOfEachPlace(files: readonly Placed[], digestOf: (id: number) => string | null): number[] {
  const digestAt = digestsByPlace(files, digestOf)
  const places = new Set<number>()
  const ids: number[] = []
  for (const { id, position } of files) {
    if (position >= 0 && (digestAt.has(position) || places.has(position))) continue
    places.add(position)
    ids.push(id)
  }
  return ids.length + digestAt.size > 1 ? ids : []
}

function sharedBytes(group: DuplicateGroup): number {
  return group.byteLength * (group.members.length - 1)
}
