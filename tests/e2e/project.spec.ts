import { execFileSync, spawnSync } from 'node:child_process'
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
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
