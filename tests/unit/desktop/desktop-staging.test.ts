import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { isStaged, readPaths } from '../../../src-main/desktop/drag-out'
import { isRunning } from '../../../src-main/sinks/running'
import { SAMPLE, temporaryFolder, treeOf } from '../support'
import { folders, RunningDesktop } from './run-desktop'
import { sampleFiles } from './sample-files'

/** Copies for other programs: what the built program on the stand-in for Electron does with them. */

/** Stages by name, over the page's line. */
function stage(app: RunningDesktop, names: string[], byteLimit?: number) {
  return app.evaluate(
    async ({ page }, { image, names, byteLimit }) => {
      const own = await page()
      const opened = await own.call('image.open', { location: { kind: 'path', path: image, inside: [] } })
      const view = { image: opened.image, generation: opened.generation, view: 'rock-ridge' }
      const entries: number[] = []
      for (const name of names) entries.push((await own.call('entry.resolve', { ...view, path: name })).entry)
      return own.call('entry.stage', { ...view, entries, ...(byteLimit === undefined ? {} : { byteLimit }) })
    },
    { image: SAMPLE, names, byteLimit },
  )
}

const staged = (folder: string): string[] => fs.readdirSync(folder).filter((name) => name.startsWith('isolde-open-'))

describe('copies for other programs', () => {
  it('are dragged with an icon, opened by their program, and nothing else is', async () => {
    const own = folders()
    const app = new RunningDesktop([], own)
    const { paths } = await stage(app, ['Welcome.txt', 'Recipes'])
    const source = await sampleFiles()
    const names = paths.map((file) => path.basename(file)).toSorted()
    expect(names).toEqual(['Recipes', 'Welcome.txt'])
    const folder = path.dirname(paths[0] ?? '')
    expect(treeOf(path.join(folder, 'Recipes'))).toEqual(treeOf(path.join(source, 'Recipes')))
    // Nobody else on this computer reads them.
    expect(fs.statSync(folder).mode & 0o077).toBe(0)
    fs.symlinkSync('/etc/passwd', path.join(folder, 'link'))
    const seen = await app.evaluate(
      async ({ page, windows, asked, wait }, { paths, folder }) => {
        const { desktop } = (await page()).isolde
        desktop?.startDrag(paths)
        desktop?.startDrag(['/etc/passwd', `${folder}/../../../etc/passwd`, `${folder}/link`])
        desktop?.startDrag('/etc/passwd' as never)
        const opened = await desktop?.openWithProgram(paths[0] ?? '')
        const refused = await desktop?.openWithProgram(`${folder}/link`)
        await wait(100)
        return { drags: windows()[0]?.webContents.drags, opened, refused, asked }
      },
      { paths, folder },
    )
    expect(seen.drags?.map(({ files }) => files)).toEqual([paths])
    expect(fs.statSync(seen.drags?.[0]?.icon ?? '').size).toBeGreaterThan(500)
    expect(seen.opened).toBe('')
    expect(seen.refused).toContain('Only copies')
    expect(seen.asked.filter(({ what }) => what === 'open')).toEqual([{ what: 'open', details: paths[0] }])
  })

  it('are not written where they would be larger than the settings allow', async () => {
    const own = folders()
    const app = new RunningDesktop([], own)
    const size = fs.statSync(path.join(await sampleFiles(), 'Welcome.txt')).size
    expect(await stage(app, ['Welcome.txt'], size - 1)).toEqual({ paths: [], isExecutable: false, isTooLarge: true })
    const files = fs.readdirSync(own.temporary, { recursive: true, withFileTypes: true })
    expect(files.filter((file) => file.isFile())).toEqual([])
    expect(await stage(app, ['Welcome.txt'], size)).toMatchObject({ isTooLarge: false })
    // A folder counts with everything in it.
    expect(await stage(app, ['Recipes'], 1)).toMatchObject({ isTooLarge: true })
    const settings = await app.evaluate(async ({ page }) => (await page()).call('settings.get', {}))
    expect(settings.stageDragByteLimit).toBe(256e6)
  })

  it('stay when they have been dropped, and go at quit', async () => {
    const own = folders()
    const app = new RunningDesktop([], own)
    const { paths } = await stage(app, ['Welcome.txt'])
    await app.evaluate(async ({ page, wait }, paths) => {
      const { desktop } = (await page()).isolde
      desktop?.startDrag(paths)
      await wait(300)
    }, paths)
    expect(fs.existsSync(paths[0] ?? '')).toBe(true)
    await app.evaluate(({ app }) => {
      setImmediate(() => {
        app.quit()
      })
    })
    expect(await app.ended).toBe(0)
    expect(staged(own.temporary)).toEqual([])
  })

  it('that a program which was killed has left go at the next start', async () => {
    const own = folders()
    const first = new RunningDesktop([], own)
    await stage(first, ['Welcome.txt'])
    const engine = await first.evaluate(({ utilityProcesses }) => utilityProcesses[0]?.pid ?? 0)
    first.kill()
    await first.ended
    // The system takes the engine along, a moment later.
    await expect.poll(() => isRunning(engine)).toBe(false)
    expect(staged(own.temporary)).toHaveLength(1)
    const second = new RunningDesktop([], own)
    await second.evaluate(async ({ page }) => {
      await (await page()).call('engine.hello', {})
    })
    expect(staged(own.temporary)).toEqual([])
  })
})

describe('what a page may have opened or dragged', () => {
  it('is only what was staged, wherever a link leads', () => {
    const temporary = temporaryFolder()
    const elsewhere = path.join(temporaryFolder(), 'secret')
    fs.writeFileSync(elsewhere, 'x')
    const folder = path.join(temporary, 'isolde-open-12-abc')
    fs.mkdirSync(folder)
    const file = path.join(folder, 'x.txt')
    fs.writeFileSync(file, 'x')
    fs.symlinkSync(elsewhere, path.join(folder, 'out'))
    fs.symlinkSync('x.txt', path.join(folder, 'within'))
    expect(isStaged(file, temporary)).toBe(true)
    expect(isStaged(path.join(folder, 'within'), temporary)).toBe(true)
    expect(isStaged(path.join(folder, 'out'), temporary)).toBe(false)
    expect(isStaged(path.join(folder, 'missing'), temporary)).toBe(false)
    expect(isStaged(`${folder}/../../secret`, temporary)).toBe(false)
    expect(isStaged(elsewhere, temporary)).toBe(false)
    expect(readPaths(['/etc/passwd', 5, 'relative'])).toEqual([])
    expect(readPaths('x')).toEqual([])
  })
})
