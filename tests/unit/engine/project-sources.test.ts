import fs from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CommandInput, CommandOutput } from '../../../src-shared/contract'
import type { JobSnapshot } from '../../../src-shared/model'
import { temporaryFolder } from '../support'
import { EngineProcess } from './engine-process'

type Snapshot = CommandOutput<'project.get'>['snapshot']

let folder: string
let tree: string
let engine: EngineProcess
beforeEach(async () => {
  folder = temporaryFolder()
  tree = path.join(folder, 'tree')
  fs.mkdirSync(path.join(tree, 'sub'), { recursive: true })
  fs.writeFileSync(path.join(tree, 'one.txt'), 'one')
  fs.writeFileSync(path.join(tree, 'sub/two.txt'), 'two')
  engine = await EngineProcess.start(path.join(folder, 'home'))
})
afterEach(() => engine.shutdown())

async function begin(...sources: string[]): Promise<string> {
  const { project } = (await engine.call('project.create', { name: 'holiday' })).snapshot
  if (sources.length > 0) await engine.call('project.add', { project, path: '', paths: sources })
  return project
}

const look = async (project: string): Promise<Snapshot> => (await engine.call('project.look', { project })).snapshot
const messages = (list: readonly { message: string }[]): string[] => list.map(({ message }) => message)

async function write(project: string, destination: string): Promise<JobSnapshot> {
  const spec = { project, destination, name: 'holiday' }
  const { job } = await engine.call('job.start', { kind: 'edit', spec })
  return engine.event('job.snapshot', ({ id, state }) => id === job && (state === 'done' || state === 'failed'))
}

async function names(project: string, at = ''): Promise<string[]> {
  return (await engine.call('project.rows', { project, path: at })).rows.map(({ name }) => name)
}

describe('sources that are looked at again', () => {
  it('are as they will be written, and each change is told with what is done about it', async () => {
    const project = await begin(tree)
    fs.writeFileSync(path.join(tree, 'one.txt'), 'one'.repeat(1000))
    fs.rmSync(path.join(tree, 'sub/two.txt'))
    fs.writeFileSync(path.join(tree, 'sub/three.txt'), 'three')
    const before = (await engine.call('project.get', { project })).snapshot
    expect(before).toMatchObject({ contentBytes: 6, changes: [] })
    const now = await look(project)
    expect(now.version).toBeGreaterThan(before.version)
    expect(now).toMatchObject({ contentBytes: 3005, problems: [] })
    expect(messages(now.changes).toSorted()).toEqual([
      '“tree/one.txt” had 3 bytes when it was added, and has 3.0 kB now. It is written as it is now.',
      '“tree/sub/three.txt” is new in its folder since that was added, and will be in the image.',
      '“tree/sub/two.txt” no longer exists, and will not be in the image.',
    ])
    expect(now.changes[0]?.details).toMatchObject({ reason: expect.stringMatching(/^source/) as string })
    const { byteLength, files } = await engine.call('project.outcome', { project })
    expect(files).toBe(2)
    expect((await write(project, folder)).result).toMatchObject({ bytesWritten: byteLength, files: 2, problems: 0 })
  })

  it('stay as they were, with their numbers, where nothing has changed', async () => {
    const project = await begin(tree)
    const { version } = (await engine.call('project.get', { project })).snapshot
    expect((await look(project)).version).toBe(version)
  })

  it('are told again when they are looked at again, until nobody misses them', async () => {
    const project = await begin(tree)
    fs.rmSync(path.join(tree, 'sub/two.txt'))
    await look(project)
    expect((await look(project)).changes).toHaveLength(1)
    const { rows } = await engine.call('project.rows', { project, path: '' })
    await engine.call('project.remove', { project, path: '', entries: rows.map(({ key }) => key) })
    expect((await look(project)).changes).toEqual([])
    await engine.call('project.undo', { project })
    expect((await look(project)).changes).toHaveLength(1)
  })

  it('are named once where what was added itself is gone', async () => {
    const project = await begin(path.join(tree, 'one.txt'), path.join(tree, 'sub'))
    fs.rmSync(path.join(tree, 'sub'), { recursive: true })
    const { problems, changes, entries } = await look(project)
    expect(messages(problems)).toEqual([expect.stringContaining('sub')])
    expect({ changes, entries }).toEqual({ changes: [], entries: 1 })
  })

  it('are told of the image that is changed as well', async () => {
    const job = await write(await begin(tree), folder)
    const location = { kind: 'path' as const, path: job.destination, inside: [] }
    const { image, generation, info } = await engine.call('image.open', { location })
    const request = { image: { image, generation, view: info.defaultViewId }, name: 'changed' }
    const { project } = (await engine.call('project.create', request)).snapshot
    fs.appendFileSync(job.destination, 'more')
    expect(messages((await look(project)).problems)).toEqual([expect.stringContaining('was changed since')])
  })
})

describe('an image in a folder that goes into it', () => {
  it('takes neither itself nor its own temporary file, nor what the project has written before', async () => {
    const project = await begin(tree)
    fs.writeFileSync(path.join(tree, '.isolde-0123456789ab'), 'half an image')
    expect(await write(project, tree)).toMatchObject({ state: 'done', result: { files: 2 } })
    fs.rmSync(path.join(tree, '.isolde-0123456789ab'))
    expect(await names(project, 'tree')).toEqual(['sub', 'one.txt'])
    // Under another name it is the same image still.
    fs.renameSync(path.join(tree, 'holiday.iso'), path.join(tree, 'trip.iso'))
    const now = await look(project)
    expect(now).toMatchObject({ problems: [], changes: [] })
    expect(messages(now.meant)).toEqual([expect.stringContaining('trip.iso was written by this project before')])
    expect(await write(project, tree)).toMatchObject({ state: 'done', result: { files: 2, problems: 0 } })
    await engine.kill()
    engine = await EngineProcess.start(path.join(folder, 'home'))
    expect(await names(project, 'tree')).toEqual(['sub', 'one.txt'])
  })

  it('takes it where somebody asks for it', async () => {
    const project = await begin(tree)
    const { destination } = await write(project, tree)
    await engine.call('project.add', { project, path: 'discs', paths: [destination] })
    expect(await names(project, 'discs')).toEqual(['holiday.iso'])
  })
})

it('counts everything below a folder, or below what is selected in it', async () => {
  const project = await begin(tree)
  const { rows } = await engine.call('project.rows', { project, path: 'tree' })
  const key = rows.find(({ name }) => name === 'sub')?.key ?? 0
  const contents = (entries: number[] | null) => engine.call('project.contents', { project, path: 'tree', entries })
  expect(await contents(null)).toEqual({ byteLength: 6, fileCount: 2 })
  expect(await contents([key])).toEqual({ byteLength: 3, fileCount: 1 })
})

describe('more options', () => {
  const configured = async (project: string, more: CommandInput<'project.configure'>['more']) => {
    await engine.call('project.configure', { project, more })
    return engine.call('project.outcome', { project })
  }
  const infoOf = async (file: string) =>
    (await engine.call('image.open', { location: { kind: 'path', path: file, inside: [] } })).info

  it('are in the image that is written', async () => {
    fs.writeFileSync(path.join(tree, 'boot.bin'), Buffer.alloc(2048, 1))
    const project = await begin(path.join(tree, 'one.txt'), path.join(tree, 'boot.bin'))
    const date = Date.UTC(2020, 4, 17, 12)
    const outcome = await configured(project, {
      publisher: 'ISOLDE TESTS',
      date,
      bootBios: 'boot.bin',
      sha256sums: true,
    })
    expect(outcome).toMatchObject({ boots: [{ platform: 'bios', path: 'boot.bin' }], files: 3, problem: null })
    const info = await infoOf((await write(project, folder)).destination)
    expect(info).toMatchObject({ publisher: 'ISOLDE TESTS', boot: [{ platform: 'bios', path: 'boot.bin' }] })
    expect(JSON.stringify(info.dates)).toContain(String(date))
  })

  it('are refused in a sentence where they cannot be', async () => {
    const project = await begin(tree)
    expect((await configured(project, { bootBios: 'none.bin' })).problem?.message).toContain('none.bin')
    const mbrFile = path.join(folder, 'none')
    expect((await configured(project, { hybrid: 'mbr', mbrFile })).problem?.message).toContain("doesn't exist")
  })

  it('add a session to a changed image, behind what there is', async () => {
    const { destination } = await write(await begin(tree), folder)
    const length = fs.statSync(destination).size
    const { image, generation, info } = await engine.call('image.open', {
      location: { kind: 'path', path: destination, inside: [] },
    })
    const request = { image: { image, generation, view: info.defaultViewId }, name: 'longer' }
    const { project } = (await engine.call('project.create', request)).snapshot
    fs.writeFileSync(path.join(folder, 'new.txt'), 'new')
    await engine.call('project.add', { project, path: '', paths: [path.join(folder, 'new.txt')] })
    const outcome = await configured(project, { appends: true })
    expect(outcome.problem?.message ?? null).toBeNull()
    const out = path.join(folder, 'out')
    fs.mkdirSync(out)
    const longer = (await write(project, out)).destination
    expect(fs.statSync(longer).size).toBeGreaterThan(length)
    const { views } = await infoOf(longer)
    expect(views.some(({ id }) => id.endsWith('@1'))).toBe(true)
  })
})

it('says what to do about a folder that takes no image', async () => {
  const refused = (at: string, byteLength: number, code: string) =>
    expect(engine.call('folder.assertTakes', { path: at, name: 'x.iso', byteLength })).rejects.toMatchObject({ code })
  await refused(path.join(folder, 'none'), 1, 'NO_SUCH_FILE')
  await refused(path.join(tree, 'one.txt'), 1, 'NOT_A_FOLDER')
  await refused(tree, 2 ** 50, 'NO_SPACE')
  expect(await engine.call('folder.assertTakes', { path: tree, name: 'x.iso', byteLength: 1 })).toEqual({})
  expect(fs.existsSync(path.join(folder, 'none'))).toBe(false)
})
