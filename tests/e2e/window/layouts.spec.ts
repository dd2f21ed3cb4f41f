import { expect, test } from '../support/fake-host'
import type { IsoldeWindow } from '../support/window'

const IMAGE = 'debian-12.1.0-amd64-netinst.iso'

test.beforeEach(async ({ app }) => {
  await app.left.openRow(IMAGE)
  await expect(app.right.row('boot')).toBeVisible()
})

const headers = (app: IsoldeWindow) => app.right.grid.getByRole('columnheader').allTextContents()
const trimmed = async (app: IsoldeWindow): Promise<string[]> => (await headers(app)).map((one) => one.trim())

test('columns are chosen and put in order without a mouse', async ({ app }) => {
  await app.press('Alt+c')
  await app.dialog.getByRole('checkbox', { name: 'Disc offset' }).check()
  await app.dialog.getByRole('checkbox', { name: 'Kind' }).uncheck()
  await app.dialog.getByRole('checkbox', { name: 'Modified' }).press('Alt+ArrowUp')
  await expect(app.dialog.getByRole('checkbox', { name: 'Modified' })).toBeFocused()
  await app.dialog.getByRole('button', { name: 'Done' }).click()
  await expect.poll(() => trimmed(app)).toEqual(['Name', 'Modified', 'Size', 'Disc offset'])
  await expect(app.right.row('README.txt')).toContainText(/\d{2},\d{3}/)
})

test('a column is dragged to another place, and that sorts nothing', async ({ app }) => {
  const kind = app.right.grid.getByRole('columnheader', { name: 'Kind' })
  const size = app.right.grid.getByRole('columnheader', { name: 'Size' })
  const [from, to] = [await kind.boundingBox(), await size.boundingBox()]
  if (!from || !to) throw new Error('There are no headers.')
  await app.page.mouse.move(from.x + from.width / 2, from.y + from.height / 2)
  await app.page.mouse.down()
  await app.page.mouse.move(to.x + 12, to.y + to.height / 2, { steps: 6 })
  await app.page.mouse.up()
  await expect.poll(() => trimmed(app)).toEqual(['Name', 'Kind', 'Size', 'Modified'])
  await expect(kind).toHaveAttribute('aria-sort', 'none')
})

test('names only stand side by side and are walked in both directions', async ({ app }) => {
  await app.press('Control+3')
  const list = app.right.element.getByRole('listbox')
  const selected = list.getByRole('option', { selected: true })
  await list.focus()
  await app.press('Home')
  await expect(selected).toHaveAccessibleName(/^\.disk/)
  await app.press('ArrowRight')
  await expect(selected).toHaveAccessibleName(/^boot/)
  await app.press('ArrowDown')
  await expect(selected).toHaveAccessibleName(/^doc/)
  await expect(list.locator('img')).toHaveCount(0)
})

test('sizes of folders are worked out when asked for, in images and on this computer', async ({ app }) => {
  await expect(app.right.row('install.amd')).toContainText('items')
  await app.right.focus()
  await app.press('Alt+Shift+Enter')
  await expect(app.right.row('install.amd')).toContainText(/\d+ MB/)
  await app.left.focus()
  await app.press('Escape')
  await app.press('Alt+Shift+Enter')
  await expect(app.left.row('Photos')).toContainText('123 MB')
})

test.describe('a box drawn with the mouse', () => {
  /** From the free room of a row to that of another. */
  async function draw(app: IsoldeWindow, from: string, to: string, key?: 'Control'): Promise<void> {
    const [start, end] = [await app.right.row(from).boundingBox(), await app.right.row(to).boundingBox()]
    if (!start || !end) throw new Error('The rows are out of sight.')
    if (key) await app.page.keyboard.down(key)
    await app.page.mouse.move(start.x + start.width - 20, start.y + start.height / 2)
    await app.page.mouse.down()
    await app.page.mouse.move(end.x + end.width - 120, end.y + end.height / 2, { steps: 8 })
    await expect(app.right.element.locator('.select-box')).toBeVisible()
    await app.page.mouse.up()
    if (key) await app.page.keyboard.up(key)
    await expect(app.right.element.locator('.select-box')).toBeHidden()
  }

  test('selects what it touches, and with Ctrl adds to what is selected', async ({ app }) => {
    await draw(app, 'boot', 'doc')
    await expect(app.right.status).toContainText('3 of 19 selected')
    await draw(app, 'pics', 'tools', 'Control')
    await expect(app.right.status).toContainText('6 of 19 selected')
    await expect(app.right.row('dists')).toHaveAttribute('aria-selected', 'true')
    await draw(app, 'firmware', 'isolinux')
    await expect(app.right.status).toContainText('3 of 19 selected')
  })

  test('runs on at the edge of a million rows', async ({ app }) => {
    await app.right.openRow('many')
    const first = app.right.row('frame-0000000.raw')
    await expect(first).toBeVisible()
    const [start, grid] = [await first.boundingBox(), await app.right.grid.boundingBox()]
    if (!start || !grid) throw new Error('There are no rows.')
    await app.page.mouse.move(start.x + start.width - 20, start.y + 4)
    await app.page.mouse.down()
    await app.page.mouse.move(grid.x + 200, grid.y + grid.height - 2, { steps: 4 })
    await expect(app.right.row('frame-0000060.raw')).toBeVisible()
    await app.page.mouse.up()
    const words = (await app.right.status.textContent()) ?? ''
    expect(Number(/^([\d,]+) of/.exec(words)?.[1]?.replaceAll(',', ''))).toBeGreaterThan(40)
  })

  test('selects a rectangle of tiles', async ({ app }) => {
    await app.press('Control+2')
    const list = app.right.element.getByRole('listbox')
    const tiles = list.getByRole('option')
    await expect(tiles.first()).toBeVisible()
    const [from, to] = [await tiles.nth(0).boundingBox(), await tiles.nth(5).boundingBox()]
    if (!from || !to) throw new Error('There are no tiles.')
    await app.page.mouse.move(from.x + 3, from.y + 3)
    await app.page.mouse.down()
    await app.page.mouse.move(to.x + to.width / 2, to.y + to.height / 2, { steps: 6 })
    await app.page.mouse.up()
    const perLine = Math.round(((await list.boundingBox())?.width ?? 0) / from.width)
    const columns = (5 % perLine) + 1
    await expect(app.right.status).toContainText(`${columns * 2} of 19 selected`)
  })

  test('is not drawn where a file is taken by its name', async ({ app }) => {
    const label = await app.right.row('boot').locator('.label').boundingBox()
    if (!label) throw new Error('There is no name.')
    await app.page.mouse.move(label.x + 5, label.y + 5)
    await app.page.mouse.down()
    await app.page.mouse.move(label.x + 60, label.y + 90, { steps: 5 })
    await expect(app.right.element.locator('.select-box')).toBeHidden()
    await app.page.mouse.up()
  })
})

test('a mask selects among a million rows without fetching them', async ({ app, engine }) => {
  await app.right.openRow('many')
  await expect(app.right.row('frame-0000000.raw')).toBeVisible()
  const before = engine.posted.length
  await app.press('+')
  await app.dialog.getByRole('textbox').fill('*9.raw')
  await app.press('Enter')
  await expect(app.right.status).toContainText('100,000 of 1,000,000 selected')
  const asked = engine.posted.slice(before).filter((message) => JSON.stringify(message).includes('image.rows"'))
  expect(asked.length).toBeLessThan(5)
  await app.press('-')
  await app.dialog.getByRole('textbox').fill('*99.raw')
  await app.press('Enter')
  await expect(app.right.status).toContainText('90,000 of 1,000,000 selected')
})
