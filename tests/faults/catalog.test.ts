import { execFileSync } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'
import Database from 'better-sqlite3'
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { EngineProcess } from '../unit/engine/engine-process'
import { namedIso, type NamedTree } from '../images/named-iso'
import { temporaryFolder } from '../unit/support'
import { seededRandom } from './support'

const MOMENTS = 12

function writeMany(folder: string, name: string, folders: number, each: number): string {
  const tree: NamedTree = {}
  for (let d = 0; d < folders; d++) {
    const inner: NamedTree = {}
    for (let i = 0; i < each; i++) inner[`a file with number ${d * each + i}.dat`] = ''
    tree[`folder ${d}`] = inner
  }
  const file = path.join(folder, name)
  fs.writeFileSync(file, namedIso(tree))
  return file
}

function integrity(catalog: string): unknown {
  const database = new Database(catalog)
  try {
    // The full-text index has its own idea of being whole.
    database.exec("INSERT INTO entry_name (entry_name) VALUES ('integrity-check')")
    const strays = database
      .prepare('SELECT count(*) FROM entry WHERE (id >> 28) NOT IN (SELECT id FROM view)')
      .pluck()
      .get()
    expect(strays).toBe(0)
    return database.pragma('integrity_check', { simple: true })
  } finally {
    database.close()
  }
}

async function open(engine: EngineProcess, file: string) {
  const opened = await engine.call('image.open', { location: { kind: 'path', path: file } })
  return { image: opened.image, generation: opened.generation, view: opened.info.defaultViewId }
}

async function untilIndexed(engine: EngineProcess, image: number): Promise<void> {
  for (;;) {
    const { info } = await engine.call('image.info', { image })
    if (info.views.every((view) => view.entryCount !== null)) return
    await wait(20)
  }
}

describe('the engine killed while it indexes', () => {
  it(`leaves a catalog that is whole, and indexes the image after all (${MOMENTS} moments)`, async () => {
    const folder = temporaryFolder()
    const home = path.join(folder, 'home')
    const file = writeMany(folder, 'many.iso', 60, 500)
    const random = seededRandom(7)
    let interrupted = 0
    for (let moment = 0; moment < MOMENTS; moment++) {
      const engine = await EngineProcess.start(home)
      const { image } = await open(engine, file)
      await wait(random() * 500)
      const { info } = await engine.call('image.info', { image })
      if (info.views.some((view) => view.entryCount === null)) interrupted++
      await engine.kill()
      expect(integrity(path.join(home, 'catalog.sqlite'))).toBe('ok')
      // Changed, so that there is something to index at the next moment too.
      const time = new Date(1_600_000_000_000 + moment * 60_000)
      fs.utimesSync(file, time, time)
    }
    // The moments must lie within the work, or nothing was tried.
    expect(interrupted).toBeGreaterThan(MOMENTS / 4)
    const engine = await EngineProcess.start(home)
    expect(await engine.call('engine.hello', {})).toMatchObject({ catalogIsKept: true, catalogProblem: null })
    const { image } = await open(engine, file)
    await untilIndexed(engine, image)
    const { hits } = await engine.call('search.run', { text: 'number 29999.dat' })
    expect(hits.map((hit) => hit.path)).toEqual(['folder 59/a file with number 29999.dat'])
    await engine.shutdown()
    expect(integrity(path.join(home, 'catalog.sqlite'))).toBe('ok')
    const database = new Database(path.join(home, 'catalog.sqlite'))
    expect(database.prepare('SELECT count(*) FROM image').pluck().get()).toBe(1)
    database.close()
  })
})

/** What must work whatever has become of the catalog. */
async function opensAndExtracts(engine: EngineProcess, file: string, folder: string): Promise<void> {
  const ref = await open(engine, file)
  expect((await engine.call('image.rows', { ...ref, directory: 0 })).total).toBeGreaterThan(0)
  const destination = fs.mkdtempSync(path.join(folder, 'out-'))
  const { job } = await engine.call('job.start', { kind: 'extract', spec: { ...ref, entries: null, destination } })
  await engine.event('job.snapshot', (snapshot) => snapshot.id === job && snapshot.state === 'done')
  expect(fs.readdirSync(destination).length).toBeGreaterThan(0)
}

async function saysThatItWillNotRemember(engine: EngineProcess, why: string): Promise<void> {
  const hello = await engine.call('engine.hello', {})
  expect(hello.catalogIsKept).toBe(false)
  expect(hello.catalogProblem).toContain('not be remembered')
  expect(hello.catalogProblem).toContain(why)
}

const isRoot = process.getuid?.() === 0

describe('a catalog that cannot be used', () => {
  it('because it is locked by another program', { timeout: 60_000 }, async () => {
    const folder = temporaryFolder()
    const home = path.join(folder, 'home')
    await (await EngineProcess.start(home)).shutdown()
    const holder = new Database(path.join(home, 'catalog.sqlite'))
    holder.pragma('locking_mode = EXCLUSIVE')
    holder.exec('BEGIN EXCLUSIVE')
    onTestFinished(() => {
      holder.close()
    })
    const engine = await EngineProcess.start(home)
    await saysThatItWillNotRemember(engine, 'locked')
    await opensAndExtracts(engine, writeMany(folder, 'a.iso', 2, 5), folder)
  })

  it('because its folder takes no files', async () => {
    const folder = temporaryFolder()
    const home = path.join(folder, 'home')
    fs.writeFileSync(home, 'a file where the folder should be')
    const engine = await EngineProcess.start(home)
    await saysThatItWillNotRemember(engine, 'catalog')
    await opensAndExtracts(engine, writeMany(folder, 'a.iso', 2, 5), folder)
  })

  it.runIf(isRoot)('because its disk is read-only', async () => {
    const folder = temporaryFolder()
    const home = mounted(folder, '8m')
    await (await EngineProcess.start(home)).shutdown()
    execFileSync('mount', ['-o', 'remount,ro', home])
    const engine = await EngineProcess.start(home)
    await saysThatItWillNotRemember(engine, 'cannot be written')
    await opensAndExtracts(engine, writeMany(folder, 'a.iso', 2, 5), folder)
    await engine.shutdown()
  })

  it.runIf(isRoot)('because its disk is full', async () => {
    const folder = temporaryFolder()
    const home = mounted(folder, '1m')
    fillUp(home)
    const engine = await EngineProcess.start(home)
    await saysThatItWillNotRemember(engine, 'no space')
    await opensAndExtracts(engine, writeMany(folder, 'a.iso', 2, 5), folder)
    await engine.shutdown()
  })

  it.runIf(isRoot)('because its disk becomes full while it is used: what is open goes on', async () => {
    const folder = temporaryFolder()
    const home = mounted(folder, '2m')
    const engine = await EngineProcess.start(home)
    fillUp(home)
    await opensAndExtracts(engine, writeMany(folder, 'a.iso', 20, 500), folder)
    await engine.event('catalog.failed', ({ problem }) => problem.includes('no space'))
    await engine.kill()
  })

  it.runIf(isRoot)('because its disk goes away while it is used', async () => {
    const folder = temporaryFolder()
    const home = mounted(folder, '8m')
    const engine = await EngineProcess.start(home)
    const file = writeMany(folder, 'a.iso', 2, 5)
    execFileSync('umount', ['-l', home])
    await opensAndExtracts(engine, file, folder)
    await engine.kill()
  })
})

/** A small disk of its own. */
function mounted(folder: string, size: string): string {
  const home = path.join(folder, 'disk')
  fs.mkdirSync(home)
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', home])
  onTestFinished(() => {
    try {
      execFileSync('umount', ['-l', home], { stdio: 'ignore' })
    } catch {
      // The test has unmounted it itself.
    }
  })
  return home
}

function fillUp(folder: string): void {
  const descriptor = fs.openSync(path.join(folder, 'filler'), 'w')
  try {
    for (;;) fs.writeSync(descriptor, Buffer.alloc(4096))
  } catch (error) {
    expect((error as { code?: string }).code).toBe('ENOSPC')
  } finally {
    fs.closeSync(descriptor)
  }
}

describe('two copies of the program', () => {
  it('work on one catalog, and on one image at once', async () => {
    const folder = temporaryFolder()
    const home = path.join(folder, 'home')
    const file = writeMany(folder, 'many.iso', 40, 400)
    const other = writeMany(folder, 'other.iso', 10, 100)
    const [one, two] = [await EngineProcess.start(home), await EngineProcess.start(home)]
    const [first, second] = await Promise.all([open(one, file), open(two, file), open(two, other)])
    await Promise.all([untilIndexed(one, first.image), untilIndexed(two, second.image)])
    for (const [engine, ref] of [
      [one, first],
      [two, second],
    ] as const) {
      const { entry } = await engine.call('entry.resolve', { ...ref, path: 'folder 39' })
      const rows = await engine.call('image.rows', { ...ref, directory: entry })
      expect(rows.total).toBe(400)
    }
    await one.kill()
    const { hits } = await two.call('search.run', { text: 'number 15999.dat' })
    expect(hits).toHaveLength(1)
    await two.shutdown()
    expect(integrity(path.join(home, 'catalog.sqlite'))).toBe('ok')
  })
})
