import fs from 'node:fs'
import path from 'node:path'
import zlib from 'node:zlib'
import { beforeEach, describe, expect, it } from 'vitest'
import { SAMPLE, temporaryFolder, treeOf } from '../support'
import { EngineProcess } from './engine-process'

let folder: string
let home: string

beforeEach(() => {
  folder = temporaryFolder()
  home = path.join(folder, 'home')
})

async function openSample(engine: EngineProcess, file = SAMPLE) {
  const opened = await engine.call('image.open', { location: { kind: 'path', path: file } })
  const ref = { image: opened.image, generation: opened.generation, view: opened.info.defaultViewId }
  await engine.event('image.progress', (progress) => progress.isDone && progress.view === ref.view)
  return { opened, ref }
}

/** A file inside the sample, with its number. */
async function someFile(engine: EngineProcess, ref: { image: number; generation: number; view: string }) {
  const { rows } = await engine.call('image.rows', { ...ref, directory: 0 })
  return rows.find((row) => row.kind === 'file')!
}

describe('the engine', () => {
  it('opens, lists, describes, reads and remembers an image', async () => {
    const engine = await EngineProcess.start(home)
    const { opened, ref } = await openSample(engine)
    expect(opened.info.views.map((view) => view.id)).toContain('rock-ridge')
    const file = await someFile(engine, ref)
    const details = await engine.call('entry.details', { ...ref, entry: file.entry })
    expect(details.path).toBe(file.name)
    const { bytes, byteTotal } = await engine.call('entry.read', {
      ...ref,
      entry: file.entry,
      byteOffset: 0,
      byteLength: 1 << 20,
    })
    expect(byteTotal).toBe(file.byteLength)
    const [extent] = details.extents!
    expect(
      Buffer.from(bytes).equals(fs.readFileSync(SAMPLE).subarray(extent!.byteOffset!, extent!.byteOffset! + byteTotal)),
    ).toBe(true)
    const { images } = await engine.call('recent.list', {})
    expect(images).toMatchObject([{ path: SAMPLE, isOnline: true }])
    await engine.shutdown()

    // Another start finds it unchanged: the same generation, and nothing to index.
    const next = await EngineProcess.start(home)
    const again = await next.call('image.open', { location: { kind: 'path', path: SAMPLE } })
    expect(again).toMatchObject({ image: opened.image, generation: opened.generation })
    expect((await next.call('image.rows', { ...ref, directory: 0 })).isComplete).toBe(true)
    expect(next.events.filter((event) => event.name === 'image.progress')).toEqual([])
  })

  it('goes on indexing where it was killed, with the rows it has at hand', async () => {
    const engine = await EngineProcess.start(home)
    const { opened, ref } = await openSample(engine)
    await engine.kill()
    const next = await EngineProcess.start(home)
    const again = await next.call('image.open', { location: { kind: 'path', path: SAMPLE } })
    expect(again.generation).toBe(opened.generation)
    expect((await next.call('image.rows', { ...ref, directory: 0 })).isComplete).toBe(true)
    for (;;) {
      const { info } = await next.call('image.info', { image: again.image })
      if (info.views.every((view) => view.entryCount !== null)) break
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    const indexedAgain = next.events.map((event) => (event.payload as { view?: string }).view)
    expect(indexedAgain).not.toContain(ref.view)
  })

  it('parses an image anew once it has changed, and rows of before are gone', async () => {
    const file = path.join(folder, 'disc.iso')
    fs.copyFileSync(SAMPLE, file)
    const engine = await EngineProcess.start(home)
    const { ref } = await openSample(engine, file)
    fs.appendFileSync(file, Buffer.alloc(2048))
    const again = await engine.call('image.open', { location: { kind: 'path', path: file } })
    expect(again.generation).toBe(ref.generation + 1)
    await expect(engine.call('image.rows', { ...ref, directory: 0 })).rejects.toMatchObject({ code: 'ENTRY_GONE' })
  })

  it('finds a row of a folder by how its name begins, going round', async () => {
    const engine = await EngineProcess.start(home)
    for (const name of ['alpha.txt', 'beta.txt', 'Betamax.txt', 'gamma.txt'])
      fs.writeFileSync(path.join(folder, name), '')
    const find = async (prefix: string, from = 0) =>
      (await engine.call('folder.findRow', { path: folder, prefix, from })).position
    const { rows } = await engine.call('folder.rows', { path: folder })
    const at = (name: string) => rows.findIndex((row) => row.name === name)
    expect(await find('beta')).toBe(at('beta.txt'))
    expect(await find('beta', at('beta.txt') + 1)).toBe(at('Betamax.txt'))
    expect(await find('BETA', rows.length)).toBe(at('beta.txt'))
    expect(await find('delta')).toBeNull()
  })

  it('reads names as the settings say, and tells how large its catalog is', async () => {
    const engine = await EngineProcess.start(home)
    await engine.call('settings.set', { changes: { charset: 'shift_jis', catalogKeepDays: -1 } })
    expect(await engine.call('settings.get', {})).toMatchObject({ charset: 'shift_jis', catalogKeepDays: 0 })
    const { opened } = await openSample(engine)
    const detected = await engine.call('image.open', { location: opened.location, charset: 'detected' })
    // Another encoding makes another generation: the catalog holds one at a time.
    expect(detected.generation).toBe(opened.generation + 1)
    const { byteLength, imageCount } = await engine.call('catalog.status', {})
    expect(imageCount).toBe(1)
    expect(byteLength).toBeGreaterThan(4096)
    expect(await engine.call('catalog.clean', {})).toMatchObject({ imageCount: 1, forgotten: 0 })
  })

  it('extracts what is selected and what is everything', async () => {
    const engine = await EngineProcess.start(home)
    const { ref } = await openSample(engine)
    const file = await someFile(engine, ref)
    const destination = path.join(folder, 'out')
    const { job } = await engine.call('job.start', {
      kind: 'extract',
      spec: { ...ref, entries: [file.entry], destination },
    })
    const done = await engine.event('job.snapshot', (snapshot) => snapshot.id === job && snapshot.state === 'done')
    expect(done.result).toMatchObject({ kind: 'extract', files: 1, problems: 0, bytesWritten: file.byteLength })
    expect(fs.readdirSync(destination)).toEqual([file.name])

    const all = await engine.call('job.start', {
      kind: 'extract',
      spec: { ...ref, entries: null, destination, smart: true },
    })
    const end = await engine.event('job.snapshot', (snapshot) => snapshot.id === all.job && snapshot.state === 'done')
    expect(end.destination).toBe(path.join(destination, 'sample'))
    expect(Object.keys(treeOf(end.destination))).toContain(file.name)
  })

  it('asks about a taken name, and does as it is told', async () => {
    const engine = await EngineProcess.start(home)
    const { ref } = await openSample(engine)
    const file = await someFile(engine, ref)
    fs.writeFileSync(path.join(folder, file.name), 'mine')
    const { job } = await engine.call('job.start', {
      kind: 'extract',
      spec: { ...ref, entries: [file.entry], destination: folder },
    })
    const asking = await engine.event('job.snapshot', (snapshot) => snapshot.id === job && snapshot.question !== null)
    expect(asking.question).toMatchObject({ path: file.name, existing: { byteLength: 4 } })
    await engine.call('job.answer', { job, answer: { choice: 'rename' } })
    const done = await engine.event('job.snapshot', (snapshot) => snapshot.id === job && snapshot.state === 'done')
    expect(done.problems).toMatchObject([{ status: 'renamed' }])
    expect(fs.readFileSync(path.join(folder, file.name), 'utf8')).toBe('mine')
    expect(fs.existsSync(path.join(folder, done.problems[0]!.to!))).toBe(true)
  })

  it('says beforehand what an extraction would rename and what is taken', async () => {
    const engine = await EngineProcess.start(home)
    const { ref } = await openSample(engine)
    const file = await someFile(engine, ref)
    fs.writeFileSync(path.join(folder, file.name), 'mine')
    const preview = await engine.call('job.preview', { ...ref, entries: [file.entry], destination: folder })
    expect(preview).toMatchObject({
      entriesTotal: 1,
      bytesTotal: file.byteLength,
      renames: [],
      taken: [file.name],
      takenTotal: 1,
    })
    expect(preview.freeBytes).toBeGreaterThan(0)
    expect(fs.readFileSync(path.join(folder, file.name), 'utf8')).toBe('mine')
  })

  it('cancels a job that waits for an answer, and leaves nothing', async () => {
    const engine = await EngineProcess.start(home)
    const { ref } = await openSample(engine)
    const file = await someFile(engine, ref)
    const destination = path.join(folder, 'out')
    fs.mkdirSync(destination)
    fs.writeFileSync(path.join(destination, file.name), 'mine')
    const { job } = await engine.call('job.start', {
      kind: 'extract',
      spec: { ...ref, entries: [file.entry], destination },
    })
    await engine.event('job.snapshot', (snapshot) => snapshot.question !== null)
    await engine.call('job.cancel', { job })
    await engine.event('job.snapshot', (snapshot) => snapshot.id === job && snapshot.state === 'cancelled')
    expect(treeOf(destination)).toEqual({ [file.name]: Buffer.from('mine').toString('base64') })
  })

  it('goes on with a job after it was killed', async () => {
    const engine = await EngineProcess.start(home)
    const { ref } = await openSample(engine)
    const file = await someFile(engine, ref)
    fs.mkdirSync(path.join(folder, 'out'))
    fs.writeFileSync(path.join(folder, 'out', file.name), 'mine')
    // It waits for an answer when the plug is pulled.
    const { job } = await engine.call('job.start', {
      kind: 'extract',
      spec: { ...ref, entries: null, destination: path.join(folder, 'out') },
    })
    await engine.event('job.snapshot', (snapshot) => snapshot.question !== null)
    await engine.kill()

    const next = await EngineProcess.start(home)
    await next.event('job.snapshot', (snapshot) => snapshot.id === job && snapshot.question !== null)
    await next.call('job.answer', { job, answer: { choice: 'overwrite', forAll: true } })
    const done = await next.event('job.snapshot', (snapshot) => snapshot.id === job && snapshot.state === 'done')
    expect(done.result?.problems).toBe(0)
    expect(fs.readdirSync(path.join(folder, 'out')).filter((name) => name.startsWith('.isolde'))).toEqual([])
    expect(fs.statSync(path.join(folder, 'out', file.name)).size).toBe(file.byteLength)
  })

  it('makes archives and plain images under free names, and verifies', async () => {
    const engine = await EngineProcess.start(home)
    const { ref } = await openSample(engine)
    const file = await someFile(engine, ref)
    const ended = (job: string, state = 'done') =>
      engine.event('job.snapshot', (snapshot) => snapshot.id === job && snapshot.state === state)
    fs.writeFileSync(path.join(folder, 'sample.zip'), 'mine')
    const { job: zip } = await engine.call('job.start', {
      kind: 'archive',
      spec: {
        ...ref,
        entries: null,
        destination: folder,
        format: 'zip',
        password: 'secret',
      },
    })
    const zipped = await ended(zip)
    expect(zipped.destination).toBe(path.join(folder, 'sample (2).zip'))
    expect(fs.readFileSync(zipped.destination).subarray(0, 2).toString()).toBe('PK')
    expect(fs.readFileSync(path.join(folder, 'sample.zip'), 'utf8')).toBe('mine')
    const stored = ['', '-wal']
      .map((end) => fs.readFileSync(path.join(home, `catalog.sqlite${end}`), 'latin1'))
      .join('')
    expect(stored).toContain('hasPassword')
    expect(stored).not.toContain('secret')

    const one = await engine.call('job.start', {
      kind: 'archive',
      spec: { ...ref, entries: [file.entry], destination: folder, format: 'zip' },
    })
    expect(path.basename((await ended(one.job)).destination)).toBe(`${path.parse(file.name).name}.zip`)

    const { job: iso } = await engine.call('job.start', { kind: 'convert', spec: { ...ref, destination: folder } })
    const converted = await ended(iso)
    expect(fs.readFileSync(converted.destination).equals(fs.readFileSync(SAMPLE))).toBe(true)

    const { job: check } = await engine.call('job.start', { kind: 'verify', spec: ref })
    expect((await ended(check)).result).toMatchObject({
      kind: 'verify',
      sums: 0,
      problems: 0,
      report: { verdict: 'nothing-to-check', damageTotal: 0, signatures: [] },
    })
    expect(fs.readdirSync(folder).filter((name) => name.startsWith('.isolde'))).toEqual([])
  })

  it('says which sums an image does not give', async () => {
    const engine = await EngineProcess.start(home)
    const bytes = zlib.zstdDecompressSync(fs.readFileSync('tests/images/summed.iso.zst'))
    bytes.write('X', bytes.indexOf('two\n') + 1000)
    const image = path.join(folder, 'spoiled.iso')
    fs.writeFileSync(image, bytes)
    const { ref } = await openSample(engine, image)
    const { job } = await engine.call('job.start', { kind: 'verify', spec: ref })
    const done = await engine.event('job.snapshot', (snapshot) => snapshot.id === job && snapshot.state === 'done')
    expect(done.result).toMatchObject({
      kind: 'verify',
      sums: 10,
      problems: 4,
      report: { verdict: 'failed', inside: [] },
    })
    expect(done.problems.map(({ code, path: of }) => [code, of])).toEqual([
      ['SUM_MISMATCH', 'spoiled.iso'],
      ['SUM_MISMATCH', 'spoiled.iso'],
      ['SUM_MISMATCH', 'two.txt'],
      // By the list of sums, and by what libisofs recorded of the file.
      ['SUM_MISMATCH', 'two.txt'],
    ])
    expect(done.bytesDone).toBeGreaterThan(0)
  })

  it('copies and moves between folders', async () => {
    const [from, to] = [path.join(folder, 'from'), path.join(folder, 'to')]
    fs.mkdirSync(path.join(from, 'deep'), { recursive: true })
    fs.mkdirSync(to)
    fs.writeFileSync(path.join(from, 'deep', 'a.txt'), 'a')
    fs.writeFileSync(path.join(from, 'b.txt'), 'b')
    const engine = await EngineProcess.start(home)
    const copy = await engine.call('job.start', {
      kind: 'copy',
      spec: { paths: [path.join(from, 'deep')], destination: to },
    })
    await engine.event('job.snapshot', (snapshot) => snapshot.id === copy.job && snapshot.state === 'done')
    expect(fs.readFileSync(path.join(to, 'deep', 'a.txt'), 'utf8')).toBe('a')
    const move = await engine.call('job.start', {
      kind: 'move',
      spec: { paths: [path.join(from, 'b.txt')], destination: to },
    })
    await engine.event('job.snapshot', (snapshot) => snapshot.id === move.job && snapshot.state === 'done')
    expect(fs.readdirSync(from)).toEqual(['deep'])
    const circle = await engine.call('job.start', {
      kind: 'copy',
      spec: { paths: [from], destination: path.join(from, 'deep') },
    })
    const failed = await engine.event(
      'job.snapshot',
      (snapshot) => snapshot.id === circle.job && snapshot.state === 'failed',
    )
    expect(failed.error?.message).toContain('itself')
  })

  it('knows copies and moves by their first name too', async () => {
    fs.mkdirSync(path.join(folder, 'to'))
    fs.symlinkSync('nowhere', path.join(folder, 'link'))
    fs.writeFileSync(path.join(folder, 'file'), 'x')
    const engine = await EngineProcess.start(home)
    const destination = path.join(folder, 'to')
    for (const [name, move] of [
      ['link', false],
      ['file', true],
    ] as const) {
      const spec = { paths: [path.join(folder, name)], destination, move }
      const { job } = (await engine.answer(engine.post('job.copy' as 'job.start', spec as never))) as { job: string }
      await engine.event('job.snapshot', ({ id, state }) => id === job && state === 'done')
    }
    expect(fs.readlinkSync(path.join(destination, 'link'))).toBe('nowhere')
    expect(fs.readFileSync(path.join(destination, 'file'), 'utf8')).toBe('x')
    expect(fs.existsSync(path.join(folder, 'file'))).toBe(false)
    expect(fs.readlinkSync(path.join(folder, 'link'))).toBe('nowhere')
    await engine.shutdown()
  })

  it('lists, makes, renames and watches folders', async () => {
    const engine = await EngineProcess.start(home)
    await engine.call('folder.watch', { paths: [folder] })
    await engine.call('folder.create', { path: folder, name: 'new' })
    await engine.event('folder.changed', (changed) => changed.path === folder)
    const { path: renamed } = await engine.call('folder.rename', { path: path.join(folder, 'new'), name: 'newer' })
    const { rows, freeBytes } = await engine.call('folder.rows', { path: folder })
    expect(rows.map((row) => row.path)).toContain(renamed)
    expect(freeBytes).toBeGreaterThan(0)
    await expect(engine.call('folder.create', { path: folder, name: 'newer' })).rejects.toMatchObject({
      code: 'NAME_TAKEN',
    })
    await expect(engine.call('folder.create', { path: folder, name: '../out' })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
    })
    await expect(engine.call('folder.rows', { path: '/no/such' })).rejects.toMatchObject({ code: 'NO_SUCH_FILE' })
  })

  it('stages copies for other programs, and removes them at the end', async () => {
    const engine = await EngineProcess.start(home)
    const { ref } = await openSample(engine)
    const file = await someFile(engine, ref)
    const { paths, isExecutable } = await engine.call('entry.stage', { ...ref, entries: [file.entry] })
    expect(path.basename(paths[0]!)).toBe(file.name)
    expect(fs.statSync(paths[0]!).size).toBe(file.byteLength)
    expect(isExecutable).toBe(false)
    await engine.shutdown()
    expect(fs.existsSync(paths[0]!)).toBe(false)
  })

  it.each([
    ['a folder', '', 'IS_A_FOLDER'],
    ['nothing', 'gone.iso', 'NO_SUCH_FILE'],
    ['an empty file', 'empty.iso', 'EMPTY_FILE'],
    ['text', 'text.iso', 'NOT_AN_IMAGE'],
  ])('refuses %s', async (_what, name, code) => {
    fs.writeFileSync(path.join(folder, 'empty.iso'), '')
    fs.writeFileSync(path.join(folder, 'text.iso'), 'only a few words\n'.repeat(10_000))
    const engine = await EngineProcess.start(home)
    const opening = engine.call('image.open', { location: { kind: 'path', path: path.join(folder, name) } })
    await expect(opening).rejects.toMatchObject({
      code,
      message: expect.stringContaining(name === '' ? folder : name) as string,
    })
  })

  it('answers every command with a number, whatever it lacks', async () => {
    const engine = await EngineProcess.start(home)
    for (const command of [
      { name: 'engine.hello' },
      { input: {} },
      { name: 'job.copy', input: null },
      { name: 'job.extract' },
      { name: 'job.copy', input: { paths: ['a'], destination: '/x\0y' } },
    ])
      await expect(engine.answer(engine.postRaw(command))).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  })

  it('says of a path with the character NUL that it is none', async () => {
    const engine = await EngineProcess.start(home)
    const odd = path.join(folder, 'a\0b')
    const refused = { code: 'BAD_REQUEST', message: `“${folder}/a␀b” is no path: it holds the character NUL.` }
    await expect(engine.call('folder.rows', { path: odd })).rejects.toMatchObject(refused)
    await expect(engine.call('folder.stat', { path: odd })).rejects.toMatchObject(refused)
    await expect(engine.call('image.open', { location: { kind: 'path', path: odd } })).rejects.toMatchObject(refused)
    await expect(engine.call('trash.move', { paths: [odd] })).rejects.toMatchObject(refused)
    await expect(
      engine.call('job.start', { kind: 'copy', spec: { paths: [odd], destination: folder } }),
    ).rejects.toMatchObject(refused)
  })

  it('answers nonsense politely and goes on', async () => {
    const engine = await EngineProcess.start(home)
    engine.send({ type: 'client', client: 1, message: 'nonsense' })
    engine.send({ type: 'client', client: 99, message: { type: 'command', id: 1, name: 'engine.hello', input: {} } })
    await expect(engine.call('image.rows', { image: -1 } as never)).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    await expect(engine.call('image.info', { image: 12345 })).rejects.toMatchObject({ code: 'IMAGE_CLOSED' })
    await expect(engine.call('no.such' as never, {} as never)).rejects.toMatchObject({ code: 'UNKNOWN_COMMAND' })
    await expect(engine.call('constructor' as never, {} as never)).rejects.toMatchObject({ code: 'UNKNOWN_COMMAND' })
    expect((await engine.call('engine.hello', {})).catalogIsKept).toBe(true)
  })

  it('works without a profile, and says that it will not remember', async () => {
    fs.writeFileSync(home, 'a file where the profile should be')
    const engine = await EngineProcess.start(home)
    expect(await engine.call('engine.hello', {})).toMatchObject({
      catalogIsKept: false,
      catalogProblem: expect.stringContaining('not be remembered') as string,
    })
    const { ref } = await openSample(engine)
    expect((await engine.call('image.rows', { ...ref, directory: 0 })).total).toBeGreaterThan(0)
  })
})

describe('what may be unpacked', () => {
  it('is what the settings say now, for the thread that waits for the next image too', async () => {
    const file = path.join(folder, 'packed.iso.gz')
    fs.writeFileSync(file, zlib.gzipSync(fs.readFileSync(SAMPLE)))
    const engine = await EngineProcess.start(home)
    const location = { kind: 'path', path: file } as const
    await engine.call('settings.set', { changes: { unpackByteLimit: 100_000 } })
    await expect(engine.call('image.open', { location })).rejects.toMatchObject({
      code: 'NO_SPACE',
      message: expect.stringContaining('more than the 100 kB that are allowed') as string,
    })
    await engine.call('settings.set', { changes: { unpackByteLimit: 0 } })
    await engine.call('image.open', { location })
    await engine.shutdown()
  })
})

describe('pictures, sizes and reports', () => {
  it('maps a disc, adds up folders, and finds rows by mask', async () => {
    const engine = await EngineProcess.start(home)
    const { ref } = await openSample(engine)
    const map = await engine.call('image.map', { ...ref, buckets: 64 })
    expect(map.buckets).toHaveLength(64)
    expect(map).toMatchObject({ byteTotal: fs.statSync(SAMPLE).size, isComplete: true })
    expect(map.buckets[0]?.kind).toBe('structures')
    const shown = map.buckets.find((bucket) => bucket.largest !== null)?.largest
    const details = await engine.call('entry.resolve', { ...ref, path: shown?.path ?? '' })
    expect(details).toMatchObject({ entry: shown?.entry, byteLength: shown?.byteLength, position: shown?.byteOffset })

    const { rows } = await engine.call('image.rows', { ...ref, directory: 0 })
    const folders = rows.filter((row) => row.kind === 'directory').map((row) => row.entry)
    const { sizes } = await engine.call('image.folderSizes', { ...ref, directories: folders })
    const picture = await engine.call('image.sizes', { ...ref, directory: 0 })
    for (const { entry, byteLength } of sizes.filter((size) => size.byteLength > 0))
      expect(picture.nodes.find((node) => node.entry === entry)?.byteLength).toBe(byteLength)
    expect(picture.nodes.filter((node) => node.parent === -1).reduce((sum, node) => sum + node.byteLength, 0)).toBe(
      picture.byteTotal,
    )

    const fitting = await engine.call('image.rowIds', { ...ref, directory: 0, mask: '*.txt', offset: 0, limit: 100 })
    const expected = rows.filter((row) => row.name.endsWith('.txt')).map((row) => row.entry)
    expect([...fitting.entries].sort()).toEqual(expected.sort())
    await engine.shutdown()
  })

  it('adds up a folder of this computer, links uncounted in content', async () => {
    const engine = await EngineProcess.start(home)
    const tree = path.join(folder, 'tree')
    fs.mkdirSync(path.join(tree, 'a', 'b'), { recursive: true })
    fs.writeFileSync(path.join(tree, 'one'), 'x'.repeat(100))
    fs.writeFileSync(path.join(tree, 'a', 'b', 'two'), 'x'.repeat(50))
    fs.symlinkSync('/', path.join(tree, 'a', 'loop'))
    const size = await engine.call('folder.size', { path: tree })
    expect(size).toMatchObject({ fileCount: 3, unreadable: 0 })
    expect(size.byteLength).toBe(151)
    await engine.shutdown()
  })

  it('extracts one entry under another name, and several into a new folder', async () => {
    const engine = await EngineProcess.start(home)
    const { ref } = await openSample(engine)
    const { rows } = await engine.call('image.rows', { ...ref, directory: 0 })
    const file = await someFile(engine, ref)
    const directory = rows.find((row) => row.kind === 'directory')!
    const destination = path.join(folder, 'out')
    fs.mkdirSync(destination)
    const run = async (entries: number[], rename: string) => {
      const { job } = await engine.call('job.start', {
        kind: 'extract',
        spec: { ...ref, entries, destination, rename },
      })
      const isOver = (state: string) => state === 'done' || state === 'failed'
      const over = await engine.event('job.snapshot', (snapshot) => snapshot.id === job && isOver(snapshot.state))
      expect(over.error).toBeNull()
    }
    await run([file.entry], 'Another name.txt')
    await run([directory.entry], 'Other folder')
    await run([file.entry, directory.entry], 'Both')
    expect(fs.readdirSync(destination).sort()).toEqual(['Another name.txt', 'Both', 'Other folder'])
    expect(fs.statSync(path.join(destination, 'Another name.txt')).size).toBe(file.byteLength)
    expect(fs.readdirSync(path.join(destination, 'Both')).sort()).toEqual([file.name, directory.name].sort())
    expect(treeOf(path.join(destination, 'Other folder'))).toEqual(
      treeOf(path.join(destination, 'Both', directory.name)),
    )
    await engine.shutdown()
  })

  it('keeps what a job skipped until it is dismissed', async () => {
    const engine = await EngineProcess.start(home)
    const { ref } = await openSample(engine)
    const file = await someFile(engine, ref)
    const destination = path.join(folder, 'out')
    fs.mkdirSync(destination)
    fs.writeFileSync(path.join(destination, file.name), 'mine')
    const { job } = await engine.call('job.start', {
      kind: 'extract',
      spec: { ...ref, entries: [file.entry], destination, conflicts: 'skip' },
    })
    await engine.event('job.snapshot', (snapshot) => snapshot.id === job && snapshot.state === 'done')
    const report = await engine.call('job.report', { job })
    expect(report).toMatchObject({ total: 1, outcomes: [{ path: file.name, status: 'skipped' }] })
    await engine.call('job.dismiss', { job })
    await expect(engine.call('job.report', { job })).rejects.toMatchObject({ code: 'NO_SUCH_JOB' })
    await expect.poll(() => fs.readdirSync(path.join(home, 'reports'))).toEqual([])
    await engine.shutdown()
  })

  it('lets a person look into both files of a question', async () => {
    const engine = await EngineProcess.start(home)
    const { ref } = await openSample(engine)
    const file = await someFile(engine, ref)
    const destination = path.join(folder, 'out')
    fs.mkdirSync(destination)
    fs.writeFileSync(path.join(destination, file.name), 'mine')
    const { job } = await engine.call('job.start', {
      kind: 'extract',
      spec: { ...ref, entries: [file.entry], destination, conflicts: 'ask' },
    })
    await engine.event('job.snapshot', (snapshot) => snapshot.id === job && snapshot.question !== null)
    const existing = await engine.call('job.peek', { job, side: 'existing', byteLength: 1000 })
    expect(Buffer.from(existing.bytes ?? []).toString()).toBe('mine')
    const incoming = await engine.call('job.peek', { job, side: 'incoming', byteLength: 16 })
    const { bytes } = await engine.call('entry.read', { ...ref, entry: file.entry, byteOffset: 0, byteLength: 16 })
    expect(Buffer.from(incoming.bytes ?? [])).toEqual(Buffer.from(bytes))
    await engine.call('job.cancel', { job })
    await engine.event('job.snapshot', (snapshot) => snapshot.id === job && snapshot.state === 'cancelled')
    expect((await engine.call('job.peek', { job, side: 'existing', byteLength: 10 })).bytes).toBeNull()
    await engine.shutdown()
  })
})
