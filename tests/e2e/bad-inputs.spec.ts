import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { copyFile } from 'node:fs/promises'
import { SAMPLE } from './support/samples'
import { expect, test } from './support/test'

test('a file that is no image is named, with what may be wrong', async ({ app, folders }) => {
  const path = join(folders.home, 'letter.iso')
  await writeFile(path, 'Dear reader, this is a letter.\n'.repeat(4_000))
  await app.open(path)
  await expect(app.right.message).toContainText('letter.iso')
  await expect(app.right.message.getByRole('button', { name: 'Try again' })).toBeVisible()
})

test('an empty file is called empty', async ({ app, folders }) => {
  const path = join(folders.home, 'nothing.iso')
  await writeFile(path, '')
  await app.open(path)
  await expect(app.right.message).toContainText('nothing.iso')
  await expect(app.right.message).toContainText(/empty|not a disc image/)
})

test('a file that is not there is said where it was looked for', async ({ app, folders }, testInfo) => {
  test.skip(testInfo.project.name === 'desktop', 'on a desktop the dialog is the system’s')
  const path = join(folders.home, 'gone.iso')
  await app.press('Control+o')
  const field = app.dialog.getByRole('combobox')
  await expect(field).not.toHaveValue('')
  await field.fill(path)
  await field.press('Enter')
  await expect(app.dialog.getByRole('alert')).toContainText('gone.iso')
})

test('a folder opens as the folder it is', async ({ app, folders }) => {
  await mkdir(join(folders.home, 'folder.iso'))
  await app.left.typePath(folders.home)
  await app.left.openRow('folder.iso')
  await expect(app.left.message).toContainText('This folder is empty.')
})

test('an image that vanishes says so when it is needed, and opens again when it is back', async ({ app, folders }) => {
  const path = join(folders.home, 'sample.iso')
  await copyFile(SAMPLE, path)
  await app.open(path)
  await expect(app.right.row('Recipes')).toBeVisible()
  await rm(path)
  await app.press('F5')
  await expect(app.toasts.or(app.queue)).toContainText([/sample\.iso/])
})

test('a very short image gets a sentence, not a code', async ({ app, folders }) => {
  const path = join(folders.home, 'stub.iso')
  await writeFile(path, new Uint8Array(17))
  await app.open(path)
  await expect(app.right.message).toContainText('stub.iso')
  await expect(app.right.message).not.toContainText(/[A-Z]+_[A-Z]+/)
})
