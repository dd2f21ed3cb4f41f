import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SAMPLE } from './support/samples'
import { expect, test } from './support/test'

test('the root says what the whole image holds, and selected folders count with what is in them', async ({ start }) => {
  const app = await start({ images: [SAMPLE] })
  await expect(app.right.status).toContainText('in 10 files')
  await app.right.row('Recipes').click()
  await expect(app.right.status).toContainText('1 of 6 selected · 306 B in 3 files')
  await app.press('Space')
  await app.right.openRow('Documents')
  await expect(app.right.status).not.toContainText('files')
  // Everything below, where a folder and what is in it are both selected, is counted once.
  await app.press('Alt+ArrowUp')
  await app.press('Control+Shift+B')
  await expect(app.right.row('Tides.csv')).toBeVisible()
  await app.right.row('Documents').click()
  const once = /in 3 files/
  await expect(app.right.status).toContainText(once)
  await app.right.row('Tides.csv').click({ modifiers: ['ControlOrMeta'] })
  await expect(app.right.status).toContainText('2 of')
  await expect(app.right.status).toContainText(once)
})

test('in folders of this computer sizes are worked out when they are asked for, and count from then on', async ({
  app,
  folders,
}) => {
  await mkdir(join(folders.home, 'tree/a/b'), { recursive: true })
  await writeFile(join(folders.home, 'tree/a/one'), Buffer.alloc(1000))
  await writeFile(join(folders.home, 'tree/a/b/two'), Buffer.alloc(2000))
  await writeFile(join(folders.home, 'tree/three'), Buffer.alloc(500))
  await app.goTo(app.left, join(folders.home, 'tree'))
  await app.left.row('a').click()
  await app.press('Alt+Shift+Enter')
  await expect(app.left.row('a')).toContainText('3 kB')
  await expect(app.left.status).toContainText('1 of 2 selected · 3 kB in 2 files')
  await app.press('Control+a')
  await expect(app.left.status).toContainText('3.5 kB in 3 files')
})

test('a narrow window with the preview keeps the name of the image', async ({ start }) => {
  const app = await start({ images: [SAMPLE] })
  await expect(app.right.row('Welcome.txt')).toBeVisible()
  await app.page.setViewportSize({ width: 680, height: 560 })
  await app.right.focus()
  await app.press('F3')
  await expect(app.preview).toBeVisible()
  const name = app.right.path.getByText('sample.iso')
  await expect(name).toBeVisible()
  const isWhole = (element: Element): boolean => element.scrollWidth <= element.clientWidth
  await expect.poll(() => name.evaluate(isWhole)).toBe(true)
})
