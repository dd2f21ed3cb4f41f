import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { EngineProcess } from '../unit/engine/engine-process'
import { SAMPLE, temporaryFolder } from '../unit/support'

const WORD = 'die of this'

it('a thread that dies costs what was asked of it: another takes its place, and the log says why', async () => {
  const folder = temporaryFolder()
  const home = path.join(folder, 'home')
  const engine = await EngineProcess.start(home, ['--import', path.resolve('tests/faults/lose-thread.mjs')])
  const location = { kind: 'path', path: SAMPLE } as const
  const opened = await engine.call('image.open', { location })
  const ref = { image: opened.image, generation: opened.generation, view: opened.info.defaultViewId }
  await engine.event('image.progress', ({ isDone, view }) => isDone && view === ref.view)
  const rows = () => engine.call('image.rows', { ...ref, directory: 0 })
  const before = await rows()

  // The one that answers for panes.
  await expect(engine.call('image.rows', { ...ref, directory: 0, filter: WORD })).rejects.toMatchObject({
    code: 'ENGINE_GONE',
  })
  expect((await rows()).rows).toEqual(before.rows)
  // The one for everything across images.
  await expect(engine.call('search.run', { text: WORD })).rejects.toMatchObject({ code: 'ENGINE_GONE' })
  expect((await engine.call('search.run', { text: 'welcome' })).hits.length).toBeGreaterThan(0)
  // The one of a job: it fails, and the next one is done.
  const start = (destination: string) =>
    engine.call('job.start', { kind: 'extract', spec: { ...ref, entries: null, destination } })
  const { job } = await start(path.join(folder, WORD))
  const failed = await engine.event('job.snapshot', ({ id, state }) => id === job && /done|failed/.test(state))
  expect(failed).toMatchObject({ state: 'failed', error: { code: 'ENGINE_GONE' } })
  const other = await start(path.join(folder, 'out'))
  await engine.event('job.snapshot', ({ id, state }) => id === other.job && state === 'done')
  // The one of an image that is being opened.
  const odd = path.join(folder, `${WORD}.iso`)
  fs.copyFileSync(SAMPLE, odd)
  await expect(engine.call('image.open', { location: { kind: 'path', path: odd } })).rejects.toMatchObject({
    code: 'ENGINE_GONE',
  })
  expect((await engine.call('image.open', { location })).info.name).toBe('sample.iso')

  const log = fs.readFileSync(path.join(home, 'isolde.log'), 'utf8')
  for (const name of ['query-worker', 'library-worker', 'job-worker', 'image-worker'])
    expect(log).toContain(`The thread ${name} has died`)
  await engine.shutdown()
})
