import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Locator } from '@playwright/test'
import { SAMPLE } from './support/samples'
import { expect, test } from './support/test'
import type { PaneObject } from './support/window'

/** The field that narrows what lies below, wherever that is. */
const finder = (pane: PaneObject): Locator => pane.element.getByRole('textbox', { name: /^Find below/ })

test('everything in an image is found from its pane, by keyboard alone: opened, led to, extracted', async ({
  start,
  folders,
}) => {
  const app = await start({ images: [SAMPLE] })
  const pane = app.active
  await expect(pane.getByRole('grid')).toContainText('Welcome.txt')
  await app.left.typePath(folders.downloads)
  const image = app.right
  await image.focus()
  await app.press('Control+Shift+F')
  await expect(finder(image)).toBeFocused()
  await app.page.keyboard.type('*.txt')
  await expect.poll(() => image.names()).toHaveLength(4)
  await app.press('Enter')
  await expect(image.grid).toBeFocused()
  const [first = ''] = await image.names()
  await app.press('Control+Shift+Enter')
  await expect(finder(image)).toBeHidden()
  await expect(image.row(first)).toHaveClass(/cursor/)
  await expect(image.path).toContainText('Recipes')
  await app.press('Alt+ArrowLeft')
  await expect(finder(image)).toHaveValue('')
  await app.press('Control+Shift+F')
  await app.page.keyboard.type('*.txt')
  await expect.poll(() => image.names()).toHaveLength(4)
  await expect(image.transferButton).toContainText('Extract 4 items')
  await app.press('Enter')
  await app.press('F5')
  await expect(app.toasts).toContainText('Extracted')
  expect(await readdir(folders.downloads)).toHaveLength(4)
  await app.press('Control+Shift+F')
  await app.press('Escape')
  await expect(finder(image)).toBeHidden()
  await expect(image.row('Welcome.txt')).toBeVisible()
})

test('Esc leads from what was looked for in an image back to the folder that one came from', async ({ start }) => {
  const app = await start({ images: [SAMPLE] })
  await expect(app.right.row('Recipes')).toBeVisible()
  await app.right.openRow('Recipes')
  await app.right.row('Käsespätzle.txt').click()
  await app.press('Control+Shift+F')
  await expect(finder(app.right)).toBeFocused()
  await app.page.keyboard.type('hello')
  await expect(app.right.row('hello.sh')).toBeVisible()
  await app.press('Escape')
  await expect(app.right.path).toContainText('Recipes')
  await expect(app.right.row('Käsespätzle.txt')).toHaveClass(/cursor/)
})

test('a flat view shows what lies below a folder of an image, by mouse; a folder in it counts what is inside once', async ({
  start,
  folders,
}) => {
  const app = await start({ images: [SAMPLE] })
  const image = app.right
  await image.openRow('Recipes')
  await expect(image.row('Käsespätzle.txt')).toBeVisible()
  const inFolder = await image.names()
  await app.page.getByRole('menuitem', { name: 'View', exact: true }).click()
  await app.page
    .getByRole('menuitemcheckbox', { name: /^Flat view/ })
    .or(app.page.getByRole('menuitem', { name: /^Flat view/ }))
    .click()
  await expect(finder(image)).toBeVisible()
  await expect.poll(async () => (await image.names()).sort()).toEqual(inFolder.sort())
  await image.element.getByRole('combobox', { name: 'Where to look' }).selectOption({ label: 'sample.iso' })
  await expect(image.row('Welcome.txt')).toBeVisible()
  await expect(image.row('Recipes')).toBeVisible()
  await app.goTo(app.left, folders.downloads)
  await image.row('Recipes').click()
  await image.row(inFolder[0] ?? '').click({ modifiers: ['ControlOrMeta'] })
  await image.transferButton.click()
  await expect(app.toasts).toContainText('Extracted')
  // What lies in a folder that is selected too is written with it, and not beside it again.
  expect(await readdir(folders.downloads)).toEqual(['Recipes'])
  await image.row(inFolder[0] ?? '').click({ button: 'right' })
  await app.page.getByRole('menuitem', { name: /^Show in its folder/ }).click()
  await expect(image.path).toContainText('Recipes')
})

test('a folder of this computer has a flat view too, with where each thing lies', async ({ app, folders }) => {
  await mkdir(join(folders.home, 'tree/a/b'), { recursive: true })
  for (const name of ['tree/top.txt', 'tree/a/middle.txt', 'tree/a/b/deep.txt', 'tree/a/b/other.bin'])
    await writeFile(join(folders.home, name), name)
  await app.goTo(app.left, join(folders.home, 'tree'))
  await expect(app.left.row('top.txt')).toBeVisible()
  await app.press('Control+Shift+F')
  await app.page.keyboard.type('*.txt')
  await expect.poll(() => app.left.names()).toEqual(['deep.txt', 'middle.txt', 'top.txt'])
  await expect(app.left.row('deep.txt')).toContainText('a › b')
  await writeFile(join(folders.home, 'tree/a/new.txt'), 'new')
  await app.press('Enter')
  await app.press('Control+r')
  await expect.poll(() => app.left.names()).toHaveLength(4)
  await app.left.row('deep.txt').click()
  await app.press('Control+Shift+Enter')
  await expect.poll(() => app.left.names()).toEqual(['deep.txt', 'other.bin'])
})
