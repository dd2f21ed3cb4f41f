import { execFileSync, spawnSync } from 'node:child_process'
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { zstdDecompressSync } from 'node:zlib'
import { SAMPLE } from './support/samples'
import { expect, test } from './support/test'
import type { IsoldeWindow } from './support/window'

const hasBsdtar = spawnSync('bsdtar', ['--version']).status === 0

/** What a program that is not ours finds in an image. */
function listed(file: string): string[] {
  const text = execFileSync('bsdtar', ['-tf', file], { encoding: 'utf8' })
  const names = text.split('\n').map((line) => line.replace(/\/$/, ''))
  return names.filter((line) => line !== '' && line !== '.').toSorted()
}

const strip = (app: IsoldeWindow) => app.right.element.getByRole('region', { name: 'What will be written' })
const writeButton = (app: IsoldeWindow) => strip(app).getByRole('button', { name: /^Write / })

test.beforeEach(async ({ app, folders }) => {
  await mkdir(join(folders.home, 'Holiday/Beach'), { recursive: true })
  await writeFile(join(folders.home, 'Holiday/Beach/sand.txt'), 'sand')
  await writeFile(join(folders.home, 'Holiday/map.txt'), 'map')
  await writeFile(join(folders.home, 'notes.txt'), 'notes')
  await copyFile(SAMPLE, join(folders.home, 'sample.iso'))
  await app.goTo(app.left, folders.home)
  await expect(app.left.row('Holiday')).toBeVisible()
})

async function begin(app: IsoldeWindow): Promise<void> {
  await app.right.focus()
  await app.press('Alt+n')
  await expect(app.right.message).toContainText('Nothing is in this disc image yet')
}

async function add(app: IsoldeWindow, name: string): Promise<void> {
  await app.left.row(name).click()
  await app.press('F5')
  await expect(app.right.row(name)).toBeVisible()
}

test('puts an image together, takes steps back and does them again, and writes it', async ({ app, folders }) => {
  await begin(app)
  await expect(writeButton(app)).toBeDisabled()
  await add(app, 'Holiday')
  await add(app, 'notes.txt')
  await expect(strip(app)).toContainText('3 files')
  await expect(strip(app)).toContainText('ISO 9660, Rock Ridge, Joliet, UDF 1.02')
  await expect(strip(app).getByRole('meter')).toHaveAttribute('aria-valuetext', /left on a DVD/)

  await app.right.focus()
  await app.press('F7')
  await app.dialog.getByRole('textbox').fill('docs')
  await app.press('Enter')
  await expect(app.right.row('docs')).toBeVisible()
  await app.right.row('notes.txt').click()
  await app.press('F2')
  await app.dialog.getByRole('textbox').fill('read me.txt')
  await app.press('Enter')
  await expect(app.right.row('read me.txt')).toBeVisible()
  await app.right.row('docs').click()
  await app.press('Delete')
  await expect.poll(() => app.right.names()).toEqual(['Holiday', 'read me.txt'])

  await app.press('Control+z')
  await expect(app.right.row('docs')).toBeVisible()
  await app.press('Control+z')
  await expect(app.right.row('notes.txt')).toBeVisible()
  await app.press('Control+y')
  await app.press('Control+y')
  await expect.poll(() => app.right.names()).toEqual(['Holiday', 'read me.txt'])

  await app.right.openRow('Holiday')
  await expect.poll(() => app.right.names()).toEqual(['Beach', 'map.txt'])
  await app.press('Backspace')
  await expect(app.right.row('Holiday')).toBeVisible()

  await writeButton(app).click()
  await expect(app.dialog.getByRole('textbox', { name: 'Destination' })).toHaveValue(folders.home)
  await app.dialog.getByLabel('File name').fill('holiday')
  await app.dialog.getByRole('button', { name: /^Write holiday\.iso, / }).click()
  await expect(app.toasts).toContainText('Wrote holiday.iso')
  await expect(app.toasts).toContainText('Written and read back: every file is there')
  await expect(app.right.tab('holiday.iso')).toBeVisible()
  const file = join(folders.home, 'holiday.iso')
  if (hasBsdtar)
    expect(listed(file)).toEqual([
      'Holiday',
      'Holiday/Beach',
      'Holiday/Beach/sand.txt',
      'Holiday/map.txt',
      'read me.txt',
    ])
})

test('is there again after the window was closed, with what can be taken back', async ({ app }) => {
  await begin(app)
  await add(app, 'notes.txt')
  await add(app, 'Holiday')
  await app.page.reload()
  await expect.poll(() => app.right.names()).toEqual(['Holiday', 'notes.txt'])
  await app.right.row('notes.txt').click()
  await app.press('Control+z')
  await expect.poll(() => app.right.names()).toEqual(['notes.txt'])
})

test('offers what was not written when its tab is closed, and discards it where that is meant', async ({ app }) => {
  await begin(app)
  await add(app, 'notes.txt')
  await app.right.focus()
  await app.press(app.tabKeys.close)
  const unfinished = app.right.element.getByRole('button', { name: /New disc\.iso/ })
  await expect(unfinished).toContainText('1 step')
  await unfinished.click()
  await expect(app.right.row('notes.txt')).toBeVisible()
  await app.run('Discard project')
  await app.dialog.getByRole('button', { name: 'Discard' }).click()
  await expect(app.right.element.locator('[data-start]')).toBeVisible()
  await expect(unfinished).toBeHidden()
})

test('takes what is pasted and dropped, and says what it has replaced', async ({ app }) => {
  await begin(app)
  await app.left.row('notes.txt').click()
  await app.press('Control+c')
  await app.right.focus()
  await app.press('Control+v')
  await expect(app.right.row('notes.txt')).toBeVisible()
  await app.press('Control+v')
  await expect(app.toasts).toContainText('Replaced 1 file in the image')
  await app.left.row('Holiday').locator('.label').dragTo(app.right.grid)
  await expect(app.right.row('Holiday')).toBeVisible()
})

test('says what fits on a disc of a chosen size, and remembers it', async ({ app, folders }) => {
  await writeFile(join(folders.home, 'Holiday/large.bin'), Buffer.alloc(3_000_000))
  await begin(app)
  await add(app, 'Holiday')
  const disc = strip(app).getByRole('button', { name: /^Disc:/ })
  await disc.click()
  await app.page.getByRole('menuitemradio', { name: /CD, 80 min/ }).click()
  await expect(strip(app)).toContainText(/\d+ MB left on a CD \(80 min\)/)
  await disc.click()
  await app.page.getByRole('menuitem', { name: 'Own size…' }).click()
  await app.dialog.getByRole('textbox').fill('lots')
  await app.press('Enter')
  await expect(app.dialog).toContainText('“lots” is not a size')
  await app.dialog.getByRole('textbox').fill('2 MB')
  await app.press('Enter')
  await expect(strip(app)).toContainText(/MB too much/)
  await app.page.reload()
  await expect(strip(app)).toContainText(/MB too much/)
})

test('lists the names that change, in which tree and why', async ({ app, folders }) => {
  await writeFile(join(folders.home, 'Holiday/what? a : name.txt'), 'x')
  await begin(app)
  await add(app, 'Holiday')
  await strip(app)
    .getByRole('button', { name: /names? changes?$/ })
    .click()
  const line = app.dialog.getByRole('listitem').filter({ hasText: 'Joliet' })
  await expect(line).toContainText('Holiday/what? a : name.txt')
  await expect(line).toContainText('characters not allowed')
  await app.press('Escape')
  await strip(app)
    .getByRole('button', { name: /Rock Ridge/ })
    .click()
  await app.dialog.getByRole('radio', { name: /^UDF/ }).check()
  await app.dialog.getByRole('button', { name: 'Apply' }).click()
  await expect(strip(app)).toContainText('UDF 2.01')
  await expect(strip(app).getByRole('button', { name: /names? changes?$/ })).toBeHidden()
})

test('changes an image, and says of each row what became of it', async ({ app, folders }) => {
  await app.right.focus()
  await app.open(join(folders.home, 'sample.iso'))
  await expect(app.right.row('Welcome.txt')).toBeVisible()
  await app.run('Change this image')
  await expect(app.right.tab('sample (changed).iso')).toBeVisible()
  await expect(app.right.row('Welcome.txt')).toBeVisible()
  await app.right.row('Welcome.txt').click()
  await app.press('F2')
  await app.dialog.getByRole('textbox').fill('Hello.txt')
  await app.press('Enter')
  await expect(app.right.row('Hello.txt')).toContainText('moved')
  await add(app, 'notes.txt')
  await expect(app.right.row('notes.txt')).toContainText('new')
  await writeButton(app).click()
  await expect(app.dialog.getByRole('radio', { name: 'Save as another file' })).toBeChecked()
  await app.dialog.getByLabel('File name').fill('changed')
  await app.dialog.getByRole('button', { name: /^Write changed\.iso, / }).click()
  await expect(app.toasts).toContainText('every file is there')
  if (hasBsdtar)
    expect(listed(join(folders.home, 'changed.iso'))).toEqual(expect.arrayContaining(['Hello.txt', 'notes.txt']))
  expect((await readFile(join(folders.home, 'sample.iso'))).equals(await readFile(SAMPLE))).toBe(true)
})

test('replaces the original once the copy is verified, keeps it, and shows the new one', async ({ app, folders }) => {
  await app.right.focus()
  await app.open(join(folders.home, 'sample.iso'))
  await expect(app.right.row('Welcome.txt')).toBeVisible()
  await app.run('Change this image')
  await expect(app.right.tab('sample (changed).iso')).toBeVisible()
  await app.right.row('Welcome.txt').click()
  await app.press('Delete')
  await expect(app.right.row('Welcome.txt')).toBeHidden()
  await writeButton(app).click()
  await app.dialog.getByRole('radio', { name: /Replace the original/ }).check()
  await app.dialog.getByRole('button', { name: /^Replace sample\.iso, / }).click()
  await expect(app.dialog).toContainText('sample.before.iso')
  await app.dialog.getByRole('button', { name: 'Replace', exact: true }).click()
  await expect(app.toasts).toContainText('The original is kept as sample.before.iso')
  await expect(app.right.viewSwitcher).toBeVisible()
  await expect(app.right.row('Welcome.txt')).toBeHidden()
  expect((await readdir(folders.home)).filter((name) => name.endsWith('.iso')).toSorted()).toEqual([
    'sample.before.iso',
    'sample.iso',
  ])
  expect((await readFile(join(folders.home, 'sample.before.iso'))).equals(await readFile(SAMPLE))).toBe(true)
  if (hasBsdtar) expect(listed(join(folders.home, 'sample.iso'))).not.toContain('Welcome.txt')
})

test('says what of an image that boots is kept, before anything is written', async ({ app, folders }) => {
  const packed = await readFile(join(import.meta.dirname, '../images/bootable.iso.zst'))
  await writeFile(join(folders.home, 'bootable.iso'), zstdDecompressSync(packed))
  await app.right.focus()
  await app.open(join(folders.home, 'bootable.iso'))
  await expect(app.right.rows.first()).toBeVisible()
  await app.run('Change this image')
  await expect(strip(app)).toContainText(/boots from/)
  await writeButton(app).click()
  const kept = app.dialog.locator('section').filter({ hasText: 'Kept or recomputed' })
  await expect(kept).toContainText('boot entry')
})

test('names damaged files, and leaves them out by consent alone', async ({ app, folders }) => {
  await writeFile(join(folders.home, 'short.iso'), (await readFile(SAMPLE)).subarray(0, 100_000))
  await app.right.focus()
  await app.open(join(folders.home, 'short.iso'))
  await expect(app.right.row('Recipes')).toBeVisible()
  await app.run('Change this image')
  await expect(strip(app)).toContainText(/\d+ damaged files?/)
  await writeButton(app).click()
  await expect(app.dialog).toContainText('is damaged in the image')
  const confirm = app.dialog.getByRole('button', { name: /^Write / })
  await expect(confirm).toBeDisabled()
  await app.dialog.getByRole('checkbox', { name: 'Leave out what is damaged' }).check()
  await confirm.click()
  await expect(app.toasts).toContainText('Wrote short (changed).iso')
  await expect(app.toasts).toContainText(/problem/)
})

test('says in the dialog what has become of the sources, and writes them as they are now', async ({ app, folders }) => {
  await begin(app)
  await add(app, 'Holiday')
  await add(app, 'notes.txt')
  await writeFile(join(folders.home, 'notes.txt'), 'notes'.repeat(10_000))
  await rm(join(folders.home, 'Holiday/map.txt'))
  await writeButton(app).click()
  const changed = app.dialog.locator('section').filter({ hasText: 'Changed since they were added' })
  await expect(changed).toContainText('“notes.txt” had 5 B when it was added, and has 50 kB now')
  await expect(changed).toContainText('“Holiday/map.txt” no longer exists, and will not be in the image.')
  // What lies behind a dialog has no role.
  await expect(app.right.element).toContainText('2 sources changed')
  await app.dialog.getByLabel('File name').fill('now')
  await app.dialog.getByRole('button', { name: /^Write now\.iso, / }).click()
  await expect(app.toasts).toContainText('every file is there')
  if (hasBsdtar) expect(listed(join(folders.home, 'now.iso'))).not.toContain('Holiday/map.txt')
})

test('makes no folder of a path that was mistyped, and says what to do', async ({ app, folders }) => {
  await begin(app)
  await add(app, 'notes.txt')
  await writeButton(app).click()
  const confirm = app.dialog.getByRole('button', { name: /^Write New disc\.iso, / })
  const destination = app.dialog.getByRole('textbox', { name: 'Destination' })
  await expect(confirm).toBeEnabled()
  await destination.fill(join(folders.home, 'mistyped'))
  await expect(app.dialog.getByRole('alert')).toContainText(/mistyped” doesn't exist/)
  await expect(confirm).toBeDisabled()
  await destination.fill(join(folders.home, 'notes.txt'))
  await expect(app.dialog.getByRole('alert')).toContainText(/not a folder/)
  await destination.fill(folders.home)
  await expect(confirm).toBeEnabled()
  expect(await readdir(folders.home)).not.toContain('mistyped')
})

test('every key works in it, or says why not', async ({ app }) => {
  await begin(app)
  const said = async (key: string, text: string | RegExp): Promise<void> => {
    await app.right.focus()
    await app.press(key)
    await expect(app.toasts).toContainText(text)
    await app.toasts
      .getByRole('button', { name: /Close|Dismiss/ })
      .first()
      .click()
  }
  await said('Control+z', 'Nothing was done in this disc image yet')
  await said('Control+y', 'There is no undone step')
  await said('Alt+Shift+s', 'Nothing is in this disc image yet')
  await add(app, 'Holiday')
  await said('F5', 'nothing can be extracted from it')
  await said('F6', 'Show another folder of it in the other pane')
  await said('Alt+v', "This disc image isn't written yet")
  await said('Alt+x', "This disc image isn't written yet")
  await said('Alt+Enter', "This disc image isn't written yet")
  await app.right.focus()
  await app.press('F3')
  await expect(app.page.getByRole('complementary', { name: 'Preview' })).toContainText("isn't written yet")
})

test('says in another window that its project was discarded there', async ({ app, folders }) => {
  await begin(app)
  await add(app, 'notes.txt')
  // A second window begins with the tabs that are remembered.
  const stored = (): Promise<string> => readFile(join(folders.profile, 'settings.json'), 'utf8').catch(() => '')
  await expect.poll(stored).toMatch(/"kind": "project"/)
  const other = await app.page.context().newPage()
  await other.goto(app.page.url())
  await expect(other.getByRole('tab', { name: 'New disc.iso' })).toBeVisible()
  await app.page.bringToFront()
  await app.right.focus()
  await app.run('Discard project')
  await app.dialog.getByRole('button', { name: 'Discard' }).click()
  await expect(other.getByText('New disc.iso was discarded in another window')).toBeVisible()
  await expect(app.page.getByText('was discarded in another window')).toBeHidden()
})

test('counts in the footer what the folder holds', async ({ app }) => {
  await begin(app)
  await add(app, 'Holiday')
  await expect(app.right.element.locator('footer')).toContainText(/1 item · 7 B in 2 files/)
  await app.right.openRow('Holiday')
  await expect(app.right.element.locator('footer')).toContainText(/2 items · 7 B in 2 files/)
})

test('has more options that are folded away, and puts them into the image', async ({ app, folders }) => {
  await begin(app)
  await add(app, 'notes.txt')
  await app.right.focus()
  await app.run('Disc image options')
  const fold = app.dialog.getByRole('button', { name: 'More options' })
  await expect(app.dialog.getByLabel('Publisher')).toBeHidden()
  await fold.focus()
  await app.press('Enter')
  await app.dialog.getByLabel('Publisher').fill('Somebody')
  await app.dialog.getByLabel('Boot image for BIOS').fill('none.bin')
  await app.dialog.getByRole('button', { name: 'Apply' }).click()
  await expect(strip(app).getByRole('alert')).toContainText('none.bin')
  await app.run('Disc image options')
  await app.dialog.getByLabel('Boot image for BIOS').fill('')
  await app.dialog.getByRole('checkbox', { name: 'Add a list of SHA-256 checksums' }).check()
  await app.dialog.getByRole('button', { name: 'Apply' }).click()
  await expect(strip(app)).toContainText('2 files')
  await writeButton(app).click()
  await app.dialog.getByLabel('File name').fill('more')
  await app.dialog.getByRole('button', { name: /^Write more\.iso, / }).click()
  await expect(app.toasts).toContainText('every file is there')
  const written = await readFile(join(folders.home, 'more.iso'))
  expect(written.toString('latin1', 16 * 2048 + 318, 16 * 2048 + 326)).toMatch(/^somebody/i)
})
