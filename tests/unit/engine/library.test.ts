import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import type { CommandOutput, ExportRequest } from '../../../src-shared/contract'
import { namedIso, type NamedTree } from '../../images/named-iso'
import { temporaryFolder } from '../support'
import { EngineProcess } from './engine-process'
import type { JobResultOf, JobStartSpec } from '../../../src-shared/contract'

let folder: string
let home: string
let engine: EngineProcess

beforeEach(async () => {
  folder = temporaryFolder()
  home = path.join(folder, 'home')
  engine = await EngineProcess.start(home)
})

function write(name: string, tree: NamedTree, volumeId?: string): string {
  const file = path.join(folder, name)
  fs.mkdirSync(path.dirname(file), { recursive: true })
  fs.writeFileSync(file, namedIso(tree, volumeId))
  return file
}

async function open(file: string) {
  const opened = await engine.call('image.open', { location: { kind: 'path', path: file } })
  const ref = { image: opened.image, generation: opened.generation, view: opened.info.defaultViewId }
  for (;;) {
    const { info } = await engine.call('image.info', { image: opened.image })
    if (info.views.every((view) => view.entryCount !== null)) return { opened, ref }
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

async function until<T>(ask: () => Promise<T>, fits: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask()
    if (fits(answer)) return answer
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

async function exported(request: ExportRequest): Promise<{ name: string; text: string }> {
  const made = await engine.call('export.open', request)
  const pieces: Uint8Array[] = []
  for (let at = 0; at < made.byteLength; at += pieces.at(-1)!.byteLength)
    pieces.push((await engine.call('export.read', { export: made.export, byteOffset: at })).bytes)
  await engine.call('result.close', { result: made.export })
  return { name: made.name, text: Buffer.concat(pieces).toString('utf8') }
}

type LibraryRows = CommandOutput<'library.list'>['rows']
const library = async (): Promise<LibraryRows> => (await engine.call('library.list', {})).rows

describe('the library', () => {
  it('lists what was opened, online or not, by filter and order, and keeps what is said of it', async () => {
    const here = write('here.iso', { 'a.txt': 'a' }, 'HERE')
    const away = write('away.iso', { 'b.txt': 'b' }, 'AWAY')
    const { opened } = await open(here)
    await open(away)
    fs.rmSync(away)
    await engine.call('library.update', { ids: [opened.image], group: 'Shelf', tags: ['x'], notes: 'two\nlines' })
    expect(await library()).toMatchObject([
      { name: 'away.iso', label: 'AWAY', entryCount: 1, path: away },
      { name: 'here.iso', label: 'HERE', group: 'Shelf', tags: ['x'], notes: 'two\nlines', isOnline: true },
    ])
    const offline = await until(
      () => engine.call('library.list', { state: 'offline' }),
      (answer) => answer.total === 1,
    )
    expect(offline.rows).toMatchObject([{ name: 'away.iso', isOnline: false }])
    expect((await engine.call('library.list', { group: 'Shelf' })).rows).toMatchObject([{ name: 'here.iso' }])
    await engine.call('library.forget', { ids: [opened.image] })
    await engine.event('image.gone', ({ image }) => image === opened.image)
    expect((await library()).map((image) => image.name)).toEqual(['away.iso'])
  })

  it('says what an image is for', async () => {
    const file = write('live.iso', { '.disk': { info: 'Debian GNU/Linux 12.5.0 "Bookworm" - Official amd64 NETINST' } })
    await open(file)
    const [image] = await until(library, ([first]) => first?.identity !== '')
    expect(image?.identity).toContain('Debian')
  })

  it('shows an image whose disk is away as it remembers it, and the image itself once it is back', async () => {
    const file = write('disk/film.iso', { films: { 'one.mkv': 'abc' } })
    const { opened, ref } = await open(file)
    await engine.call('image.close', { image: opened.image })
    fs.renameSync(path.join(folder, 'disk'), path.join(folder, 'unplugged'))
    const remembered = await engine.call('image.open', { location: { kind: 'path', path: file } })
    expect(remembered).toMatchObject({ image: opened.image, generation: opened.generation, isRemembered: true })
    const { rows } = await engine.call('image.rows', { ...ref, directory: 0 })
    expect(rows).toMatchObject([{ name: 'films', childCount: 1 }])
    const inner = await engine.call('entry.resolve', { ...ref, path: 'films/one.mkv' })
    expect(inner).toMatchObject({ byteLength: 3, extents: null })
    const reading = engine.call('entry.read', { ...ref, entry: inner.entry, byteOffset: 0, byteLength: 3 })
    await expect(reading).rejects.toMatchObject({ code: 'SOURCE_GONE' })
    const extracting = engine.call('job.start', {
      kind: 'extract',
      spec: { ...ref, entries: null, destination: path.join(folder, 'out') },
    })
    await expect(extracting).rejects.toMatchObject({ code: 'SOURCE_GONE' })
    fs.renameSync(path.join(folder, 'unplugged'), path.join(folder, 'disk'))
    const back = await engine.call('image.open', { location: { kind: 'path', path: file } })
    expect(back).toMatchObject({ image: opened.image, isRemembered: false })
    const { bytes } = await engine.call('entry.read', { ...ref, entry: inner.entry, byteOffset: 0, byteLength: 3 })
    expect(Buffer.from(bytes).toString()).toBe('abc')
  })

  it('recognises an image that moved, without parsing it again', async () => {
    const before = write('before.iso', { 'a.txt': 'a' })
    const { opened } = await open(before)
    await engine.call('image.close', { image: opened.image })
    fs.renameSync(before, path.join(folder, 'after.iso'))
    const moved = await engine.call('image.open', { location: { kind: 'path', path: path.join(folder, 'after.iso') } })
    const info = { name: 'after.iso' }
    expect(moved).toMatchObject({ image: opened.image, generation: opened.generation, info })
    expect((await library()).map((image) => image.path)).toEqual([path.join(folder, 'after.iso')])
    fs.copyFileSync(path.join(folder, 'after.iso'), path.join(folder, 'copy.iso'))
    const copy = await engine.call('image.open', { location: { kind: 'path', path: path.join(folder, 'copy.iso') } })
    expect(copy.image).not.toBe(opened.image)
  })
})

describe('a search', () => {
  it('keeps its results with the engine, in windows, sorted, until it is closed', async () => {
    const names = Array.from({ length: 60 }, (_, i) => [`match ${i}.txt`, 'x'.repeat(i)] as const)
    await open(write('a.iso', Object.fromEntries(names)))
    const { search } = await engine.call('search.open', { text: 'MATCH', extensions: ['txt'] })
    const progress = await engine.event('search.progress', (one) => one.search === search && one.isDone)
    expect(progress.total).toBe(60)
    const window = { offset: 10, limit: 2 }
    const sorted = { column: 'size', descending: true } as const
    const { rows, total, isDone } = await engine.call('search.rows', { search, sort: sorted, ...window })
    expect({ total, isDone }).toEqual({ total: 60, isDone: true })
    expect(rows.map((row) => row.name)).toEqual(['match 49.txt', 'match 48.txt'])
    const { text } = await exported({ what: 'search', search, sort: sorted, format: 'json' })
    expect(JSON.parse(text)).toHaveLength(60)
    await engine.call('result.close', { result: search })
    await expect(engine.call('search.rows', { search })).rejects.toMatchObject({ code: 'ENTRY_GONE' })
  })

  it('goes on from where it left off', async () => {
    await open(write('a.iso', { 'one 1': '', 'one 2': '', 'one 3': '' }))
    const first = await engine.call('search.run', { text: 'one', limit: 2 })
    expect(first.hits.map((hit) => hit.name)).toEqual(['one 1', 'one 2'])
    expect(first.hasMore).toBe(true)
    const second = await engine.call('search.run', { text: 'one', limit: 2, after: first.next! })
    expect(second.hits.map((hit) => hit.name)).toEqual(['one 3'])
  })
})

describe('hashes', () => {
  const hashed = async (spec: JobStartSpec<'hash'>) => {
    const { job } = await engine.call('job.start', { kind: 'hash', spec })
    return engine.event('job.snapshot', ({ id, state }) => id === job && (state === 'done' || state === 'failed'))
  }
  const odd = { 'plain.txt': 'plain', 'back\\slash': 'b', 'line\nbreak': 'c', folder: { 'inner ü': 'inner' } }

  it('are computed, kept, shown in rows, and exported as sha256sum takes them', async () => {
    const { ref } = await open(write('a.iso', odd))
    const answer = await hashed({ ...ref, entries: null, algorithm: 'sha256' })
    expect(answer).toMatchObject({ result: { kind: 'hash', files: 4, byteLength: 12, problems: 0 }, problems: [] })
    const { rows } = await engine.call('image.rows', { ...ref, directory: 0 })
    const digest = createHash('sha256').update('plain').digest('hex')
    expect(rows.find((row) => row.name === 'plain.txt')).toMatchObject({ sha256: digest, blake3: null })
    const { name, text } = await exported({ what: 'sums', ...ref, entries: null, algorithm: 'sha256' })
    expect(name).toBe('SHA256SUMS')
    expect(text).toContain(`${digest}  plain.txt\n`)
    const out = path.join(folder, 'out')
    // As another program would extract it: Isolde itself gives names with line breaks safer ones.
    fs.mkdirSync(path.join(out, 'folder'), { recursive: true })
    for (const [file, content] of [...Object.entries(odd), ['folder/inner ü', 'inner']])
      if (typeof content === 'string') fs.writeFileSync(path.join(out, file), content)
    fs.writeFileSync(path.join(out, 'SHA256SUMS'), text)
    const checked = execFileSync('sha256sum', ['--strict', '-c', 'SHA256SUMS'], { cwd: out, encoding: 'utf8' })
    expect(checked.match(/: OK$/gm)).toHaveLength(4)
    // At the next start they are there.
    await engine.shutdown()
    engine = await EngineProcess.start(home)
    const again = await open(path.join(folder, 'a.iso'))
    const kept = await engine.call('image.rows', {
      ...again.ref,
      directory: 0,
      sort: { column: 'hash', foldersFirst: false },
    })
    expect(kept.rows.filter((row) => row.sha256 !== null)).toHaveLength(3)
    expect(kept.rows.at(-1)?.kind).toBe('directory')
  })

  it('are of one folder, in BLAKE3 too', async () => {
    const { ref } = await open(write('a.iso', odd))
    const { entry } = await engine.call('entry.resolve', { ...ref, path: 'folder' })
    const answer = await hashed({ ...ref, entries: [entry], algorithm: 'blake3' })
    expect(answer.result).toMatchObject({ files: 1 })
    const { name, text } = await exported({ what: 'sums', ...ref, entries: null, algorithm: 'blake3' })
    expect(name).toBe('B3SUMS')
    expect(text).toMatch(/^[0-9a-f]{64} {2}folder\/inner ü\n$/)
  })

  it('wait and stop as any job does, and keep what they had', async () => {
    const tree = Object.fromEntries(
      Array.from({ length: 40 }, (_, i) => [`file ${i}`, new Uint8Array(4 << 20).fill(i)]),
    )
    const { ref } = await open(write('large.iso', tree))
    const spec = { ...ref, entries: null, algorithm: 'sha256' as const }
    const { job } = await engine.call('job.start', { kind: 'hash', spec })
    await engine.event('job.snapshot', ({ id, bytesDone }) => id === job && bytesDone > 0)
    await engine.call('job.pause', { job })
    await engine.event('job.snapshot', ({ id, state }) => id === job && state === 'paused')
    await engine.call('job.resume', { job })
    await engine.call('job.cancel', { job })
    await engine.event('job.snapshot', ({ id, state }) => id === job && state === 'cancelled')
    const { text } = await exported({ what: 'sums', ...ref, entries: null, algorithm: 'sha256' })
    expect(text.split('\n').length).toBeLessThan(41)
  })

  it('are not taken of a file that has changed meanwhile', async () => {
    const file = write('a.iso', odd)
    const { ref } = await open(file)
    fs.utimesSync(file, new Date(), new Date(1000))
    const end = await hashed({ ...ref, entries: null, algorithm: 'sha256' })
    expect(end).toMatchObject({ state: 'failed', error: { code: 'ENTRY_GONE' } })
  })
})

/** What a job comes to. */
async function found<Kind extends 'compare' | 'duplicates'>(kind: Kind, spec: JobStartSpec<Kind>) {
  const { job } = await engine.call('job.start', { kind, spec } as never)
  const end = await engine.event(
    'job.snapshot',
    ({ id, state }) => id === job && (state === 'done' || state === 'failed'),
  )
  expect(end).toMatchObject({ state: 'done', error: null, isPart: true })
  return end.result as unknown as JobResultOf<Kind>
}

describe('a comparison', () => {
  it('finds what differs by content, hashing only what it must', async () => {
    const before = await open(write('a.iso', { same: 'same', other: 'abc', gone: 'x', alone: 'long text' }))
    const after = await open(write('b.iso', { same: 'same', other: 'abd', new: 'y', alone: 'short' }))
    const request = { left: before.ref, right: after.ref }
    const plain = await found('compare', request)
    expect(plain.counts).toEqual({ added: 1, removed: 1, changed: 1, same: 2, unproven: 0 })
    const byContent = await found('compare', { ...request, content: 'blake3' })
    expect(byContent.counts).toEqual({ added: 1, removed: 1, changed: 2, same: 1, unproven: 0 })
    const { rows } = await engine.call('compare.rows', { comparison: byContent.comparison })
    expect(rows.map(({ state, path: at, facts }) => [state, at, ...facts])).toEqual([
      ['changed', 'alone', 'size'],
      ['removed', 'gone'],
      ['added', 'new'],
      ['changed', 'other', 'content'],
    ])
    // “alone” was never read: its sizes say enough.
    const { text } = await exported({ what: 'sums', ...before.ref, entries: null, algorithm: 'blake3' })
    expect(text).not.toContain('alone')
    expect(text).toContain('other')
  })
})

describe('a comparison by content', () => {
  const large = (fill: number): NamedTree =>
    Object.fromEntries(Array.from({ length: 24 }, (_, i) => [`file ${i}`, new Uint8Array(4 << 20).fill(i + fill)]))
  const begin = async () => {
    const left = await open(write('a.iso', large(1)))
    const right = await open(write('b.iso', large(2)))
    const spec = { left: left.ref, right: right.ref, content: 'blake3' as const }
    const { job } = await engine.call('job.start', { kind: 'compare', spec })
    await engine.event('job.snapshot', ({ id, bytesDone, bytesTotal }) => id === job && bytesTotal > 0 && bytesDone > 0)
    return job
  }

  it('tells how far it is, over both sides, waits and stops', async () => {
    const job = await begin()
    await engine.call('job.pause', { job })
    const paused = await engine.event('job.snapshot', ({ id, state }) => id === job && state === 'paused')
    expect(paused.bytesTotal).toBe(2 * 24 * (4 << 20))
    await engine.call('job.cancel', { job })
    const end = await engine.event('job.snapshot', ({ id, state }) => id === job && state === 'cancelled')
    expect(end.result).toBeNull()
    expect((await engine.call('history.list', {})).total).toBe(0)
  })

  it('is begun anew by the next process where one has ended over it', async () => {
    const job = await begin()
    engine.child.kill('SIGKILL')
    engine = await EngineProcess.start(home)
    const end = async () => (await engine.call('job.list', {})).jobs.find(({ id }) => id === job)
    await expect.poll(async () => (await end())?.state, { timeout: 20_000 }).toBe('done')
    const { comparison, counts } = (await end())?.result as JobResultOf<'compare'>
    expect(counts).toMatchObject({ changed: 24, unproven: 0 })
    const { rows } = await engine.call('compare.rows', { comparison })
    expect(rows[0]).toMatchObject({ state: 'changed', facts: ['content'] })
  })
})

describe('duplicates within an image', () => {
  it('are found by content', async () => {
    const { opened } = await open(
      write('a.iso', { one: Buffer.from('x'.repeat(5000)), two: Buffer.from('x'.repeat(5000)), no: 'z'.repeat(5000) }),
    )
    const { image } = opened
    expect(await found('duplicates', { image })).toMatchObject({ groupCount: 0 })
    const answer = await found('duplicates', { image, byContent: true })
    expect(answer).toMatchObject({ groupCount: 1, provenBytes: 5000, possibleBytes: 0, offlineCount: 0 })
  })
})

describe('duplicates across images', () => {
  it('are proven by content where the images are there', async () => {
    const a = await open(write('a.iso', { 'film.mkv': 'x'.repeat(5000), 'other.mkv': 'z'.repeat(5000), only: 'q' }))
    await open(write('b.iso', { copy: 'x'.repeat(5000) }))
    const possible = await found('duplicates', { minByteLength: 100 })
    expect(possible).toMatchObject({ groupCount: 1, provenBytes: 0, possibleBytes: 10_000 })
    const answer = await found('duplicates', { minByteLength: 100, byContent: true })
    expect(answer).toMatchObject({ groupCount: 1, provenBytes: 5000, possibleBytes: 0, offlineCount: 0 })
    const { rows } = await engine.call('duplicates.rows', { duplicates: answer.duplicates })
    expect(rows).toMatchObject([
      { row: 'group', count: 2, isProven: true },
      { row: 'entry', path: 'film.mkv', imageId: a.opened.image, isOnline: true },
      { row: 'entry', path: 'copy' },
    ])
  })

  it('say of how many images they could not read', async () => {
    await open(write('a.iso', { x: 'x'.repeat(50) }))
    const away = await open(write('b.iso', { y: 'y'.repeat(50) }))
    await engine.call('image.close', { image: away.opened.image })
    fs.rmSync(path.join(folder, 'b.iso'))
    const answer = await found('duplicates', { byContent: true })
    expect(answer).toMatchObject({ provenBytes: 0, possibleBytes: 50, offlineCount: 1 })
  })
})

describe('an export', () => {
  it('is CSV that other programs read, and JSON', async () => {
    const { ref } = await open(write('a.iso', { 'a,b "c".txt': 'x', '=sum': '', folder: { deep: 'yy' } }))
    const listing = { what: 'listing' as const, ...ref, entries: null }
    const csv = await exported({ ...listing, format: 'csv' })
    const lines = csv.text.split('\r\n')
    expect(csv.name).toBe('listing.csv')
    expect(lines[0]).toBe('path,kind,size,modified,mode,uid,gid,target,hidden,status,sha256,blake3')
    expect(lines[1]).toBe("'=sum,file,0,2020-09-01T03:04:05Z,0644,1000,100,,false,complete,,")
    expect(lines[2]).toBe('"a,b ""c"".txt",file,1,2020-09-01T03:04:05Z,0644,1000,100,,false,complete,,')
    expect(lines.slice(3).map((line) => line.split(',')[0])).toEqual(['folder', 'folder/deep', ''])
    const json = await exported({ ...listing, format: 'json' })
    const rows = JSON.parse(json.text) as { path: string; size: number }[]
    expect(rows.map(({ path: at, size }) => [at, size])).toEqual([
      ['=sum', 0],
      ['a,b "c".txt', 1],
      ['folder', 0],
      ['folder/deep', 2],
    ])
  })
})
