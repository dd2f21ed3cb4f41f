import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { zstdDecompressSync } from 'node:zlib'
import { expect, test } from './support/test'

const summed = async (): Promise<Buffer> =>
  zstdDecompressSync(await readFile(join(import.meta.dirname, '../images/summed.iso.zst')))

test('of a truncated image it is said what can be saved, and that is saved, with a report', async ({
  app,
  folders,
}) => {
  const whole = await summed()
  const at = whole.indexOf('two\n')
  await writeFile(join(folders.downloads, 'cut.iso'), whole.subarray(0, at + 2048))
  await app.left.row('cut.iso').click()
  await app.press('Alt+Shift+A')
  const saving = app.dialog.getByRole('heading', { name: 'What can be saved?' })
  await expect(saving).toBeVisible()
  await expect(app.dialog).toContainText(/\d+ of \d+ files can be saved completely\. Partly there: 1\. Lost: \d+\./)
  await app.dialog.getByText(/losses, and why/).click()
  await expect(app.dialog).toContainText('two.txt')
  await app.dialog.getByRole('button', { name: /^Save \d+ of \d+ files…/ }).click()
  // A path that is typed is meant at once.
  await app.dialog.getByRole('combobox').fill(folders.home)
  await app.dialog.getByRole('button', { name: 'Save here' }).click()
  await expect(app.toasts.last()).toContainText(/Saved \d+ of \d+ files completely/)
  const saved = await readdir(join(folders.home, 'cut'))
  expect(saved).toEqual(expect.arrayContaining(['rescue.html', 'rescue.json']))
  const report = JSON.parse(await readFile(join(folders.home, 'cut/rescue.json'), 'utf8')) as {
    losses: { path: string }[]
  }
  expect(report.losses.map(({ path }) => path)).toContain('two.txt')
  // What is said to be in part has what is there, and zeros.
  const part = await readFile(join(folders.home, 'cut/two.txt'))
  expect(part.subarray(0, 2048).equals(whole.subarray(at, at + 2048))).toBe(true)
})

test('a damaged image is repaired into a new one, and the damaged one stays as it is', async ({ app, folders }) => {
  const bytes = await summed()
  // The little-endian half of the volume's size: the other half is right (ECMA-119 8.4.8).
  bytes.writeUInt32LE(7, 16 * 2048 + 80)
  const image = join(folders.downloads, 'damaged.iso')
  await writeFile(image, bytes)
  await app.left.row('damaged.iso').click()
  await app.press('Alt+Shift+A')
  await app.dialog.getByRole('button', { name: 'Make a repaired image…' }).click()
  await app.dialog.getByRole('combobox').fill(folders.home)
  await app.dialog.getByRole('button', { name: 'Make it here' }).click()
  await expect(app.toasts.last()).toContainText('damaged repaired.iso')
  await expect(app.toasts.last()).toContainText('it passed its checks')
  const repaired = await readFile(join(folders.home, 'damaged repaired.iso'))
  expect(repaired.equals(await summed())).toBe(true)
  expect((await readFile(image)).equals(bytes)).toBe(true)
})

test('what cannot be an image says so in its place', async ({ app, folders }) => {
  await writeFile(join(folders.downloads, 'noise.iso'), Buffer.alloc(100_000, 'noise'))
  await app.left.row('noise.iso').click()
  await app.press('Alt+Shift+A')
  await expect(app.dialog.getByRole('alert')).toContainText('describes a file')
})

test('an image is protected, damaged, and repaired from what protects it', async ({ app, folders }) => {
  const image = join(folders.downloads, 'kept.iso')
  const whole = await summed()
  await writeFile(image, whole)
  await app.left.row('kept.iso').click()
  await app.press('Alt+Shift+G')
  await app.dialog.getByRole('textbox').fill('500')
  await app.press('Enter')
  await expect(app.dialog).toContainText('Give a percentage from 3.3 to 200.')
  await app.dialog.getByRole('textbox').fill('20')
  await app.press('Enter')
  await expect(app.toasts.last()).toContainText('kept.ecc')
  await writeFile(image, Buffer.from(whole).fill(0xff, 300 * 2048, 330 * 2048))
  await app.left.row('kept.iso').click()
  await app.press('Alt+Shift+A')
  await expect(app.dialog).toContainText('7 of 7 files can be saved completely.')
  await app.dialog.getByRole('button', { name: 'Make a repaired image…' }).click()
  await app.dialog.getByRole('combobox').fill(folders.home)
  await app.dialog.getByRole('button', { name: 'Make it here' }).click()
  await expect(app.toasts.last()).toContainText('kept repaired.iso')
  expect((await readFile(join(folders.home, 'kept repaired.iso'))).equals(whole)).toBe(true)
})

test('what protects an image already is made anew only when that is asked for', async ({ app, folders }) => {
  const image = join(folders.downloads, 'kept.iso')
  await writeFile(image, await summed())
  const protect = async (): Promise<void> => {
    await app.left.row('kept.iso').click()
    await app.press('Alt+Shift+G')
    await app.dialog.getByRole('textbox').fill('20')
    await app.press('Enter')
  }
  await protect()
  await expect(app.toasts.last()).toContainText('kept.ecc')
  const before = await readFile(join(folders.downloads, 'kept.ecc'))
  const changed = await summed()
  changed.fill(7, 200 * 2048, 201 * 2048)
  await writeFile(image, changed)
  await protect()
  await expect(app.dialog).toContainText('already protects this image')
  await app.dialog.getByRole('button', { name: 'Cancel' }).click()
  expect((await readFile(join(folders.downloads, 'kept.ecc'))).equals(before)).toBe(true)
  await protect()
  await app.dialog.getByRole('button', { name: 'Protect anew' }).press('Enter')
  await expect.poll(async () => (await readFile(join(folders.downloads, 'kept.ecc'))).equals(before)).toBe(false)
})
