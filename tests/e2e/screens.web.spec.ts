import { copyFile, mkdir, readFile, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SAMPLE } from './support/samples'
import { expect, test, type Folders } from './support/test'
import { writeTinyIso } from './support/tiny-iso'

/**
 * Pictures of the window, for the documentation and for whoever judges a change by eye. They go into the test's own
 * results; with `ISOLDE_SCREENS=1` into docs/screens, to be committed.
 */
const isForDocs = process.env.ISOLDE_SCREENS === '1'
const DOCS = join(import.meta.dirname, '../../docs/screens')

async function furnish({ home, downloads }: Folders): Promise<void> {
  for (const name of ['Documents', 'Music', 'Pictures']) await mkdir(join(home, name))
  for (const name of ['From the attic', 'Magazine covers']) await mkdir(join(downloads, name))
  const sample = await readFile(SAMPLE)
  await copyFile(SAMPLE, join(downloads, 'Isolde sample.iso'))
  await writeFile(join(downloads, 'half a download.iso'), sample.subarray(0, 84_000))
  await writeTinyIso(join(downloads, 'backup 2019-04.iso'), 'BACKUP.TAR', 3_800_000_000)
  await writeFile(join(downloads, 'packing list.txt'), 'socks\n'.repeat(90))
  await writeFile(join(downloads, 'tickets.pdf'), Buffer.alloc(184_220))
  for (const [index, name] of [
    'From the attic',
    'Magazine covers',
    'tickets.pdf',
    'packing list.txt',
    'backup 2019-04.iso',
  ].entries()) {
    const time = new Date(Date.now() - (index + 1) * 7.3 * 86_400_000)
    await utimes(join(downloads, name), time, time)
  }
}

for (const [size, viewport] of [
  ['', { width: 1280, height: 800 }],
  ['-large', { width: 2560, height: 1440 }],
] as const) {
  for (const scheme of ['light', 'dark'] as const) {
    test.describe(`${scheme}${size}`, () => {
      test.use({ colorScheme: scheme, viewport })

      test('pictures', async ({ start, folders }, testInfo) => {
        await furnish(folders)
        const shoot = async (app: Awaited<ReturnType<typeof start>>, name: string, isKept: boolean) => {
          await app.page.evaluate(() => document.fonts.ready)
          const file = `${name}-${scheme}${size}.png`
          await app.page.screenshot({
            path: isForDocs && isKept ? join(DOCS, file) : testInfo.outputPath(file),
            animations: 'disabled',
          })
        }
        const app = await start()
        await expect(app.left.row('Isolde sample.iso')).toBeVisible()
        await shoot(app, 'start', size === '')

        await app.left.openRow('Isolde sample.iso')
        await expect(app.right.row('Recipes')).toBeVisible()
        await app.right.row('Recipes').click()
        await app.right.row('Welcome.txt').click({ modifiers: ['Control'] })
        await shoot(app, 'main', true)

        await app.press('F3')
        await expect(app.preview.getByRole('region')).toBeVisible()
        await shoot(app, 'preview', size === '' && scheme === 'dark')
        await app.press('F3')

        await app.press('F5')
        await expect(app.toasts).toBeVisible()
        await shoot(app, 'extracted', false)
        await app.press('F5')
        await expect(app.conflict).toBeVisible()
        await shoot(app, 'conflict', size === '' && scheme === 'light')
        await app.conflict.getByRole('button', { name: 'Cancel the job' }).click()
        await expect(app.conflict).toBeHidden()
        await app.press('Control+j')
        await shoot(app, 'queue', false)
        await app.press('Control+j')
        await app.left.openRow('half a download.iso')
        await expect(app.left.grid.or(app.left.message)).toBeVisible()
        await shoot(app, 'damaged', false)
        await app.press('Control+k')
        await expect(app.dialog.getByRole('option').first()).toBeVisible()
        await shoot(app, 'palette', false)
      })
    })
  }
}
