import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Uint8ArrayReader, ZipReader } from '@zip.js/zip.js'
import { SAMPLE, writeSampleFiles } from './support/samples'
import { expect, test } from './support/test'

test('a file dragged out of the browser’s window carries an address that gives its bytes', async ({ app, folders }) => {
  await writeSampleFiles(join(folders.home, 'Source'))
  await app.open(SAMPLE)
  await app.right.row('Welcome.txt').click()
  const transfer = await app.page.evaluateHandle(() => new DataTransfer())
  await app.right.row('Welcome.txt').locator('.label').dispatchEvent('dragstart', { dataTransfer: transfer })
  const carried = await transfer.evaluate((data) => data.getData('DownloadURL'))
  const [, type, name, address] = /^([^:]+):([^:]+):(.+)$/.exec(carried) ?? []
  expect([type, name]).toEqual(['application/octet-stream', 'Welcome.txt'])
  expect(new URL(address ?? '').origin).toBe(new URL(app.page.url()).origin)
  const base64 = await app.page.evaluate(async (url) => {
    const answer = await fetch(url)
    const bytes = new Uint8Array(await answer.arrayBuffer())
    return btoa(String.fromCharCode(...bytes))
  }, address ?? '')
  expect(Buffer.from(base64, 'base64')).toEqual(await readFile(join(folders.home, 'Source', 'Welcome.txt')))
})

test('a folder dragged inside the window carries no address', async ({ app }) => {
  await app.open(SAMPLE)
  await app.right.row('Recipes').click()
  const transfer = await app.page.evaluateHandle(() => new DataTransfer())
  await app.right.row('Recipes').locator('.label').dispatchEvent('dragstart', { dataTransfer: transfer })
  expect(await transfer.evaluate((data) => data.getData('DownloadURL'))).toBe('')
})

test('a folder is downloaded as a ZIP with everything in it', async ({ app, folders }) => {
  await writeSampleFiles(join(folders.home, 'Source'))
  await app.open(SAMPLE)
  await app.right.row('Recipes').click()
  const [download] = await Promise.all([app.page.waitForEvent('download'), app.press('Control+s')])
  expect(download.suggestedFilename()).toBe('Recipes.zip')
  const bytes = await readFile(await download.path())
  const entries = await new ZipReader(new Uint8ArrayReader(bytes), { useWebWorkers: false }).getEntries()
  const names = entries.map(({ filename }) => filename).sort()
  expect(names).toEqual(['Recipes/', 'Recipes/Crème brûlée.txt', 'Recipes/Käsespätzle.txt', 'Recipes/味噌汁.txt'])
  for (const entry of entries) {
    if (entry.directory) continue
    const content = Buffer.from(await entry.arrayBuffer())
    expect(content).toEqual(await readFile(join(folders.home, 'Source', entry.filename)))
  }
})

test('several things are downloaded as one ZIP', async ({ app }) => {
  await app.open(SAMPLE)
  await app.right.row('Recipes').click()
  await app.right.row('Welcome.txt').click({ modifiers: ['Control'] })
  const [download] = await Promise.all([app.page.waitForEvent('download'), app.press('Control+s')])
  expect(download.suggestedFilename()).toBe('sample.iso.zip')
  const bytes = await readFile(await download.path())
  expect(await new ZipReader(new Uint8ArrayReader(bytes), { useWebWorkers: false }).getEntries()).toHaveLength(5)
})
