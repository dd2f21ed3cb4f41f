import { copyFile, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { closeSmall, findElectron, NO_ELECTRON, RunningElectron, spawnElectron } from '../e2e/support/electron'
import { SAMPLE, writeSampleFiles } from '../e2e/support/samples'
import { environment, expect, test } from '../e2e/support/test'
import { IsoldeWindow } from '../e2e/support/window'

/** What the window does on a desktop alone, or what only Electron itself can show of it. */

test.skip(findElectron() === null, NO_ELECTRON)

test.beforeEach(async ({ folders }) => {
  await copyFile(SAMPLE, join(folders.downloads, 'sample.iso'))
})

test('a path is copied to the clipboard, which no page may read', async ({ app }) => {
  await app.left.openRow('sample.iso')
  await app.right.row('Welcome.txt').click()
  await app.press('Control+Shift+c')
  await app.press('Control+k')
  await app.press('Control+v')
  await expect(app.dialog.getByRole('combobox')).toHaveValue('Welcome.txt')
  const reading = app.page.evaluate(() => navigator.clipboard.readText())
  await expect(reading).rejects.toThrow('NotAllowedError')
})

test('the image of a start is opened once, however often its page is loaded', async ({ start, folders }) => {
  const app = await start({ images: [join(folders.downloads, 'sample.iso')] })
  await expect(app.right.row('Welcome.txt')).toBeVisible()
  await app.press('Control+w')
  await expect(app.right.tab('sample.iso')).toHaveCount(0)
  await app.page.reload()
  await app.isReady()
  await expect(app.left.row('sample.iso')).toBeVisible()
  await expect(app.right.tab('sample.iso')).toHaveCount(0)
})

test('an engine that is killed is replaced, and the window goes on', async ({ app, killEngine }) => {
  await app.left.openRow('sample.iso')
  await expect(app.right.row('Welcome.txt')).toBeVisible()
  await killEngine()
  await expect(app.toasts.first()).toBeVisible()
  await app.left.openRow('sample.iso')
  await expect(app.right.row('Welcome.txt')).toBeVisible()
})

test('what is held down is copied for a drag, and gone after the end', async ({ app, folders, end }) => {
  await writeSampleFiles(join(folders.home, 'Source'))
  await app.left.openRow('sample.iso')
  await app.right.row('Welcome.txt').locator('.label').hover()
  await app.page.mouse.down()
  const staged = async (): Promise<string[]> =>
    (await readdir(folders.temporary, { recursive: true })).filter((name) => name.endsWith('Welcome.txt'))
  await expect.poll(staged).toHaveLength(1)
  const [copy = ''] = await staged()
  const original = await readFile(join(folders.home, 'Source', 'Welcome.txt'))
  await expect.poll(() => readFile(join(folders.temporary, copy))).toEqual(original)
  await app.page.mouse.up()
  await end()
  await expect.poll(staged).toEqual([])
})

test('the small window and the window stand beside each other', async ({ folders }) => {
  const image = join(folders.downloads, 'sample.iso')
  const app = await RunningElectron.start(['--verify', image], environment(folders))
  const small = await app.page('verbs')
  await expect(small.getByRole('status')).toContainText('sample.iso')
  spawnElectron([image], environment(folders))
  const window = new IsoldeWindow(await app.page())
  await expect(window.right.row('Welcome.txt')).toBeVisible()
  await closeSmall(small)
  await expect.poll(() => app.pages.map((page) => new URL(page.url()).host)).toEqual(['isolde'])
  await window.left.focus()
  await app.close()
})
