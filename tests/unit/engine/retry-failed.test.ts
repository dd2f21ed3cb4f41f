import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { buildIso } from '../../images/iso-builder'
import { temporaryFolder, treeOf } from '../support'
import { EngineProcess } from './engine-process'

const BLOCK = 2048

it('tries only what failed once more, each file landing where it was to', async () => {
  const folder = temporaryFolder()
  const built = buildIso([
    {
      name: 'TOP',
      children: [
        { name: 'TREE', children: [{ name: 'DEEP', children: [{ name: 'LATE.BIN;1', data: 'z'.repeat(BLOCK) }] }] },
        { name: 'WELL.TXT;1', data: 'well' },
      ],
    },
  ])
  const file = path.join(folder, 'half.iso')
  const cut = built.blockOf('TOP/TREE/DEEP/LATE.BIN;1')
  expect(cut).toBeGreaterThan(0)
  // What lies at its place is not in the file: the drive was taken out too early.
  const half = new Uint8Array(built.bytes)
  fs.writeFileSync(file, half.subarray(0, Math.min(half.byteLength, cut * BLOCK)))
  const engine = await EngineProcess.start(path.join(folder, 'home'))
  const opened = await engine.call('image.open', { location: { kind: 'path', path: file } })
  const ref = { image: opened.image, generation: opened.generation, view: opened.info.defaultViewId }
  await engine.event('image.progress', (progress) => progress.isDone && progress.view === ref.view)
  const { entry } = await engine.call('entry.resolve', { ...ref, path: 'TOP/TREE' })
  const well = await engine.call('entry.resolve', { ...ref, path: 'TOP/WELL.TXT' })
  const destination = path.join(folder, 'out')
  const { job } = await engine.call('job.start', {
    kind: 'extract',
    spec: { ...ref, entries: [entry, well.entry], destination },
  })
  const first = await engine.event('job.snapshot', (one) => one.id === job && one.state === 'done')
  expect(first).toMatchObject({ canRetryFailed: true, result: { kind: 'extract', problems: 1 } })
  const before = treeOf(destination)
  expect(Object.keys(before)).not.toContain('TREE/DEEP/LATE.BIN')

  fs.writeFileSync(file, built.bytes)
  const { jobs } = await engine.call('job.retryFailed', { job })
  expect(jobs).toHaveLength(1)
  const second = await engine.event('job.snapshot', (one) => one.id === jobs[0] && one.state === 'done')
  expect(second).toMatchObject({ result: { kind: 'extract', files: 1, problems: 0 } })
  expect(fs.readFileSync(path.join(destination, 'TREE/DEEP/LATE.BIN'), 'utf8')).toBe('z'.repeat(BLOCK))
  expect(Object.keys(treeOf(destination)).length).toBe(Object.keys(before).length + 1)
  await expect(engine.call('job.retryFailed', { job: jobs[0]! })).rejects.toMatchObject({ code: 'JOB_STATE' })
  await engine.shutdown()
})
