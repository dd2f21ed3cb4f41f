import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { isRunning } from '../../../src-main/sinks/running'
import { SAMPLE, treeOf } from '../support'
import { folders, RunningDesktop, type Folders } from './run-desktop'
import { sampleFiles } from './sample-files'

/** The file manager's actions, given to the built program on the stand-in for Electron, with its real engine. */

function copiesOfSample(own: Folders, ...names: string[]): string[] {
  return names.map((name) => {
    const image = path.join(own.home, name)
    fs.copyFileSync(SAMPLE, image)
    return image
  })
}

/** Waits until it is so, without a program to ask. */
async function eventually(isSo: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 15_000; !isSo(); await new Promise((resolve) => setTimeout(resolve, 20)))
    if (Date.now() > deadline) throw new Error(`Waited in vain: ${isSo.toString()}`)
}

describe('--extract-here', () => {
  it('takes several images as one queue, writes what is on each, and ends', async () => {
    const own = folders()
    const images = copiesOfSample(own, 'a.iso', 'b.iso', 'c.iso')
    const app = new RunningDesktop(['--extract-here', ...images], own)
    const seen = await app.evaluate(async ({ windows, until }) => {
      const [window] = await until(windows, (all) => all.length > 0)
      return {
        address: window!.webContents.getURL(),
        preferences: window!.webPreferences,
        engine: await until(
          () => window!.getTitle(),
          (title) => title.includes('of 3'),
        ),
      }
    })
    expect(seen.preferences).toMatchObject({ sandbox: true, contextIsolation: true, nodeIntegration: false })
    expect(await app.ended).toBe(0)
    expect(fs.readdirSync(own.home).filter((name) => !name.startsWith('.'))).toEqual([
      'a',
      'a.iso',
      'b',
      'b.iso',
      'c',
      'c.iso',
    ])
    const source = treeOf(await sampleFiles())
    expect(Object.keys(source).length).toBeGreaterThan(5)
    for (const name of ['a', 'b', 'c']) expect(treeOf(path.join(own.home, name))).toEqual(source)
    expect(fs.readdirSync(own.temporary)).toEqual([])
  })

  it('given by one start for each file is still one queue, in one window', async () => {
    const own = folders()
    const images = copiesOfSample(own, 'a.iso', 'b.iso', 'c.iso', 'd.iso')
    const apps = images.map((image) => new RunningDesktop(['--extract-here', image], own))
    expect(await Promise.all(apps.map(({ ended }) => ended))).toEqual([0, 0, 0, 0])
    const source = treeOf(await sampleFiles())
    for (const name of ['a', 'b', 'c', 'd']) expect(treeOf(path.join(own.home, name))).toEqual(source)
    // A name that is taken would have got a number.
    expect(fs.readdirSync(own.home).filter((name) => !name.startsWith('.'))).toHaveLength(8)
  })

  it('is done by the program that is open, without a window more', async () => {
    const own = folders()
    const [image = ''] = copiesOfSample(own, 'disc.iso')
    const first = new RunningDesktop([], own)
    await first.evaluate(async ({ page }) => {
      await page()
    })
    expect(await new RunningDesktop(['--extract-here', image], own).ended).toBe(0)
    await eventually(() => fs.existsSync(path.join(own.home, 'disc')))
    const seen = await first.evaluate(async ({ page, windows, until }) => {
      const own = await page()
      const { jobs } = await own.call('job.list', {})
      await until(() =>
        own.received.some(
          (message) =>
            (message as { payload?: { state?: string } }).payload?.state === 'done' || jobs[0]?.state === 'done',
        ),
      )
      return windows().map(({ webContents }) => webContents.getURL())
    })
    expect(seen).toEqual(['app://isolde/index.html'])
    expect(treeOf(path.join(own.home, 'disc'))).toEqual(treeOf(await sampleFiles()))
  })

  it('stays for an error, and tells by its exit code once that is closed', async () => {
    const own = folders()
    const image = path.join(own.home, 'text.iso')
    fs.writeFileSync(image, 'Not an image.\n')
    const app = new RunningDesktop(['--extract-here', image], own)
    const view = await app.evaluate(async ({ page, until, wait }) => {
      const { received, isolde } = await page()
      const last = await until(
        () => received.at(-1) as { isDone?: boolean; isBad?: boolean; lines?: string[] } | undefined,
        (view) => view?.isDone === true,
      )
      await wait(1500)
      setTimeout(() => {
        isolde.post({ type: 'command', id: 1, name: 'close', input: {} })
      }, 50)
      return last
    })
    expect(view).toMatchObject({ isDone: true, isBad: true })
    expect(view?.lines?.join()).toMatch(/^text\.iso: ./)
    expect(await app.ended).toBe(1)
  })

  it('leaves nothing half done when it is cancelled', async () => {
    const own = folders()
    const images = copiesOfSample(own, ...Array.from({ length: 30 }, (_, number) => `disc-${number}.iso`))
    const app = new RunningDesktop(['--extract-here', ...images], own)
    await app.evaluate(async ({ page }) => {
      const { isolde } = await page()
      isolde.post({ type: 'cancel', id: 0 })
    })
    expect(await app.ended).toBe(0)
    const made = fs.readdirSync(own.home).filter((name) => !name.startsWith('.') && !name.endsWith('.iso'))
    expect(made.length).toBeLessThan(30)
    const source = treeOf(await sampleFiles())
    for (const name of made) expect(treeOf(path.join(own.home, name))).toEqual(source)
  })

  it('that comes while the program ends is done by the next one', async () => {
    const own = folders()
    const [one = '', two = ''] = copiesOfSample(own, 'one.iso', 'two.iso')
    const first = new RunningDesktop(['--extract-here', one], own)
    await first.evaluate(({ app, preventable }, image) => {
      app.once('before-quit', () => {
        const launch = { action: 'extract-here', images: [image], destination: null }
        app.emit('second-instance', preventable(), [], '/', { launch })
      })
    }, two)
    expect(await first.ended).toBe(0)
    await eventually(() => fs.existsSync(path.join(own.home, 'two')))
    await eventually(() => !fs.existsSync(path.join(own.profile, 'SingletonLock')))
    expect(treeOf(path.join(own.home, 'two'))).toEqual(treeOf(await sampleFiles()))
  })
})

describe('the other actions', () => {
  it('--extract-to writes into the folder that is named, from wherever it is started', async () => {
    const own = folders()
    copiesOfSample(own, 'disc.iso')
    const app = new RunningDesktop(['--extract-to', 'out', 'disc.iso'], own, { cwd: own.home })
    expect(await app.ended).toBe(0)
    expect(treeOf(path.join(own.home, 'out'))).toEqual(treeOf(await sampleFiles()))
  })

  it('--verify says what it found and waits until that is read', async () => {
    const own = folders()
    const [image = ''] = copiesOfSample(own, 'disc.iso')
    const app = new RunningDesktop(['--verify', image], own)
    const view = await app.evaluate(async ({ page, until, windows }) => {
      const { received } = await page()
      const last = await until(
        () => received.at(-1) as { isDone?: boolean; lines?: string[] } | undefined,
        (view) => view?.isDone === true,
      )
      setTimeout(() => windows()[0]?.close(), 50)
      return last
    })
    expect(view?.lines?.join()).toContain('has no checksums')
    expect(await app.ended).toBe(0)
  })

  it('quitting over one waits for the engine, which goes on with it at the next start', async () => {
    const own = folders()
    const images = copiesOfSample(own, 'a.iso', 'b.iso')
    const app = new RunningDesktop(['--extract-here', ...images], own)
    const engine = await app.evaluate(async ({ app, page, answers, utilityProcesses }) => {
      await page()
      answers.button = 0
      setTimeout(() => {
        app.quit()
      }, 1)
      return utilityProcesses[0]?.pid ?? 0
    })
    expect(await app.ended).toBe(0)
    expect(isRunning(engine)).toBe(false)
  })
})
