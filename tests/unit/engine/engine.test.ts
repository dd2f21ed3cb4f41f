import fs from 'node:fs'
import path from 'node:path'
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

  it('extracts what is selected and what is everything', async () => {
    const engine = await EngineProcess.start(home)
    const { ref } = await openSample(engine)
    const file = await someFile(engine, ref)
    const destination = path.join(folder, 'out')
    const { job } = await engine.call('job.extract', { ...ref, entries: [file.entry], destination })
    const done = await engine.event('job.snapshot', (snapshot) => snapshot.id === job && snapshot.state === 'done')
    expect(done.summary).toMatchObject({ files: 1, problems: 0, bytesWritten: file.byteLength })
    expect(fs.readdirSync(destination)).toEqual([file.name])

    const all = await engine.call('job.extract', { ...ref, entries: null, destination, smart: true })
    const end = await engine.event('job.snapshot', (snapshot) => snapshot.id === all.job && snapshot.state === 'done')
    expect(end.destination).toBe(path.join(destination, 'sample'))
    expect(Object.keys(treeOf(end.destination))).toContain(file.name)
  })

  it('asks about a taken name, and does as it is told', async () => {
    const engine = await EngineProcess.start(home)
    const { ref } = await openSample(engine)
    const file = await someFile(engine, ref)
    fs.writeFileSync(path.join(folder, file.name), 'mine')
    const { job } = await engine.call('job.extract', { ...ref, entries: [file.entry], destination: folder })
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
    const { job } = await engine.call('job.extract', { ...ref, entries: [file.entry], destination })
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
    const { job } = await engine.call('job.extract', { ...ref, entries: null, destination: path.join(folder, 'out') })
    await engine.event('job.snapshot', (snapshot) => snapshot.question !== null)
    await engine.kill()

    const next = await EngineProcess.start(home)
    await next.event('job.snapshot', (snapshot) => snapshot.id === job && snapshot.question !== null)
    await next.call('job.answer', { job, answer: { choice: 'overwrite', forAll: true } })
    const done = await next.event('job.snapshot', (snapshot) => snapshot.id === job && snapshot.state === 'done')
    expect(done.summary?.problems).toBe(0)
    expect(fs.readdirSync(path.join(folder, 'out')).filter((name) => name.startsWith('.isolde'))).toEqual([])
    expect(fs.statSync(path.join(folder, 'out', file.name)).size).toBe(file.byteLength)
  })

  it('copies and moves between folders', async () => {
    const [from, to] = [path.join(folder, 'from'), path.join(folder, 'to')]
    fs.mkdirSync(path.join(from, 'deep'), { recursive: true })
    fs.mkdirSync(to)
    fs.writeFileSync(path.join(from, 'deep', 'a.txt'), 'a')
    fs.writeFileSync(path.join(from, 'b.txt'), 'b')
    const engine = await EngineProcess.start(home)
    const copy = await engine.call('job.copy', { paths: [path.join(from, 'deep')], destination: to })
    await engine.event('job.snapshot', (snapshot) => snapshot.id === copy.job && snapshot.state === 'done')
    expect(fs.readFileSync(path.join(to, 'deep', 'a.txt'), 'utf8')).toBe('a')
    const move = await engine.call('job.copy', { paths: [path.join(from, 'b.txt')], destination: to, move: true })
    await engine.event('job.snapshot', (snapshot) => snapshot.id === move.job && snapshot.state === 'done')
    expect(fs.readdirSync(from)).toEqual(['deep'])
    const circle = await engine.call('job.copy', { paths: [from], destination: path.join(from, 'deep') })
    const failed = await engine.event(
      'job.snapshot',
      (snapshot) => snapshot.id === circle.job && snapshot.state === 'failed',
    )
    expect(failed.error?.message).toContain('itself')
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
