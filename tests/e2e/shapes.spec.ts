import { copyFile, stat, writeFile } from 'node:fs/promises'
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

test('names and figures are drawn letter by letter', async ({ app, folders }) => {
  const image = join(folders.home, 'letters.iso')
  await writeFile(image, namedIso({ '640x64': 'a', '-> fi 12x8': 'b' }, 'LETTERS'))
  await app.open(image)
  await expect(app.right.row('640x64')).toBeVisible()
  for (const part of [app.right.row('640x64').locator('.label'), app.right.status, app.right.transferButton])
    await expect(part).toHaveCSS('font-variant-ligatures', 'none')
  // As wide as its letters: the sign for “times” is wider than an x.
  const widths = await app.right
    .row('640x64')
    .locator('.label')
    .evaluate((label) => {
      const widthOf = (html: string): number => {
        const span = document.createElement('span')
        span.style.fontKerning = 'none'
        span.innerHTML = html
        label.append(span)
        const { width } = span.getBoundingClientRect()
        span.remove()
        return width
      }
      return {
        whole: widthOf('640x64'),
        apart: widthOf('<b>640</b><i>x</i><b>64</b>'.replaceAll(/<\/?[bi]>/g, '\u200c')),
      }
    })
  expect(Math.abs(widths.whole - widths.apart)).toBeLessThan(0.2)
})

test('an archive is as large as its file', async ({ app, folders }) => {
  const image = join(folders.home, 'small.iso')
  await writeFile(image, namedIso({ 'a.txt': 'a few letters', 'b.txt': 'and some more of them' }, 'SMALL'))
  await app.open(image)
  await expect(app.right.row('a.txt')).toBeVisible()
  await app.right.focus()
  await app.press('Alt+F5')
  await app.dialog.getByRole('button', { name: 'Create archive' }).click()
  await expect(app.toasts).toContainText('small.zip')
  const { size } = await stat(join(folders.downloads, 'small.zip'))
  await expect(app.toasts).toContainText(`${size} B`)
})
