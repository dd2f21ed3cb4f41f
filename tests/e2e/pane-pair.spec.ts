import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SAMPLE } from './support/samples'
import { expect, test } from './support/test'

test('panes are compared by name and size, and go the same way where that is wanted', async ({ app, folders }) => {
  for (const side of ['one', 'two']) {
    await mkdir(join(folders.home, side, 'shared/deeper'), { recursive: true })
    await writeFile(join(folders.home, side, 'same.txt'), 'same')
    await writeFile(join(folders.home, side, `only ${side}.txt`), 'x')
    await writeFile(join(folders.home, side, 'differs.txt'), side.repeat(side === 'one' ? 1 : 2))
  }
  await app.goTo(app.left, join(folders.home, 'one'))
  await app.goTo(app.right, join(folders.home, 'two'))
  await expect(app.right.row('only two.txt')).toBeVisible()
  await app.press('Shift+F2')
  await expect(app.toasts.last()).toContainText('Selected: 2 on the left, 2 on the right')
  for (const [pane, name] of [
    [app.left, 'only one.txt'],
    [app.left, 'differs.txt'],
    [app.right, 'only two.txt'],
    [app.right, 'differs.txt'],
  ] as const)
    await expect(pane.row(name)).toHaveAttribute('aria-selected', 'true')
  await expect(app.left.row('same.txt')).toHaveAttribute('aria-selected', 'false')
  await app.press('Alt+Shift+Y')
  await app.right.openRow('shared')
  await expect(app.left.path).toContainText('shared')
  await app.right.openRow('deeper')
  await expect(app.left.path).toContainText('deeper')
  await app.right.focus()
  await app.press('Backspace')
  await expect(app.left.row('deeper')).toHaveClass(/cursor/)
  await app.press('Alt+Shift+Y')
  await app.press('Backspace')
  await expect(app.right.row('only two.txt')).toBeVisible()
  await expect(app.left.row('deeper')).toBeVisible()
})

test('the headers of columns are used by keyboard: sorting, widths, order', async ({ start }) => {
  const app = await start({ images: [SAMPLE] })
  await expect(app.right.row('Welcome.txt')).toBeVisible()
  await app.right.focus()
  await app.press('Alt+Shift+C')
  const head = (name: string) => app.right.grid.getByRole('columnheader', { name })
  await expect(head('Name')).toBeFocused()
  await app.press('ArrowRight')
  await expect(head('Size')).toBeFocused()
  await app.press('Enter')
  await expect(head('Size')).toHaveAttribute('aria-sort', 'descending')
  const width = async (): Promise<number> => (await head('Size').boundingBox())?.width ?? 0
  const before = await width()
  await app.press('Shift+ArrowRight')
  await expect.poll(width).toBe(before + 16)
  await app.press('Control+ArrowRight')
  await expect(head('Size')).toBeFocused()
  await expect(app.right.grid.getByRole('columnheader').nth(1)).toHaveText('Modified')
  await app.press('Escape')
  await expect(app.right.grid).toBeFocused()
})

test('an image in a folder is compared with one that is chosen', async ({ app, folders }) => {
  await copyFile(SAMPLE, join(folders.downloads, 'one.iso'))
  await copyFile(SAMPLE, join(folders.downloads, 'two.iso'))
  await app.goTo(app.left, folders.downloads)
  await app.left.row('one.iso').click({ button: 'right' })
  await app.page.getByRole('menuitem', { name: /^Compare with…/ }).click()
  await expect(app.dialog).toContainText('Compare “one.iso” with')
  await app.dialog.getByRole('option', { name: /two\.iso/ }).click()
  await app.dialog.getByRole('button', { name: 'Compare', exact: true }).click()
  await expect(app.left.element.getByRole('tab', { selected: true })).toContainText('Compar')
  await expect(app.left.element).toContainText('two.iso')
})

test('the keyboard begins in the rows of the active pane, with an image and without', async ({ start, end }) => {
  let app = await start()
  await expect(app.active.locator('[data-rows], [data-start]').first()).toBeFocused()
  await end()
  app = await start({ images: [SAMPLE] })
  await expect(app.active.getByRole('grid')).toContainText('Welcome.txt')
  await expect(app.active.getByRole('grid')).toBeFocused()
  await app.press('ArrowDown')
  await expect(app.active.locator('.row.cursor')).toContainText('Pictures')
})
