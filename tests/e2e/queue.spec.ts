import { copyFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SAMPLE } from './support/samples'
import { expect, test } from './support/test'
import { writeTinyIso } from './support/tiny-iso'

/** Long enough to be caught at work on any machine. */
const LARGE = 3_900_000_000

test.describe('a job at work', () => {
  test.beforeEach(async ({ app, folders }) => {
    await writeTinyIso(join(folders.home, 'large.iso'), 'LARGE.BIN', LARGE)
    await app.open(join(folders.home, 'large.iso'))
    await expect(app.right.row('LARGE.BIN')).toBeVisible()
    await app.press('F5')
    await app.press('Control+j')
  })

  test('is paused, stands still, and goes on', async ({ app }) => {
    await app.queue.getByRole('button', { name: 'Pause' }).click()
    await expect(app.queue).toContainText('paused')
    const bar = app.queue.getByRole('progressbar')
    // What was under way is written to its end; then the figure stands.
    let before = await bar.getAttribute('aria-valuenow')
    await expect
      .poll(async () => {
        const now = await bar.getAttribute('aria-valuenow')
        const isStill = now === before
        before = now
        return isStill
      })
      .toBe(true)
    await expect(app.toasts).toBeHidden()
    await app.queue.getByRole('button', { name: 'Resume' }).click()
    await expect(app.queue.getByRole('button', { name: 'Pause' })).toBeVisible()
    await expect.poll(async () => Number(await bar.getAttribute('aria-valuenow'))).toBeGreaterThan(Number(before))
    await app.queue.getByRole('button', { name: 'Cancel' }).click()
    await expect(app.queue).toContainText('cancelled')
  })

  test('is cancelled and tried again', async ({ app, folders }) => {
    // While it is only being counted nothing has begun that could be tried again.
    await expect(app.queue.getByRole('button', { name: 'Pause' })).toBeVisible()
    await app.queue.getByRole('button', { name: 'Cancel' }).click()
    await expect(app.queue).toContainText('cancelled')
    await expect.poll(() => readdir(folders.downloads)).toEqual([])
    await app.queue.getByRole('button', { name: 'Retry' }).click()
    await expect(app.queue.getByRole('progressbar')).toBeVisible()
    await app.queue.getByRole('button', { name: 'Cancel' }).click()
    await expect(app.queue).toContainText('cancelled')
  })

  test('lets those that wait behind it be put in another order', async ({ app, folders }) => {
    for (const name of ['b.iso', 'c.iso']) {
      await writeTinyIso(join(folders.home, name), 'SMALL.BIN', 1000)
      await app.open(join(folders.home, name))
      await expect(app.active.getByRole('tab', { name })).toBeVisible()
      await expect(app.right.row('SMALL.BIN')).toBeVisible()
      await app.press('F5')
      await expect(app.queue).toContainText(`Extracting from ${name}`)
    }
    const titles = app.queue.locator('.title')
    await expect(titles).toHaveText([/large\.iso/, /b\.iso/, /c\.iso/, /jobs/])
    const last = app.queue.getByRole('listitem').nth(2)
    await last.getByRole('button', { name: 'Earlier in the queue' }).click()
    await expect(titles).toHaveText([/large\.iso/, /c\.iso/, /b\.iso/, /jobs/])
    await app.queue.getByRole('listitem').nth(2).dragTo(app.queue.getByRole('listitem').nth(1))
    await expect(titles).toHaveText([/large\.iso/, /b\.iso/, /c\.iso/, /jobs/])
    await app.queue.getByRole('button', { name: 'Cancel' }).first().click()
    await expect(app.queue.getByText('cancelled')).toBeVisible()
    await expect(app.queue.getByText('1 file, 1 kB')).toHaveCount(2)
  })
})

test.describe('where several names are taken', () => {
  const old = 'something older'

  test.beforeEach(async ({ app, folders }) => {
    await copyFile(SAMPLE, join(folders.home, 'sample.iso'))
    await mkdir(join(folders.downloads, 'Recipes'))
    for (const name of ['Crème brûlée.txt', 'Käsespätzle.txt', '味噌汁.txt'])
      await writeFile(join(folders.downloads, 'Recipes', name), old)
    await app.open(join(folders.home, 'sample.iso'))
    await app.right.row('Recipes').click()
    await app.press('F5')
    await expect(app.conflict).toBeVisible()
  })

  const recipes = async (downloads: string): Promise<string[]> => {
    const names = await readdir(join(downloads, 'Recipes'))
    return Promise.all(names.map((name) => readFile(join(downloads, 'Recipes', name), 'utf8')))
  }

  test('the question shows the beginning of both files', async ({ app }) => {
    await expect(app.conflict.getByRole('region', { name: /Existing file/ })).toContainText(old)
    await expect(app.conflict.getByRole('region', { name: /New file/ })).toContainText(/\w/)
    await expect(app.conflict.getByRole('region', { name: /New file/ })).not.toContainText(old)
  })

  for (const [choice, olds, total] of [
    ['Skip', 3, 3],
    ['Overwrite', 0, 3],
    ['Keep both', 3, 6],
  ] as const) {
    test(`“${choice}” for all asks once`, async ({ app, folders }) => {
      await app.conflict.getByRole('checkbox').check()
      await app.conflict.getByRole('button', { name: choice, exact: true }).click()
      await expect(app.toasts).toBeVisible()
      await expect(app.conflict).toBeHidden()
      const found = await recipes(folders.downloads)
      expect(found).toHaveLength(total)
      expect(found.filter((text) => text === old)).toHaveLength(olds)
    })
  }

  for (const [choice, olds] of [
    // What is there was written a moment ago; what comes is from 2024.
    ['Overwrite if older (all)', 3],
    ['Overwrite if different (all)', 0],
  ] as const) {
    test(`“${choice}”`, async ({ app, folders }) => {
      await app.conflict.getByRole('button', { name: choice }).click()
      await expect(app.toasts).toBeVisible()
      expect((await recipes(folders.downloads)).filter((text) => text === old)).toHaveLength(olds)
    })
  }

  test('Esc cancels the job, as the button does, and nothing is replaced', async ({ app, folders }) => {
    await app.press('Escape')
    await expect(app.conflict).toBeHidden()
    await expect(app.queue).toContainText('cancelled')
    expect((await recipes(folders.downloads)).filter((text) => text === old)).toHaveLength(3)
  })

  test('without “for all” each is asked for', async ({ app, folders }) => {
    for (const choice of ['Overwrite', 'Skip', 'Overwrite']) {
      const words = (await app.conflict.textContent()) ?? ''
      await app.conflict.getByRole('button', { name: choice, exact: true }).click()
      await expect(app.conflict.or(app.toasts)).not.toHaveText(words)
    }
    await expect(app.toasts).toBeVisible()
    expect((await recipes(folders.downloads)).filter((text) => text === old)).toHaveLength(1)
  })

  test('a job that is over gives its summary as a file', async ({ app }) => {
    await app.conflict.getByRole('checkbox').check()
    await app.conflict.getByRole('button', { name: 'Skip', exact: true }).click()
    await expect(app.toasts).toBeVisible()
    const save = async (name: string): Promise<string> => {
      await app.queue.getByRole('button', { name: 'More about this job' }).click()
      const [download] = await Promise.all([
        app.page.waitForEvent('download'),
        app.page.getByRole('menuitem', { name }).click(),
      ])
      return readFile(await download.path(), 'utf8')
    }
    const text = await save('Save summary as text…')
    expect(text).toContain('skipped: Recipes/Käsespätzle.txt')
    const json = JSON.parse(await save('Save summary as JSON…')) as { kind: string; outcomes: { status: string }[] }
    expect(json.kind).toBe('extract')
    expect(json.outcomes.filter(({ status }) => status === 'skipped')).toHaveLength(3)
  })
})

test('Shift+F5 extracts under another name', async ({ app, folders }) => {
  await copyFile(SAMPLE, join(folders.home, 'sample.iso'))
  await app.open(join(folders.home, 'sample.iso'))
  await app.right.row('Welcome.txt').click()
  await app.press('Shift+F5')
  await expect(app.dialog.getByRole('textbox')).toHaveValue('Welcome.txt')
  await app.dialog.getByRole('textbox').fill('Hello.txt')
  await app.press('Enter')
  await expect(app.toasts).toContainText('Extracted 1 file')
  expect(await readdir(folders.downloads)).toEqual(['Hello.txt'])
  await app.right.row('Recipes').click()
  await app.right.row('Welcome.txt').click({ modifiers: ['Control'] })
  await app.press('Shift+F5')
  await app.dialog.getByRole('textbox').fill('Together')
  await app.press('Enter')
  await expect.poll(async () => (await readdir(folders.downloads)).sort()).toEqual(['Hello.txt', 'Together'])
  expect((await readdir(join(folders.downloads, 'Together'))).sort()).toEqual(['Recipes', 'Welcome.txt'])
})

test('what is copied in an image is pasted into a folder', async ({ app, folders }) => {
  await copyFile(SAMPLE, join(folders.home, 'sample.iso'))
  await app.open(join(folders.home, 'sample.iso'))
  await app.right.row('Recipes').click()
  await app.right.row('Welcome.txt').click({ modifiers: ['Control'] })
  await app.press('Control+c')
  await app.press('Tab')
  await expect(app.left.element.locator('[data-rows], [data-start]').first()).toBeFocused()
  await mkdir(join(folders.home, 'Target'))
  await app.left.typePath(join(folders.home, 'Target'))
  await expect(app.left.message).toContainText('This folder is empty.')
  await app.run('Paste')
  await expect(app.toasts).toContainText('Extracted 4 files')
  expect((await readdir(join(folders.home, 'Target'))).sort()).toEqual(['Recipes', 'Welcome.txt'])
  expect((await stat(join(folders.home, 'Target', 'Welcome.txt'))).size).toBe(117)
})
