import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { temporaryFolder } from '../support'
import { otherDisk, plant, run, type Ran } from './copy-support'

const hasOtherDisk = fs.existsSync('/dev/shm')
const FILES = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`d/s${i % 3}/f${i}`, `content ${i}`]))
const stageName = '.isolde-test-stage'

function mayMount(): boolean {
  return process.platform === 'linux' && process.getuid?.() === 0
}

/** Moves, and does something to the placed copies once the first source has gone. */
async function movedWhile(from: string, to: string, act: () => void): Promise<Ran> {
  let hasActed = false
  const isFirstGone = (): boolean => filesIn(from).length < Object.keys(FILES).length
  return run([path.join(from, 'd')], to, {
    move: true,
    onProgress: () => {
      if (hasActed || !fs.existsSync(path.join(to, 'd')) || !isFirstGone()) return
      hasActed = true
      act()
    },
  })
}

function filesIn(folder: string): string[] {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((one) => !one.isDirectory())
    .map((one) => path.relative(folder, path.join(one.parentPath, one.name)))
}

/** Files of which neither the source nor the copy holds what it held. */
function lost(from: string, to: string): string[] {
  const holds = (file: string, content: string): boolean =>
    fs.existsSync(file) && fs.readFileSync(file, 'utf8') === content
  return Object.entries(FILES).flatMap(([name, content]) =>
    holds(path.join(from, name), content) || holds(path.join(to, name), content) ? [] : [name],
  )
}

const HARMS: Record<string, (file: string) => void> = {
  deleted: (file) => {
    fs.rmSync(file)
  },
  truncated: (file) => {
    fs.truncateSync(file, 2)
  },
  'written over': (file) => {
    fs.writeFileSync(file, 'X'.repeat(fs.statSync(file).size))
  },
  'written over under the old time': (file) => {
    const { atime, mtime } = fs.statSync(file)
    fs.writeFileSync(file, 'X'.repeat(fs.statSync(file).size))
    fs.utimesSync(file, atime, mtime)
  },
  'replaced by a rename': (file) => {
    const { atime, mtime, size } = fs.statSync(file)
    fs.writeFileSync(`${file}.new`, 'Y'.repeat(size))
    fs.utimesSync(`${file}.new`, atime, mtime)
    fs.renameSync(`${file}.new`, file)
  },
  'replaced by a folder': (file) => {
    fs.rmSync(file)
    fs.mkdirSync(file)
  },
  'replaced by a link': (file) => {
    fs.rmSync(file)
    fs.symlinkSync('nowhere', file)
  },
}

describe.runIf(hasOtherDisk)('a move between disks removes nothing whose copy is not there as it was made', () => {
  it.each(Object.keys(HARMS))('%s while sources are removed', async (what) => {
    const from = plant(temporaryFolder(), FILES)
    const to = otherDisk() ?? temporaryFolder()
    let stayed: string[] = []
    const { summary, outcomes } = await movedWhile(from, to, () => {
      stayed = filesIn(from)
      for (const name of stayed) HARMS[what]?.(path.join(to, name))
    })
    expect(stayed.length).toBeGreaterThan(10)
    expect(filesIn(from).sort()).toEqual(stayed.sort())
    expect(summary.problems).toBe(stayed.length)
    expect(
      outcomes.filter((one) => one.code === 'COPIED_NOT_REMOVED').map((one) => path.relative(from, one.path)),
    ).toEqual(expect.arrayContaining(stayed))
  })

  it('the whole destination deleted, or replaced by a link to the sources', async () => {
    for (const isLinked of [false, true]) {
      const from = plant(temporaryFolder(), FILES)
      const to = otherDisk() ?? temporaryFolder()
      let stayed: string[] = []
      await movedWhile(from, to, () => {
        stayed = filesIn(from)
        fs.rmSync(path.join(to, 'd'), { recursive: true })
        if (isLinked) fs.symlinkSync(path.join(from, 'd'), path.join(to, 'd'))
      })
      expect(filesIn(from).sort()).toEqual(stayed.sort())
    }
  })

  it('a copy of the same content under another number is enough', async () => {
    const from = plant(temporaryFolder(), FILES)
    const to = otherDisk() ?? temporaryFolder()
    const { summary } = await movedWhile(from, to, () => {
      for (const name of filesIn(from)) {
        fs.copyFileSync(path.join(to, name), path.join(to, `${name}.new`))
        fs.renameSync(path.join(to, `${name}.new`), path.join(to, name))
      }
    })
    expect(summary.problems).toBe(0)
    expect(lost(from, to)).toEqual([])
    expect(filesIn(from)).toEqual([])
  })

  it('links, hard links and empty folders stay too', async () => {
    const from = plant(temporaryFolder(), { 'd/0': 'first', 'd/a': 'linked' })
    const to = otherDisk() ?? temporaryFolder()
    fs.linkSync(path.join(from, 'd/a'), path.join(from, 'd/b'))
    fs.symlinkSync('a', path.join(from, 'd/l'))
    fs.mkdirSync(path.join(from, 'd/m'))
    let hasActed = false
    const { summary } = await run([path.join(from, 'd')], to, {
      move: true,
      onProgress: () => {
        if (hasActed || !fs.existsSync(path.join(to, 'd')) || fs.existsSync(path.join(from, 'd/0'))) return
        hasActed = true
        for (const name of ['b', 'l']) fs.rmSync(path.join(to, 'd', name))
        fs.symlinkSync('elsewhere', path.join(to, 'd/l'))
        fs.rmdirSync(path.join(to, 'd/m'))
      },
    })
    expect(hasActed).toBe(true)
    expect(fs.readdirSync(path.join(from, 'd'))).toEqual(['b', 'l', 'm'])
    expect(summary.problems).toBe(3)
  })

  it('hard links and single files go without being compared', async () => {
    const from = plant(temporaryFolder(), { a: 'one', c: 'three' })
    const to = otherDisk() ?? temporaryFolder()
    for (const name of ['b', 'e']) fs.linkSync(path.join(from, 'a'), path.join(from, name))
    const paths = ['a', 'b', 'c', 'e'].map((name) => path.join(from, name))
    const { summary } = await run(paths, to, { move: true })
    expect(summary).toMatchObject({ files: 4, problems: 0 })
    expect(fs.readdirSync(from)).toEqual([])
  })

  it.each([
    { name: 'is looked for under it', isResumed: false, isDeleted: false },
    { name: 'is looked for under it by a process that goes on', isResumed: true, isDeleted: false },
    { name: 'and was deleted keeps its source, also for a process that goes on', isResumed: true, isDeleted: true },
  ])('what got a number $name', async ({ isResumed, isDeleted }) => {
    const from = plant(temporaryFolder(), { f: 'mine', g: 'other' })
    const to = otherDisk() ?? temporaryFolder()
    const aside = temporaryFolder()
    const stage = path.join(to, stageName)
    const paths = ['f', 'g'].map((name) => path.join(from, name))
    for (const name of ['f', 'g']) fs.linkSync(path.join(from, name), path.join(aside, name))
    let calls = 0
    await run(paths, to, {
      move: true,
      stageName,
      between: () => {
        if (++calls === 3) fs.writeFileSync(path.join(to, 'f'), 'theirs')
      },
      onProgress: () => {
        if (fs.existsSync(path.join(aside, 'kept')) || !fs.existsSync(path.join(to, 'f (2)'))) return
        fs.cpSync(stage, path.join(aside, 'kept'), { recursive: true, preserveTimestamps: true })
      },
    })
    expect(fs.readdirSync(from)).toEqual([])
    if (!isResumed) return
    // As if the process had ended before it removed anything.
    for (const name of ['f', 'g']) fs.linkSync(path.join(aside, name), path.join(from, name))
    fs.cpSync(path.join(aside, 'kept'), stage, { recursive: true })
    if (isDeleted) fs.rmSync(path.join(to, 'f (2)'))
    const { summary } = await run(paths, to, { move: true, stageName })
    expect(fs.readdirSync(from)).toEqual(isDeleted ? ['f'] : [])
    expect(summary.problems).toBe(isDeleted ? 1 : 0)
    expect(fs.readFileSync(path.join(to, 'f'), 'utf8')).toBe('theirs')
  })

  it.runIf(mayMount())('what goes on to a further disk is compared there', async () => {
    const from = plant(temporaryFolder(), { 'd/sub/f': 'x', 'd/sub/g': 'y' })
    const to = otherDisk() ?? temporaryFolder()
    const further = path.join(to, 'd/sub')
    fs.mkdirSync(further, { recursive: true })
    execFileSync('mount', ['-t', 'tmpfs', 'isolde-test', further])
    onTestFinished(() => {
      execFileSync('umount', ['-l', further])
    })
    const { summary } = await run([path.join(from, 'd')], to, { move: true })
    expect(summary.problems).toBe(0)
    expect(fs.readdirSync(further).sort()).toEqual(['f', 'g'])
    expect(fs.readdirSync(from)).toEqual([])
  })

  it('a path that is too long for its new place costs itself', async () => {
    const from = plant(temporaryFolder(), { 'd/short': 'x' })
    const to = otherDisk() ?? temporaryFolder()
    const deep = path.join(to, ...Array.from({ length: 16 }, () => 'n'.repeat(200)))
    fs.mkdirSync(deep, { recursive: true })
    const below = Array.from({ length: 5 }, () => 'm'.repeat(200)).join('/')
    plant(path.join(from, 'd'), { [`${below}/file`]: 'deep' })
    for (const move of [false, true]) {
      const { summary, outcomes } = await run([path.join(from, 'd')], deep, { move, decision: 'rename' })
      expect(summary.problems).toBe(1)
      expect(outcomes.find((one) => one.status === 'failed')).toMatchObject({ code: 'NAME_TOO_LONG' })
      expect(fs.readFileSync(path.join(deep, 'd/short'), 'utf8')).toBe('x')
    }
    expect(fs.readFileSync(path.join(from, 'd', below, 'file'), 'utf8')).toBe('deep')
    expect(fs.existsSync(path.join(from, 'd/short'))).toBe(false)
  })

  it.runIf(mayMount()).each(['disk', 'folder'])('what is on a mounted %s stays there', async (what) => {
    const from = plant(temporaryFolder(), { 'd/f': 'x', 'd/mount point/under': 'y', 'elsewhere/own': 'z' })
    const to = otherDisk() ?? temporaryFolder()
    const point = path.join(from, 'd/mount point')
    if (what === 'disk') execFileSync('mount', ['-t', 'tmpfs', 'isolde-test', point])
    else execFileSync('mount', ['--bind', path.join(from, 'elsewhere'), point])
    onTestFinished(() => {
      execFileSync('umount', ['-l', point])
    })
    plant(point, { own: 'z', 'sub/too': 'z' })
    const { summary, outcomes } = await run([path.join(from, 'd')], to, { move: true })
    expect(filesIn(path.join(from, 'd')).sort()).toEqual(['mount point/own', 'mount point/sub/too'])
    expect(filesIn(to).sort()).toEqual(['d/f', 'd/mount point/own', 'd/mount point/sub/too'])
    expect(summary.problems).toBe(1)
    expect(outcomes[0]).toMatchObject({ path: point, code: 'COPIED_NOT_REMOVED' })
  })
})
