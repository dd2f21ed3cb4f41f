import Database from 'better-sqlite3'
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { beforeEach, describe, expect, it } from 'vitest'
import type { JobSnapshot } from '../../../src-shared/model'
import { buildIso } from '../../images/iso-builder'
import { SAMPLE, temporaryFolder, treeOf } from '../support'
import { EngineProcess } from './engine-process'

let folder: string
let home: string

beforeEach(() => {
  folder = temporaryFolder()
  home = path.join(folder, 'home')
})

async function ended(engine: EngineProcess, job: string): Promise<JobSnapshot> {
  for (;;) {
    const found = (await engine.call('job.list', {})).jobs.find(({ id }) => id === job)
    if (found && ['done', 'failed', 'cancelled'].includes(found.state)) return found
    expect(found?.question ?? null).toBeNull()
    await wait(10)
  }
}

/** Changes what the catalog holds of jobs, while nobody has it open. */
function inCatalog(work: (database: Database.Database) => void): void {
  const database = new Database(path.join(home, 'catalog.sqlite'))
  work(database)
  database.close()
}

describe('a job that cannot be looked at', () => {
  it('fails alone, now and at the next start', async () => {
    fs.symlinkSync('loop', path.join(folder, 'loop'))
    fs.writeFileSync(path.join(folder, 'plain'), 'x')
    fs.mkdirSync(path.join(folder, 'to'))
    const engine = await EngineProcess.start(home)
    const loop = path.join(folder, 'loop')
    const into = await engine.call('job.start', {
      kind: 'copy',
      spec: {
        paths: [path.join(folder, 'plain')],
        destination: path.join(loop, 'x'),
      },
    })
    const from = await engine.call('job.start', {
      kind: 'copy',
      spec: { paths: [path.join(loop, 'x')], destination: path.join(folder, 'to') },
    })
    const good = await engine.call('job.start', {
      kind: 'copy',
      spec: {
        paths: [path.join(folder, 'plain')],
        destination: path.join(folder, 'to'),
      },
    })
    expect((await ended(engine, into.job)).state).toBe('failed')
    expect((await ended(engine, from.job)).state).not.toBe('cancelled')
    expect((await ended(engine, good.job)).state).toBe('done')
    await engine.kill()
    inCatalog((database) => {
      for (const { id, snapshot } of database.prepare('SELECT id, snapshot FROM job').all() as {
        id: string
        snapshot: string
      }[])
        database
          .prepare('UPDATE job SET snapshot = ?, state = ? WHERE id = ?')
          .run(JSON.stringify({ ...(JSON.parse(snapshot) as object), state: 'queued' }), 'queued', id)
    })
    const next = await EngineProcess.start(home)
    expect((await ended(next, into.job)).error?.code).toBeDefined()
    await next.shutdown()
  })

  it('and whatever else the catalog and the profile hold, the engine starts', async () => {
    const first = await EngineProcess.start(home)
    fs.mkdirSync(path.join(folder, 'to'))
    fs.writeFileSync(path.join(folder, 'plain'), 'x')
    const copy = { paths: [path.join(folder, 'plain')], destination: path.join(folder, 'to') }
    const { job } = await first.call('job.start', { kind: 'copy', spec: copy })
    await ended(first, job)
    await first.shutdown()
    inCatalog((database) => {
      const row = database.prepare('SELECT * FROM job').get() as Record<string, unknown>
      const columns = Object.keys(row)
      const insert = database.prepare(
        `INSERT INTO job (${columns.join(', ')}) VALUES (${columns.map((name) => `@${name}`).join(', ')})`,
      )
      const bad = ['', '{', 'null', '[]', '{"kind":"copy"}', '{"kind":"extract","source":{}}', '{"kind":"burn"}']
      for (const [at, spec] of bad.entries()) insert.run({ ...row, id: `bad spec ${at}`, spec })
      for (const [at, snapshot] of bad.entries()) insert.run({ ...row, id: `bad snapshot ${at}`, snapshot })
    })
    fs.mkdirSync(path.join(home, 'settings.json'))
    fs.rmSync(path.join(home, 'reports'), { recursive: true, force: true })
    fs.writeFileSync(path.join(home, 'reports'), 'no folder')
    const next = await EngineProcess.start(home)
    expect((await next.call('job.list', {})).jobs.map(({ id }) => id)).toEqual([job])
    const again = await next.call('job.start', { kind: 'copy', spec: { ...copy, conflicts: 'rename' } })
    expect((await ended(next, again.job)).state).toBe('done')
    await next.shutdown()
  })
})

describe('a job whose process ended after its last step', () => {
  it.each([true, false])(
    'asks nobody about its own files and does nothing twice (its end noted: %s)',
    async (isNoted) => {
      const destination = path.join(folder, 'out')
      const to = path.join(folder, 'to')
      fs.mkdirSync(to)
      fs.writeFileSync(path.join(folder, 'plain'), 'x')
      fs.writeFileSync(path.join(folder, 'moved'), 'y')
      const engine = await EngineProcess.start(home)
      const opened = await engine.call('image.open', { location: { kind: 'path', path: SAMPLE } })
      const ref = { image: opened.image, generation: opened.generation, view: opened.info.defaultViewId }
      const extract = await engine.call('job.start', {
        kind: 'extract',
        spec: { ...ref, entries: null, destination, conflicts: 'ask' },
      })
      await ended(engine, extract.job)
      const copy = await engine.call('job.start', {
        kind: 'copy',
        spec: { paths: [path.join(folder, 'plain')], destination: to },
      })
      await ended(engine, copy.job)
      const move = await engine.call('job.start', {
        kind: 'move',
        spec: { paths: [path.join(folder, 'moved')], destination: to },
      })
      await ended(engine, move.job)
      const before = [treeOf(destination), treeOf(to)]
      await engine.kill()
      const jobs = isNoted ? [extract.job, copy.job, move.job] : [extract.job]
      inCatalog((database) => {
        for (const id of jobs) {
          const snapshot = database.prepare('SELECT snapshot FROM job WHERE id = ?').pluck().get(id) as string
          const running = { ...(JSON.parse(snapshot) as object), state: 'running', result: null }
          database
            .prepare("UPDATE job SET snapshot = ?, state = 'running' WHERE id = ?")
            .run(JSON.stringify(running), id)
        }
      })
      if (!isNoted) fs.rmSync(path.join(home, 'reports'), { recursive: true })
      const next = await EngineProcess.start(home)
      for (const id of jobs) expect(await ended(next, id)).toMatchObject({ state: 'done', error: null })
      expect([treeOf(destination), treeOf(to)]).toEqual(before)
      await next.shutdown()
    },
  )
})

describe('what is abandoned', () => {
  it('a preview of a large image that nobody waits for ends, and what comes after it is answered', async () => {
    const children = (prefix: string) =>
      Array.from({ length: 60 }, (_, d) => ({
        name: `${prefix}${String(d).padStart(3, '0')}`,
        children: Array.from({ length: 300 }, (_inner, i) => ({ name: `F${String(i).padStart(4, '0')}.;1`, data: '' })),
      }))
    const file = path.join(folder, 'large.iso')
    fs.writeFileSync(
      file,
      buildIso(Array.from({ length: 8 }, (_, i) => ({ name: `TOP${i}`, children: children('D') }))).bytes,
    )
    const engine = await EngineProcess.start(home)
    const opened = await engine.call('image.open', { location: { kind: 'path', path: file } })
    const ref = { image: opened.image, generation: opened.generation, view: opened.info.defaultViewId }
    await engine.event('image.progress', (progress) => progress.isDone && progress.view === ref.view)
    const preview = { ...ref, entries: null, destination: folder }
    await engine.call('job.preview', preview)
    const start = performance.now()
    await engine.call('job.preview', preview)
    const whole = performance.now() - start
    const begun = performance.now()
    const ids = Array.from({ length: 5 }, () => engine.post('job.preview', preview))
    for (const id of ids) engine.cancel(id)
    const answers = await Promise.allSettled(ids.map((id) => engine.answer(id)))
    const cancelled = answers.filter((one) => one.status === 'rejected')
    expect(cancelled.length).toBeGreaterThanOrEqual(4)
    for (const one of cancelled) expect(one.reason).toMatchObject({ code: 'CANCELLED' })
    expect(performance.now() - begun).toBeLessThan(Math.max(whole * 3, 5000))
    await engine.shutdown()
  })

  it.runIf(process.platform === 'linux')('an image whose page goes away while it is opened is closed', async () => {
    const file = path.join(folder, 'left.iso')
    fs.copyFileSync(SAMPLE, file)
    const engine = await EngineProcess.start(home)
    await engine.call('engine.hello', {})
    const openFiles = (): string[] => {
      const descriptors = `/proc/${engine.child.pid}/fd`
      return fs.readdirSync(descriptors).flatMap((name) => {
        try {
          return [fs.readlinkSync(path.join(descriptors, name))]
        } catch {
          return []
        }
      })
    }
    engine.post('image.open', { location: { kind: 'path', path: file } })
    engine.send({ type: 'close-client', client: 1 })
    // It may be open for less than the time between two looks: not open for long is not open any more, either.
    let isSeen = false
    for (let looks = 0; looks < (isSeen ? 5 : 400); looks++) {
      const isOpen = openFiles().includes(file)
      isSeen ||= isOpen
      if (isOpen) looks = 0
      await wait(isSeen ? 20 : 5)
    }
    await engine.shutdown()
  })
})
