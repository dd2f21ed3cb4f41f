import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { SAMPLE, temporaryFolder, treeOf } from '../support'
import { sampleFiles } from '../desktop/sample-files'
import { EngineProcess } from './engine-process'

it('an engine without native code remembers nothing, and does everything else', async () => {
  const home = temporaryFolder()
  const engine = await EngineProcess.start(home, ['--import', path.resolve('tests/unit/engine/no-native.mjs')])
  expect(await engine.call('engine.hello', {})).toMatchObject({
    catalogIsKept: false,
    catalogProblem: expect.stringContaining('native code does not load (invalid ELF header)') as string,
  })
  const opened = await engine.call('image.open', { location: { kind: 'path', path: SAMPLE, inside: [] } })
  const { image, generation } = opened
  const view = opened.info.views[0]?.id ?? ''
  const destination = path.join(temporaryFolder(), 'out')
  const { job } = await engine.call('job.start', {
    kind: 'extract',
    spec: {
      image,
      generation,
      view,
      entries: null,
      destination,
      conflicts: 'overwrite',
      smart: false,
    },
  })
  const done = await engine.event('job.snapshot', ({ id, state }) => id === job && /done|failed/.test(state))
  expect(done.state).toBe('done')
  expect(treeOf(destination)).toEqual(treeOf(await sampleFiles()))
  await engine.shutdown()
  expect(fs.readdirSync(home).filter((name) => name.startsWith('catalog'))).toEqual([])
})
