import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { JobSummary } from '../../../src-shared/model'
import { temporaryFolder, treeOf } from '../support'
import { otherDisk, plant, run } from './copy-support'

const CONFLICTS = ['overwrite', 'rename', 'skip', 'fail'] as const

function read(...parts: string[]): string {
  return fs.readFileSync(path.join(...parts), 'utf8')
}

const hasOtherDisk = fs.existsSync('/dev/shm')

describe('the same place', () => {
  it.each(CONFLICTS)('a folder moved into the folder it is in stays, and a sentence says so (%s)', async (decision) => {
    const folder = plant(temporaryFolder(), { 'd/sub/f': 'x' })
    const moved = run([path.join(folder, 'd')], folder, { move: true, decision })
    await expect(moved).rejects.toThrow(/is in this folder already/)
    expect(treeOf(folder)).toEqual(treeOf(plant(temporaryFolder(), { 'd/sub/f': 'x' })))
  })

  it.each(CONFLICTS)('through a linked path too (%s)', async (decision) => {
    const folder = plant(temporaryFolder(), { 'real/d/f': 'x' })
    fs.symlinkSync('real', path.join(folder, 'linked'))
    const moved = run([path.join(folder, 'real/d')], path.join(folder, 'linked'), { move: true, decision })
    await expect(moved).rejects.toThrow(/is in this folder already/)
    expect(read(folder, 'real/d/f')).toBe('x')
  })

  it('a folder does not go into itself through a link, whatever its path', async () => {
    const folder = plant(temporaryFolder(), { 'd/sub/f': 'x' })
    fs.symlinkSync('d/sub', path.join(folder, 'elsewhere'))
    for (const move of [true, false])
      await expect(run([path.join(folder, 'd')], path.join(folder, 'elsewhere'), { move })).rejects.toThrow(
        /cannot go into itself/,
      )
    expect(read(folder, 'd/sub/f')).toBe('x')
  })

  it('deep inside a merge, a file that is there by another path stays', async () => {
    const folder = plant(temporaryFolder(), { 'from/d/own/f': 'x', 'to/d/other': 'y' })
    // Both trees reach one file under one name: `own` of the target is a link to that of the source.
    fs.symlinkSync(path.join(folder, 'from/d/own'), path.join(folder, 'to/d/own'))
    const { summary } = await run([path.join(folder, 'from/d')], path.join(folder, 'to'), {
      move: true,
      decision: 'overwrite',
    })
    expect(summary.problems).toBeGreaterThan(0)
    expect(read(folder, 'from/d/own/f')).toBe('x')
  })

  it('a copy into its own folder under “rename” is a second one', async () => {
    const folder = plant(temporaryFolder(), { 'd/f': 'x', a: 'y' })
    await run([path.join(folder, 'd'), path.join(folder, 'a')], folder, { decision: 'rename' })
    expect(fs.readdirSync(folder).sort()).toEqual(['a', 'a (2)', 'd', 'd (2)'])
    expect(read(folder, 'd (2)/f')).toBe('x')
  })

  it.each(CONFLICTS)('a link copied onto itself is kept (%s)', async (decision) => {
    const folder = plant(temporaryFolder(), { t: 'x' })
    fs.symlinkSync('t', path.join(folder, 'ln'))
    await run([path.join(folder, 'ln')], folder, { decision }).catch(() => undefined)
    expect(fs.readlinkSync(path.join(folder, 'ln'))).toBe('t')
  })

  it('a hard link moved over its other name leaves one whole file', async () => {
    const folder = plant(temporaryFolder(), { 'a/f': 'x' })
    fs.mkdirSync(path.join(folder, 'b'))
    fs.linkSync(path.join(folder, 'a/f'), path.join(folder, 'b/f'))
    await run([path.join(folder, 'a/f')], path.join(folder, 'b'), { move: true, decision: 'overwrite' })
    expect(fs.existsSync(path.join(folder, 'a/f'))).toBe(false)
    expect(read(folder, 'b/f')).toBe('x')
  })
})

describe('links', () => {
  it('copies links as links: dangling, in a circle, to a folder above, out of the tree', async () => {
    const folder = plant(temporaryFolder(), { 'd/f': 'x' })
    const links = { dangling: 'nowhere', loop: 'loop', up: '..', out: '/etc/hostname' }
    for (const [name, target] of Object.entries(links)) fs.symlinkSync(target, path.join(folder, 'd', name))
    fs.mkdirSync(path.join(folder, 'to'))
    const single = Object.keys(links).map((name) => path.join(folder, 'd', name))
    const summaries = [single, [path.join(folder, 'd')]].map((sources) => run(sources, path.join(folder, 'to')))
    const [ofLinks, ofFolder] = (await Promise.all(summaries)).map((ran) => ran.summary)
    for (const [name, target] of Object.entries(links)) {
      expect(fs.readlinkSync(path.join(folder, 'to', name))).toBe(target)
      expect(fs.readlinkSync(path.join(folder, 'to/d', name))).toBe(target)
    }
    expect(ofLinks).toMatchObject({ files: 0, symlinks: 4, problems: 0 })
    expect(ofFolder).toMatchObject({ files: 1, symlinks: 4, problems: 0 })
  })

  it('a link replaces a file by one step, and never writes through it', async () => {
    const folder = plant(temporaryFolder(), { 'to/ln': 'old', precious: 'mine' })
    fs.symlinkSync('../precious', path.join(folder, 'ln'))
    await run([path.join(folder, 'ln')], path.join(folder, 'to'), { decision: 'overwrite' })
    expect(fs.readlinkSync(path.join(folder, 'to/ln'))).toBe('../precious')
    expect(read(folder, 'precious')).toBe('mine')
  })
})

describe('names', () => {
  it('two sources of one name in one move are numbered, and none is lost', async () => {
    const folder = plant(temporaryFolder(), { 'a/x': '1', 'b/x': '2', 'a/d/f': '3', 'b/d/f': '4', 'to/y': '' })
    const sources = ['a/x', 'b/x', 'a/d', 'b/d'].map((name) => path.join(folder, name))
    for (const decision of ['overwrite'] as const) await run(sources, path.join(folder, 'to'), { move: true, decision })
    expect([read(folder, 'to/x'), read(folder, 'to/x (2)')]).toEqual(['1', '2'])
    expect([read(folder, 'to/d/f'), read(folder, 'to/d (2)/f')]).toEqual(['3', '4'])
    expect(fs.readdirSync(path.join(folder, 'a'))).toEqual([])
  })

  it('under “fail” nothing is written where one name of many is taken', async () => {
    const folder = plant(temporaryFolder(), { 'a/1': '1', 'a/2': '2', 'to/a/2': 'old' })
    await expect(run([path.join(folder, 'a')], path.join(folder, 'to'), { move: true })).rejects.toThrow(
      /already exist/,
    )
    expect(fs.readdirSync(path.join(folder, 'to/a'))).toEqual(['2'])
    expect(fs.readdirSync(path.join(folder, 'a')).sort()).toEqual(['1', '2'])
  })

  it('a move with “skip” leaves what was skipped, and the folder around it', async () => {
    const folder = plant(temporaryFolder(), { 'a/1': '1', 'a/2': '2', 'to/a/2': 'old' })
    const { summary } = await run([path.join(folder, 'a')], path.join(folder, 'to'), { move: true, decision: 'skip' })
    expect(summary.problems).toBe(1)
    expect(treeOf(path.join(folder, 'a'))).toEqual({ 2: Buffer.from('2').toString('base64') })
    expect(read(folder, 'to/a/1')).toBe('1')
    expect(read(folder, 'to/a/2')).toBe('old')
  })

  it('a folder is not replaced by a file, nor a file by a folder', async () => {
    const folder = plant(temporaryFolder(), { 'a/x': 'file', 'a/y/f': '1', 'to/x/f': 'old', 'to/y': 'old' })
    const sources = ['x', 'y'].map((name) => path.join(folder, 'a', name))
    const { summary } = await run(sources, path.join(folder, 'to'), { move: true, decision: 'overwrite' })
    expect(summary.problems).toBe(2)
    expect([read(folder, 'to/x/f'), read(folder, 'to/y'), read(folder, 'a/x')]).toEqual(['old', 'old', 'file'])
  })

  it('a name that is taken while the copy is made gets a number, and nothing is replaced', async () => {
    const folder = plant(temporaryFolder(), { 'a/f': 'new', 'to/y': '' })
    let calls = 0
    await run([path.join(folder, 'a/f')], path.join(folder, 'to'), {
      between: () => {
        if (++calls === 2) fs.writeFileSync(path.join(folder, 'to/f'), 'mine')
      },
    })
    expect([read(folder, 'to/f'), read(folder, 'to/f (2)')]).toEqual(['mine', 'new'])
  })
})

describe('paths that are named more than once', () => {
  it.each([false, true])('or lie below another one go with it, once (move: %s)', async (move) => {
    const folder = plant(temporaryFolder(), { 'a/d/f': '1', 'a/d/e/g': '2', 'a/dd': '3', 'to/y': '' })
    fs.symlinkSync('a', path.join(folder, 'link'))
    const named = ['a/d', 'a/d', 'a/d/f', 'a/d/e/g', 'a/dd', 'a/../a/dd', 'link/d', 'link/d/f']
    const paths = named.map((name) => `${folder}/${name}`)
    const { summary, outcomes } = await run(paths, path.join(folder, 'to'), { move, decision: 'rename' })
    expect(summary).toMatchObject({ files: 3, directories: 2, problems: 0 })
    expect(outcomes.map((one) => one.status)).toEqual(['written', 'written'])
    expect(Object.keys(treeOf(path.join(folder, 'to'))).sort()).toEqual(['d', 'd/e', 'd/e/g', 'd/f', 'dd', 'y'])
    expect(fs.readdirSync(path.join(folder, 'a'))).toEqual(move ? [] : ['d', 'dd'])
  })

  it('a link and what it leads to are two things', async () => {
    const folder = plant(temporaryFolder(), { 'a/d/f': '1', 'to/y': '' })
    fs.symlinkSync('d', path.join(folder, 'a/l'))
    const paths = ['a/d', 'a/l'].map((name) => path.join(folder, name))
    const { summary } = await run(paths, path.join(folder, 'to'), { move: true })
    expect(summary).toMatchObject({ files: 1, directories: 1, symlinks: 1, problems: 0 })
    expect(fs.readlinkSync(path.join(folder, 'to/l'))).toBe('d')
  })
})

describe('a job that goes on after its process has ended', () => {
  const stageName = '.isolde-test-stage'

  /** Runs, and puts the stage back as it was at `moment`, when the first process is said to have ended. */
  async function endedAt(
    moment: (current: string) => boolean,
    paths: string[],
    to: string,
    move: boolean,
  ): Promise<JobSummary> {
    const kept = path.join(temporaryFolder(), 'kept')
    const stage = path.join(to, stageName)
    const { summary } = await run(paths, to, {
      move,
      stageName,
      onProgress: ({ current }) => {
        const name = typeof current === 'function' ? current() : current
        if (name === undefined || !moment(name) || fs.existsSync(kept)) return
        if (fs.existsSync(path.join(stage, 'journal'))) fs.cpSync(stage, kept, { recursive: true })
      },
    })
    fs.cpSync(kept, stage, { recursive: true })
    return summary
  }

  it.runIf(hasOtherDisk)('counts what was copied before', async () => {
    const from = plant(temporaryFolder(), { 'd/1': 'one', 'd/2': 'two', 'd/sub/3': 'three', 'm/4': 'four' })
    fs.symlinkSync('1', path.join(from, 'd/link'))
    const to = otherDisk() ?? temporaryFolder()
    plant(to, { 'm/5': 'old' })
    const paths = [path.join(from, 'd'), path.join(from, 'm')]
    const before = await endedAt((current) => current.endsWith('/2'), paths, to, true)
    expect(before).toEqual({ files: 4, directories: 3, symlinks: 1, bytesWritten: 15, problems: 0 })
    const done: unknown[] = []
    const { summary } = await run(paths, to, { move: true, stageName, onProgress: (now) => done.push(now) })
    expect(summary).toEqual(before)
    expect(done).toContainEqual({ bytesDone: 15, entriesDone: 8 })
    expect(fs.readdirSync(to).sort()).toEqual(['d', 'm'])
    expect(treeOf(from)).toEqual({})
  })

  it('counts what was moved by one step before', async () => {
    const folder = plant(temporaryFolder(), { 'a/d/1': 'one', 'a/d/2': 'two', 'a/3': 'three', 'to/y': '' })
    const paths = ['d', '3'].map((name) => path.join(folder, 'a', name))
    const to = path.join(folder, 'to')
    const before = await endedAt((current) => current.endsWith('/d'), paths, to, true)
    expect(before).toMatchObject({ files: 3, directories: 1, problems: 0 })
    expect((await run(paths, to, { move: true, stageName })).summary).toEqual(before)
    expect(fs.readdirSync(to).sort()).toEqual(['3', 'd', 'y'])
  })
})

describe.runIf(hasOtherDisk)('over two disks', () => {
  it('keeps times, modes, hard links, holes and extended attributes', async () => {
    const from = plant(temporaryFolder(), { 'd/f': 'x', 'd/run': '#!', 'd/sub/g': 'y' })
    const to = otherDisk() ?? temporaryFolder()
    const at = (name: string): string => path.join(from, 'd', name)
    fs.chmodSync(at('run'), 0o751)
    fs.linkSync(at('f'), at('sub/linked'))
    const sparse = fs.openSync(at('sparse'), 'w')
    fs.writeSync(sparse, 'end', 8 << 20)
    fs.closeSync(sparse)
    for (const name of ['f', 'run', 'sub']) fs.utimesSync(at(name), 1_000_000_000.25, 1_100_000_000.5)
    fs.chmodSync(at('sub'), 0o555)
    const before = treeOf(from)
    const { summary } = await run([at('')], to)
    expect(summary).toMatchObject({ files: 5, directories: 2, problems: 0 })
    expect(treeOf(to)).toEqual(before)
    const stat = (name: string): fs.Stats => fs.lstatSync(path.join(to, 'd', name))
    expect(stat('run').mode & 0o7777).toBe(0o751)
    expect(stat('sub').mode & 0o7777).toBe(0o555)
    for (const name of ['f', 'run', 'sub']) expect(stat(name).mtimeMs).toBeCloseTo(1_100_000_000_500, 0)
    expect(stat('sub/linked').ino).toBe(stat('f').ino)
    expect(stat('sparse').size).toBe((8 << 20) + 3)
    expect(stat('sparse').blocks * 512).toBeLessThan(1 << 20)
    fs.chmodSync(at('sub'), 0o755)
    fs.chmodSync(path.join(to, 'd/sub'), 0o755)
  })

  it.runIf(process.getuid?.() === 0)('keeps owners where it may', async () => {
    const from = plant(temporaryFolder(), { f: 'x' })
    const to = otherDisk() ?? temporaryFolder()
    fs.chownSync(path.join(from, 'f'), 1234, 2345)
    fs.chmodSync(path.join(from, 'f'), 0o4755)
    await run([path.join(from, 'f')], to)
    expect(fs.statSync(path.join(to, 'f'))).toMatchObject({ uid: 1234, gid: 2345 })
    expect(fs.statSync(path.join(to, 'f')).mode & 0o7777).toBe(0o4755)
  })

  it('a move leaves what arrived meanwhile, and says so', async () => {
    const from = plant(temporaryFolder(), { 'd/1': '1', 'd/2': '2', 'd/sub/3': '3' })
    const to = otherDisk() ?? temporaryFolder()
    let calls = 0
    const { summary, outcomes } = await run([path.join(from, 'd')], to, {
      move: true,
      between: () => {
        if (++calls === 6) fs.writeFileSync(path.join(from, 'd/late'), 'late')
      },
    })
    expect(summary.problems).toBe(1)
    expect(outcomes.find((one) => one.status === 'failed')?.message).toMatch(/stays: something was put into it/)
    expect(treeOf(from)).toEqual({ d: '/', 'd/late': Buffer.from('late').toString('base64') })
    expect(treeOf(to)).toMatchObject({ 'd/1': Buffer.from('1').toString('base64'), 'd/sub': '/' })
  })

  it('a move leaves a file that grew meanwhile, and says so', async () => {
    const from = plant(temporaryFolder(), { 'd/log': 'one\n', 'd/other': 'x' })
    const to = otherDisk() ?? temporaryFolder()
    let hasGrown = false
    const { outcomes } = await run([path.join(from, 'd')], to, {
      move: true,
      between: () => {
        // Copied by now, and not yet removed.
        const stage = fs.readdirSync(to).find((name) => name.startsWith('.isolde-'))
        if (hasGrown || stage === undefined || !fs.existsSync(path.join(to, stage, '0/log'))) return
        hasGrown = true
        fs.appendFileSync(path.join(from, 'd/log'), 'two\n')
      },
    })
    expect(hasGrown).toBe(true)
    expect(read(from, 'd/log')).toBe('one\ntwo\n')
    expect(outcomes.some((one) => one.code === 'SOURCE_CHANGED')).toBe(true)
    expect(fs.existsSync(path.join(from, 'd/other'))).toBe(false)
  })

  it('what cannot be read or is no file stays, and everything else goes', async () => {
    const from = plant(temporaryFolder(), { 'd/1': '1', 'd/2': '2' })
    const to = otherDisk() ?? temporaryFolder()
    execFileSync('mkfifo', [path.join(from, 'd/pipe')])
    const { summary } = await run([path.join(from, 'd')], to, {
      move: true,
      between: () => {
        fs.rmSync(path.join(from, 'd/2'), { force: true })
      },
    })
    expect(summary.problems).toBeGreaterThanOrEqual(1)
    expect(fs.readdirSync(path.join(from, 'd'))).toEqual(['pipe'])
    expect(read(to, 'd/1')).toBe('1')
  })
})

describe.runIf(process.getuid?.() === 0 && process.platform === 'linux')('a folder mounted inside itself', () => {
  it('is copied once, and moving and copying into it are refused', async ({ skip }) => {
    const folder = plant(temporaryFolder(), { 'd/f': 'x' })
    const inner = path.join(folder, 'd/again')
    fs.mkdirSync(inner)
    fs.mkdirSync(path.join(folder, 'to'))
    try {
      execFileSync('mount', ['--bind', path.join(folder, 'd'), inner], { stdio: 'ignore' })
    } catch {
      skip('Mounting is not allowed here.')
    }
    try {
      const { summary, outcomes } = await run([path.join(folder, 'd')], path.join(folder, 'to'))
      expect(read(folder, 'to/d/f')).toBe('x')
      expect(summary.problems).toBe(1)
      expect(outcomes[0]?.path).toBe(inner)
      await expect(run([path.join(folder, 'd')], inner)).rejects.toThrow(/cannot go into itself/)
      await expect(run([path.join(inner, 'f')], path.join(folder, 'd'), { move: true })).rejects.toThrow(
        /in this folder already/,
      )
      expect(read(folder, 'd/f')).toBe('x')
    } finally {
      execFileSync('umount', [inner])
    }
  })
})
