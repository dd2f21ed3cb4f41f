import { copyFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Locator } from '@playwright/test'
import { findings } from './support/axe'
import { SAMPLE } from './support/samples'
import { expect, test } from './support/test'
import type { IsoldeWindow } from './support/window'

const lineOf = (app: IsoldeWindow, command: string): Locator =>
  app.dialog.getByRole('listitem').filter({ hasText: command })

async function openKeys(app: IsoldeWindow): Promise<void> {
  await app.press('Control+,')
  await app.dialog.getByRole('tab', { name: 'Keys' }).click()
  await expect(app.dialog.getByRole('searchbox')).toBeVisible()
}

async function done(app: IsoldeWindow): Promise<void> {
  await app.dialog.getByRole('button', { name: 'Done' }).click()
  await expect(app.dialog).toBeHidden()
  await app.left.focus()
}

test.beforeEach(async ({ folders }) => {
  await copyFile(SAMPLE, join(folders.downloads, 'sample.iso'))
})

test('a command gets a key of one’s own, everywhere, for good, until it is given back', async ({
  start,
  end,
  folders,
}) => {
  let app = await start()
  await test.step('give the preview another key', async () => {
    await app.left.focus()
    await openKeys(app)
    await app.dialog.getByRole('button', { name: 'Change F3 of “Preview”' }).click()
    await app.press('F9')
    await expect(lineOf(app, 'Preview')).toContainText('F9')
    expect(await findings(app.page)).toEqual([])
    await done(app)
  })
  await test.step('the new key works, the old one does nothing', async () => {
    await app.press('F3')
    await app.press('F9')
    await expect(app.preview).toBeVisible()
    await app.press('F3')
    await expect(app.preview).toBeVisible()
    await app.press('F9')
    await expect(app.preview).toBeHidden()
  })
  await test.step('menus, palette and the page of keys show it', async () => {
    await app.page.getByRole('menuitem', { name: 'View', exact: true }).click()
    const item = app.page.getByRole('menuitem', { name: 'Preview' })
    await expect(item).toContainText('F9')
    await expect(item).toHaveAttribute('aria-keyshortcuts', 'F9')
    await app.press('Escape')
    await app.press('Control+k')
    await app.dialog.getByRole('combobox').fill('Preview')
    await expect(app.dialog.getByRole('option').first()).toContainText('F9')
    await app.press('Escape')
    await app.left.focus()
    await app.press('F1')
    await expect(app.dialog.locator('dt:text-is("Preview") + dd')).toHaveText('F9')
    await app.dialog.getByRole('button', { name: 'Change keys…' }).click()
    await expect(app.dialog.getByRole('tab', { name: 'Keys' })).toHaveAttribute('aria-selected', 'true')
    await done(app)
  })
  await test.step('it is there at the next start', async () => {
    const file = join(folders.profile, 'settings.json')
    await expect
      .poll(async () => (JSON.parse(await readFile(file, 'utf8').catch(() => '{}')) as { keys?: unknown }).keys)
      .toEqual({ preview: ['F9'] })
    await end()
    app = await start()
    await app.left.focus()
    await app.press('F9')
    await expect(app.preview).toBeVisible()
  })
  await test.step('the original key comes back', async () => {
    await openKeys(app)
    await app.dialog.getByRole('button', { name: 'Original keys of “Preview”' }).click()
    await expect(lineOf(app, 'Preview')).toContainText('F3')
    await done(app)
    await app.press('F9')
    await expect(app.preview).toBeVisible()
    await app.press('F3')
    await expect(app.preview).toBeHidden()
  })
})

test('a taken key is told in words, and changes hands by choice only', async ({ app }) => {
  await app.left.focus()
  await openKeys(app)
  await app.dialog.getByRole('button', { name: 'Change F3 of “Preview”' }).click()
  await app.press('Control+u')
  await expect(app.dialog.getByRole('alert')).toHaveText('Ctrl+U belongs to “Swap panes”.')
  expect(await findings(app.page)).toEqual([])
  await app.dialog.getByRole('button', { name: 'Leave it there' }).click()
  await expect(lineOf(app, 'Swap panes')).toContainText('Ctrl+U')
  await app.dialog.getByRole('button', { name: 'Give “Preview” a key' }).click()
  await app.press('Control+u')
  await app.dialog.getByRole('button', { name: 'Give it to “Preview”' }).click()
  await expect(lineOf(app, 'Preview')).toContainText('F3Ctrl+U')
  await expect(lineOf(app, 'Swap panes')).toContainText('No key')
  // Its own keys again: the other command has one of them, which is asked about as well.
  await app.dialog.getByRole('button', { name: 'Original keys of “Swap panes”' }).click()
  await expect(app.dialog.getByRole('alert')).toHaveText('Ctrl+U belongs to “Preview”.')
  await app.dialog.getByRole('button', { name: 'Give it to “Swap panes”' }).click()
  await expect(lineOf(app, 'Swap panes')).toContainText('Ctrl+U')
  await expect(lineOf(app, 'Preview')).not.toContainText('Ctrl+U')
  await expect(app.dialog.getByRole('button', { name: 'Reset all shortcuts' })).toBeDisabled()
})

test('keys are changed with keys alone, and those that must stay say so', async ({ app }) => {
  await app.left.focus()
  await app.press('Control+,')
  await app.dialog.getByRole('tab', { name: 'General' }).focus()
  await app.press('ArrowRight')
  await app.press('Tab')
  while (!(await app.dialog.getByRole('searchbox').evaluate((field) => field === document.activeElement)))
    await app.press('Tab')
  await app.page.keyboard.type('Columns')
  await app.press('Tab')
  const add = app.dialog.getByRole('button', { name: 'Give “Columns…” a key' })
  await expect(app.dialog.getByRole('button', { name: 'Change Alt+C of “Columns…”' })).toBeFocused()
  await app.press('Delete')
  await expect(add).toBeFocused()
  await expect(lineOf(app, 'Columns')).toContainText('No key')
  for (const [key, sentence] of [
    ['ArrowDown', /moves through rows/],
    ['x', /Letters and digits/],
  ] as const) {
    await app.press('Enter')
    await expect(add).toHaveText('Press a key…')
    await app.press(key)
    await expect(app.dialog.getByRole('alert')).toHaveText(sentence)
    await expect(add).toBeFocused()
  }
  await app.press('Enter')
  await app.press('Escape')
  await expect(app.dialog.getByRole('alert')).toHaveCount(0)
  await app.press('Enter')
  await app.press('Alt+j')
  await expect(lineOf(app, 'Columns')).toContainText('Alt+J')
  await app.press('Escape')
  await app.left.focus()
  await app.press('Alt+c')
  await expect(app.dialog).toBeHidden()
  await app.press('Alt+j')
  await expect(app.dialog).toContainText('Tick what the rows show')
  await app.press('Escape')
  await openKeys(app)
  await app.dialog.getByRole('button', { name: 'Reset all shortcuts' }).click()
  await done(app)
  await app.press('Alt+c')
  await expect(app.dialog).toContainText('Tick what the rows show')
})

test('a sign without its command finds names like any other', async ({ app }) => {
  await app.left.openRow('sample.iso')
  await expect(app.right.row('Welcome.txt')).toBeVisible()
  await openKeys(app)
  await app.dialog.getByRole('button', { name: /^Take \+ from/ }).click()
  await done(app)
  await app.right.focus()
  await app.press('+')
  await expect(app.dialog).toBeHidden()
})
