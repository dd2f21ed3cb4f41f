import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { UNCONTROLLED } from '../../../src-main/task'
import { extract } from '../../../src-main/extract/extract'
import { extractZip } from '../../../src-main/extract/zip'
import { claimName, sweepAbandoned } from '../../../src-main/sinks/claim'
import { namedIso } from '../../images/named-iso'
import { openBytes } from '../../images/open-bytes'
import { temporaryFolder } from '../support'

let folder: string

beforeEach(() => {
  vi.restoreAllMocks()
  folder = temporaryFolder()
})

describe('a claimed name', () => {
  it('is left alone while its process works, and swept up afterwards', () => {
    const claim = claimName(folder)
    fs.mkdirSync(path.join(folder, claim.name))
    fs.writeFileSync(path.join(folder, `${claim.name}-removed`), '')
    const before = fs.readdirSync(folder)
    expect(before).toHaveLength(3)
    sweepAbandoned(folder)
    expect(fs.readdirSync(folder)).toEqual(before)
    claim.release()
    expect(fs.readdirSync(folder)).toEqual([claim.name, `${claim.name}-removed`])
  })

  it.runIf(fs.existsSync('/proc/self/fd'))(
    'leaves no lock behind on Windows, which removes no file that is open',
    () => {
      vi.stubGlobal('process', Object.create(process, { platform: { value: 'win32' } }))
      onTestFinished(() => void vi.unstubAllGlobals())
      const isOpen: boolean[] = []
      const unlink = fs.unlinkSync
      vi.spyOn(fs, 'unlinkSync').mockImplementation((name) => {
        const descriptors = fs.readdirSync('/proc/self/fd').map((one) => {
          try {
            return fs.readlinkSync(`/proc/self/fd/${one}`)
          } catch {
            return ''
          }
        })
        isOpen.push(descriptors.includes(String(name)))
        unlink(name)
      })
      claimName(folder).release()
      expect(isOpen).toEqual([false])
      expect(fs.readdirSync(folder)).toEqual([])
    },
  )

  it('of a process in another namespace is left alone, and swept up once it was killed', async ({ skip }) => {
    // A process that holds a lock as a claim does, with process numbers of its own.
    const lock = path.join(folder, `.isolde-0123456789ab.${fs.statSync(folder).ino}.lock`)
    const stage = path.join(folder, '.isolde-0123456789ab')
    fs.mkdirSync(stage)
    fs.writeFileSync(lock, '')
    const holding = `const d = new (require('node:sqlite').DatabaseSync)(${JSON.stringify(lock)})
      d.exec('BEGIN EXCLUSIVE'); console.log('held'); setInterval(() => d, 1000)`
    const apart = ['--user', '--map-root-user', '--pid', '--fork', '--kill-child']
    if (spawnSync('unshare', [...apart, 'true']).status !== 0) return skip('needs unshare')
    const child = spawn('unshare', [...apart, process.execPath, '-e', holding], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    onTestFinished(() => {
      child.kill('SIGKILL')
    })
    await once(child.stdout, 'data')
    sweepAbandoned(folder)
    expect(fs.existsSync(stage)).toBe(true)
    child.kill('SIGKILL')
    await expect.poll(() => (sweepAbandoned(folder), fs.readdirSync(folder))).toEqual([])
  })

  it('is not to be had by a name alone: what an image holds stays', async () => {
    const tree = {
      '.isolde-0123456789ab': { f: 'x' },
      '.isolde-0123456789ab.12.lock': '',
      '.isolde-99999999-0123456789ab': 'x',
      '.isolde-job-1': { g: 'y' },
    }
    const table = await (await openBytes(namedIso(tree))).view('rock-ridge').readTree()
    const request = { table, selection: { paths: null }, layout: { kind: 'full' }, control: UNCONTROLLED } as const
    await extract({ ...request, destination: folder, conflicts: 'fail' })
    await extract({ ...request, destination: folder, conflicts: 'rename', folder: 'again' })
    await extractZip({ ...request, target: path.join(folder, 'x.zip') })
    expect(fs.readdirSync(folder).sort()).toEqual([...Object.keys(tree), 'again', 'x.zip'].sort())
    expect(fs.readFileSync(path.join(folder, '.isolde-0123456789ab', 'f'), 'utf8')).toBe('x')
  })

  it('is given where nothing can be locked, and then never swept up', () => {
    vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined)
    const claim = claimName(folder)
    fs.mkdirSync(path.join(folder, claim.name))
    vi.restoreAllMocks()
    sweepAbandoned(folder)
    expect(fs.readdirSync(folder)).toEqual([claim.name])
  })
})

describe('a process out of descriptors', () => {
  it('leaves nothing, whichever one is refused', async () => {
    const tree = { a: { b: { c: 'c' } }, d: 'd' }
    const table = await (await openBytes(namedIso(tree))).view('rock-ridge').readTree()
    const request = { table, selection: { paths: null }, layout: { kind: 'full' }, control: UNCONTROLLED } as const
    const open = fs.openSync
    let refusedCount = 0
    for (const make of ['new', 'existing', 'zip'] as const)
      for (let at = 0; ; at++) {
        const destination = path.join(folder, `${make}${at}`)
        if (make === 'existing') fs.mkdirSync(destination)
        const calls = { count: 0 }
        const spy = vi.spyOn(fs, 'openSync').mockImplementation((...parameters) => {
          if (calls.count++ < at) return open(...parameters)
          throw Object.assign(new Error('EMFILE: too many open files'), { code: 'EMFILE' })
        })
        const work =
          make === 'zip'
            ? extractZip({ ...request, target: destination })
            : extract({ ...request, destination, conflicts: 'fail' })
        const failure = await work.then(
          () => null,
          (error: unknown) => error,
        )
        spy.mockRestore()
        // It needs no more of them than it was given.
        if (calls.count <= at) {
          expect(failure).toBe(null)
          break
        }
        refusedCount++
        expect(failure).not.toBe(null)
        if (make === 'existing') expect(fs.readdirSync(destination)).toEqual([])
        else expect(fs.existsSync(destination)).toBe(false)
        expect(fs.readdirSync(folder).filter((name) => name.startsWith('.isolde'))).toEqual([])
      }
    expect(refusedCount).toBeGreaterThan(10)
  })
})
