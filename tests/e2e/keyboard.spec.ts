import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SAMPLE } from './support/samples'
import { expect, test } from './support/test'

test('everything is done without a mouse', async ({ app, folders }) => {
  await copyFile(SAMPLE, join(folders.home, 'sample.iso'))
  await app.open(join(folders.home, 'sample.iso'))
  await expect(app.right.grid).toBeFocused()

  await test.step('find by typing, go in, come back to the same row', async () => {
    await app.page.keyboard.type('re')
    await expect(app.right.row('Recipes')).toHaveAttribute('aria-selected', 'true')
    await app.press('Enter')
    await expect(app.right.row('味噌汁.txt')).toBeVisible()
    await app.press('Backspace')
    await expect(app.right.row('Recipes')).toHaveClass(/cursor/)
  })

  await test.step('select with Insert, Shift, Space, masks and all', async () => {
    await app.press('Home')
    await app.press('Escape')
    await app.press('Insert')
    await app.press('Insert')
    await expect(app.right.status).toContainText('2 of 6 selected')
    await app.press('Escape')
    await app.press('Home')
    await app.press('Shift+ArrowDown')
    await app.press('Shift+ArrowDown')
    await expect(app.right.status).toContainText('3 of 6 selected')
    await app.press('*')
    await expect(app.right.status).toContainText('3 of 6 selected')
    await app.press('Control+a')
    await expect(app.right.status).toContainText('6 of 6 selected')
    await app.press('Escape')
    await app.press('+')
    await expect(app.dialog.getByRole('textbox')).toBeFocused()
    await app.page.keyboard.type('*.txt')
    await app.press('Enter')
    await expect(app.right.status).toContainText('1 of 6 selected')
  })

  await test.step('extract with F5 and change panes with Tab', async () => {
    await app.press('F5')
    await expect(app.toasts).toContainText('Extracted 1 file')
    await app.press('Tab')
    await expect(app.left.grid).toBeFocused()
    await expect(app.left.row('Welcome.txt')).toBeVisible()
  })

  await test.step('create, rename and move on this computer', async () => {
    await app.press('F7')
    await expect(app.dialog.getByRole('textbox')).toBeFocused()
    await app.page.keyboard.type('Kept')
    await app.press('Enter')
    await expect(app.left.row('Kept')).toBeVisible()
    await app.page.keyboard.type('wel')
    await expect(app.left.row('Welcome.txt')).toHaveAttribute('aria-selected', 'true')
    await app.press('F2')
    await expect(app.dialog.getByRole('textbox')).toBeFocused()
    await app.page.keyboard.type('Hello')
    await app.press('Enter')
    await expect(app.left.row('Hello.txt')).toBeVisible()
    await app.press('Tab')
    await expect(app.right.grid).toBeFocused()
    await app.press('Control+l')
    await app.page.keyboard.type('/Documents')
    await app.press('Enter')
    await expect(app.right.row('Tides.csv')).toBeVisible()
  })
})

test('F6 moves between folders', async ({ app, folders }) => {
  await writeFile(join(folders.downloads, 'a.txt'), 'a')
  await mkdir(join(folders.home, 'Target'))
  await app.right.typePath(join(folders.home, 'Target'))
  await app.left.row('a.txt').click()
  await app.press('F6')
  await expect(app.toasts).toContainText('Moved 1 file')
  expect(await readdir(folders.downloads)).toEqual([])
  await expect(app.left.status).toContainText('Empty')
  expect(await readdir(join(folders.home, 'Target'))).toEqual(['a.txt'])
})

test('F5 copies between folders, Ctrl+U swaps the panes', async ({ app, folders }) => {
  await writeFile(join(folders.downloads, 'a.txt'), 'a')
  await mkdir(join(folders.home, 'Target'))
  await app.right.typePath(join(folders.home, 'Target'))
  await app.left.row('a.txt').click()
  await app.press('F5')
  await expect(app.toasts).toContainText('Copied 1 file')
  await expect(app.right.row('a.txt')).toBeVisible()
  await app.press('Control+u')
  await expect(app.left.tab('Target')).toBeVisible()
  expect(await readdir(folders.downloads)).toEqual(['a.txt'])
})

test('the palette runs commands by name', async ({ app }) => {
  await app.run('keyboard')
  await expect(app.dialog).toContainText('Select by mask')
  await app.press('Escape')
  await expect(app.dialog).toBeHidden()
})

test('what cannot be done says why', async ({ app, folders }) => {
  await copyFile(SAMPLE, join(folders.home, 'sample.iso'))
  await app.open(join(folders.home, 'sample.iso'))
  await expect(app.right.row('Welcome.txt')).toBeVisible()
  await app.left.focus()
  await app.press('F6')
  await expect(app.left.grid.or(app.left.message)).toBeVisible()
})
