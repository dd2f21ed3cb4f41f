import { setImmediate, setTimeout as wait } from 'node:timers/promises'
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { EngineProcess } from '../unit/engine/engine-process'
import { temporaryFolder } from '../unit/support'
import { isComplete, leftovers, plantOld, seededRandom, startIsolde, writeImage, wrongFiles } from './support'

const MOMENTS = 25

describe('killed at random moments', () => {
  it(`a new destination is whole or not there (${MOMENTS} moments)`, async () => {
    const folder = temporaryFolder()
    const image = writeImage(folder, 4000)
    const destination = path.join(folder, 'out')
    const random = seededRandom(1)
    let killed = 0
    for (let moment = 0; moment < MOMENTS; moment++) {
      const { child, ended } = startIsolde(['extract', image.path, '--to', destination, '-q'])
      await wait(random() * 700)
      child.kill('SIGKILL')
      const { signal } = await ended
      if (signal === 'SIGKILL') killed++
      if (fs.existsSync(destination)) expect(isComplete(destination, image)).toBe(true)
      fs.rmSync(destination, { recursive: true, force: true })
    }
    // The moments must lie within the run, or nothing was tried.
    expect(killed).toBeGreaterThan(MOMENTS / 3)
    const { ended } = startIsolde(['extract', image.path, '--to', destination, '-q'])
    expect((await ended).code).toBe(0)
    expect(isComplete(destination, image)).toBe(true)
    expect(leftovers(folder)).toEqual([])
  })

  it(`an existing destination holds old or whole new files (${MOMENTS} moments)`, async () => {
    const folder = temporaryFolder()
    const image = writeImage(folder, 2000)
    const destination = path.join(folder, 'out')
    const random = seededRandom(2)
    plantOld(destination, image)
    for (let moment = 0; moment < MOMENTS; moment++) {
      const { child, ended } = startIsolde([
        'extract',
        image.path,
        '--to',
        destination,
        '--on-conflict',
        'overwrite',
        '-q',
      ])
      await wait(150 + random() * 500)
      child.kill('SIGKILL')
      await ended
      expect(wrongFiles(destination, image)).toEqual([])
    }
    const { ended } = startIsolde(['extract', image.path, '--to', destination, '--on-conflict', 'overwrite', '-q'])
    expect((await ended).code).toBe(0)
    expect(isComplete(destination, image)).toBe(true)
    expect(leftovers(destination)).toEqual([])
  })

  it('interrupted politely, it leaves nothing and says so', async () => {
    const folder = temporaryFolder()
    const image = writeImage(folder, 4000)
    const random = seededRandom(3)
    for (let moment = 0; moment < 5; moment++) {
      const destination = path.join(folder, `out ${moment}`)
      const { child, ended } = startIsolde(['extract', image.path, '--to', destination, '-q'])
      await wait(150 + random() * 300)
      child.kill('SIGINT')
      const { code, signal } = await ended
      // Before it listens, the signal ends it the system's way; after it has finished, there is nothing to cancel.
      expect([130, 0, null]).toContain(code)
      if (code === null) expect(signal).toBe('SIGINT')
      expect(fs.existsSync(destination)).toBe(code === 0)
    }
    expect(leftovers(folder)).toEqual([])
  })

  it('jobs of a killed engine are finished by the next one', async () => {
    const folder = temporaryFolder()
    const image = writeImage(folder, 3000)
    const random = seededRandom(4)
    for (let moment = 0; moment < 6; moment++) {
      const home = path.join(folder, `home ${moment}`)
      const destination = path.join(folder, `out ${moment}`)
      const engine = await EngineProcess.start(home)
      const opened = await engine.call('image.open', { location: { kind: 'path', path: image.path } })
      const ref = { image: opened.image, generation: opened.generation, view: opened.info.defaultViewId }
      const { job } = await engine.call('job.start', { kind: 'extract', spec: { ...ref, entries: null, destination } })
      // The last one as soon as its stage has been moved in place, and before anything is cleared away.
      if (moment < 5) await wait(random() * 400)
      else while (!fs.existsSync(destination)) await setImmediate()
      await engine.kill()
      const next = await EngineProcess.start(home)
      for (;;) {
        const { jobs } = await next.call('job.list', {})
        // Killed before it was written down: then it was never accepted either. It was, here.
        const state = jobs.find((one) => one.id === job)?.state
        expect(state).toBeDefined()
        expect(state).not.toBe('failed')
        if (state === 'done') break
        await wait(20)
      }
      expect(isComplete(destination, image)).toBe(true)
      await next.shutdown()
    }
    expect(leftovers(folder)).toEqual([])
  })
})
