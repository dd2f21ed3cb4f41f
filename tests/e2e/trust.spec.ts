import { createHash } from 'node:crypto'
import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { zstdDecompressSync } from 'node:zlib'
import * as openpgp from 'openpgp'
import { SAMPLE } from './support/samples'
import { expect, test } from './support/test'

const chip = /Show what is known$/

test('an image says that nobody has checked it, and then that nothing can prove it', async ({ app, folders }) => {
  await copyFile(SAMPLE, join(folders.downloads, 'sample.iso'))
  await app.left.openRow('sample.iso')
  await app.right.element.getByRole('button', { name: chip }).click()
  await expect(app.dialog.getByRole('status')).toContainText('Nobody has checked')
  await app.dialog.getByRole('button', { name: 'Check now' }).click()
  await expect(app.dialog.getByRole('status')).toContainText('Nothing here can prove it')
  await app.press('Escape')
  await expect(app.right.element.getByRole('button', { name: chip })).toContainText('Nothing to check')
})

test('what is damaged is named, with the files that it touches', async ({ app, folders }) => {
  const bytes = zstdDecompressSync(await readFile(join(import.meta.dirname, '../images/summed.iso.zst')))
  await writeFile(join(folders.downloads, 'whole.iso'), bytes)
  bytes.write('X', bytes.indexOf('two\n') + 1000)
  await writeFile(join(folders.downloads, 'spoiled.iso'), bytes)
  await app.left.row('spoiled.iso').click()
  await app.press('Alt+Shift+V')
  await app.dialog.getByRole('button', { name: 'Check now' }).click()
  await expect(app.dialog.getByRole('status')).toContainText('It is damaged: 1 file.')
  await expect(app.dialog).toContainText('“two.txt” does not give')
  // However much there is to say, the buttons stay in a small window.
  await app.page.setViewportSize({ width: 680, height: 560 })
  await app.dialog.getByRole('button', { name: 'Check again' }).click({ trial: true })
  const box = await app.dialog.getByRole('button', { name: 'Check again' }).boundingBox()
  expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(560)
  await app.press('Escape')
  await app.left.row('whole.iso').click()
  await app.press('Alt+Shift+V')
  await app.dialog.getByRole('button', { name: 'Check now' }).press('Enter')
  await expect(app.dialog.getByRole('status')).toContainText('It is complete')
})

test('what a check has found stays after a restart, shows in rows and on the disc, and goes with the file', async ({
  start,
  end,
  folders,
}) => {
  const bytes = zstdDecompressSync(await readFile(join(import.meta.dirname, '../images/summed.iso.zst')))
  const spoiled = Buffer.from(bytes)
  spoiled.write('X', spoiled.indexOf('two\n') + 1000)
  const image = join(folders.downloads, 'spoiled.iso')
  await writeFile(image, spoiled)
  const app = await start()
  await app.left.openRow('spoiled.iso')
  await app.right.element.getByRole('button', { name: chip }).click()
  await app.dialog.getByRole('button', { name: 'Check now' }).press('Enter')
  await expect(app.dialog.getByRole('status')).toContainText('It is damaged')
  await app.press('Escape')
  await expect(app.right.row('two.txt')).toContainText('damaged')
  await expect(app.right.row('one.txt')).not.toContainText('damaged')
  // Off the queue, and out of the window's memory.
  await app.press('Alt+Shift+J')
  await end()

  const again = await start()
  await expect(again.right.element.getByRole('button', { name: chip })).toContainText('Damaged: 1 file')
  await expect(again.right.row('two.txt')).toContainText('damaged')
  await again.right.row('two.txt').click()
  await again.press('Alt+m')
  await expect(again.dialog.getByRole('option', { name: /Inside a checksum that fails/ }).first()).toBeAttached()
  await again.press('Escape')
  await end()

  await writeFile(image, bytes)
  const mended = await start()
  await expect(mended.right.element.getByRole('button', { name: chip })).toContainText('Not checked')
  await expect(mended.right.row('two.txt')).not.toContainText('damaged')
})

test('a signature counts once its key is trusted', async ({ app, folders }) => {
  const image = join(folders.downloads, 'signed.iso')
  await copyFile(SAMPLE, image)
  const userIDs = [{ name: 'Maker', email: 'maker@example.org' }]
  const { privateKey, publicKey } = await openpgp.generateKey({ userIDs, format: 'object' })
  const key = join(folders.home, 'maker.asc')
  await writeFile(key, publicKey.armor())
  const message = await openpgp.createMessage({ binary: await readFile(image) })
  await writeFile(`${image}.sig`, (await openpgp.sign({ message, signingKeys: privateKey, detached: true })) as string)
  await app.left.row('signed.iso').click()
  await app.press('Alt+Shift+V')
  await app.dialog.getByRole('button', { name: 'Check now' }).click()
  await expect(app.dialog).toContainText('a key that you have not trusted yet')
  await app.dialog.getByRole('button', { name: 'Add a key' }).click()
  await app.dialog.getByRole('textbox').fill(key)
  await app.press('Enter')
  await expect(app.dialog).toContainText('signed by Maker <maker@example.org>')
  await expect(app.dialog.getByRole('status')).toContainText('It is genuine: signed by Maker')
})

test('a key beside the image is offered with its fingerprint, counts once it is trusted, and no more once it is removed', async ({
  app,
  folders,
}) => {
  const image = join(folders.downloads, 'signed.iso')
  await copyFile(SAMPLE, image)
  const generate = async (name: string): Promise<openpgp.PrivateKey> =>
    (await openpgp.generateKey({ userIDs: [{ name }], format: 'object' })).privateKey
  const [maker, stranger] = [await generate('Maker'), await generate('Stranger')]
  const list = `${createHash('sha256')
    .update(await readFile(image))
    .digest('hex')}  signed.iso\n`
  await writeFile(join(folders.downloads, 'SHA256SUMS'), list)
  const message = await openpgp.createMessage({ binary: Buffer.from(list) })
  const signature = (await openpgp.sign({ message, signingKeys: maker, detached: true })) as string
  await writeFile(join(folders.downloads, 'SHA256SUMS.gpg'), signature)
  // Whoever takes the whole file would trust both.
  const keys = maker.toPublic().armor() + stranger.toPublic().armor()
  await writeFile(join(folders.downloads, 'keys.asc'), keys)
  await app.left.row('signed.iso').click()
  await app.press('Alt+Shift+V')
  await app.dialog.getByRole('button', { name: 'Check now' }).press('Enter')
  await expect(app.dialog.getByRole('status')).toContainText('It is complete')
  await expect(app.dialog).toContainText('A key beside the image fits. It says that it belongs to Maker.')
  const steps = app.dialog.getByRole('list', { name: 'From the key to the image' }).getByRole('listitem')
  await expect(steps).toHaveText(['a key that is not trusted', 'SHA256SUMS.gpg', 'SHA256SUMS', 'signed.iso'])
  await app.dialog.getByRole('button', { name: 'Trust this key…' }).press('Enter')
  const fingerprint = maker
    .getFingerprint()
    .toUpperCase()
    .replace(/(.{4})(?=.)/g, '$1 ')
  await expect(app.dialog).toContainText(fingerprint)
  await app.dialog.getByRole('button', { name: 'Trust this key' }).click()
  await expect(app.dialog.getByRole('status')).toContainText('It is genuine: signed by Maker')
  await expect(steps).toHaveText(['Maker', 'SHA256SUMS.gpg', 'SHA256SUMS', 'signed.iso'])
  await app.dialog.getByText('1 trusted key').click()
  await app.dialog.getByRole('button', { name: 'Stop trusting Maker' }).click()
  await expect(app.dialog).toContainText('a key that you have not trusted yet')
})

test('what was found is saved as a page that fetches nothing', async ({ app, folders }) => {
  const bytes = zstdDecompressSync(await readFile(join(import.meta.dirname, '../images/summed.iso.zst')))
  bytes.write('X', bytes.indexOf('two\n') + 1000)
  await writeFile(join(folders.downloads, 'spoiled.iso'), bytes)
  await app.left.row('spoiled.iso').click()
  await app.press('Alt+Shift+V')
  await app.dialog.getByRole('button', { name: 'Check now' }).click()
  await expect(app.dialog.getByRole('status')).toContainText('It is damaged')
  const coming = app.page.waitForEvent('download')
  await app.dialog.getByRole('button', { name: 'Save report as HTML' }).click()
  const download = await coming
  expect(download.suggestedFilename()).toBe('spoiled.iso.report.html')
  const page = await readFile(await download.path(), 'utf8')
  expect(page).toContain('It did not pass.')
  expect(page).toContain('“two.txt” does not give')
  expect(page).not.toMatch(/(?:src|href)=|<script/)
})
