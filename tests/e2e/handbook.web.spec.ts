import { copyFile, mkdir, readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { zstdDecompressSync } from 'node:zlib'
import { namedIso } from '../images/named-iso'
import { fewColours } from './support/png'
import { SAMPLE } from './support/samples'
import { drivesFile, expect, ROOT, test, type Folders } from './support/test'
import type { IsoldeWindow } from './support/window'

/**
 * The steps of the handbook's pages, taken in the running program; and the pictures on them, which `npm run handbook`
 * writes. A page whose steps change is told here.
 */
const BOOK = join(ROOT, 'docs/handbook')
const COAST = 'Coast 2024.iso'

/** All pictures are of one shape: the handbook keeps room for them before they come. */
test.use({ viewport: { width: 960, height: 600 }, contextOptions: { deviceScaleFactor: 1.5 } })

/** Several pages in one start of the program, of which each takes its time. */
const LONG = 120_000

async function picture(app: IsoldeWindow, page: string): Promise<void> {
  if (process.env.ISOLDE_HANDBOOK !== 'write') return
  await app.page.evaluate(() => document.fonts.ready)
  await app.page.mouse.move(0, 0)
  // Where a test keeps its files says nothing to anybody.
  await app.page.evaluate(() => {
    const plain = (text: string): string =>
      text.replaceAll(/\/tmp\/isolde-e2e-\w+\/home\/stick/g, 'stick').replaceAll(/\/tmp\/isolde-e2e-\w+/g, '')
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let text = texts.nextNode(); text; text = texts.nextNode()) text.nodeValue = plain(text.nodeValue ?? '')
    for (const field of document.querySelectorAll('input')) field.value = plain(field.value)
  })
  const taken = await app.page.screenshot({ animations: 'disabled', caret: 'hide' })
  await writeFile(join(BOOK, `${page}.png`), fewColours(taken))
}

/** A folder of discs that somebody might have. */
async function shelve(folders: Folders): Promise<string> {
  const discs = join(folders.home, 'Discs')
  await mkdir(discs)
  await copyFile(SAMPLE, join(discs, COAST))
  const letters = { 'A letter from the coast.md': 'Dear reader', 'A second letter.md': 'It rained.' }
  const tree = { Documents: { Letters: letters, 'Tides.csv': 'day,high,low\n' }, 'Welcome.txt': 'Welcome back.' }
  await writeFile(join(discs, 'Coast 2025.iso'), namedIso(tree, 'COAST'))
  const summed = await readFile(join(ROOT, 'tests/images/summed.iso.zst'))
  await writeFile(join(discs, 'Archive.iso'), zstdDecompressSync(summed))
  return discs
}

async function show(app: IsoldeWindow, folder: string): Promise<void> {
  await app.goTo(app.left, folder)
  await expect(app.left.row(COAST)).toBeVisible()
}

test('the steps: open, extract, verify, keys', async ({ app, folders }) => {
  test.setTimeout(LONG)
  await show(app, await shelve(folders))
  await app.left.openRow(COAST)
  await expect(app.right.row('Documents')).toBeVisible()
  await app.right.row('Documents').click()
  await app.press('Enter')
  await expect(app.right.row('Tides.csv')).toBeVisible()
  await app.press('Backspace')
  await expect(app.right.row('Documents')).toHaveClass(/cursor/)
  await picture(app, 'open')

  await app.right.row('Documents').click()
  await app.right.row('Pictures').click({ modifiers: ['Control'] })
  await expect(app.right.transferButton).toContainText('Extract 2 items')
  await app.press('Alt+Shift+F5')
  await expect(app.dialog.getByRole('button', { name: 'Extract', exact: true })).toBeVisible()
  await app.dialog.getByRole('button', { name: 'Rename files' }).click()
  await expect(app.dialog.getByLabel('New name')).toBeVisible()
  await app.dialog.getByRole('button', { name: 'Rename files' }).click()
  await picture(app, 'extract')
  await app.press('Escape')

  await app.left.row('Archive.iso').click()
  await app.press('Alt+Shift+V')
  await app.dialog.getByRole('button', { name: 'Check now' }).click()
  await expect(app.dialog.getByRole('status').first()).toContainText('It is complete')
  await expect(app.dialog.getByRole('button', { name: 'Add a key…' })).toBeVisible()
  await picture(app, 'verify')
  await app.press('Escape')
  await app.press('Control+Alt+h')
  await expect(app.dialog.getByText('Compare with')).toBeVisible()
  await app.press('Escape')

  await app.press('F1')
  await expect(app.dialog.locator('kbd').first()).toBeVisible()
  await picture(app, 'keys')
})

test('the steps: find, compare, library', async ({ app, folders }) => {
  test.setTimeout(LONG)
  const discs = await shelve(folders)
  await show(app, discs)
  await app.open(join(discs, 'Archive.iso'))
  await expect(app.active.getByRole('grid')).toBeVisible()
  await app.goTo(app.left, join(discs, COAST))
  await expect(app.left.row('Documents')).toBeVisible()
  await app.goTo(app.right, join(discs, 'Coast 2025.iso'))
  await expect(app.right.row('Documents')).toBeVisible()

  await app.right.focus()
  await app.press('Alt+k')
  await expect(app.active.getByRole('grid')).toContainText('A second letter.md')
  await app.active.getByRole('checkbox', { name: 'Compare contents too' }).check()
  await expect(app.active.getByRole('status')).toContainText('Identical: ')
  await picture(app, 'compare')

  await app.left.focus()
  await app.press('Alt+l')
  await expect(app.active.getByRole('row', { name: /Coast 2024/ })).toBeVisible()
  await app.active.getByRole('row', { name: /Coast 2024/ }).click()
  await app.active.getByLabel('Group', { exact: true }).last().fill('Holidays')
  await app.active.getByLabel('Tags').last().fill('sea, letters')
  await app.active.getByLabel('Notes').last().fill('The box is in the cellar.')
  await app.active.getByRole('row', { name: /Coast 2024/ }).click()
  await picture(app, 'library')

  await app.press('Alt+F7')
  await app.active.getByRole('textbox', { name: 'Search for' }).fill('letter')
  await expect(app.active.getByRole('row', { name: /A second letter/ })).toBeVisible()
  await expect(app.active.getByRole('row', { name: /A letter from the coast/ }).first()).toBeVisible()
  await picture(app, 'find')
  await app.active.getByRole('row', { name: /A second letter/ }).click()
  await app.press('Control+Shift+Enter')
  await expect(app.active.getByRole('row', { name: /A second letter/ })).toHaveClass(/cursor/)
})

test('the steps: make, write', async ({ app, folders }) => {
  test.setTimeout(LONG)
  const discs = await shelve(folders)
  const stick = join(folders.home, 'stick.img')
  await writeFile(stick, '')
  await truncate(stick, 64 << 20)
  await writeFile(drivesFile(folders), `${stick}\n`)
  await show(app, discs)
  await app.right.focus()
  await app.press('Alt+n')
  await expect(app.right.message).toContainText('Nothing is in this disc image yet')
  await app.left.row(COAST).click()
  await app.left.row('Coast 2025.iso').click({ modifiers: ['Control'] })
  await app.press('F5')
  await expect(app.right.row(COAST)).toBeVisible()
  await app.right.focus()
  await app.press('F7')
  await app.dialog.getByRole('textbox').fill('Photos')
  await app.press('Enter')
  await expect(app.right.row('Photos')).toBeVisible()
  await picture(app, 'make')
  await app.press('Alt+Shift+s')
  await expect(app.dialog).toContainText('Write disc image')
  await app.press('Escape')

  await app.left.row('Archive.iso').click()
  await app.press('Alt+Shift+U')
  await app.dialog.getByLabel(/^Type stick\.img to go on$/).fill('stick.img')
  await expect(app.dialog.getByRole('button', { name: /^Erase .*stick\.img and write Archive\.iso$/ })).toBeEnabled()
  await picture(app, 'write')
  await app.press('Escape')
  await app.press('Shift+F7')
  await expect(app.dialog).toContainText('Make a disc image')
})

test('the handbook is read by mouse', async ({ app }) => {
  await app.page.getByRole('menuitem', { name: 'Help' }).click()
  await app.page.getByRole('menuitem', { name: 'Handbook' }).click()
  const pages = app.dialog.getByRole('navigation', { name: 'Pages of the handbook' })
  await expect(pages.getByRole('button')).toHaveCount(9)
  await expect(app.dialog.getByRole('heading', { name: 'Open an image' })).toBeVisible()
  await app.dialog.getByRole('link', { name: 'find something' }).click()
  await expect(app.dialog.getByRole('heading', { name: 'Find files' })).toBeVisible()
  for (const page of await pages.getByRole('button').all()) {
    await page.click()
    await expect(page).toHaveAttribute('aria-current', 'page')
    const drawn = app.dialog.getByRole('img')
    await expect(drawn).toHaveJSProperty('complete', true)
    expect(await drawn.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(1440)
  }
  await app.dialog.getByRole('button', { name: 'Done' }).click()
  await expect(app.dialog).toBeHidden()
})

test('the handbook is read by keys alone, and gives the keyboard back', async ({ app }) => {
  const errors: string[] = []
  app.page.on('requestfailed', (request) => errors.push(request.url()))
  await app.left.focus()
  await app.press('Alt+Shift+F1')
  const pages = app.dialog.getByRole('navigation', { name: 'Pages of the handbook' })
  await expect(pages.getByRole('button').first()).toBeFocused()
  await app.press('ArrowDown')
  await app.press('ArrowDown')
  await expect(pages.getByRole('button', { name: 'Extract files' })).toBeFocused()
  await expect(app.dialog.getByRole('heading', { name: 'Extract files' })).toBeVisible()
  const link = app.dialog.getByRole('link', { name: 'Open the image' })
  for (let step = 0; step < 12 && !(await link.evaluate((one) => one === document.activeElement)); step++)
    await app.press('Tab')
  await app.press('Enter')
  const paper = app.dialog.getByRole('region', { name: 'Open an image' })
  await expect(paper).toBeFocused()
  await app.press('End')
  await expect.poll(() => paper.evaluate(({ scrollTop }) => scrollTop)).toBeGreaterThan(0)
  await app.press('Escape')
  await expect(app.dialog).toBeHidden()
  await expect(app.active.locator('[data-rows], [data-start]').first()).toBeFocused()

  await app.run('Handbook')
  await expect(app.dialog.getByRole('heading', { name: 'Open an image' })).toBeVisible()
  expect(errors).toEqual([])
})
