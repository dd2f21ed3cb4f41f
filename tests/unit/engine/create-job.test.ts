import fs from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openLocation } from '../../../src-main/engine'
import type { JobStartSpec } from '../../../src-shared/contract'
import type { JobSnapshot } from '../../../src-shared/model'
import { readAll } from '../../images/open-bytes'
import { temporaryFolder } from '../support'
import { EngineProcess } from './engine-process'

let folder: string
let out: string
let engine: EngineProcess
beforeEach(async () => {
  folder = temporaryFolder()
  out = path.join(folder, 'out')
  fs.mkdirSync(path.join(folder, 'tree/sub'), { recursive: true })
  fs.mkdirSync(out)
  fs.writeFileSync(path.join(folder, 'tree/one.txt'), 'one')
  fs.writeFileSync(path.join(folder, 'tree/sub/Größe two.txt'), 'two'.repeat(5000))
  engine = await EngineProcess.start(path.join(folder, 'home'))
})
afterEach(() => engine.shutdown())

async function create(spec: Partial<JobStartSpec<'create'>>): Promise<JobSnapshot> {
  const start = { paths: [path.join(folder, 'tree')], destination: out, name: 'made', ...spec }
  const { job } = await engine.call('job.start', { kind: 'create', spec: start })
  return engine.event('job.snapshot', ({ id, state }) => id === job && (state === 'done' || state === 'failed'))
}

async function contentOf(file: string, view: string, entry: string): Promise<string> {
  const opened = await openLocation(file)
  try {
    const located = await opened.image.view(view).lookup(entry)
    return located === null ? '' : Buffer.from(await readAll(located.content)).toString()
  } finally {
    await opened.close()
  }
}

describe('the job that makes an image', () => {
  it('writes what a folder holds, reads it back, and says how it came out', async () => {
    const job = await create({ label: 'Holiday', keepsSums: true })
    expect(job).toMatchObject({ state: 'done', destination: path.join(out, 'made.iso'), problems: [] })
    expect(job.result).toMatchObject({ kind: 'create', files: 2, directories: 1, problems: 0 })
    const file = path.join(out, 'made.iso')
    expect(fs.readdirSync(out)).toEqual(['made.iso'])
    for (const view of ['rock-ridge', 'joliet', 'udf'])
      expect((await contentOf(file, view, 'sub/Größe two.txt')).length).toBe(15_000)
    const opened = await openLocation(file)
    expect(opened.image.info.label.toUpperCase()).toBe('HOLIDAY')
    await opened.close()
  })

  it('takes several under their own names, and a free name where its own is taken', async () => {
    fs.writeFileSync(path.join(out, 'made.iso'), 'mine')
    const paths = [path.join(folder, 'tree/one.txt'), path.join(folder, 'tree/sub')]
    const job = await create({ paths, preset: 'udf' })
    expect(job).toMatchObject({ state: 'done', destination: path.join(out, 'made (2).iso') })
    expect(fs.readFileSync(path.join(out, 'made.iso'), 'utf8')).toBe('mine')
    expect(await contentOf(job.destination, 'udf', 'one.txt')).toBe('one')
    expect((await contentOf(job.destination, 'udf', 'sub/Größe two.txt')).length).toBe(15_000)
  })

  it('ends with a sentence where a source is gone, and leaves nothing', async () => {
    const job = await create({ paths: [path.join(folder, 'gone')] })
    expect(job).toMatchObject({ state: 'failed', error: { message: expect.stringContaining('gone') as string } })
    expect(fs.readdirSync(out)).toEqual([])
  })
})
