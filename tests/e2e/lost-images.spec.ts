import { readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { zstdDecompressSync } from 'node:zlib'
import { namedIso } from '../images/named-iso'
import { SAMPLE } from './support/samples'
import { drivesFile, expect, test, type Folders } from './support/test'

const OTHER = Buffer.from(namedIso({ 'letter.txt': 'dear reader\n'.repeat(500), 'map.bin': 'x'.repeat(9000) }, 'OTHER'))
const noise = (length: number): Buffer => Buffer.from(Array.from({ length }, (_, at) => (at * 7 + (at >> 8)) & 0xff))

/** A plain file stands for a disk on which nothing leads to two images. */
async function plugIn(folders: Folders, name = 'stick.img'): Promise<{ disk: string; sample: Buffer }> {
  const disk = join(folders.home, name)
  const sample = await readFile(SAMPLE)
  await writeFile(disk, Buffer.concat([noise(3072), sample, noise(4096), OTHER, noise(1 << 20)]))
  await writeFile(drivesFile(folders), `${disk}\n`)
  return { disk, sample }
}

test('images on a drive are found, opened as they lie there, and saved', async ({ app, folders }) => {
  const { disk, sample } = await plugIn(folders)
  const before = await readFile(disk)
  await app.press('Alt+Shift+B')
  await expect(app.dialog.getByRole('radio', { name: /stick\.img/ })).toBeChecked()
  await app.dialog.getByRole('button', { name: 'Continue' }).click()
  await expect(app.dialog.getByRole('status')).toContainText('Nobody has searched it yet')
  await app.dialog.getByRole('button', { name: 'Search now' }).click()
  await expect(app.dialog.getByRole('status')).toContainText('2 disc images found')
  const row = app.dialog.getByRole('row', { name: /OTHER\.iso/ })
  await expect(row).toContainText('All folders there')

  await row.getByRole('button', { name: 'Open OTHER.iso' }).click()
  await expect(app.dialog).toBeHidden()
  await expect(app.active.getByRole('row', { name: /letter\.txt/ })).toBeVisible()
  // It is in no folder and in no image: one step up is where the disk lies.
  await app.press('Alt+ArrowUp')
  await expect(app.active.getByRole('row', { name: /stick\.img/ })).toBeVisible()

  await app.press('Alt+Shift+B')
  // The image of a disk under the cursor is meant, and what was found on it is still known.
  await expect(app.dialog.getByRole('status')).toContainText('2 disc images found')
  await app.dialog.getByRole('checkbox', { name: 'Select all' }).check()
  await app.dialog.getByRole('button', { name: 'Save 2 images to…' }).click()
  await app.dialog.getByRole('combobox').fill(folders.downloads)
  await app.dialog.getByRole('button', { name: 'Save here' }).click()
  await expect(app.toasts.last()).toContainText('Saved 2 images in Downloads')
  await expect(app.toasts.last()).toContainText('passed their checks')
  expect((await readFile(join(folders.downloads, 'OTHER.iso'))).equals(OTHER)).toBe(true)
  const label = sample.subarray(32808, 32840).toString('latin1').trim()
  expect((await readFile(join(folders.downloads, `${label}.iso`))).equals(sample)).toBe(true)
  expect((await readFile(disk)).equals(before)).toBe(true)
})

test('by the keyboard alone: from the palette to a saved image', async ({ app, folders }) => {
  await plugIn(folders)
  await app.press('Control+k')
  await app.page.keyboard.type('find lost')
  await expect(app.dialog.getByRole('option').first()).toContainText('Find lost images…')
  await app.press('Enter')
  await expect(app.dialog.getByRole('radio', { name: /stick\.img/ })).toBeFocused()
  await app.press('Enter')
  await expect(app.dialog.getByRole('button', { name: 'Search now' })).toBeFocused()
  await app.press('Enter')
  const box = app.dialog.getByRole('checkbox', { name: 'Select OTHER.iso' })
  await expect(box).toBeVisible()
  await box.focus()
  await app.press('Space')
  await expect(app.dialog.getByRole('status')).toContainText('2 disc images found')
  await app.dialog.getByRole('button', { name: 'Save 1 image to…' }).press('Enter')
  await app.dialog.getByRole('combobox').fill(folders.downloads)
  await app.dialog.getByRole('button', { name: 'Save here' }).press('Enter')
  await expect(app.toasts.last()).toContainText('Saved 1 image in Downloads')
  expect((await readFile(join(folders.downloads, 'OTHER.iso'))).equals(OTHER)).toBe(true)
})

test('a search that is stopped keeps what it has found, and goes on from there', async ({ app, folders }) => {
  const { disk } = await plugIn(folders)
  await truncate(disk, 2 * 2 ** 30)
  await app.goTo(app.left, folders.home)
  await app.left.row('stick.img').click({ button: 'right' })
  await app.page.getByRole('menuitem', { name: 'Find lost images…' }).click()
  await app.dialog.getByRole('button', { name: 'Search now' }).click()
  await expect(app.dialog.getByRole('status')).toContainText('2 images found so far')
  await app.dialog.getByRole('button', { name: 'Pause' }).click()
  await expect(app.dialog.getByRole('status')).toContainText('Paused at')
  await app.dialog.getByRole('button', { name: 'Stop' }).click()
  await expect(app.dialog.getByRole('status')).toContainText(/Stopped at \d+%, 2 images found so far/)
  await expect(app.dialog.getByRole('row', { name: /OTHER\.iso/ })).toBeVisible()
  await app.dialog.getByRole('button', { name: 'Continue the search' }).click()
  await expect(app.dialog.getByRole('status')).toContainText('2 disc images found', { timeout: 40_000 })
})

test('what was found is still known after a restart', async ({ start, end, folders }) => {
  await plugIn(folders, 'card.raw')
  const app = await start()
  await app.goTo(app.left, folders.home)
  await app.left.row('card.raw').click()
  await app.press('Alt+Shift+B')
  await app.dialog.getByRole('button', { name: 'Search now' }).click()
  await expect(app.dialog.getByRole('status')).toContainText('2 disc images found')
  await end()
  const again = await start()
  await again.goTo(again.left, folders.home)
  await again.left.row('card.raw').click()
  await again.press('Alt+Shift+B')
  await expect(again.dialog.getByRole('status')).toContainText('2 disc images found')
  await expect(again.dialog.getByRole('row', { name: /OTHER\.iso/ })).toBeVisible()
})

test('the dialog for drives leads there, and what is no disk says so', async ({ app, folders }) => {
  await plugIn(folders)
  await app.press('Alt+Shift+E')
  await app.dialog.getByRole('button', { name: 'Find lost images on it…' }).click()
  await expect(app.dialog).toContainText('Lost images on “stick.img”')
  await app.dialog.getByRole('button', { name: 'Another disk…' }).click()
  await app.dialog.getByRole('radio', { name: /Another disk, a partition/ }).check()
  await app.dialog.getByRole('textbox').fill(folders.downloads)
  await app.press('Enter')
  await app.dialog.getByRole('button', { name: 'Search now' }).click()
  await expect(app.dialog.getByRole('alert')).toContainText('is a folder')
  // However small the window is, the buttons stay in it.
  await app.page.setViewportSize({ width: 680, height: 560 })
  const box = await app.dialog.getByRole('button', { name: 'Search again' }).boundingBox()
  expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(560)
})

test('a find whose sums do not fit is told as overwritten, and its copy did not pass', async ({ app, folders }) => {
  const summed = zstdDecompressSync(await readFile(join(import.meta.dirname, '../images/summed.iso.zst')))
  summed.write('X', summed.indexOf('two\n') + 1000)
  const disk = join(folders.home, 'stick.img')
  await writeFile(disk, Buffer.concat([noise(1024), summed, noise(9000)]))
  await app.goTo(app.left, folders.home)
  await app.left.row('stick.img').click()
  await app.press('Alt+Shift+B')
  await app.dialog.getByRole('button', { name: 'Search now' }).click()
  await expect(app.dialog.getByRole('row', { name: /Partly overwritten/ })).toBeVisible()
  await app.dialog.getByRole('checkbox', { name: 'Select all' }).check()
  await app.dialog.getByRole('button', { name: 'Save 1 image to…' }).click()
  await app.dialog.getByRole('combobox').fill(folders.downloads)
  await app.dialog.getByRole('button', { name: 'Save here' }).click()
  await expect(app.toasts.last()).toContainText('1 did not pass its checks')
})
