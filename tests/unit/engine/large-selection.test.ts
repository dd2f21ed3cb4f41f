import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { writeFlatIso } from '../flat-iso'
import { temporaryFolder } from '../support'
import { EngineProcess } from './engine-process'

const COUNT = Number(process.env.ISOLDE_TEST_ENTRIES ?? 60_000)

async function openFlat() {
  const folder = temporaryFolder()
  const file = path.join(folder, 'flat.iso')
  await writeFlatIso(file, COUNT, 'FLAT', (i) => i % 7)
  const engine = await EngineProcess.start(path.join(folder, 'home'))
  const opened = await engine.call('image.open', { location: { kind: 'path', path: file } })
  const ref = { image: opened.image, generation: opened.generation, view: opened.info.defaultViewId }
  await engine.event('image.progress', (progress) => progress.isDone && progress.view === ref.view)
  await engine.call('image.rows', { ...ref, directory: 0 })
  const destination = path.join(folder, 'out')
  fs.mkdirSync(destination)
  return { engine, ref, destination }
}

it('says all of a folder in one range', async () => {
  const { engine, ref } = await openFlat()
  const { ranges, byteTotal } = await engine.call('image.rowRanges', { ...ref, directory: 0 })
  expect(ranges).toHaveLength(2)
  expect(ranges[1]).toBe(COUNT)
  expect(byteTotal).toBe((await engine.call('image.rows', { ...ref, directory: 0 })).byteTotal)
}, 120_000)

it('shows a job over a large selection at once', async () => {
  const { engine, ref, destination } = await openFlat()
  const { ranges } = await engine.call('image.rowRanges', { ...ref, directory: 0 })
  const { job } = await engine.call('job.start', {
    kind: 'extract',
    spec: { ...ref, entries: { ranges }, destination },
  })
  // Before anybody has gone through what is selected: how long that takes is nothing to the job's line.
  const first = await engine.event('job.snapshot', (snapshot) => snapshot.id === job && snapshot.state === 'running')
  expect(first).toMatchObject({ isCounting: true, entriesTotal: 0, entriesDone: 0 })
  await engine.call('job.cancel', { job })
  await engine.event('job.snapshot', (snapshot) => snapshot.id === job && snapshot.state === 'cancelled')
}, 120_000)

it('cancels at every moment of planning, and leaves nothing', async () => {
  const { engine, ref, destination } = await openFlat()
  const { ranges } = await engine.call('image.rowRanges', { ...ref, directory: 0 })
  for (const wait of [0, 60, 120, 180, 260, 350, 500, 700]) {
    const { job } = await engine.call('job.start', {
      kind: 'extract',
      spec: { ...ref, entries: { ranges }, destination },
    })
    await new Promise((resolve) => setTimeout(resolve, wait))
    await engine.call('job.cancel', { job })
    const end = await engine.event('job.snapshot', (snapshot) => snapshot.id === job && snapshot.state === 'cancelled')
    // It did not get through all of it first.
    expect(end.entriesDone).toBeLessThan(COUNT)
    expect(fs.readdirSync(destination).filter((name) => !name.startsWith('.'))).toEqual([])
  }
  await expect.poll(() => fs.readdirSync(destination), { timeout: 30_000 }).toEqual([])
}, 120_000)

it('extracts what a selection of many leaves out of the folder, and nothing else', async () => {
  const { engine, ref, destination } = await openFlat()
  const { ranges } = await engine.call('image.rowRanges', { ...ref, directory: 0 })
  const [first = 0] = ranges
  const entries = { ranges: [first, 10, first + 20, 2000] }
  const { job } = await engine.call('job.start', { kind: 'extract', spec: { ...ref, entries, destination } })
  const end = await engine.event('job.snapshot', (snapshot) => snapshot.id === job && snapshot.result !== null)
  expect(end.result).toMatchObject({ files: 2010, problems: 0 })
  const { entries: numbers } = await engine.call('image.rowIds', { ...ref, directory: 0, offset: 0, limit: 100_000 })
  const names = new Set(fs.readdirSync(destination))
  expect(names.size).toBe(2010)
  for (const entry of numbers.slice(0, 40)) {
    const { name } = await engine.call('entry.details', { ...ref, entry })
    const isMeant = entry < first + 10 || (entry >= first + 20 && entry < first + 2020)
    expect(names.has(name), name).toBe(isMeant)
  }
}, 60_000)
