import { expect, it, vi } from 'vitest'
import type { PaneRow, RowQuery, RowSource, RowWindow } from '../../../src-renderer/data/rows/row-source'

vi.mock('../../../src-renderer/data/api', () => ({
  call: vi.fn(),
  isCancelled: (error: unknown) => (error as Error).name === 'AbortError',
}))

const { Listing } = await import('../../../src-renderer/data/rows/listing')

const QUERY: RowQuery = {
  sort: { column: 'name', descending: false, foldersFirst: true },
  filter: '',
  showHidden: false,
}

function rowOf(name: string, key: number): PaneRow {
  return {
    key,
    name,
    kind: 'file',
    byteLength: 1,
    modified: null,
    mode: null,
    owner: null,
    target: null,
    hidden: false,
    status: 'complete',
    looksLikeImage: false,
    childCount: null,
    position: null,
  }
}

/** A folder in memory whose answers can be held back. */
class Folder implements RowSource {
  readonly asked: number[] = []
  readonly queries: RowQuery[] = []
  private held: (() => void)[] | null = null
  private keysHeld: Promise<void> | undefined
  releaseKeys: () => void = () => undefined

  constructor(public rows: PaneRow[]) {}

  hold(): void {
    this.held = []
  }

  async release(): Promise<void> {
    for (const go of this.held?.splice(0) ?? []) go()
    await new Promise((resolve) => setTimeout(resolve, 0))
  }

  async fetch(query: RowQuery, offset: number, limit: number): Promise<RowWindow> {
    this.asked.push(offset)
    this.queries.push(query)
    await new Promise<void>((resolve) => {
      if (this.held) this.held.push(resolve)
      else resolve()
    })
    return {
      total: this.rows.length,
      byteTotal: this.rows.length,
      isComplete: true,
      freeBytes: null,
      isWritable: false,
      rows: this.rows.slice(offset, offset + limit),
    }
  }

  /** Answers to `keys` wait. */
  holdKeys(): void {
    this.keysHeld = new Promise((resolve) => (this.releaseKeys = resolve))
  }

  async keys(_query: RowQuery, offset: number, limit: number) {
    await this.keysHeld
    const keys = this.rows.slice(offset, offset + limit).map(({ key }) => key)
    return { keys, byteTotal: keys.length }
  }

  async find(_query: RowQuery, prefix: string) {
    const position = this.rows.findIndex(({ name }) => name.startsWith(prefix))
    await new Promise<void>((resolve) => {
      if (this.held) this.held.push(resolve)
      else resolve()
    })
    return position < 0 ? null : position
  }
}

const numbered = (count: number): PaneRow[] =>
  Array.from({ length: count }, (_, index) => rowOf(`n${index}`, index + 1))

async function opened(folder: Folder) {
  const listing = new Listing()
  await listing.open(() => Promise.resolve(folder), QUERY)
  return listing
}

it('leaves the cursor where it was moved to while fresh rows were on their way', async () => {
  const folder = new Folder([rowOf('Drivers', 1), rowOf('Recipes', 2), rowOf('Welcome', 3)])
  const listing = await opened(folder)
  folder.hold()
  const refreshing = listing.refresh()
  await listing.selection.only(1)
  expect(listing.state.cursor).toBe(1)
  await folder.release()
  await refreshing
  expect(listing.state.cursor).toBe(1)
  expect(listing.selection.has(2)).toBe(true)
})

it('asks for the rows around the cursor where it went far away meanwhile', async () => {
  const folder = new Folder(numbered(1000))
  const listing = await opened(folder)
  folder.hold()
  const refreshing = listing.refresh()
  listing.moveCursor(700)
  await folder.release()
  await folder.release()
  await refreshing
  expect(listing.state.cursor).toBe(700)
  expect(listing.row(700)?.name).toBe('n700')
  expect(folder.asked).toEqual([0, 0, 600])
})

it('stays on the same row when others come in front of it, and at the end when it is gone', async () => {
  const folder = new Folder(numbered(3))
  const listing = await opened(folder)
  listing.moveCursor(2)
  folder.rows = [rowOf('new', 9), ...folder.rows]
  await listing.refresh()
  expect(listing.row(listing.state.cursor)?.name).toBe('n2')
  folder.rows = folder.rows.slice(0, 1)
  await listing.refresh()
  expect(listing.state.cursor).toBe(0)
})

it('selects from the row that was chosen, wherever that has moved', async () => {
  const folder = new Folder(numbered(4))
  const listing = await opened(folder)
  await listing.selection.only(2)
  folder.rows = [rowOf('new', 9), ...folder.rows]
  await listing.refresh()
  await listing.selection.extendTo(4)
  expect(
    [...numbered(4), rowOf('new', 9)].filter(({ key }) => listing.selection.has(key)).map(({ name }) => name),
  ).toEqual(['n2', 'n3'])
})

it('selects the rows that were there when they were pressed, though others took their places before their turn', async () => {
  const folder = new Folder(numbered(3))
  const listing = await opened(folder)
  folder.holdKeys()
  const everything = listing.selection.invert()
  const one = listing.selection.only(0)
  const more = listing.selection.toggle(1)
  const range = listing.selection.extendTo(2, true)
  const refreshing = listing.refresh()
  folder.rows = [rowOf('new', 9), ...folder.rows]
  await refreshing
  folder.releaseKeys()
  await Promise.all([everything, one, more, range])
  expect(listing.row(0)?.name).toBe('new')
  expect([1, 2, 3, 9].filter((key) => listing.selection.has(key))).toEqual([1, 2, 3])
})

it('stays by name when rows are numbered anew', async () => {
  const folder = new Folder([rowOf('b', 100)])
  const listing = await opened(folder)
  await listing.selection.only(0)
  folder.rows = [rowOf('a', 1), rowOf('b', 2)]
  await listing.refresh()
  expect(listing.state.cursor).toBe(1)
  expect(listing.selection.keys.list()).toEqual([2])
})

it('leaves the cursor where it was moved to while a name was looked for', async () => {
  const folder = new Folder([rowOf('Drivers', 1), rowOf('Recipes', 2), rowOf('Welcome', 3)])
  const listing = await opened(folder)
  folder.hold()
  const finding = listing.typeAhead('We', 0)
  listing.moveCursor(1)
  await folder.release()
  expect(await finding).toBe(false)
  expect(listing.state.cursor).toBe(1)
})

it('goes to what was typed last, whichever answer comes last', async () => {
  const folder = new Folder([rowOf('Drivers', 1), rowOf('Recipes', 2), rowOf('Welcome', 3)])
  const listing = await opened(folder)
  folder.hold()
  const first = listing.typeAhead('R', 0)
  const second = listing.typeAhead('W', 0)
  await folder.release()
  expect([await first, await second]).toEqual([false, true])
  expect(listing.state.cursor).toBe(2)
})

it('leaves the cursor where it was moved to while the row to begin with was looked for', async () => {
  const folder = new Folder(numbered(400))
  const listing = new Listing()
  const opening = listing.open(() => Promise.resolve(folder), QUERY, { focusName: 'n390' })
  await vi.waitFor(() => expect(listing.state.status).toBe('loading'))
  folder.hold()
  await vi.waitFor(() => expect(listing.state.status).toBe('ready'))
  listing.moveCursor(7)
  await folder.release()
  await opening
  expect(listing.state.cursor).toBe(7)
})

it('shows rows as they were sorted while they were on their way', async () => {
  const folder = new Folder(numbered(3))
  const listing = new Listing()
  folder.hold()
  const opening = listing.open(() => Promise.resolve(folder), QUERY)
  const bySize: RowQuery = { ...QUERY, sort: { ...QUERY.sort, column: 'size' } }
  await listing.refresh(bySize)
  await folder.release()
  await folder.release()
  await opening
  expect(folder.queries).toEqual([QUERY, bySize])
  expect(listing.query).toBe(bySize)
  expect(listing.state.status).toBe('ready')
})

it('lets news of rows that are being left neither end the wait nor show', async () => {
  const before = new Folder(numbered(3))
  const after = new Folder(numbered(5))
  const listing = await opened(before)
  before.hold()
  after.hold()
  const refreshing = listing.refresh()
  const opening = listing.open(() => Promise.resolve(after), QUERY)
  await before.release()
  await refreshing
  expect(listing.state.status).toBe('loading')
  await after.release()
  await opening
  expect(listing.state).toMatchObject({ status: 'ready', total: 5 })
})
