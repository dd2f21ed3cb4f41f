import { execFileSync, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CommandOutput, JobStartSpec } from '../../../src-shared/contract'
import type { JobSnapshot } from '../../../src-shared/model'
import { temporaryFolder } from '../support'
import { EngineProcess } from './engine-process'

type Snapshot = CommandOutput<'project.get'>['snapshot']

let folder: string
let home: string
let out: string
let engine: EngineProcess
beforeEach(async () => {
  folder = temporaryFolder()
  home = path.join(folder, 'home')
  out = path.join(folder, 'out')
  fs.mkdirSync(path.join(folder, 'tree/sub'), { recursive: true })
  fs.mkdirSync(out)
  fs.writeFileSync(path.join(folder, 'tree/one.txt'), 'one')
  fs.writeFileSync(path.join(folder, 'tree/sub/two.txt'), 'two'.repeat(5000))
  engine = await EngineProcess.start(home)
})
afterEach(() => engine.shutdown())

const inTree = (name: string): string => path.join(folder, 'tree', name)

async function begin(name = 'holiday'): Promise<Snapshot> {
  return (await engine.call('project.create', { name })).snapshot
}

/** A project of the image that another one has written. */
async function change(file: string): Promise<Snapshot> {
  const { image, generation, info } = await engine.call('image.open', {
    location: { kind: 'path', path: file, inside: [] },
  })
  const request = { image: { image, generation, view: info.defaultViewId }, name: path.parse(file).name }
  return (await engine.call('project.create', request)).snapshot
}

async function rows(project: string, at = ''): Promise<Map<string, { key: number; mark: string | null }>> {
  const { rows: found } = await engine.call('project.rows', { project, path: at })
  return new Map(found.map(({ name, key, mark }) => [name, { key, mark }]))
}

async function keyOf(project: string, name: string, at = ''): Promise<number> {
  const row = (await rows(project, at)).get(name)
  if (row === undefined) throw new Error(`There is no ${name}.`)
  return row.key
}

async function write(project: string, spec: Partial<JobStartSpec<'edit'>> = {}): Promise<JobSnapshot> {
  const start = { project, destination: out, name: 'holiday', ...spec }
  const { job } = await engine.call('job.start', { kind: 'edit', spec: start })
  return engine.event('job.snapshot', ({ id, state }) => id === job && (state === 'done' || state === 'failed'))
}

async function original(): Promise<string> {
  const { project } = await begin('disc')
  await engine.call('project.add', { project, path: '', paths: [inTree('one.txt'), inTree('sub')] })
  return (await write(project, { name: 'disc' })).destination
}

/** What a program that is not ours finds in an image. */
function listed(file: string): string[] {
  const text = execFileSync('bsdtar', ['-tf', file], { encoding: 'utf8' })
  return text
    .split('\n')
    .map((line) => line.replace(/\/$/, ''))
    .filter((line) => line !== '' && line !== '.')
    .toSorted()
}

/** A sentence, whatever goes with it. */
const saying = (text: string): unknown => expect.objectContaining({ message: expect.stringContaining(text) as string })

const hasBsdtar = spawnSync('bsdtar', ['--version']).status === 0

describe('a project', () => {
  it('is put together step by step, and every step can be taken back and done again', async () => {
    const { project } = await begin()
    const added = await engine.call('project.add', { project, path: '', paths: [inTree('one.txt'), inTree('sub')] })
    expect(added).toMatchObject({ replaced: 0, leftOut: [], snapshot: { entries: 3, undo: 1, redo: 0 } })
    await engine.call('project.newFolder', { project, path: '', name: 'new' })
    await engine.call('project.rename', { project, path: '', key: await keyOf(project, 'one.txt'), name: '1.txt' })
    await engine.call('project.move', { project, path: '', entries: [await keyOf(project, '1.txt')], to: 'new' })
    await engine.call('project.remove', { project, path: '', entries: [await keyOf(project, 'sub')] })
    expect([...(await rows(project)).keys()]).toEqual(['new'])
    expect([...(await rows(project, 'new')).keys()]).toEqual(['1.txt'])
    for (let step = 0; step < 4; step++) await engine.call('project.undo', { project })
    expect([...(await rows(project)).keys()]).toEqual(['sub', 'one.txt'])
    for (let step = 0; step < 4; step++) await engine.call('project.redo', { project })
    expect([...(await rows(project)).keys()]).toEqual(['new'])
    // A new image has no rows that are other than they were.
    expect((await rows(project)).get('new')?.mark).toBeNull()
  })

  it('is there again after the engine has ended, with what was taken back', async () => {
    const { project } = await begin()
    await engine.call('project.add', { project, path: '', paths: [inTree('one.txt')] })
    await engine.call('project.newFolder', { project, path: '', name: 'new' })
    await engine.call('project.undo', { project })
    await engine.kill()
    engine = await EngineProcess.start(home)
    expect((await engine.call('project.list', {})).projects).toMatchObject([{ project, name: 'holiday', steps: 1 }])
    const { snapshot } = await engine.call('project.get', { project })
    expect(snapshot).toMatchObject({ undo: 1, redo: 1, entries: 1 })
    await engine.call('project.redo', { project })
    expect([...(await rows(project)).keys()]).toEqual(['new', 'one.txt'])
  })

  it('says which of its sources are gone, and goes on with the others', async () => {
    const { project } = await begin()
    await engine.call('project.add', { project, path: '', paths: [inTree('one.txt')] })
    await engine.call('project.add', { project, path: '', paths: [inTree('sub')] })
    await engine.kill()
    fs.rmSync(inTree('one.txt'))
    engine = await EngineProcess.start(home)
    const { snapshot } = await engine.call('project.get', { project })
    expect(snapshot).toMatchObject({ entries: 2, problems: [saying('one.txt')] })
    const job = await write(project)
    expect(job).toMatchObject({ state: 'done', result: { problems: 1, files: 1 } })
  })

  it('takes what is there of several things that were added at once, and names what is not', async () => {
    const { project } = await begin()
    await engine.call('project.add', { project, path: '', paths: [inTree('one.txt'), inTree('sub')] })
    await engine.kill()
    fs.rmSync(inTree('one.txt'))
    engine = await EngineProcess.start(home)
    const { snapshot } = await engine.call('project.get', { project })
    expect(snapshot).toMatchObject({ entries: 2, problems: [saying('one.txt')] })
    expect(await write(project)).toMatchObject({ state: 'done', result: { problems: 1, files: 1 } })
    // What is taken back has nothing to tell.
    await engine.call('project.undo', { project })
    expect((await engine.call('project.get', { project })).snapshot.problems).toEqual([])
    await engine.call('project.redo', { project })
    expect((await engine.call('project.get', { project })).snapshot.problems).toHaveLength(1)
  })

  it('refuses what cannot be done in one sentence, and stays as it was', async () => {
    const { project } = await begin()
    await engine.call('project.add', { project, path: '', paths: [inTree('sub')] })
    await engine.call('project.newFolder', { project, path: '', name: 'one.txt' })
    const refused = (work: Promise<unknown>, code: string) => expect(work).rejects.toMatchObject({ code })
    await refused(engine.call('project.add', { project, path: '', paths: [inTree('one.txt')] }), 'NAME_TAKEN')
    await refused(engine.call('project.add', { project, path: '', paths: [inTree('none')] }), 'NO_SUCH_FILE')
    await refused(engine.call('project.newFolder', { project, path: '', name: 'sub' }), 'NAME_TAKEN')
    await refused(engine.call('project.newFolder', { project, path: '', name: '../out' }), 'BAD_REQUEST')
    const key = await keyOf(project, 'sub')
    await refused(engine.call('project.rename', { project, path: '', key, name: 'a/b' }), 'BAD_REQUEST')
    await refused(engine.call('project.rename', { project, path: '', key, name: 'one.txt' }), 'NAME_TAKEN')
    await refused(engine.call('project.move', { project, path: '', entries: [key], to: 'sub' }), 'BAD_REQUEST')
    await refused(engine.call('project.get', { project: '../../etc/passwd' }), 'ENTRY_GONE')
    expect((await engine.call('project.get', { project })).snapshot).toMatchObject({ undo: 2, entries: 3 })
  })

  it('tells what will be written, and which names change', async () => {
    const { project } = await begin()
    fs.writeFileSync(inTree('sub/a name : with * signs.txt'), 'x')
    await engine.call('project.add', { project, path: '', paths: [inTree('sub')] })
    await engine.call('project.configure', { project, preset: 'compatible', label: 'Trip' })
    const outcome = await engine.call('project.outcome', { project })
    expect(outcome).toMatchObject({
      problem: null,
      files: 2,
      label: 'Trip',
      views: ['rock-ridge', 'joliet', 'iso9660'],
    })
    expect(outcome.names).toBeGreaterThan(0)
    const { total, rows: names } = await engine.call('project.names', { project })
    expect(total).toBe(names.length)
    expect(new Set(names.map((name) => name.path)).size).toBe(outcome.names)
    expect(names.find(({ tree }) => tree === 'joliet')).toMatchObject({ reason: 'characters' })
    const job = await write(project)
    expect(job.result).toMatchObject({ bytesWritten: outcome.byteLength, problems: 0 })
  })

  it('names a label among what changes, where the volume cannot have it', async () => {
    const { project } = await begin()
    await engine.call('project.configure', { project, preset: 'linux', label: 'Größe' })
    const { rows } = await engine.call('project.names', { project })
    expect(rows).toEqual([{ path: 'Größe', tree: 'iso9660', name: 'Gr__e', reason: 'characters' }])
  })

  it.runIf(hasBsdtar)('writes an image that other programs read', async () => {
    const { project } = await begin()
    await engine.call('project.newFolder', { project, path: '', name: 'docs' })
    await engine.call('project.add', { project, path: 'docs', paths: [inTree('one.txt'), inTree('sub')] })
    const job = await write(project)
    expect(job).toMatchObject({ state: 'done', destination: path.join(out, 'holiday.iso'), problems: [] })
    expect(listed(job.destination)).toEqual(['docs', 'docs/one.txt', 'docs/sub', 'docs/sub/two.txt'])
  })
})

describe('a write that is cut off', () => {
  const started = async (): Promise<string> => {
    fs.writeFileSync(inTree('large.bin'), Buffer.alloc(200_000_000, 7))
    const { project } = await begin()
    await engine.call('project.add', { project, path: '', paths: [inTree('large.bin')] })
    const spec = { project, destination: out, name: 'holiday' }
    const { job } = await engine.call('job.start', { kind: 'edit', spec })
    await engine.event('job.snapshot', ({ id, state, bytesDone }) => id === job && state === 'running' && bytesDone > 0)
    return job
  }

  it('begins anew from what it was told, whatever the project is by then', async () => {
    const job = await started()
    await engine.kill()
    engine = await EngineProcess.start(home)
    const { snapshot } = await engine
      .call('project.list', {})
      .then(({ projects: [first] }) => engine.call('project.undo', { project: first?.project ?? '' }))
    expect(snapshot.entries).toBe(0)
    const end = await engine.event('job.snapshot', ({ id, state }) => id === job && state === 'done')
    expect(end).toMatchObject({ destination: path.join(out, 'holiday.iso'), result: { files: 1, problems: 0 } })
    expect(fs.readdirSync(out)).toEqual(['holiday.iso'])
  })

  it('leaves nothing where it is cancelled', async () => {
    const job = await started()
    await engine.call('job.cancel', { job })
    await engine.event('job.snapshot', ({ id, state }) => id === job && state === 'cancelled')
    expect(fs.readdirSync(out)).toEqual([])
  })
})

describe('a project of an image', () => {
  it('says of each row what became of it', async () => {
    const { project } = await change(await original())
    fs.writeFileSync(inTree('one.txt'), 'another')
    fs.writeFileSync(inTree('three.txt'), '3')
    const added = await engine.call('project.add', {
      project,
      path: '',
      paths: [inTree('one.txt'), inTree('three.txt')],
    })
    expect(added.replaced).toBe(1)
    const key = await keyOf(project, 'two.txt', 'sub')
    await engine.call('project.rename', { project, path: 'sub', key, name: '2.txt' })
    const marks = async (at = '') => [...(await rows(project, at))].map(([name, { mark }]) => [name, mark])
    expect(await marks()).toEqual([
      ['sub', 'changed'],
      ['one.txt', 'changed'],
      ['three.txt', 'new'],
    ])
    expect(await marks('sub')).toEqual([['2.txt', 'moved']])
    await engine.call('project.rename', { project, path: 'sub', key, name: 'two.txt' })
    expect(await marks('sub')).toEqual([['two.txt', null]])
  })

  it.runIf(hasBsdtar)('takes entries of another image, and saves as another file', async () => {
    const file = await original()
    const { project } = await begin('other')
    const opened = await engine.call('image.open', { location: { kind: 'path', path: file, inside: [] } })
    const { image, generation, info } = opened
    const view = info.defaultViewId
    const { entry } = await engine.call('entry.resolve', { image, generation, view, path: 'sub' })
    await engine.call('project.addEntries', { project, path: 'from', image, generation, view, entries: [entry] })
    const job = await write(project, { name: 'other' })
    expect(job).toMatchObject({ state: 'done', problems: [] })
    expect(listed(job.destination)).toEqual(['from', 'from/sub', 'from/sub/two.txt'])
  })

  it.runIf(hasBsdtar)('replaces the original once the copy is verified, and keeps it', async () => {
    const file = await original()
    const before = fs.readFileSync(file)
    const { project, base } = await change(file)
    expect(base).toMatchObject({ name: 'disc.iso', path: file, notReplaceable: null })
    await engine.call('project.remove', { project, path: '', entries: [await keyOf(project, 'one.txt')] })
    const job = await write(project, { name: 'disc', replaces: true })
    const kept = path.join(out, 'disc.before.iso')
    expect(job).toMatchObject({ state: 'done', destination: file, result: { kept, project, problems: 0 } })
    expect(listed(file)).toEqual(['sub', 'sub/two.txt'])
    expect(fs.readFileSync(kept).equals(before)).toBe(true)
    expect(fs.readdirSync(out).toSorted()).toEqual(['disc.before.iso', 'disc.iso'])
    await expect(engine.call('project.get', { project })).rejects.toMatchObject({ code: 'SOURCE_CHANGED' })
  })

  it('leaves damaged files out by consent alone, and then replaces nothing', async () => {
    fs.writeFileSync(inTree('sub/zz.bin'), Buffer.alloc(900_000, 7))
    const file = await original()
    fs.truncateSync(file, 700_000)
    const { project } = await change(file)
    const { damaged } = await engine.call('project.outcome', { project })
    expect(damaged).toContainEqual(saying('zz.bin'))
    expect(await write(project, { name: 'new' })).toMatchObject({ state: 'failed', error: { code: 'CONTENT_DAMAGED' } })
    const job = await write(project, { name: 'disc', replaces: true, leavesOutDamaged: true })
    expect(job).toMatchObject({ state: 'done', destination: path.join(out, 'disc.edited.iso') })
    expect(fs.statSync(file).size).toBe(700_000)
  })
})
