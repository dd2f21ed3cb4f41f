import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { namedIso, type NamedTree } from '../images/named-iso'
import { EngineProcess } from '../unit/engine/engine-process'
import { temporaryFolder, treeOf } from '../unit/support'
import { isThorough, leftovers } from './support'

/** More steps than any of these takes would mean that the test does not end its engines. */
const STEPS_AT_MOST = 60

const SHAPES: { name: string; tree: NamedTree; makes: string }[] = [
  { name: 'several items, into a new folder', tree: { 'a.txt': 'a', 'b.d': { 'c.txt': 'c' } }, makes: 'disc' },
  { name: 'one folder', tree: { 'only.d': { 'a.txt': 'a', 'b.d': { 'c.txt': 'c' } } }, makes: 'only.d' },
  { name: 'one file', tree: { 'only.txt': 'x' }, makes: 'only.txt' },
]

async function startJob(engine: EngineProcess, image: string, destination: string): Promise<string> {
  const opened = await engine.call('image.open', { location: { kind: 'path', path: image } })
  const ref = { image: opened.image, generation: opened.generation, view: opened.info.defaultViewId }
  const spec = { ...ref, entries: null, destination, smart: true }
  return (await engine.call('job.start', { kind: 'extract', spec })).job
}

/** Under a process that ends at one step. Answers the job, and whether it was ended. */
async function runUntil(home: string, image: string, out: string, at: number, when: 'before' | 'after') {
  const watched = { KILL_AT: String(at), KILL_WHEN: when, KILL_IN: [out, path.join(home, 'reports')].join('\n') }
  Object.assign(process.env, watched)
  const engine = await EngineProcess.start(home, ['--import', path.resolve('tests/faults/kill-at-step.mjs')])
  for (const name of Object.keys(watched)) Reflect.deleteProperty(process.env, name)
  const job = await startJob(engine, image, out)
  try {
    await engine.event('job.snapshot', ({ id, state }) => id === job && state === 'done')
    await engine.shutdown()
    return { job, wasKilled: false }
  } catch {
    return { job, wasKilled: true }
  }
}

describe('a smart extraction', () => {
  it.each(SHAPES)(
    'killed at any step, its last one too, is done once by the next engine: $name',
    async ({ tree, makes }) => {
      onTestFinished(() => {
        for (const name of ['KILL_AT', 'KILL_WHEN', 'KILL_IN']) Reflect.deleteProperty(process.env, name)
      })
      const folder = temporaryFolder()
      const image = path.join(folder, 'disc.iso')
      fs.writeFileSync(image, namedIso(tree))
      let expected: Record<string, unknown> | null = null
      let kills = 0
      for (const when of isThorough || makes === 'disc' ? (['before', 'after'] as const) : (['after'] as const))
        for (let at = 1; at <= STEPS_AT_MOST; at++) {
          const home = path.join(folder, `home ${when} ${at}`)
          const out = path.join(folder, `out ${when} ${at}`)
          fs.mkdirSync(out)
          const { job, wasKilled } = await runUntil(home, image, out, at, when)
          if (wasKilled) {
            kills++
            const next = await EngineProcess.start(home)
            const done = await next.event('job.snapshot', ({ id, state }) => id === job && /done|failed/.test(state))
            expect(done).toMatchObject({ state: 'done', error: null, result: { kind: 'extract', problems: 0 } })
            expect(done.destination).toBe(makes === 'disc' ? path.join(out, 'disc') : out)
            await next.shutdown()
          }
          expect(fs.readdirSync(out), `killed ${when} step ${at}`).toEqual([makes])
          expect(leftovers(out)).toEqual([])
          expected ??= treeOf(out)
          expect(treeOf(out)).toEqual(expected)
          if (!wasKilled) break
        }
      // Two at least: the stage is made, and gets its name.
      expect(kills).toBeGreaterThan(2)
    },
    300_000,
  )
})
