import { execFileSync } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { JobSnapshot } from '../../src-shared/model'
import { EngineProcess } from '../unit/engine/engine-process'
import { run } from '../unit/files/copy-support'
import { temporaryFolder } from '../unit/support'
import { contentOf, isThorough, leftovers, oldContent, seededRandom } from './support'

const MOMENTS = isThorough ? 50 : 24
const SHARED_MEMORY = '/dev/shm'
const hasTwoDisks = fs.existsSync(SHARED_MEMORY)
const isRoot = process.getuid?.() === 0

/** On another file system than `temporaryFolder`. */
function otherDisk(): string {
  const folder = fs.mkdtempSync(path.join(SHARED_MEMORY, 'isolde-faults-'))
  onTestFinished(() => {
    fs.rmSync(folder, { recursive: true, force: true })
  })
  return folder
}

/** A tree of small files in folders and one that takes a moment, by path below `folder`. */
function plant(folder: string, count = 120): Map<string, Buffer> {
  const files = new Map<string, Buffer>()
  for (let i = 0; i < count; i++) files.set(`tree/d${i % 7}/f${i}`, contentOf(`f${i}`, (i * 7919) % 9000))
  files.set('tree/large', contentOf('large', 6_000_000))
  for (const [name, content] of files) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
    fs.writeFileSync(path.join(folder, name), content)
  }
  return files
}

function contentAt(folder: string, name: string): Buffer | null {
  try {
    return fs.readFileSync(path.join(folder, name))
  } catch {
    return null
  }
}

/** Files of which no whole copy is left, and final names that hold something that is neither old nor whole. */
function lost(files: Map<string, Buffer>, from: string, to: string): string[] {
  return [...files].flatMap(([name, content]) => {
    const there = contentAt(to, name)
    const isWhole = there?.equals(content) === true
    if (there && !isWhole && there.toString() !== oldContent(name)) return [`${name} is broken`]
    return isWhole || contentAt(from, name)?.equals(content) ? [] : [`${name} is lost`]
  })
}

interface Case {
  name: string
  move: boolean
  twoDisks: boolean
  /** Some of the names are taken by other contents. */
  merges: boolean
}

const CASES: Case[] = [
  { name: 'a move between disks', move: true, twoDisks: true, merges: false },
  { name: 'a move between disks into a folder that is there', move: true, twoDisks: true, merges: true },
  { name: 'a move on one disk into a folder that is there', move: true, twoDisks: false, merges: true },
  { name: 'a copy over what is there', move: false, twoDisks: true, merges: true },
]

describe.runIf(hasTwoDisks)(`killed at ${MOMENTS} moments`, () => {
  it('nothing is lost, every name is old or whole, and the next engine finishes it', async () => {
    const random = seededRandom(12)
    let unfinished = 0
    for (let moment = 0; moment < MOMENTS; moment++) {
      const { move, twoDisks, merges } = CASES[moment % CASES.length]!
      const home = temporaryFolder()
      const from = temporaryFolder()
      const to = twoDisks ? otherDisk() : temporaryFolder()
      const files = plant(from)
      if (merges)
        for (const name of [...files.keys()].filter((_, i) => i % 3 === 0)) {
          fs.mkdirSync(path.dirname(path.join(to, name)), { recursive: true })
          fs.writeFileSync(path.join(to, name), oldContent(name))
        }
      const engine = await EngineProcess.start(home)
      const { job } = await engine.call('job.start', {
        kind: move ? 'move' : 'copy',
        spec: { paths: [path.join(from, 'tree')], destination: to, conflicts: 'overwrite' },
      })
      await wait(random() * 220)
      await engine.kill()
      expect(lost(files, from, to)).toEqual([])
      if ([...files].some(([name, content]) => !contentAt(to, name)?.equals(content))) unfinished++
      const next = await EngineProcess.start(home)
      let told: JobSnapshot | undefined
      while (told?.state !== 'done') {
        await wait(10)
        told = (await next.call('job.list', {})).jobs.find(({ id }) => id === job)
        expect(told?.state).not.toBe('failed')
      }
      // Whichever process has done it: “tree”, seven folders in it, and their files.
      expect([moment, told.result]).toMatchObject([moment, { files: files.size, directories: 8, problems: 0 }])
      for (const [name, content] of files) expect(contentAt(to, name)?.equals(content)).toBe(true)
      if (move) expect(fs.readdirSync(from)).toEqual([])
      else for (const [name, content] of files) expect(contentAt(from, name)?.equals(content)).toBe(true)
      expect(leftovers(to)).toEqual([])
      await next.shutdown()
      for (const folder of [home, from, to]) fs.rmSync(folder, { recursive: true, force: true })
      fs.mkdirSync(home)
      fs.mkdirSync(from)
      fs.mkdirSync(to)
    }
    // The moments must lie within the run, or nothing was tried.
    expect(unfinished).toBeGreaterThan(MOMENTS / 5)
    // Two engines for each moment: on a busy computer that takes longer than a test of this kind may.
  }, 600_000)
})

describe.runIf(hasTwoDisks)('killed while sources are removed, and copies are harmed before the next engine', () => {
  const HARMS: Record<string, (file: string) => void> = {
    deleted: (file) => {
      fs.rmSync(file)
    },
    truncated: (file) => {
      fs.truncateSync(file, 1)
    },
    'written over': (file) => {
      fs.writeFileSync(file, Buffer.alloc(fs.statSync(file).size, 'X'))
    },
    replaced: (file) => {
      fs.writeFileSync(`${file}.new`, Buffer.alloc(fs.statSync(file).size, 'Y'))
      fs.renameSync(`${file}.new`, file)
    },
  }

  it.each(Object.keys(HARMS))(
    'sources of which the copies are %s stay, and are told',
    async (what) => {
      const home = temporaryFolder()
      const [from, to] = [temporaryFolder(), otherDisk()]
      const files = plant(from, 8000)
      const engine = await EngineProcess.start(home)
      const { job } = await engine.call('job.start', {
        kind: 'move',
        spec: { paths: [path.join(from, 'tree')], destination: to, conflicts: 'fail' },
      })
      const left = (): string[] => [...files.keys()].filter((name) => fs.existsSync(path.join(from, name)))
      const [first = ''] = fs.readdirSync(path.join(from, 'tree'))
      const folder = path.join(from, 'tree', first)
      const before = fs.readdirSync(folder).length
      while (fs.existsSync(folder) && fs.readdirSync(folder).length === before) await wait(1)
      await engine.kill()
      const stayed = left()
      expect(stayed.length).toBeGreaterThan(100)
      // Every other one of those that are left.
      const harmed = stayed.filter((name, i) => i % 2 === 0 && (files.get(name)?.length ?? 0) > 1)
      for (const name of harmed) HARMS[what]?.(path.join(to, name))
      const next = await EngineProcess.start(home)
      let told: JobSnapshot | undefined
      while (told?.state !== 'done') {
        await wait(10)
        told = (await next.call('job.list', {})).jobs.find(({ id }) => id === job)
        expect(told?.state).not.toBe('failed')
      }
      expect(left().sort()).toEqual(harmed.sort())
      expect(told.result).toMatchObject({ problems: harmed.length })
      for (const name of harmed) expect(contentAt(from, name)?.equals(files.get(name)!)).toBe(true)
      await next.shutdown()
    },
    120_000,
  )
})

describe('other programs at work in the same folders', () => {
  const DISKS = [
    { name: 'on one disk', twoDisks: false },
    { name: 'over two disks', twoDisks: true },
  ].filter(({ twoDisks }) => hasTwoDisks || !twoDisks)

  it.each(DISKS)('a move loses nothing of what they make, change and remove ($name)', async ({ twoDisks }) => {
    for (let seed = 1; seed <= 12; seed++) {
      const random = seededRandom(seed)
      const from = temporaryFolder()
      const to = twoDisks ? otherDisk() : temporaryFolder()
      const files = plant(from, 60)
      // Half of the runs merge into a tree that is there.
      if (seed % 2 === 0) fs.mkdirSync(path.join(to, 'tree/d1'), { recursive: true })
      let made = 0
      await run([path.join(from, 'tree')], to, {
        move: true,
        decision: 'rename',
        between: () => {
          const names = [...files.keys()]
          const name = names[Math.floor(random() * names.length)]!
          const file = path.join(from, name)
          const what = random()
          if (what < 0.1 && fs.existsSync(path.dirname(file))) {
            const added = `${path.posix.dirname(name)}/late${made++}`
            const content = contentOf(added, 100)
            fs.writeFileSync(path.join(from, added), content)
            files.set(added, content)
          } else if (what < 0.2 && fs.existsSync(file)) {
            fs.appendFileSync(file, 'more\n')
            files.set(name, Buffer.concat([files.get(name)!, Buffer.from('more\n')]))
          } else if (what < 0.25 && fs.existsSync(file)) {
            fs.rmSync(file)
            files.delete(name)
          }
        },
      })
      const missing = [...files].filter(
        ([name, content]) => !contentAt(to, name)?.equals(content) && !contentAt(from, name)?.equals(content),
      )
      expect(missing.map(([name]) => name)).toEqual([])
      expect(leftovers(to)).toEqual([])
    }
  })
})

describe.runIf(isRoot && process.platform === 'linux')(
  'a disk of its own that fills up (needs root for a tmpfs)',
  () => {
    function smallDisk(byteLength: number): string {
      const folder = temporaryFolder()
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${byteLength}`, 'isolde-test', folder])
      onTestFinished(() => {
        execFileSync('umount', ['-l', folder])
      })
      return folder
    }

    it.each([true, false])('what does not fit is refused before the first byte (move: %s)', async (move) => {
      const from = temporaryFolder()
      const files = plant(from)
      const to = smallDisk(4 << 20)
      await expect(run([path.join(from, 'tree')], to, { move })).rejects.toMatchObject({ code: 'NO_SPACE' })
      expect(fs.readdirSync(to)).toEqual([])
      expect(lost(files, from, to)).toEqual([])
    })

    it.each([true, false])('filled by somebody else meanwhile, nothing is lost or left (move: %s)', async (move) => {
      const from = temporaryFolder()
      const files = plant(from)
      const to = smallDisk(12 << 20)
      let calls = 0
      const copied = run([path.join(from, 'tree')], to, {
        move,
        between: () => {
          if (++calls === 40) fs.writeFileSync(path.join(to, 'somebody else’s'), Buffer.alloc(10 << 20))
        },
      })
      await expect(copied).rejects.toMatchObject({ code: 'NO_SPACE' })
      expect(fs.readdirSync(to)).toEqual(['somebody else’s'])
      for (const [name, content] of files) expect(contentAt(from, name)?.equals(content)).toBe(true)
    })
  },
)

describe.runIf(isRoot && process.platform === 'linux')(
  'a disk without modes, links and owners (needs root for FAT)',
  () => {
    it('takes what it can, and a move keeps what it cannot', async ({ skip }) => {
      const folder = temporaryFolder()
      const image = path.join(folder, 'fat.img')
      fs.writeFileSync(image, '')
      fs.truncateSync(image, 32 << 20)
      const to = path.join(folder, 'mounted')
      fs.mkdirSync(to)
      try {
        execFileSync('mkfs.vfat', [image], { stdio: 'ignore' })
        execFileSync('mount', ['-o', 'loop', image, to], { stdio: 'ignore' })
      } catch {
        skip('FAT cannot be mounted here.')
      }
      onTestFinished(() => {
        execFileSync('umount', ['-l', to])
      })
      const from = path.join(folder, 'from')
      const files = plant(from, 20)
      fs.symlinkSync('large', path.join(from, 'tree/ln'))
      fs.chmodSync(path.join(from, 'tree/large'), 0o4510)
      const { summary } = await run([path.join(from, 'tree')], to, { move: true })
      expect(summary.problems).toBe(1)
      for (const [name, content] of files) expect(contentAt(to, name)?.equals(content)).toBe(true)
      expect(fs.readdirSync(path.join(from, 'tree'))).toEqual(['ln'])
    })
  },
)
