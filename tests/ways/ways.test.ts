import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildIso, type BuildNode } from '../images/iso-builder'
import { EngineProcess } from '../unit/engine/engine-process'
import { SAMPLE, temporaryFolder } from '../unit/support'
import { CONTAINERS } from './containers'
import { commandCells, engineCells, openInEngine, readTruth, type Cell, type Truth } from './matrix'
import { COMMAND_WAYS, keepProcesses, sha256, sumsBelow } from './ways'

/** The sample disc, with what the script that made it has put into it. */
const SAMPLE_TRUTH: Truth = {
  ...(await readTruth('tests/images/truth/sample.iso.tsv', 'sample.iso', fs.readFileSync(SAMPLE)))!,
  hasPlainNames: true,
}

/** So many small files that two threads write them. */
function manyFiles(): Truth {
  const sums = new Map<string, string>()
  const root: BuildNode[] = Array.from({ length: 32 }, (_, folder) => ({
    name: `D${String(folder).padStart(2, '0')}`,
    children: Array.from({ length: 100 }, (_, file) => {
      const name = `F${String(file).padStart(3, '0')}.TXT`
      const data = Buffer.alloc(500 + ((folder * 31 + file * 17) % 1500), `${folder}/${file} `)
      sums.set(`D${String(folder).padStart(2, '0')}/${name}`, sha256(data))
      return { name: `${name};1`, data }
    }),
  }))
  return { name: 'many.iso', bytes: buildIso(root).bytes, sums, hasPlainNames: true }
}

function shown({ container, way, problem }: Cell): string {
  return `${container}, ${way}: ${problem ?? ''}`
}

async function problems(cells: AsyncGenerator<Cell>): Promise<{ wrong: string[]; tried: number }> {
  const wrong: string[] = []
  let tried = 0
  for await (const cell of cells) {
    if (cell.problem?.startsWith('skipped')) continue
    tried++
    if (cell.problem !== null) wrong.push(shown(cell))
  }
  return { wrong, tried }
}

describe('the same bytes by every command', () => {
  let end: () => void
  beforeAll(() => (end = keepProcesses()))
  afterAll(() => {
    end()
  })

  it.each(CONTAINERS.map((container) => [container.id, container] as const))('out of %s', async (_, container) => {
    const { wrong, tried } = await problems(commandCells(container, SAMPLE_TRUTH, temporaryFolder()))
    expect(wrong).toEqual([])
    expect([0, COMMAND_WAYS.length]).toContain(tried)
  })
})

describe('the same bytes by every way', () => {
  it('out of every container, by every way of a window', { timeout: 120_000 }, async () => {
    const folder = temporaryFolder()
    const engine = await EngineProcess.start(path.join(folder, 'home'))
    const wrong: string[] = []
    for (const container of CONTAINERS)
      wrong.push(...(await problems(engineCells(container, SAMPLE_TRUTH, folder, engine))).wrong)
    expect(wrong).toEqual([])
  })

  it('out of an image inside of another, which is in a container itself', { timeout: 120_000 }, async () => {
    const outer = buildIso([{ name: 'SAMPLE.ISO;1', data: SAMPLE_TRUTH.bytes }]).bytes
    const truth: Truth = { ...SAMPLE_TRUTH, name: 'outer.iso', bytes: outer, inside: ['SAMPLE.ISO'] }
    for (const id of ['gz', 'nested']) {
      const container = CONTAINERS.find((one) => one.id === id)!
      const { wrong, tried } = await problems(commandCells(container, truth, temporaryFolder()))
      expect(wrong).toEqual([])
      expect(tried).toBe(COMMAND_WAYS.length)
    }
  })

  it('by one thread and by two, each command a program of its own', { timeout: 120_000 }, async () => {
    const truth = manyFiles()
    const wrong: string[] = []
    for (const id of ['plain', 'gz', 'cue 2048', 'raw 2352']) {
      const container = CONTAINERS.find((one) => one.id === id)!
      wrong.push(...(await problems(commandCells(container, truth, temporaryFolder()))).wrong)
    }
    expect(wrong).toEqual([])
  })

  it.each(['plain', 'gz', 'mds 2048', 'nested gz'])(
    'out of %s, resumed after the engine was killed',
    { timeout: 120_000 },
    async (id) => {
      const truth = manyFiles()
      const folder = temporaryFolder()
      const home = path.join(folder, 'home')
      const container = CONTAINERS.find((one) => one.id === id)!
      const opened = container.make(truth.bytes, folder)!
      const engine = await EngineProcess.start(home)
      const { ref } = await openInEngine(engine, opened, { ...truth, sums: new Map() })
      const destination = path.join(folder, 'out')
      const { job } = await engine.call('job.start', {
        kind: 'extract',
        spec: { ...ref, entries: null, destination, keepPaths: true },
      })
      await engine.event('job.snapshot', (one) => one.id === job && one.bytesDone > 0)
      await engine.kill()
      const next = await EngineProcess.start(home)
      for (;;) {
        const { jobs } = await next.call('job.list', {})
        const state = jobs.find((one) => one.id === job)?.state
        expect(state).not.toBe('failed')
        if (state === 'done') break
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      expect(Object.fromEntries(sumsBelow(destination))).toEqual(Object.fromEntries(truth.sums))
    },
  )

  it('out of a file that was dropped on a page, slice by slice', async () => {
    const folder = temporaryFolder()
    const engine = await EngineProcess.start(path.join(folder, 'home'))
    const bytes = Buffer.from(SAMPLE_TRUTH.bytes)
    let served = 0
    const serve = async (): Promise<void> => {
      for (;;) {
        const wanted = await engine.event('upload.wanted', (one) => one.request > served)
        served = wanted.request
        const slice = bytes.subarray(wanted.byteOffset, wanted.byteOffset + wanted.byteLength)
        await engine.call('upload.slice', { request: wanted.request, bytes: slice })
      }
    }
    // It ends with the engine.
    serve().catch(() => undefined)
    const location = { kind: 'upload' as const, path: 'dropped', name: 'disc.iso', byteLength: bytes.byteLength }
    const opened = await engine.call('image.open', { location })
    const ref = { image: opened.image, generation: opened.generation, view: opened.info.defaultViewId }
    await engine.event('image.progress', (one) => one.isDone && one.view === ref.view)
    const destination = path.join(folder, 'out')
    const { job } = await engine.call('job.start', {
      kind: 'extract',
      spec: { ...ref, entries: null, destination, keepPaths: true },
    })
    await engine.event('job.snapshot', (one) => one.id === job && one.state === 'done')
    expect(Object.fromEntries(sumsBelow(destination))).toEqual(Object.fromEntries(SAMPLE_TRUTH.sums))
  })
})
