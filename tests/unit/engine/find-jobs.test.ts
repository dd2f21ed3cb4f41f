import fs from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { JobResultOf, JobStart } from '../../../src-shared/contract'
import type { JobSnapshot } from '../../../src-shared/model'
import { namedIso } from '../../images/named-iso'
import { noise } from '../rescue/noise'
import { temporaryFolder } from '../support'
import { EngineProcess } from './engine-process'

const ISO = Buffer.from(namedIso({ 'first.txt': 'one\n'.repeat(3000), 'second.bin': noise(5000, 3) }, 'FIRST'))
const START = 7 * 512

let folder: string
let disk: string
let engine: EngineProcess
beforeEach(async () => {
  folder = temporaryFolder()
  disk = path.join(folder, 'disk.img')
  fs.writeFileSync(disk, Buffer.concat([noise(START, 1), ISO, noise(100_000, 2)]))
  engine = await EngineProcess.start(path.join(folder, 'home'))
})
afterEach(() => engine.shutdown())

async function ended(start: JobStart): Promise<JobSnapshot> {
  const { job } = await engine.call('job.start', start)
  return engine.event('job.snapshot', ({ id, state }) => id === job && (state === 'done' || state === 'failed'))
}

async function search(): Promise<JobResultOf<'find'>> {
  const { result } = await ended({ kind: 'find', spec: { source: disk, isResumed: false } })
  return result as JobResultOf<'find'>
}

describe('the job that finds lost images', () => {
  it('tells where each lies and what it is, and notes what was looked at', async () => {
    const found = await search()
    expect(found).toMatchObject({ source: disk, findTotal: 1, isNoted: true, problems: 0 })
    expect(found.sourceByteLength).toBe(fs.statSync(disk).size)
    const [find] = found.finds
    expect(find).toMatchObject({ name: 'FIRST.iso', byteOffset: START, byteLength: ISO.byteLength, state: 'whole' })
    expect(find?.runs).toEqual([START, ISO.byteLength])
    expect(fs.readdirSync(path.join(folder, 'home/finds'))).toEqual([expect.stringMatching(/^disk\.img-.*\.map$/)])
  })

  it('has finds opened as they lie there, each under a key of its own', async () => {
    const location = (runs: number[]) => ({ kind: 'path' as const, path: disk, inside: [{ path: 'FIRST.iso', runs }] })
    const opened = await engine.call('image.open', { location: location([START, ISO.byteLength]) })
    expect(opened.info).toMatchObject({ name: 'FIRST.iso', label: 'FIRST' })
    const view = opened.info.defaultViewId
    const { image, generation } = opened
    const { rows } = await engine.call('image.rows', { image, generation, view, directory: 0 })
    expect(rows.map(({ name }) => name)).toEqual(['first.txt', 'second.bin'])
    const { bytes } = await engine.call('entry.read', {
      image,
      generation,
      view,
      entry: rows[0]!.entry,
      byteOffset: 0,
      byteLength: 8,
    })
    expect(Buffer.from(bytes).toString()).toBe('one\none\n')
    // Of the same name elsewhere on the disk is another image.
    await expect(engine.call('image.open', { location: location([0, START]) })).rejects.toMatchObject({
      code: 'NOT_AN_IMAGE',
    })
    // The library knows the way back to it.
    const { rows: known } = await engine.call('library.list', {})
    expect(known[0]).toMatchObject({ path: disk, inside: [{ path: 'FIRST.iso', runs: [START, ISO.byteLength] }] })
    await expect(engine.call('mounts.start', { image, generation, view })).rejects.toMatchObject({
      code: 'UNSUPPORTED_HERE',
    })
  })

  it.each([[[]], [[0]], [[0, -1]], [[-2, 5]], [[0.5, 5]]])('takes no runs such as %j', async (runs) => {
    const location = { kind: 'path' as const, path: disk, inside: [{ path: 'x', runs }] }
    await expect(engine.call('image.open', { location })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  })
})

describe('the job that saves finds', () => {
  const save = (change: object): Promise<JobSnapshot> =>
    ended({
      kind: 'save-finds',
      spec: {
        ...{ source: disk, sourceByteLength: fs.statSync(disk).size, destination: path.join(folder, 'out') },
        ...{ finds: [{ name: '../FIRST.iso', runs: [START, ISO.byteLength] }], ...change },
      },
    })
  beforeEach(() => {
    fs.mkdirSync(path.join(folder, 'out'))
  })

  it('copies each under a safe and free name, and checks the copy', async () => {
    const job = await save({})
    expect(job).toMatchObject({ state: 'done', problems: [], result: { bytesWritten: ISO.byteLength, problems: 0 } })
    const [name, ...others] = fs.readdirSync(path.join(folder, 'out'))
    expect(others).toEqual([])
    expect(fs.readFileSync(path.join(folder, 'out', name!)).equals(ISO)).toBe(true)
  })

  it('says of a copy that is no image that it did not pass', async () => {
    const job = await save({ finds: [{ name: 'x.iso', runs: [0, START] }] })
    expect(job).toMatchObject({ state: 'done', result: { problems: 1 }, problems: [{ code: 'IMAGE_DAMAGED' }] })
  })

  it('does not take another disk for the one that was searched', async () => {
    const job = await save({ sourceByteLength: 12345 })
    expect(job.error).toMatchObject({ code: 'SOURCE_CHANGED', details: { reason: 'otherDisk' } })
    expect(fs.readdirSync(path.join(folder, 'out'))).toEqual([])
  })
})
