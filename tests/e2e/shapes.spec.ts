import { copyFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { namedIso } from '../images/named-iso'
import { greyPng } from './support/png'
import { SAMPLE } from './support/samples'
import { expect, test } from './support/test'

const SIZES = [
  { width: 680, height: 560 },
  { width: 1280, height: 800 },
  { width: 2560, height: 1440 },
]

test('pictures of any shape stay above their names, with and without a preview', async ({ app, folders }) => {
  const image = join(folders.home, 'pictures.iso')
  const tree = { 'tall.png': greyPng(120, 900), 'wide.png': greyPng(900, 120), 'square.png': greyPng(400, 400) }
  await writeFile(image, namedIso(tree, 'PICTURES'))
  await app.open(image)
  await expect(app.right.row('tall.png')).toBeVisible()
  await app.right.focus()
  await app.press('Control+2')
  for (const preview of [false, true]) {
    if (preview) await app.press('F3')
    for (const size of SIZES) {
      await app.page.setViewportSize(size)
      await expect(app.right.element.locator('.tile .picture')).toHaveCount(3)
      const overlaps = () =>
        app.right.element.locator('.tile').evaluateAll(
          (tiles) =>
            tiles.filter((tile) => {
              const picture = tile.querySelector('.picture')?.getBoundingClientRect()
              const name = tile.querySelector('.name')?.getBoundingClientRect()
              return !picture || !name || picture.height === 0 || picture.bottom > name.top + 0.5
            }).length,
        )
      await expect.poll(overlaps, { message: `${size.width} wide, preview ${String(preview)}` }).toBe(0)
    }
  }
})

test('an image that is opened again is shown where it is, from whichever start', async ({ start, end, folders }) => {
  const image = join(folders.home, 'sample.iso')
  await copyFile(SAMPLE, image)
  const first = await start({ images: [image] })
  await expect(first.active.getByRole('tab', { name: 'sample.iso' })).toBeVisible()
  await first.page.reload()
  await first.isReady()
  await expect(first.page.getByRole('tab', { name: 'sample.iso' })).toHaveCount(1)
  await end()
  // Started again with the same image: the tab of before is brought back, and none is added.
  const second = await start({ images: [image] })
  await expect(second.right.row('Welcome.txt')).toBeVisible()
  await expect(second.page.getByRole('tab', { name: 'sample.iso' })).toHaveCount(1)
})

test('the tab that is shown is seen whole at twice the size', async ({ app, folders }) => {
  for (const name of ['one', 'two', 'three', 'four', 'five', 'six', 'seven']) {
    const image = join(folders.home, `${name} of several discs.iso`)
    await copyFile(SAMPLE, image)
    await app.open(image)
    await expect(app.active.getByRole('tab', { name: `${name} of` })).toBeVisible()
  }
  // What a person has who zooms to 200 % in a window of 1280 × 800.
  await app.page.setViewportSize({ width: 640, height: 400 })
  const isWhole = () =>
    app.active.getByRole('tab', { selected: true }).evaluate((tab) => {
      const own = tab.getBoundingClientRect()
      const list = tab.parentElement!.getBoundingClientRect()
      return own.left >= list.left - 0.5 && own.right <= list.right + 0.5
    })
  await expect.poll(isWhole).toBe(true)
})
