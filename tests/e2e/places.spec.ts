import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SAMPLE } from './support/samples'
import { expect, test } from './support/test'

test('favourites are made, gone to and removed by keyboard, and are there at the next start', async ({
  start,
  folders,
  end,
}) => {
  const deep = join(folders.home, 'a/long/way')
  await mkdir(deep, { recursive: true })
  await writeFile(join(deep, 'here.txt'), 'here')
  let app = await start()
  await app.goTo(app.left, deep)
  await expect(app.left.row('here.txt')).toBeVisible()
  await app.press('Control+d')
  await expect(app.toasts.last()).toContainText('“way” added to favourites')
  await app.goTo(app.left, folders.home)
  await expect(app.left.row('a')).toBeVisible()
  await end()

  app = await start()
  await expect(app.left.row('a')).toBeVisible()
  await app.left.focus()
  await app.press('Control+Shift+H')
  const option = app.dialog.getByRole('option', { name: /^Favourites: way/ })
  await expect(option).toHaveAttribute('aria-selected', 'true')
  await app.press('Enter')
  await expect(app.left.row('here.txt')).toBeVisible()
  await app.page.getByRole('menuitem', { name: 'Go', exact: true }).click()
  await app.page.getByRole('menuitem', { name: 'Favourites', exact: true }).press('ArrowRight')
  await expect(app.page.getByRole('menuitem', { name: 'way' })).toBeVisible()
  await app.press('Escape')
  await app.press('Escape')
  await app.left.focus()
  await app.press('Control+d')
  await expect(app.toasts.last()).toContainText('“way” removed from favourites')
  // What both panes have shown is there all the same.
  await app.press('Control+Shift+H')
  await expect(app.dialog.getByRole('option', { name: /^Left pane: / }).first()).toBeVisible()
  await expect(app.dialog.getByRole('option', { name: /^Favourites/ })).toHaveCount(0)
  await app.press('Escape')
})

test('tabs come back with cursor, filter and the way back', async ({ start, folders, end }) => {
  for (const name of ['apple.txt', 'banana.txt', 'bread.txt', 'cherry.txt'])
    await writeFile(join(folders.downloads, name), name)
  let app = await start()
  await app.goTo(app.left, folders.downloads)
  await app.left.row('apple.txt').click()
  await app.press('Control+f')
  await app.page.keyboard.type('b')
  await expect.poll(() => app.left.names()).toEqual(['banana.txt', 'bread.txt'])
  await app.left.row('bread.txt').click()
  await app.goTo(app.right, folders.home)
  await app.goTo(app.right, folders.downloads)
  await app.right.row('cherry.txt').click()
  await expect(app.right.row('cherry.txt')).toHaveClass(/cursor/)
  await end()

  app = await start()
  await expect.poll(() => app.left.names()).toEqual(['banana.txt', 'bread.txt'])
  await expect(app.left.row('bread.txt')).toHaveClass(/cursor/)
  await expect(app.left.element.getByRole('textbox', { name: 'Filter' })).toHaveValue('b')
  await expect(app.right.row('cherry.txt')).toHaveClass(/cursor/)
  await app.right.focus()
  await app.press('Alt+ArrowLeft')
  await expect(app.right.row('Downloads')).toBeVisible()
})

test('an image is opened again from the menu', async ({ start, end }) => {
  let app = await start({ images: [SAMPLE] })
  await expect(app.right.row('Welcome.txt')).toBeVisible()
  await app.right.focus()
  await app.press(app.tabKeys.close)
  await end()
  app = await start()
  await app.page.getByRole('menuitem', { name: 'File', exact: true }).click()
  // It is grey until it is known what was open.
  const recent = app.page.getByRole('menuitem', { name: 'Open recent' })
  await expect(recent).toBeEnabled()
  await recent.press('ArrowRight')
  await app.page.getByRole('menuitem', { name: 'sample.iso' }).click()
  await expect(app.active.getByRole('grid')).toContainText('Welcome.txt')
})

test('the extract dialog knows where things went before, lets one choose, and keeps folders', async ({
  start,
  folders,
}) => {
  const [first, second] = [join(folders.home, 'first'), join(folders.home, 'second')]
  await mkdir(first)
  await mkdir(second)
  const app = await start({ images: [SAMPLE] })
  await app.right.row('Welcome.txt').click()
  await app.press('Alt+Shift+F5')
  const field = app.dialog.getByRole('combobox', { name: 'Destination' })
  await expect(field).toBeFocused()
  await field.fill(first)
  await app.press('Enter')
  await expect.poll(() => readdir(first)).toEqual(['Welcome.txt'])

  await app.right.openRow('Documents')
  await app.right.row('Tides.csv').click()
  await app.right.row('Tides.csv').click({ button: 'right' })
  await app.page.getByRole('menuitem', { name: /^Extract to…/ }).click()
  await app.dialog.getByRole('button', { name: 'Recent destinations' }).click()
  await app.page.getByRole('menuitem', { name: 'first' }).click()
  await expect(field).toHaveValue(first)
  await app.dialog.getByRole('checkbox', { name: 'Keep the folders they are in' }).check()
  await app.dialog.getByRole('button', { name: 'Choose a folder…' }).click()
  await app.dialog.getByRole('combobox').fill(second)
  await app.press('Enter')
  await expect(app.dialog).toContainText('No folders in here.')
  await app.dialog.getByRole('button', { name: 'Use this folder' }).click()
  await expect(field).toHaveValue(second)
  await expect(app.dialog.getByRole('checkbox', { name: 'Keep the folders they are in' })).toBeChecked()
  await app.dialog.getByRole('button', { name: 'Extract', exact: true }).click()
  await expect.poll(() => readdir(second, { recursive: true })).toEqual(['Documents', 'Documents/Tides.csv'])
})

test('permissions are written as they are recorded only where that was asked for', async ({ start, folders }) => {
  const [usual, exact] = [join(folders.home, 'usual'), join(folders.home, 'exact')]
  await mkdir(usual)
  await mkdir(exact)
  const modeIn = async (folder: string): Promise<number> => (await stat(join(folder, 'Welcome.txt'))).mode & 0o777
  const image = join(folders.home, 'read-only.iso')
  await writeFile(image, readOnly(await readFile(SAMPLE)))
  const app = await start({ images: [image] })
  await app.right.row('Welcome.txt').click()
  await app.press('Alt+Shift+F5')
  const field = app.dialog.getByRole('combobox', { name: 'Destination' })
  await field.fill(usual)
  await app.press('Enter')
  await expect.poll(() => readdir(usual)).toEqual(['Welcome.txt'])
  expect((await modeIn(usual)) & 0o200).toBe(0o200)

  await app.press('Alt+Shift+F5')
  await field.fill(exact)
  await app.dialog.getByRole('button', { name: 'Permissions and attributes' }).click()
  await app.dialog.getByRole('checkbox', { name: 'Permissions exactly as recorded' }).check()
  await app.dialog.getByRole('button', { name: 'Extract', exact: true }).click()
  await expect.poll(() => readdir(exact)).toEqual(['Welcome.txt'])
  expect(await modeIn(exact)).toBe(0o444)
})

/** The image with files that nobody may write to (RRIP 4.1.1: “PX”, its length and version, then the mode in both orders). */
function readOnly(image: Buffer): Buffer {
  const field = Buffer.from([0x50, 0x58, 36, 1])
  for (let at = image.indexOf(field); at >= 0; at = image.indexOf(field, at + 1)) {
    if (image.readUInt32LE(at + 4) !== 0o100644) continue
    image.writeUInt32LE(0o100444, at + 4)
    image.writeUInt32BE(0o100444, at + 8)
  }
  return image
}
