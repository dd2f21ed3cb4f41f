import { copyFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { SAMPLE } from './support/samples'
import { expect, test } from './support/test'

test('an engine that is killed comes back, and so does what was open', async ({ app, folders, killEngine }) => {
  test.skip(process.platform !== 'linux', 'Finds the engine below /proc.')
  await copyFile(SAMPLE, join(folders.home, 'sample.iso'))
  await app.open(join(folders.home, 'sample.iso'))
  await app.right.openRow('Recipes')
  await expect(app.right.row('Käsespätzle.txt')).toBeVisible()
  await killEngine()
  await expect(app.toasts).toContainText('was started again')
  // What F5 does is offered again once the image is open again.
  await expect(app.right.transferButton).toBeVisible()
  await app.right.row('Käsespätzle.txt').click()
  await app.press('F5')
  await expect.poll(() => readdir(folders.downloads)).toEqual(['Käsespätzle.txt'])
  // The new engine watches the folders that are shown.
  await expect(app.left.row('Käsespätzle.txt')).toBeVisible()
})

test('a page whose connection breaks finds what it showed, and hears of changes again', async ({ app, folders }) => {
  const { page } = app
  await page.addInitScript(() => {
    const sockets: WebSocket[] = []
    Object.assign(window, { breakConnection: () => sockets.splice(0).forEach((socket) => socket.close()) })
    window.WebSocket = new Proxy(WebSocket, {
      construct(target, [address]: [string]) {
        const socket = new target(address)
        sockets.push(socket)
        return socket
      },
    })
  })
  await page.reload()
  await app.isReady()
  await copyFile(SAMPLE, join(folders.home, 'sample.iso'))
  await app.open(join(folders.home, 'sample.iso'))
  await app.right.openRow('Recipes')
  await expect(app.right.row('Käsespätzle.txt')).toBeVisible()
  const next = page.waitForEvent('websocket')
  await page.evaluate(() => (window as unknown as { breakConnection: () => void }).breakConnection())
  await (await next).waitForEvent('framereceived')
  // What F5 does is offered again once the image is open again.
  await expect(app.right.transferButton).toBeVisible()
  await app.right.row('Käsespätzle.txt').click()
  await app.press('F5')
  await expect.poll(() => readdir(folders.downloads)).toEqual(['Käsespätzle.txt'])
  await expect(app.left.row('Käsespätzle.txt')).toBeVisible()
  await app.press('Alt+ArrowUp')
  await expect(app.right.row('Documents')).toBeVisible()
})
