import type { Locator } from '@playwright/test'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdir, readFile, rename, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { namedIso, type NamedTree } from '../images/named-iso'
import { findings } from './support/axe'
import { expect, test, type Folders } from './support/test'
import type { IsoldeWindow, PaneObject } from './support/window'

async function write(folder: string, name: string, tree: NamedTree, volumeId = 'DISC'): Promise<string> {
  await mkdir(folder, { recursive: true })
  const file = join(folder, name)
  await writeFile(file, namedIso(tree, volumeId))
  return file
}

/** A page's rows, by what stands in them. */
function lines(pane: PaneObject, text: string | RegExp): Locator {
  return pane.grid.locator('.rows > [role=row]').filter({ hasText: text })
}

async function openBoth(app: IsoldeWindow, left: string, right: string): Promise<void> {
  await app.left.focus()
  await app.goTo(app.left, left)
  await expect(app.left.rows.first()).toBeVisible()
  await app.right.focus()
  await app.goTo(app.right, right)
  await expect(app.right.rows.first()).toBeVisible()
}

async function discs(folders: Folders): Promise<{ here: string; away: string }> {
  const here = await write(join(folders.home, 'shelf'), 'here.iso', {
    'Übersicht.txt': 'here',
    same: 'same',
    changed: 'a',
  })
  const away = await write(join(folders.home, 'stick'), 'away.iso', {
    docs: { 'ÜBERSICHT 2.txt': 'away' },
    same: 'same',
    changed: 'ab',
    fresh: 'x',
  })
  return { here, away }
}

test('a search goes over images of which one is away, and what it found can be opened, previewed and extracted', async ({
  app,
  folders,
}) => {
  const { here, away } = await discs(folders)
  await openBoth(app, here, away)
  await expect(app.right.row('docs')).toBeVisible()
  await app.right.focus()
  await app.run('Downloads')
  await expect(app.right.tab('Downloads')).toBeVisible()
  await rename(join(folders.home, 'stick'), join(folders.home, 'unplugged'))

  await app.left.focus()
  await app.press('Alt+F7')
  await app.left.element.getByRole('textbox', { name: 'Search for' }).fill('übersicht')
  await expect(app.left.rows).toHaveCount(2)
  await expect(lines(app.left, 'ÜBERSICHT 2.txt')).toContainText('Offline')
  expect(await findings(app.page)).toEqual([])

  // A filter narrows it down while one types.
  await app.left.element.getByLabel('At least').fill('1k')
  await expect(app.left.message).toContainText('Nothing is called')
  await app.left.element.getByLabel('At least').fill('')
  await expect(app.left.rows).toHaveCount(2)

  await app.left.row('Übersicht.txt').click()
  await app.press('F3')
  await expect(app.inside.getByRole('region')).toContainText('here')
  await app.press('F5')
  await expect.poll(() => readFile(join(folders.downloads, 'Übersicht.txt'), 'utf8').catch(() => '')).toBe('here')

  // The one that is away opens as it is remembered, at the place that was found.
  await app.left.openRow('ÜBERSICHT 2.txt')
  await expect(app.page.getByText('This image is offline.')).toBeVisible()
  await expect(app.left.row('ÜBERSICHT 2.txt')).toBeVisible()
})

test('the library lists every image, keeps what one says of it, and forgets', async ({ app, folders, start, end }) => {
  const { here, away } = await discs(folders)
  await openBoth(app, here, away)
  await rename(join(folders.home, 'stick'), join(folders.home, 'unplugged'))
  await app.left.focus()
  await app.run('Library')
  await expect(lines(app.left, 'here.iso')).toContainText('Online')
  await expect(lines(app.left, 'away.iso')).toContainText('Offline')
  await lines(app.left, 'away.iso').click()
  const facts = app.left.element.getByRole('region', { name: 'away.iso' })
  await facts.getByLabel('Tags').fill('attic, 2003')
  await facts.getByLabel('Notes').fill('In the blue box')
  await facts.getByLabel('Group').fill('Old discs')
  await facts.getByLabel('Group').press('Tab')
  await expect(lines(app.left, 'away.iso')).toContainText('attic')
  expect(await findings(app.page)).toEqual([])
  await app.left.element.getByRole('searchbox').fill('blue box')
  await expect(lines(app.left, 'here.iso')).toHaveCount(0)
  await expect(lines(app.left, 'away.iso')).toBeVisible()

  await end()
  const again = await start()
  await expect(lines(again.left, 'away.iso')).toContainText('2003')
  await lines(again.left, 'here.iso').click()
  await again.left.element.getByRole('button', { name: 'Forget', exact: true }).click()
  await again.dialog.getByRole('button', { name: 'Forget' }).click()
  await expect(lines(again.left, 'here.iso')).toHaveCount(0)
  expect(readFileSync(here).byteLength).toBeGreaterThan(0)
})

test('a folder of images is watched from the library on', async ({ app, folders }, testInfo) => {
  test.skip(testInfo.project.name === 'desktop', 'on a desktop the dialog is the system’s')
  const shelf = join(folders.home, 'shelf')
  const first = await write(shelf, 'first.iso', { 'first file': '1' })
  await utimes(first, 1_600_000_000, 1_600_000_000)
  await app.left.focus()
  await app.press('Alt+l')
  await app.left.element.getByRole('button', { name: 'Watch a folder…' }).click()
  await app.dialog.getByRole('combobox').fill(shelf)
  await app.press('Enter')
  await expect(app.dialog).toContainText('No folders in here.')
  await app.dialog.getByRole('button', { name: 'Watch' }).click()
  await expect(lines(app.left, 'first.iso')).toBeVisible()
  const second = await write(join(shelf, 'deeper'), 'second.iso', { 'second file': '2' })
  await utimes(second, 1_600_000_000, 1_600_000_000)
  await expect(lines(app.left, 'second.iso')).toBeVisible()
  await expect(app.left.element.getByRole('list', { name: 'Watched folders' })).toContainText('Images: 2')
})

test('two images are compared as a tree, and by content where that is asked for', async ({ app, folders }) => {
  const { here, away } = await discs(folders)
  await openBoth(app, here, away)
  await app.press('Alt+k')
  const page = (await app.left.grid.getByText('fresh').count()) > 0 ? app.left : app.right
  await expect(lines(page, 'fresh')).toContainText('Added')
  await expect(lines(page, 'changed')).toContainText('size')
  await expect(lines(page, /^Übersicht\.txt/)).toContainText('Removed')
  await expect(page.element.getByRole('status')).toContainText('Alike: 1')
  await page.element.getByLabel('Compare contents too').check()
  await expect(page.element.getByRole('status')).toContainText('Identical: 1')
})

test('what is there twice is found across images', async ({ app, folders }) => {
  const { here, away } = await discs(folders)
  await openBoth(app, here, away)
  await app.press('Alt+u')
  const page = app.right
  await page.element.getByRole('combobox').selectOption({ label: 'Across all images' })
  await expect(lines(page, 'Same size').first()).toBeVisible()
  await page.element.getByLabel('Compare contents', { exact: true }).check()
  await expect(lines(page, 'Same content')).toHaveCount(1)
  await expect(lines(page, /^\s*same/)).toHaveCount(2)
})

test('hashes are computed on demand and saved as sha256sum checks them', async ({ app, folders }, testInfo) => {
  test.skip(testInfo.project.name === 'desktop', 'a download seen over the DevTools protocol ends Electron')
  const { here } = await discs(folders)
  await app.left.focus()
  await app.goTo(app.left, here)
  await expect(app.left.row('same')).toBeVisible()
  await app.press('Alt+h')
  await expect(app.toasts).toContainText('Files hashed: 3')
  await expect(app.left.row('same')).toContainText('0967115f2813a354')
  expect(await findings(app.page)).toEqual([])
  const download = app.page.waitForEvent('download')
  await app.press('Control+Shift+S')
  const sums = await (await download).path()
  const folder = join(folders.home, 'checked')
  await mkdir(folder)
  for (const [name, content] of Object.entries({ 'Übersicht.txt': 'here', same: 'same', changed: 'a' }))
    await writeFile(join(folder, name), content)
  const checked = execFileSync('sha256sum', ['--strict', '-c', sums], { cwd: folder, encoding: 'utf8' })
  expect(checked.match(/: OK$/gm)).toHaveLength(3)

  const csv = app.page.waitForEvent('download')
  await app.run('Export as CSV')
  const file = await csv
  expect(file.suggestedFilename()).toBe('here.iso.csv')
  expect(readFileSync(await file.path(), 'utf8').split('\r\n')[0]).toContain('path,kind,size,modified')
})
