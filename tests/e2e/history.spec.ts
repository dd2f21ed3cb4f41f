import { mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SAMPLE } from './support/samples'
import { expect, test } from './support/test'

test('what ran is remembered across starts, and an extraction is undone but for what has changed', async ({
  start,
  folders,
  end,
}) => {
  const out = join(folders.home, 'out')
  await mkdir(join(out, 'Recipes'), { recursive: true })
  await writeFile(join(out, 'Recipes/mine.txt'), 'mine')
  let app = await start({ images: [SAMPLE] })
  await app.goTo(app.left, out)
  await app.right.row('Welcome.txt').click()
  await app.right.focus()
  await app.press('Control+a')
  await app.press('F5')
  await expect(app.toasts).toContainText('Extracted')
  const made = await readdir(out)
  expect(made).toContain('Pictures')
  await end()

  // Changed, put beside, and put in another's place with the same size and date.
  const changed = join(out, 'Documents/Tides.csv')
  const date = new Date('2024-05-17T00:00:00Z')
  const before = await readFile(join(out, 'Software/hello.sh'))
  await writeFile(changed, 'mine now')
  await writeFile(join(out, 'Pictures/mine.png'), 'mine')
  await rm(join(out, 'Software/hello.sh'))
  await writeFile(join(out, 'Software/hello.sh'), before)
  await utimes(join(out, 'Software/hello.sh'), date, date)

  app = await start()
  await app.left.focus()
  await app.press('Alt+q')
  await expect(app.dialog).toContainText('Extracted from sample.iso to out')
  await expect(app.dialog).toContainText(/took 0:0\d/)
  await app.dialog.getByRole('button', { name: 'Undo extraction' }).click()
  await expect(app.dialog).toContainText('Only what is exactly as it was written goes.')
  await app.dialog.getByRole('button', { name: 'Remove' }).click()
  await expect(app.toasts).toContainText('2 items kept because they have changed')
  await expect(app.dialog).toContainText('undone')
  await expect(app.dialog.getByRole('button', { name: 'Undo extraction' })).toBeHidden()
  const left = (await readdir(out, { recursive: true })).sort()
  expect(left).toEqual([
    'Documents',
    'Documents/Tides.csv',
    'Pictures',
    'Pictures/mine.png',
    'Recipes',
    'Recipes/mine.txt',
    'Software',
    'Software/hello.sh',
  ])
  await app.dialog.getByRole('button', { name: 'Clear history' }).click()
  await expect(app.dialog).toContainText('Nothing has run yet.')
})

test('Ctrl+Z takes the last extraction back after a question, by keyboard alone', async ({ start, folders }) => {
  const app = await start({ images: [SAMPLE] })
  await app.goTo(app.left, folders.downloads)
  await app.right.row('Welcome.txt').click()
  await app.press('F5')
  await expect(app.left.row('Welcome.txt')).toBeVisible()
  await app.press('Control+z')
  await expect(app.dialog).toContainText('Remove 1 file written to')
  await app.dialog.getByRole('button', { name: 'Remove' }).press('Enter')
  await expect.poll(() => readdir(folders.downloads)).toEqual([])
  await expect(app.left.message).toContainText('This folder is empty.')
  // Its line would tell of files that are gone.
  await expect(app.queue.getByText('Extracted')).toBeHidden()
  await app.right.focus()
  await app.press('Control+z')
  await expect(app.toasts.last()).toContainText('There is no extraction to undo.')
})

test('Ctrl+Z never steps back behind the last thing that was done', async ({ start, folders }) => {
  const app = await start({ images: [SAMPLE] })
  await app.goTo(app.left, folders.downloads)
  await app.right.row('Welcome.txt').click()
  await app.press('F5')
  await expect(app.left.row('Welcome.txt')).toBeVisible()
  await app.goTo(app.right, folders.home)
  await app.left.row('Welcome.txt').click()
  await app.press('F5')
  await expect(app.toasts.last()).toContainText('Copied 1 file')
  await app.press('Control+z')
  await expect(app.toasts.last()).toContainText('cannot be undone')
  await expect(app.dialog).toBeHidden()
  expect(await readdir(folders.downloads)).toEqual(['Welcome.txt'])
})

test('a job whose folder will not do is tried again in another one', async ({ start, folders }) => {
  const out = join(folders.home, 'out')
  const other = join(folders.home, 'other')
  await mkdir(out)
  await mkdir(other)
  const app = await start({ images: [SAMPLE] })
  await app.goTo(app.left, out)
  await app.right.row('Welcome.txt').click()
  await rm(out, { recursive: true })
  await writeFile(out, 'a file now')
  await app.press('F5')
  await app.queue.getByRole('button', { name: 'Another folder…' }).click()
  await app.dialog.getByRole('combobox').fill(other)
  await app.press('Enter')
  await expect(app.dialog).toContainText('No folders in here.')
  await app.dialog.getByRole('button', { name: 'Use this folder' }).click()
  await expect.poll(() => readdir(other)).toEqual(['Welcome.txt'])
  await expect(app.queue.getByRole('button', { name: 'Another folder…' })).toBeHidden()
})
