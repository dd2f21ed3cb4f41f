import fs from 'node:fs'
import path from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { namedIso, type NamedTree } from '../../images/named-iso'
import { isolde } from '../cli/command-line'
import { temporaryFolder } from '../support'
import { EngineProcess } from './engine-process'

let folder: string
let file: string

const start = () => EngineProcess.start(path.join(folder, 'home'))
/** Large enough to be worth going into. */
const padded = (tree: NamedTree): Uint8Array => Buffer.concat([namedIso(tree), Buffer.alloc(70_000)])

beforeEach(() => {
  folder = temporaryFolder()
  file = path.join(folder, 'outer.iso')
  const innermost = padded({ drivers: { 'e1000.inf': 'innermost driver' } })
  const inner = padded({ 'inner.txt': 'inner text', images: { 'deep.iso': innermost } })
  fs.writeFileSync(file, namedIso({ 'outer.txt': 'outer text', images: { 'inner.iso': inner } }))
})

async function open(engine: EngineProcess) {
  return engine.call('image.open', { location: { kind: 'path', path: file, inside: [] } })
}

async function found(engine: EngineProcess, text: string, image: number | null = null): Promise<string[]> {
  const { hits } = await engine.call('search.run', { text, image })
  return hits.map((hit) => [...hit.inside.map((step) => step.path), hit.path].join('//'))
}

async function until(engine: EngineProcess, text: string, expected: string[]): Promise<void> {
  while (JSON.stringify(await found(engine, text)) !== JSON.stringify(expected))
    await new Promise((resolve) => setTimeout(resolve, 30))
}

async function jobsEnded(engine: EngineProcess): Promise<void> {
  while ((await engine.call('job.list', {})).jobs.some(({ state }) => state === 'running' || state === 'queued'))
    await new Promise((resolve) => setTimeout(resolve, 20))
}

describe('what an image carries', () => {
  it('is found by a search once the image was opened, however deep, and is opened from there', async () => {
    const engine = await start()
    const outer = await open(engine)
    await until(engine, 'e1000', ['images/inner.iso//images/deep.iso//drivers/e1000.inf'])
    expect(await found(engine, 'inner.txt')).toEqual(['images/inner.iso//inner.txt'])
    // Only in this image means in those inside of it, too, whether found by three letters or by two.
    expect(await found(engine, 'e1000', outer.image)).toEqual(['images/inner.iso//images/deep.iso//drivers/e1000.inf'])
    expect(await found(engine, 'e1', outer.image)).toEqual(['images/inner.iso//images/deep.iso//drivers/e1000.inf'])
    const [hit] = (await engine.call('search.run', { text: 'e1000' })).hits
    const opened = await engine.call('image.open', {
      location: { kind: 'path', path: file, inside: hit?.inside ?? [] },
    })
    expect(opened.image).toBe(hit?.imageId)
    // People see one image, and nothing of the job that nobody has asked for.
    await jobsEnded(engine)
    await engine.call('image.close', { image: opened.image })
    const { rows } = await engine.call('library.list', { text: 'inner' })
    expect(rows).toEqual([])
    expect((await engine.call('job.list', {})).jobs).toEqual([])
  })

  it('is searched by itself from the command line, called as it is shown', async () => {
    const engine = await start()
    await open(engine)
    await until(engine, 'e1000', ['images/inner.iso//images/deep.iso//drivers/e1000.inf'])
    await engine.kill()
    const env = { ISOLDE_HOME: path.join(folder, 'home') }
    const search = (image: string) => isolde(['search', '.', '--image', image, '--kind', 'file'], { env })
    const deepest = `${file}//images/inner.iso//images/deep.iso`
    for (const image of [deepest, 'outer.iso//images/inner.iso//images/deep.iso'])
      expect(search(image)).toMatchObject({ status: 0, stdout: `${deepest}: drivers/e1000.inf\n` })
    expect(search('outer.iso//images/inner.iso').stdout.trim().split('\n')).toHaveLength(3)
    expect(search('outer.iso').stdout.trim().split('\n')).toHaveLength(5)
    expect(search('outer.iso//images/other.iso')).toMatchObject({ status: 4 })
  })

  it('is left alone where that is set, and read where somebody asks for it', async () => {
    const engine = await start()
    await engine.call('settings.set', { changes: { indexInside: 'never' } })
    const { image, generation } = await open(engine)
    await until(engine, 'outer.txt', ['outer.txt'])
    expect(await found(engine, 'inner.txt')).toEqual([])
    const { job } = await engine.call('job.start', { kind: 'index-inside', spec: { image, generation } })
    await until(engine, 'e1000', ['images/inner.iso//images/deep.iso//drivers/e1000.inf'])
    await jobsEnded(engine)
    const { jobs } = await engine.call('job.list', {})
    expect(jobs).toMatchObject([{ id: job, state: 'done', result: { kind: 'index-inside', images: 2, problems: 0 } }])
  })

  it('is known again at the next start without being read once more', async () => {
    const engine = await start()
    await open(engine)
    await until(engine, 'e1000', ['images/inner.iso//images/deep.iso//drivers/e1000.inf'])
    await jobsEnded(engine)
    const [before] = (await engine.call('search.run', { text: 'e1000' })).hits
    await engine.shutdown()
    const next = await start()
    await open(next)
    await jobsEnded(next)
    const [after] = (await next.call('search.run', { text: 'e1000' })).hits
    expect(after).toEqual(before)
  })

  it('is forgotten where the image holds it no more, and with the image', async () => {
    const engine = await start()
    const first = await open(engine)
    await until(engine, 'e1000', ['images/inner.iso//images/deep.iso//drivers/e1000.inf'])
    await jobsEnded(engine)
    await engine.call('image.close', { image: first.image })
    const other = padded({ 'other.txt': 'other' })
    const inner = padded({ 'inner.txt': 'now without an image in it' })
    const images = { 'inner.iso': inner, 'other.iso': other }
    fs.writeFileSync(file, namedIso({ 'outer.txt': 'outer text', images }))
    const { image } = await open(engine)
    await until(engine, 'other.txt', ['images/other.iso//other.txt'])
    await until(engine, 'e1000', [])
    await jobsEnded(engine)
    await engine.call('library.forget', { ids: [image] })
    expect(await found(engine, 'other.txt')).toEqual([])
  })

  it('in a watched folder is found, too', async () => {
    const time = new Date(Date.now() - 60_000)
    fs.utimesSync(file, time, time)
    const engine = await start()
    await engine.call('library.addFolder', { path: folder })
    await until(engine, 'e1000', ['images/inner.iso//images/deep.iso//drivers/e1000.inf'])
  })
})
