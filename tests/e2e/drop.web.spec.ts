import type { Page } from '@playwright/test'
import { readFile } from 'node:fs/promises'
import { digestsOf, SAMPLE } from './support/samples'
import { expect, test } from './support/test'

/** Drops files the page alone knows, of one content: there is no path behind them. */
async function drop(page: Page, selector: string, names: string | string[], bytes: Buffer): Promise<void> {
  const transfer = await page.evaluateHandle(
    ({ fileNames, base64 }) => {
      const data = new DataTransfer()
      const content = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0))
      for (const name of fileNames) data.items.add(new File([content], name, { lastModified: 1_700_000_000_000 }))
      return data
    },
    { fileNames: [names].flat(), base64: bytes.toString('base64') },
  )
  await page.dispatchEvent(selector, 'dragover', { dataTransfer: transfer })
  await page.dispatchEvent(selector, 'drop', { dataTransfer: transfer })
}

test('a dropped image opens, is looked into and extracted', async ({ app, folders }) => {
  await drop(app.page, '[data-pane=right]', 'dropped.iso', await readFile(SAMPLE))
  await expect(app.right.row('Welcome.txt')).toBeVisible()
  await expect(app.right.tab('dropped.iso')).toBeVisible()
  await app.right.row('Welcome.txt').click()
  await app.press('F3')
  await expect(app.inside.getByRole('region', { name: 'Text of Welcome.txt' })).toContainText(/Isolde/)
  await app.press('F5')
  await expect(app.toasts).toContainText('Extracted 1 file')
  expect(Object.keys(await digestsOf(folders.downloads))).toEqual(['Welcome.txt'])
})

test('several dropped images open, each in a tab of its own', async ({ app }) => {
  await drop(app.page, '[data-pane=right]', ['first.iso', 'second.iso', 'third.iso'], await readFile(SAMPLE))
  await expect(app.right.element.getByRole('tab')).toHaveCount(3)
  for (const name of ['first.iso', 'second.iso', 'third.iso']) {
    await app.right.tab(name).click()
    await expect(app.right.row('Welcome.txt')).toBeVisible()
  }
})

test('a dropped file that is no image says so', async ({ app }) => {
  await drop(app.page, '[data-pane=right]', 'letter.txt', Buffer.from('Dear reader,\n'.repeat(5_000)))
  await expect(app.right.message).toContainText('letter.txt')
})

test('a file dropped beside the panes opens in the active one, and does not replace the page', async ({ app }) => {
  const address = app.page.url()
  await drop(app.page, 'header.bar', 'dropped.iso', await readFile(SAMPLE))
  await expect(app.active.getByRole('tab', { name: 'dropped.iso' })).toBeVisible()
  expect(app.page.url()).toBe(address)
})

test('a file inside an image is downloaded under its own name', async ({ app }) => {
  await app.open(SAMPLE)
  await app.right.row('Welcome.txt').click()
  const [download] = await Promise.all([app.page.waitForEvent('download'), app.press('Control+s')])
  expect(download.suggestedFilename()).toBe('Welcome.txt')
  expect((await readFile(await download.path())).byteLength).toBe(117)
})

test('another page cannot reach the window’s host', async ({ app }) => {
  const host = new URL(app.page.url())
  const other = await app.page.context().newPage()
  await other.goto('data:text/html,<title>elsewhere</title>')
  const answer = await other.evaluate(async (address) => {
    try {
      return (await fetch(address, { credentials: 'include' })).status
    } catch {
      return 'refused'
    }
  }, `${host.origin}/`)
  expect(answer).toBe('refused')
})

test('a web page inside an image is shown as its text', async ({ app }) => {
  await app.open(SAMPLE)
  await app.right.openRow('Documents')
  await app.right.row('Read me first.html').click()
  await app.press('F3')
  await expect(app.inside.getByRole('region', { name: /^Text of/ })).toContainText('<')
})
