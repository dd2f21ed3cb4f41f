import fs from 'node:fs'
import path from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { namedIso } from '../../images/named-iso'
import { temporaryFolder } from '../support'
import { EngineProcess } from './engine-process'

let folder: string
let discs: string

beforeEach(() => {
  folder = temporaryFolder()
  discs = path.join(folder, 'discs')
  fs.mkdirSync(path.join(discs, 'deep'), { recursive: true })
})

/** Writes an image that has rested: files that were changed a moment ago may still be growing. */
function write(name: string, content: string, age = 60_000): void {
  const file = path.join(discs, name)
  fs.writeFileSync(file, namedIso({ [content]: content }))
  const time = new Date(Date.now() - age)
  fs.utimesSync(file, time, time)
}

const start = () => EngineProcess.start(path.join(folder, 'home'))

async function settled(engine: EngineProcess, fileCount: number) {
  for (;;) {
    const { folders } = await engine.call('library.folders', {})
    if (folders[0]?.fileCount === fileCount && folders[0].pendingCount === 0) return folders[0]
    await new Promise((resolve) => setTimeout(resolve, 30))
  }
}

async function found(engine: EngineProcess, text: string): Promise<string[]> {
  const { hits } = await engine.call('search.run', { text })
  return hits.map((hit) => `${hit.imageName}:${hit.path}`)
}

describe('a watched folder', () => {
  it('is indexed whole, one after another, while nothing is opened for anybody', async () => {
    write('a.iso', 'alpha-content')
    write('deep/b.iso', 'beta-content')
    fs.writeFileSync(path.join(discs, 'no image.iso'), 'words '.repeat(10_000))
    fs.utimesSync(path.join(discs, 'no image.iso'), 1, 1)
    fs.writeFileSync(path.join(discs, 'notes.txt'), 'not looked at')
    const engine = await start()
    await engine.call('library.addFolder', { path: discs })
    const watched = await settled(engine, 2)
    expect(watched.refused).toMatchObject([{ path: path.join(discs, 'no image.iso') }])
    expect(watched.isOnline).toBe(true)
    expect((await found(engine, '-content')).sort()).toEqual(['a.iso:alpha-content', 'b.iso:beta-content'])
    const { rows } = await engine.call('library.list', {})
    expect(rows.map((image) => [image.name, image.lastOpened])).toEqual([
      ['a.iso', null],
      ['b.iso', null],
    ])
    expect((await engine.call('recent.list', {})).images).toEqual([])
  })

  it('follows images that come, change, move and go', async () => {
    write('a.iso', 'first-content')
    const engine = await start()
    await engine.call('library.addFolder', { path: discs })
    await settled(engine, 1)
    write('new.iso', 'new-content')
    write('a.iso', 'second-content', 50_000)
    await settled(engine, 2)
    for (;;) {
      const names = (await found(engine, '-content')).sort()
      if (names.join() === 'a.iso:second-content,new.iso:new-content') break
      await new Promise((resolve) => setTimeout(resolve, 30))
    }
    const before = (await engine.call('library.list', { text: 'new.iso' })).rows[0]
    fs.renameSync(path.join(discs, 'new.iso'), path.join(discs, 'deep', 'moved.iso'))
    fs.rmSync(path.join(discs, 'a.iso'))
    await settled(engine, 1)
    for (;;) {
      const { rows } = await engine.call('library.list', {})
      if (rows.map((image) => `${image.name} ${image.isOnline}`).join() === 'a.iso false,moved.iso true') break
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    expect((await engine.call('library.list', { text: 'moved.iso' })).rows[0]?.id).toBe(before?.id)
  })

  it('waits for a file that is still being written', async () => {
    const engine = await start()
    await engine.call('library.addFolder', { path: discs })
    await settled(engine, 0)
    write('late.iso', 'late-content', 0)
    for (;;) {
      const [watched] = (await engine.call('library.folders', {})).folders
      if (watched?.fileCount === 1) break
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    expect(await found(engine, 'late-content')).toEqual([])
    while ((await found(engine, 'late-content')).length === 0) await new Promise((resolve) => setTimeout(resolve, 50))
  })

  it('is taken up again at the next start, without indexing anew what is known', async () => {
    write('a.iso', 'alpha-content')
    const engine = await start()
    await engine.call('library.addFolder', { path: discs })
    await settled(engine, 1)
    const [before] = (await engine.call('library.list', {})).rows
    await engine.shutdown()
    write('while-away.iso', 'away-content')
    const next = await start()
    await settled(next, 2)
    while ((await found(next, 'away-content')).length === 0) await new Promise((resolve) => setTimeout(resolve, 30))
    const { rows } = await next.call('library.list', { text: 'a.iso' })
    expect(rows[0]?.id).toBe(before?.id)
    await next.call('library.removeFolder', { path: discs })
    expect((await next.call('library.folders', {})).folders).toEqual([])
    expect(await found(next, 'alpha-content')).toHaveLength(1)
  })

  const ofFolder = { kind: 'index-folder' }
  const isAt = (state: string) => (job: { kind: string; state: string; entriesTotal: number }) =>
    job.kind === ofFolder.kind && job.state === state && job.entriesTotal > 0

  it('is read by a job, which tells how far it is and waits where it is paused', async () => {
    for (let i = 0; i < 30; i++) write(`${i}.iso`, `content-${i}`)
    const engine = await start()
    await engine.call('library.addFolder', { path: discs })
    const running = await engine.event('job.snapshot', isAt('running'))
    expect(running).toMatchObject({ title: { parameters: { folder: 'discs' } }, entriesTotal: 30, isPart: true })
    await engine.call('job.pause', { job: running.id })
    const known = async (): Promise<number> => (await engine.call('library.list', {})).total
    // The image that is being read is read to its end.
    let before = -1
    await expect
      .poll(
        async () => {
          const [last, now] = [before, await known()]
          before = now
          const { folders } = await engine.call('library.folders', {})
          return now === last && folders[0]?.current === null
        },
        { interval: 200, timeout: 10_000 },
      )
      .toBe(true)
    expect(before).toBeLessThan(30)
    await engine.call('job.resume', { job: running.id })
    await settled(engine, 30)
    await expect.poll(known).toBe(30)
    // What it has come to is in the library; the queue keeps nothing of it.
    await expect.poll(async () => (await engine.call('job.list', {})).jobs).toEqual([])
    expect((await engine.call('history.list', {})).total).toBe(0)
  })

  it('is left alone where its job is cancelled, but for what changes', async () => {
    for (let i = 0; i < 30; i++) write(`${i}.iso`, `content-${i}`)
    const engine = await start()
    await engine.call('library.addFolder', { path: discs })
    const { id } = await engine.event('job.snapshot', isAt('running'))
    await engine.call('job.cancel', { job: id })
    const watched = await settled(engine, 30)
    expect(watched.current).toBeNull()
    const { total } = await engine.call('library.list', {})
    expect(total).toBeLessThan(30)
    write('29.iso', 'changed-content', 50_000)
    await expect.poll(() => found(engine, 'changed-content'), { timeout: 10_000 }).toEqual(['29.iso:changed-content'])
    expect((await engine.call('library.list', {})).total).toBeLessThan(30)
  })

  it('is read on after the process has ended in the middle', async () => {
    for (let i = 0; i < 30; i++) write(`${i}.iso`, `content-${i}`)
    const engine = await start()
    await engine.call('library.addFolder', { path: discs })
    await engine.event('job.snapshot', isAt('running'))
    engine.child.kill('SIGKILL')
    const next = await start()
    await settled(next, 30)
    await expect.poll(async () => (await next.call('library.list', {})).total, { timeout: 20_000 }).toBe(30)
    await expect.poll(async () => (await next.call('job.list', {})).jobs, { timeout: 10_000 }).toEqual([])
  })
})
