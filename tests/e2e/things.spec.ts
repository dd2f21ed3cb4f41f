import { createHash } from 'node:crypto'
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { SAMPLE } from './support/samples'
import { expect, ROOT, test } from './support/test'

test.beforeEach(async ({ app, folders }) => {
  await mkdir(join(folders.home, 'Discs'))
  await copyFile(SAMPLE, join(folders.home, 'Discs/sample.iso'))
  await writeFile(join(folders.home, 'Discs/note.txt'), 'a note')
  await app.goTo(app.left, join(folders.home, 'Discs'))
  await expect(app.left.row('note.txt')).toBeVisible()
})

const item = (app: { page: Page }, name: string | RegExp) => app.page.getByRole('menuitem', { name })

test('a disc image in a folder has a menu of its own: extracted beside it, without being opened first', async ({
  app,
  folders,
}) => {
  await app.left.row('sample.iso').click({ button: 'right' })
  await expect(item(app, /^Verify the image/)).toBeVisible()
  await item(app, /^Extract into a folder of its name/).click()
  await expect(app.toasts).toContainText('Extracted')
  const made = await readdir(join(folders.home, 'Discs/sample'))
  expect(made).toContain('Welcome.txt')
  await app.left.row('note.txt').click({ button: 'right' })
  await expect(item(app, /^Rename/)).toBeVisible()
  await expect(item(app, /^Verify the image/)).toBeHidden()
  await app.press('Escape')
})

test('“Extract here” makes one folder of several things, from the menu of its tab too', async ({ app, folders }) => {
  await app.open(join(folders.home, 'Discs/sample.iso'))
  await expect(app.left.row('Welcome.txt')).toBeVisible()
  await app.left.tab('sample.iso').click({ button: 'right' })
  await item(app, /^Extract here/).click()
  await expect(app.toasts).toContainText('Extracted')
  expect(await readdir(join(folders.home, 'Discs'))).toContain('sample')
})

test('where no row is, the menu is about the folder', async ({ app }) => {
  const box = await app.left.element.locator('[data-rows]').boundingBox()
  await app.page.mouse.click((box?.x ?? 0) + 60, (box?.y ?? 0) + (box?.height ?? 0) - 20, { button: 'right' })
  await expect(item(app, /^New folder/)).toBeVisible()
  await expect(item(app, /^Rename/)).toBeHidden()
  await item(app, /^Properties of the folder/).click()
  await expect(app.dialog).toContainText('2 files')
})

test('checksums are the file’s, and a pasted one is compared', async ({ app, folders }) => {
  const bytes = await readFile(join(folders.home, 'Discs/note.txt'))
  const sum = (algorithm: string): string => createHash(algorithm).update(bytes).digest('hex')
  await app.left.row('note.txt').click()
  await app.run('Checksums')
  for (const algorithm of ['md5', 'sha1', 'sha256', 'sha512']) await expect(app.dialog).toContainText(sum(algorithm))
  // CRC-32 and BLAKE3 of “a note”, by other programs (crc32, b3sum).
  await expect(app.dialog.getByText(/^[0-9a-f]{8}$/)).toHaveCount(1)
  await app.dialog.getByLabel('Compare with').fill(`SHA256: ${sum('sha256').toUpperCase()}`)
  await expect(app.dialog.getByRole('status')).toContainText('It matches: SHA-256.')
  await app.dialog.getByLabel('Compare with').fill(sum('sha256').replace(/^./, (digit) => (digit === '0' ? '1' : '0')))
  await expect(app.dialog.getByRole('status')).toContainText('It does not match.')
  await app.press('Escape')
  await expect(app.dialog).toBeHidden()
})

test('checksums are of one file; where a folder of an image is meant, they are the image’s', async ({
  app,
  folders,
}) => {
  await app.left.focus()
  await app.press('Control+a')
  await app.press('Control+Alt+h')
  await expect(app.toasts.last()).toContainText('Choose one file')
  await app.open(join(folders.home, 'Discs/sample.iso'))
  await app.left.row('Recipes').click()
  await app.press('Control+Alt+h')
  const sum = createHash('sha256')
    .update(await readFile(SAMPLE))
    .digest('hex')
  await expect(app.dialog).toContainText('Checksums of “sample.iso”')
  await expect(app.dialog).toContainText(sum)
})

test('properties of a file in an image lead to its checksums, by keyboard alone', async ({ app, folders }) => {
  await app.open(join(folders.home, 'Discs/sample.iso'))
  await app.left.row('Welcome.txt').click()
  await app.press('Alt+Enter')
  await expect(app.dialog).toContainText('Properties of Welcome.txt')
  await expect(app.dialog).toContainText('On the disc')
  await expect(app.dialog).toContainText('/Welcome.txt')
  await app.dialog.getByRole('button', { name: 'Checksums' }).press('Enter')
  await expect(app.dialog).toContainText('Checksums of “Welcome.txt”')
  await expect(app.dialog).toContainText(/[0-9a-f]{64}/)
})

test('properties of several things, of a folder and of an image say what they hold', async ({ app, folders }) => {
  await app.press('Control+A')
  await app.press('Alt+Enter')
  await expect(app.dialog).toContainText('Properties of 2 items')
  await expect(app.dialog).toContainText('in 2 files')
  await app.press('Escape')
  await app.open(join(folders.home, 'Discs/sample.iso'))
  await app.left.row('Recipes').click()
  await app.press('Alt+Enter')
  await expect(app.dialog).toContainText(/in \d+ files/)
  await app.press('Escape')
  await app.left.row('Welcome.txt').click({ modifiers: ['ControlOrMeta'] })
  await app.press('Alt+Enter')
  // “Recipes” is a folder of three: five items, of which four are files.
  await expect(app.dialog).toContainText('· 5 items')
  await app.press('Escape')
  await app.run('Properties of the folder')
  await expect(app.dialog).toContainText('Properties of sample.iso')
  await expect(app.dialog).toContainText('ISO')
})

test('Enter goes into what a look into the file shows to be a disc image, and shows everything else', async ({
  app,
  folders,
}) => {
  const inner = join(folders.home, 'inner')
  await mkdir(inner)
  await copyFile(SAMPLE, join(inner, 'rootfs'))
  await copyFile(SAMPLE, join(inner, 'disc.bin'))
  await writeFile(join(inner, 'firmware.bin'), Buffer.alloc(100_000, 'not a disc '))
  const outer = join(folders.home, 'Discs/outer.iso')
  await promisify(execFile)(process.execPath, [join(ROOT, 'bin/isolde.mjs'), 'create', outer, inner])
  await app.left.openRow('outer.iso')
  await app.right.openRow('firmware.bin')
  await expect(app.preview).toBeVisible()
  await expect(app.right.row('rootfs')).toBeVisible()
  for (const name of ['rootfs', 'disc.bin']) {
    await app.right.openRow(name)
    await expect(app.right.row('Welcome.txt')).toBeVisible()
    await app.press('Backspace')
    await expect(app.right.row('rootfs')).toBeVisible()
  }
})

test('a mistyped path leaves the pane as it is and says so; F2, F6 and F7 in an image say why not', async ({
  app,
  folders,
}) => {
  await app.left.typePath(join(folders.home, 'Disks'))
  await expect(app.toasts.last()).toContainText('There is no “')
  await expect(app.left.row('note.txt')).toBeVisible()
  await app.left.openRow('sample.iso')
  await expect(app.right.row('Welcome.txt')).toBeVisible()
  for (const [key, words] of [
    ['F2', 'Change this image'],
    ['F7', 'Change this image'],
    ['F6', 'cannot be moved out'],
  ] as const) {
    await app.press(key)
    await expect(app.toasts.last()).toContainText(words)
  }
  // Said twice, it is there once.
  await expect(app.toasts.filter({ hasText: 'Change this image' })).toHaveCount(1)
  await app.right.openRow('Recipes')
  await expect(app.right.row('Käsespätzle.txt')).toBeVisible()
  for (const typed of ['/Recipies', './Recipes/none']) {
    await app.right.typePath(typed)
    await expect(app.toasts.last()).toContainText('There is no “Recip')
    await expect(app.right.row('Käsespätzle.txt')).toBeVisible()
  }
})

test('the toolbar does what is done most, and can be hidden; F10 and Alt open the menu', async ({ app }) => {
  const tools = app.page.getByRole('toolbar', { name: 'Tools' })
  await app.left.row('note.txt').click()
  await tools.getByRole('button', { name: 'Properties' }).click()
  await expect(app.dialog).toContainText('Properties of note.txt')
  await app.press('Escape')
  await app.press('Alt+Shift+T')
  await expect(tools).toBeHidden()
  for (const key of ['F10', 'Alt']) {
    await app.press(key)
    await expect(item(app, /^Open disc image/)).toBeVisible()
    await app.press('Escape')
    await expect(item(app, /^Open disc image/)).toBeHidden()
    // From the bar back to the rows, with what was selected there.
    await app.press(key === 'F10' ? 'Escape' : key)
    await expect(app.left.grid).toBeFocused()
    await expect(app.left.row('note.txt')).toHaveAttribute('aria-selected', 'true')
  }
  await app.press('F10')
  await expect(item(app, /^Open disc image/)).toBeVisible()
  await app.press('Tab')
  await expect(item(app, /^Open disc image/)).toBeHidden()
  await expect(app.left.grid).toBeFocused()
})
