import { spawn, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import zlib from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { isolde as runIsolde, type Ran } from '../cli/command-line'
import { SAMPLE, temporaryFolder, treeOf } from '../support'
import { whyNotMountable } from './mountable'

const whyNot = whyNotMountable()
const skipped = whyNot === null ? '' : ` (skipped: ${whyNot})`

interface Place {
  isolde: (...args: string[]) => Ran
  folder: string
  environment: NodeJS.ProcessEnv
}

/** A place for notes of its own; whatever is still mounted goes with the test. */
function place(): Place {
  const folder = temporaryFolder()
  const environment = { XDG_RUNTIME_DIR: folder }
  const isolde = (...args: string[]): Ran => runIsolde(args, { env: environment })
  onTestFinished(() => {
    for (const { mountPoint } of isolde('mounts', '--json').rows)
      spawnSync('fusermount3', ['-u', '-z', String(mountPoint)])
  })
  return { isolde, folder, environment }
}

function unpacked(name: string): string {
  const file = path.join(temporaryFolder(), name)
  fs.writeFileSync(file, zlib.zstdDecompressSync(fs.readFileSync(`tests/images/${name}.zst`)))
  return file
}

const until = async (isSo: () => boolean): Promise<void> => {
  for (let tries = 0; tries < 500 && !isSo(); tries++) await new Promise((resolve) => setTimeout(resolve, 20))
  expect(isSo()).toBe(true)
}

describe.skipIf(whyNot !== null)(`isolde mount${skipped}`, () => {
  it('mounts in the background, lists it, and unmounts by the image', () => {
    const { isolde, folder } = place()
    const mounted = isolde('mount', SAMPLE)
    expect(mounted.stderr).toBe('')
    expect(mounted.status).toBe(0)
    const point = mounted.stdout.trimEnd()
    expect(point).toBe(path.join(fs.realpathSync(folder), 'isolde-mounts', 'sample'))
    expect(fs.readdirSync(point)).toContain('Recipes')
    const [row] = isolde('mounts', '--json').rows
    expect(row).toMatchObject({ mountPoint: point, path: fs.realpathSync(SAMPLE), view: 'rock-ridge', inside: [] })
    expect(isolde('unmount', SAMPLE).status).toBe(0)
    expect(fs.existsSync(point)).toBe(false)
    expect(isolde('mounts').stdout).toBe('')
    expect(isolde('unmount', SAMPLE)).toMatchObject({ status: 4 })
  })

  it.each(['bridge.iso', 'deep.iso', 'zisofs.iso', 'udf201.img', 'hfsplus.iso'])(
    'shows of %s what extraction writes, in every view',
    (name) => {
      const { isolde, folder } = place()
      const image = unpacked(name)
      const views = (isolde('info', image, '--json').rows[0]?.views ?? []) as { id: string }[]
      expect(views.length).toBeGreaterThan(0)
      for (const { id } of views) {
        const [at, to] = [path.join(folder, 'at'), temporaryFolder()]
        expect(isolde('mount', image, '--view', id, '--at', at)).toMatchObject({ status: 0, stderr: '' })
        isolde('extract', image, '--view', id, '--to', to, '--quiet')
        expect(treeOf(at)).toEqual(treeOf(to))
        expect(isolde('unmount', at)).toMatchObject({ status: 0, stderr: '' })
        expect(fs.existsSync(at)).toBe(false)
      }
    },
    60_000,
  )

  it('mounts where it is told to, and not where something is', () => {
    const { isolde, folder } = place()
    const [at, full, file] = ['at', 'full', 'file'].map((name) => path.join(folder, name)) as [string, string, string]
    fs.mkdirSync(at)
    fs.mkdirSync(full)
    fs.writeFileSync(path.join(full, 'x'), '')
    fs.writeFileSync(file, '')
    expect(isolde('mount', SAMPLE, '--at', at)).toMatchObject({ status: 0 })
    const refused = (where: string): Ran => isolde('mount', SAMPLE, '--at', where)
    expect(refused(at)).toMatchObject({ status: 4, stderr: expect.stringContaining('mounted on') as string })
    expect(refused(full)).toMatchObject({ status: 4, stderr: expect.stringContaining('is not empty') as string })
    expect(refused(file)).toMatchObject({ status: 4, stderr: expect.stringContaining('is not a folder') as string })
    expect(refused('/nowhere/at/all')).toMatchObject({ status: 4 })
    expect(isolde('mount', '/nowhere.iso')).toMatchObject({ status: 4 })
    expect(isolde('mount', file)).toMatchObject({ status: 3 })
    expect(isolde('mount', SAMPLE, '--view', 'udf')).toMatchObject({ status: 2 })
    expect(isolde('mount')).toMatchObject({ status: 2 })
    expect(isolde('mounts').stdout.trimEnd().split('\n')).toHaveLength(1)
    expect(isolde('unmount', at).status).toBe(0)
    expect(fs.existsSync(at)).toBe(true)
  })

  it('names what keeps it busy', () => {
    const { isolde } = place()
    const point = isolde('mount', SAMPLE).stdout.trimEnd()
    const descriptor = fs.openSync(path.join(point, 'Welcome.txt'), 'r')
    const busy = isolde('unmount', point)
    expect(busy.status).toBe(4)
    expect(busy.stderr).toContain('has something open on it')
    fs.closeSync(descriptor)
    expect(isolde('unmount', point).status).toBe(0)
  })

  it('clears away what a crash has left', async () => {
    const { isolde } = place()
    const { rows } = isolde('mount', SAMPLE, '--json')
    const point = String(rows[0]?.mountPoint)
    process.kill(Number(rows[0]?.pid), 'SIGKILL')
    const isDead = (): boolean => {
      try {
        fs.readdirSync(point)
        return false
      } catch (error) {
        return (error as NodeJS.ErrnoException).code === 'ENOTCONN'
      }
    }
    await until(isDead)
    expect(isolde('mounts')).toMatchObject({ status: 0, stdout: '' })
    expect(fs.existsSync(point)).toBe(false)
    expect(isolde('mount', SAMPLE).stdout.trimEnd()).toBe(point)
  })

  it.each(['SIGINT', 'SIGTERM'] as const)('unmounts on %s', async (signal) => {
    const { isolde, environment } = place()
    const child = spawn(process.execPath, ['bin/isolde.mjs', 'mount', '--foreground', SAMPLE], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, ISOLDE_HOME: '/dev/null/nowhere', ...environment },
    })
    const ended = new Promise((resolve) => child.once('exit', resolve))
    const point = await new Promise<string>((resolve) => {
      child.stdout.once('data', (text: Buffer) => {
        resolve(text.toString().trimEnd())
      })
    })
    expect(fs.readdirSync(point)).toContain('Recipes')
    child.kill(signal)
    expect(await ended).toBe(0)
    expect(fs.existsSync(point)).toBe(false)
    expect(isolde('mounts').stdout).toBe('')
  })

  it('reads what is lost as an error, and what comes before it as it is', () => {
    const { isolde, folder } = place()
    const data = fs.readFileSync(SAMPLE)
    const image = path.join(folder, 'cut.iso')
    // In the middle of Pictures/Disc.png, of which everything behind lies further on.
    fs.writeFileSync(image, data.subarray(0, 81920 + 10_000))
    const point = isolde('mount', image).stdout.trimEnd()
    const cat = spawnSync('cat', [path.join(point, 'Pictures/Disc.png')])
    expect(cat.stdout.equals(data.subarray(81920, 91920))).toBe(true)
    expect(cat.stderr.toString()).toMatch(/Input\/output error/)
    expect(() => fs.readFileSync(path.join(point, 'Welcome.txt'))).toThrow(/EIO/)
    expect(() => fs.writeFileSync(path.join(point, 'new'), '')).toThrow(/EROFS/)
    expect(isolde('unmount', image).status).toBe(0)
  })

  it('enters images inside images', () => {
    const { isolde, folder } = place()
    const outer = path.join(folder, 'outer.iso')
    expect(isolde('create', outer, SAMPLE).status).toBe(0)
    const mounted = isolde('mount', outer, '--inside', 'sample.iso')
    expect(mounted.status).toBe(0)
    expect(fs.readdirSync(mounted.stdout.trimEnd())).toContain('Recipes')
    expect(isolde('unmount', outer).status).toBe(0)
  })
})
