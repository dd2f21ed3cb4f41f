import { findings } from '../support/axe'
import { expect, test } from '../support/fake-host'
import type { FakeEngine } from '../fake/fake-engine'
import type { IsoldeWindow } from '../support/window'
import { job } from './jobs'

/** Two views of one image, one in each pane: nothing is compared with itself. */
async function besideAnotherView(app: IsoldeWindow): Promise<void> {
  await app.press('Alt+o')
  await expect(app.left.row('boot')).toBeVisible()
  await app.right.switchView(/Joliet/)
}

const IMAGE = 'debian-12.1.0-amd64-netinst.iso'

const THEMES = [
  { setting: 'system', colorScheme: 'light' },
  { setting: 'system', colorScheme: 'dark' },
  { setting: 'high-contrast', colorScheme: 'dark' },
] as const

/** A state is reached once and looked at in all its colours: reaching it is what takes the time. */
async function expectCleanInEveryTheme({ page }: IsoldeWindow, engine: FakeEngine): Promise<void> {
  for (const { setting, colorScheme } of THEMES) {
    // What is fading over has not got its colours yet.
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    engine.change({ theme: setting })
    await expect(page.locator('html')).toHaveAttribute('data-theme', setting)
    expect(await findings(page), `${setting}, ${colorScheme}`).toEqual([])
  }
}

test.beforeEach(async ({ app }) => {
  await expect(app.left.grid).toBeVisible()
})

test('the start is clean', async ({ app, engine }) => {
  await expectCleanInEveryTheme(app, engine)
})

test('an image with a preview and a queue is clean', async ({ app, engine }) => {
  await app.left.openRow(IMAGE)
  await app.right.row('README.txt').click()
  await app.press('F3')
  await expect(app.inside.getByRole('region')).toBeVisible()
  engine.setJobs([
    job(),
    job({ id: 'job-2', state: 'failed', error: { code: 'NO_SPACE', message: 'The disk is full.' } }),
  ])
  await app.press('Control+j')
  await expect(app.queue).toContainText('The disk is full.')
  await expectCleanInEveryTheme(app, engine)
})

for (const [name, keys] of [
  ['palette', 'Control+k'],
  ['settings', 'Control+,'],
  ['open dialog', 'Control+o'],
  ['keyboard help', 'F1'],
] as const) {
  test(`the ${name} is clean`, async ({ app, engine }) => {
    await app.left.focus()
    await app.press(keys)
    await expect(app.dialog.getByRole('button').or(app.dialog.getByRole('listbox')).first()).toBeVisible()
    await expectCleanInEveryTheme(app, engine)
  })
}

for (const [name, keys] of [
  ['tiles', 'Control+2'],
  ['names', 'Control+3'],
  ['folder tree', 'Control+b'],
] as const) {
  test(`the ${name} are clean`, async ({ app, engine }) => {
    await app.left.openRow(IMAGE)
    await expect(app.right.row('boot')).toBeVisible()
    await app.press(keys)
    await expect(app.page.locator('[role=option], [role=treeitem]').first()).toBeVisible()
    await expectCleanInEveryTheme(app, engine)
  })
}

for (const [name, keys, part] of [
  ['disc map', 'Alt+m', '[role=listbox]'],
  ['map of sizes', 'Alt+s', '.box'],
  ['columns', 'Alt+c', 'input'],
  ['mask dialog', '+', 'input'],
  ['name to extract under', 'Shift+F5', 'input'],
] as const) {
  test(`the ${name} is clean`, async ({ app, engine }) => {
    await app.left.openRow(IMAGE)
    await expect(app.right.row('boot')).toBeVisible()
    await app.press(keys)
    await expect(app.dialog.locator(part).first()).toBeVisible()
    await expectCleanInEveryTheme(app, engine)
  })
}

for (const [name, keys, text] of [
  ['library', 'Alt+l', 'Encarta 97.cue'],
  ['duplicates', 'Alt+u', 'Same content'],
  ['comparison', 'Alt+k', 'grub.cfg'],
] as const) {
  test(`the ${name} is clean`, async ({ app, engine }) => {
    await app.left.openRow(IMAGE)
    await expect(app.right.row('boot')).toBeVisible()
    if (name === 'comparison') await besideAnotherView(app)
    await app.press(keys)
    await expect(app.active.getByRole('grid')).toContainText(text)
    await expectCleanInEveryTheme(app, engine)
  })
}

test('a search is clean', async ({ app, engine }) => {
  await app.left.focus()
  await app.press('Alt+F7')
  await app.active.getByRole('textbox', { name: 'Search for' }).fill('readme')
  await expect(app.active.getByRole('row', { name: /README\.html/ }).first()).toBeVisible()
  await expectCleanInEveryTheme(app, engine)
})

test('the page of keys in the settings is clean', async ({ app, engine }) => {
  await app.left.focus()
  await app.press('Control+,')
  await app.dialog.getByRole('tab', { name: 'Keys' }).click()
  await app.dialog.getByRole('button', { name: 'Give “Preview” a key' }).click()
  await app.press('Control+j')
  await expect(app.dialog.getByRole('alert')).toBeVisible()
  await expectCleanInEveryTheme(app, engine)
})

test('a question before a job is clean', async ({ app, engine }) => {
  engine.plan = { renames: [{ path: 'aux.c', to: 'aux_.c' }], renameTotal: 12 }
  await app.left.openRow(IMAGE)
  await app.right.row('README.txt').click()
  await app.press('F5')
  await expect(app.dialog).toContainText('aux.c → aux_.c')
  await expectCleanInEveryTheme(app, engine)
})

test('the card, a menu and a message in the corner are clean', async ({ app, engine }) => {
  await app.left.openRow(IMAGE)
  await app.right.element.getByRole('button', { name: /About this image/ }).click()
  await expect(app.page.getByRole('dialog')).toContainText('93%')
  await expectCleanInEveryTheme(app, engine)
  await app.press('Escape')
  engine.setJobs([job()])
  const result = {
    kind: 'extract' as const,
    files: 3,
    directories: 1,
    symlinks: 0,
    bytesWritten: 4000,
    problems: 1,
  }
  engine.setJobs([job({ state: 'done', result })])
  await expect(app.toasts).toBeVisible()
  await expectCleanInEveryTheme(app, engine)
  await app.queue.getByRole('button', { name: 'More about this job' }).click()
  await expect(app.page.getByRole('menuitem').first()).toBeVisible()
  await expectCleanInEveryTheme(app, engine)
})

test('an error in a pane is clean', async ({ app, engine }) => {
  await app.open('/nowhere/broken.iso')
  await expect(app.active.locator('.message').or(app.dialog)).toBeVisible()
  await expectCleanInEveryTheme(app, engine)
})

test('a conflict is clean', async ({ app, engine }) => {
  const side = { byteLength: 4_198, modified: Date.UTC(2026, 2, 2, 10), kind: 'file' }
  const question = {
    kind: 'conflict' as const,
    path: 'README.html',
    destinationPath: '/home/ada/Downloads/README.html',
    incoming: side,
    existing: { ...side, byteLength: 3_800, modified: Date.UTC(2025, 1, 2) },
  }
  engine.setJobs([job({ question })])
  await expect(app.conflict).toBeVisible()
  await expectCleanInEveryTheme(app, engine)
})
