import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { SAMPLE } from './support/samples'
import { expect, test } from './support/test'
import type { PaneObject } from './support/window'

test.beforeEach(async ({ folders }) => {
  await copyFile(SAMPLE, join(folders.downloads, 'sample.iso'))
  await mkdir(join(folders.downloads, 'Old discs', 'Nineties'), { recursive: true })
  await writeFile(join(folders.downloads, 'Old discs', 'list.txt'), 'One line.\n')
  for (const name of ['apple.txt', 'bread.txt', 'cream.txt']) await writeFile(join(folders.downloads, name), name)
})

const cursorOf = (pane: PaneObject) => pane.rows.and(pane.element.locator('.cursor')).locator('.label')

test('a path is understood however it is written', async ({ app, folders }) => {
  const { left } = app
  await left.typePath('Old discs')
  await expect(left.row('Nineties')).toBeVisible()
  await left.typePath('..')
  await expect(left.row('apple.txt')).toBeVisible()
  await left.typePath('~/Downloads/Old discs/Nineties')
  await expect(left.message).toBeVisible()
  await left.typePath(pathToFileURL(join(folders.downloads, 'Old discs')).href)
  await expect(left.row('list.txt')).toBeVisible()
  await left.typePath(`"${folders.downloads}"`)
  await expect(left.row('apple.txt')).toBeVisible()
})

test('a path that is typed inside an image may lead out of it', async ({ app, folders }) => {
  await app.left.openRow('sample.iso')
  await expect(app.right.row('Documents')).toBeVisible()
  await app.right.typePath('Documents\\Letters')
  await expect(app.right.row('A letter from the coast.md')).toBeVisible()
  await app.right.typePath('..')
  await expect(app.right.row('Letters')).toBeVisible()
  await app.right.typePath(folders.downloads)
  await expect(app.right.row('apple.txt')).toBeVisible()
  await app.press('Alt+ArrowLeft')
  await expect(app.right.row('Letters')).toBeVisible()
  await app.right.typePath('~')
  await expect(app.right.row('Downloads')).toBeVisible()
})

test('back and forward come to the row that one was at', async ({ app, folders }) => {
  const { left } = app
  await left.openRow('Old discs')
  await left.row('list.txt').click()
  await app.press('Alt+ArrowLeft')
  await expect(cursorOf(left)).toHaveText('Old discs')
  await app.press('Alt+ArrowRight')
  await expect(cursorOf(left)).toHaveText('list.txt')
  await left.typePath(folders.downloads)
  await left.row('cream.txt').click()
  await app.press('Alt+ArrowLeft')
  await expect(cursorOf(left)).toHaveText('list.txt')
  await app.press('Alt+ArrowRight')
  await expect(cursorOf(left)).toHaveText('cream.txt')
})

test('tabs are opened, walked, closed and swapped by keys, and the keyboard is never lost', async ({
  app,
  folders,
}) => {
  const { left, right } = app
  await left.focus()
  await app.press(app.tabKeys.add)
  await expect(left.element.getByRole('tab')).toHaveCount(2)
  await expect(left.grid).toBeFocused()
  await left.typePath(folders.home)
  await expect(left.row('Downloads')).toBeVisible()
  await left.tab('Home').focus()
  await app.press('ArrowLeft')
  await expect(left.tab('Downloads')).toBeFocused()
  await expect(left.row('apple.txt')).toBeVisible()
  await app.press('Control+u')
  await expect(right.element.getByRole('tab')).toHaveCount(2)
  await expect(right.row('apple.txt')).toBeVisible()
  await expect(left.element.locator('[data-start]')).toBeVisible()
  await right.focus()
  await app.press(app.tabKeys.close)
  await expect(right.element.getByRole('tab')).toHaveCount(1)
  await expect(right.row('Downloads')).toBeVisible()
  await expect(right.grid).toBeFocused()
  await right.tab('Home').focus()
  await app.press('Delete')
  await expect(right.element.locator('[data-start]')).toBeVisible()
  await expect(app.page.locator('body')).not.toBeFocused()
})

test('columns, their widths and the order of rows are there again at the next start', async ({
  start,
  end,
  folders,
}) => {
  const headers = (pane: PaneObject) => pane.grid.getByRole('columnheader')
  const first = await start()
  await first.left.openRow('sample.iso')
  await expect(first.right.row('Documents')).toBeVisible()
  await first.press('Alt+c')
  await first.dialog.getByRole('checkbox', { name: 'Kind' }).uncheck()
  await first.dialog.getByRole('checkbox', { name: 'Disc offset' }).check()
  await first.dialog.getByRole('checkbox', { name: 'Disc offset' }).press('Alt+ArrowUp')
  await first.dialog.getByRole('spinbutton', { name: 'Width of Size' }).fill('140')
  await first.press('Escape')
  await first.press('Control+F2')
  await expect(headers(first.right).filter({ hasText: 'Disc offset' })).toHaveAttribute('aria-sort', 'ascending')
  const names = ['Documents', 'Pictures', 'Recipes', 'Software', 'Welcome.txt', 'Letters']
  await expect.poll(() => first.right.names()).toEqual(names)
  const stored = async (): Promise<string> => readFile(join(folders.profile, 'settings.json'), 'utf8').catch(() => '')
  await expect.poll(stored).toMatch(/"column": "position"/)
  await expect.poll(stored).toMatch(/"size": 140/)
  await end()

  const second = await start()
  await expect(second.right.row('Documents')).toBeVisible()
  await expect(headers(second.right)).toHaveText(['Name', 'Size', 'Disc offset', 'Modified'])
  await expect.poll(() => second.right.names()).toEqual(names)
  const width = (await headers(second.right).filter({ hasText: 'Size' }).boundingBox())?.width
  expect(width).toBeCloseTo(140, 0)
})

test('what a filter leaves is selected and extracted, and nothing else', async ({ app }) => {
  await app.left.openRow('sample.iso')
  await app.right.openRow('Recipes')
  await expect(app.right.rows).toHaveCount(3)
  await app.press('Control+f')
  await app.page.keyboard.type('br')
  await expect.poll(() => app.right.names()).toEqual(['Crème brûlée.txt'])
  await app.press('Enter')
  await app.press('Control+a')
  await expect(app.right.status).toContainText('1 of 1 selected')
  await app.press('F5')
  await expect(app.left.row('Crème brûlée.txt')).toBeVisible()
  await expect(app.left.row('Käsespätzle.txt')).toHaveCount(0)
})

test('a path that is being typed offers the folders and images that it may go on as', async ({ app, folders }) => {
  await mkdir(join(folders.home, 'Old discs/[1998] 50% off'), { recursive: true })
  await mkdir(join(folders.home, 'Old photos'))
  await writeFile(join(folders.home, 'Old notes.txt'), 'no place')
  await copyFile(SAMPLE, join(folders.home, 'Old discs/boot.iso'))
  await app.goTo(app.left, folders.home)
  await app.left.focus()
  await app.press('Control+l')
  const field = app.left.element.getByRole('combobox', { name: 'Type a path' })
  const offered = app.page.getByRole('listbox', { name: 'Suggested paths' }).getByRole('option')
  await expect(offered).toHaveCount(0)
  await field.fill('ol')
  await expect(offered).toHaveText(['Old discs/', 'Old photos/'])
  await field.press('Tab')
  await expect(field).toHaveValue('Old discs/')
  await expect(offered).toHaveText(['Old discs/[1998] 50% off/', 'Old discs/boot.iso'])
  await field.fill('~/old')
  await expect(offered).toHaveText(['~/Old discs/', '~/Old photos/'])
  await field.fill(join(folders.home, 'Old discs/[19'))
  await expect(offered).toHaveText([`${join(folders.home, 'Old discs/[1998] 50% off')}/`])
  await field.fill(join(folders.home, 'nowhere/x'))
  await expect(offered).toHaveCount(0)
  await field.fill('~/Old discs/')
  await expect(offered).toHaveCount(2)
  await field.press('ArrowDown')
  await field.press('ArrowDown')
  await expect(offered.nth(1)).toHaveAttribute('aria-selected', 'true')
  await field.press('Enter')
  await expect(app.left.row('Documents')).toBeVisible()
  await app.press('Control+l')
  await field.fill('Documents/l')
  await expect(offered).toHaveText(['Documents/Letters/'])
  await offered.click()
  await expect(field).toHaveValue('Documents/Letters/')
  await field.press('Escape')

  await app.press('Alt+Shift+F5')
  const destination = app.dialog.getByRole('combobox', { name: 'Destination' })
  await destination.fill(join(folders.home, 'Old'))
  await expect(offered).toHaveCount(2)
  await destination.press('ArrowUp')
  await destination.press('Enter')
  await expect(destination).toHaveValue(`${join(folders.home, 'Old photos')}/`)
  await expect(app.dialog).toBeVisible()
})

test('a name that is taken is said where it is typed, and what was typed stays', async ({ app, folders }) => {
  const field = app.dialog.getByRole('textbox')
  await app.left.row('apple.txt').click()
  await app.press('F2')
  await field.fill('bread.txt')
  await app.press('Enter')
  await expect(app.dialog.getByRole('alert')).toContainText('bread.txt” already exists')
  await expect(field).toHaveValue('bread.txt')
  await field.fill('dates.txt')
  await app.press('Enter')
  await expect(cursorOf(app.left)).toHaveText('dates.txt')
  expect(await readFile(join(folders.downloads, 'dates.txt'), 'utf8')).toBe('apple.txt')
  expect(await readFile(join(folders.downloads, 'bread.txt'), 'utf8')).toBe('bread.txt')

  for (const isSecond of [false, true]) {
    await app.press('F7')
    await field.fill('Twice')
    await app.press('Enter')
    if (isSecond) await expect(app.dialog.getByRole('alert')).toContainText('Twice” already exists')
    else await expect(cursorOf(app.left)).toHaveText('Twice')
  }
  await app.press('Escape')
  await expect(app.left.grid).toBeFocused()
})

test('settings written by hand count at once, and a slip in them changes nothing', async ({ app, folders }) => {
  const file = join(folders.profile, 'settings.json')
  const theme = () => app.page.evaluate(() => document.documentElement.dataset.theme)
  await app.press('Control+,')
  await app.dialog.locator('label:has([value=compact])').click()
  await expect.poll(async () => readFile(file, 'utf8').catch(() => '')).toContain('"compact"')
  const settings = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>
  await writeFile(file, JSON.stringify({ ...settings, theme: 'dark', language: 'de' }))
  await expect.poll(theme).toBe('dark')
  await expect(app.dialog).toContainText('Einstellungen')
  await writeFile(file, '{ "theme": "light", }')
  await app.dialog.locator('label:has([value=normal])').click()
  await expect.poll(async () => readFile(file, 'utf8').catch(() => '')).toContain('"normal"')
  expect(await theme()).toBe('dark')
  expect(await readFile(`${file}.broken`, 'utf8')).toBe('{ "theme": "light", }')
  await expect(app.toasts).toContainText('settings.json.broken')
  // A window that comes later is told as well.
  await app.page.reload()
  await app.isReady()
  await expect(app.toasts).toContainText('settings.json.broken')
})

test('a path can be typed into the open dialog before its folder is shown', async ({ app, folders }, testInfo) => {
  test.skip(testInfo.project.name === 'desktop', 'on a desktop the dialog is the system’s')
  await app.press('Control+o')
  await expect(app.dialog.getByRole('combobox')).toBeFocused()
  await app.page.keyboard.insertText(join(folders.downloads, 'sample.iso'))
  await app.press('Enter')
  await expect(app.right.row('Documents')).toBeVisible()
})
