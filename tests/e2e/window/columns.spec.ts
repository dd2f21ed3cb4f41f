import { expect, test } from '../support/fake-host'
import type { FakeEngine } from '../fake/fake-engine'
import type { IsoldeWindow } from '../support/window'

const IMAGE = 'debian-12.1.0-amd64-netinst.iso'

test.beforeEach(async ({ app }) => {
  await app.left.openRow(IMAGE)
  await expect(app.right.row('boot')).toBeVisible()
})

/** How rows of the image were asked for last. */
function lastSort(engine: FakeEngine): unknown {
  const asked = engine.posted.filter((message) => (message as { name?: string }).name === 'image.rows').at(-1)
  return (asked as { input: { sort: unknown } }).input.sort
}

const header = (app: IsoldeWindow, name: string) => app.right.grid.getByRole('columnheader', { name })

test('rows are sorted by every column there is, shown or not, by menu, key and palette', async ({ app, engine }) => {
  await app.page.getByRole('menuitem', { name: 'View', exact: true }).click()
  await app.page.getByRole('menuitem', { name: 'Sort by', exact: true }).press('ArrowRight')
  const offered = app.page.getByRole('menuitem', { name: /^Sort by ./ })
  await expect(offered).toHaveCount(11)
  await expect(app.page.getByRole('menuitem', { name: 'Sort by place on the disc' })).toBeEnabled()
  await app.page.getByRole('menuitem', { name: 'Sort by owner' }).click()
  await expect.poll(() => lastSort(engine)).toMatchObject({ column: 'owner', descending: false })

  await app.right.focus()
  for (const [key, column] of [
    ['F2', 'position'],
    ['F3', 'name'],
    ['F4', 'extension'],
    ['F5', 'modified'],
    ['F6', 'size'],
    ['F7', 'kind'],
    ['F8', 'mode'],
    ['F10', 'status'],
    ['F11', 'hash'],
    ['F12', 'target'],
  ]) {
    await app.press(`Control+${key}`)
    await expect.poll(() => lastSort(engine)).toMatchObject({ column })
  }
  await app.press('Control+F12')
  await expect.poll(() => lastSort(engine)).toMatchObject({ column: 'target', descending: true })

  await app.run('Sort by condition')
  await expect.poll(() => lastSort(engine)).toMatchObject({ column: 'status' })
})

test('a folder of this computer is not sorted by what only images have', async ({ app }) => {
  await app.left.focus()
  await app.page.getByRole('menuitem', { name: 'View', exact: true }).click()
  await app.page.getByRole('menuitem', { name: 'Sort by', exact: true }).press('ArrowRight')
  await expect(app.page.getByRole('menuitem', { name: 'Sort by owner' })).toHaveAttribute('aria-disabled', 'true')
  await expect(app.page.getByRole('menuitem', { name: 'Sort by permissions' })).not.toHaveAttribute('aria-disabled')
})

test('a column is made wider at its edge, and is as it was after a double click', async ({ app }) => {
  const size = header(app, 'Size')
  const before = await size.boundingBox()
  if (!before) throw new Error('There is no such column.')
  await app.page.mouse.move(before.x + 2, before.y + before.height / 2)
  await app.page.mouse.down()
  await app.page.mouse.move(before.x - 30, before.y + before.height / 2, { steps: 4 })
  await app.page.mouse.up()
  await expect.poll(async () => (await size.boundingBox())?.width).toBeCloseTo(before.width + 32, 0)
  await expect(size).toHaveAttribute('aria-sort', 'none')
  const wide = await size.boundingBox()
  await app.page.mouse.dblclick((wide?.x ?? 0) + 2, before.y + before.height / 2)
  await expect.poll(async () => (await size.boundingBox())?.width).toBeCloseTo(before.width, 0)
})

test('a column is made wider without a mouse, and no number makes it vanish', async ({ app }) => {
  // A dialog hides the rest of the window from roles.
  const size = app.right.element.locator('[data-column=size]')
  await app.press('Alt+c')
  const width = app.dialog.getByRole('spinbutton', { name: 'Width of Size in pixels' })
  await expect(width).toHaveValue('84')
  await width.press('ArrowUp')
  await expect(width).toHaveValue('88')
  await expect.poll(async () => (await size.boundingBox())?.width).toBeCloseTo(88, 0)
  await width.fill('3')
  await width.press('Tab')
  await expect(width).toHaveValue('56')
  await width.fill('')
  await width.press('Tab')
  await expect(width).toHaveValue('84')
  await app.dialog.getByRole('button', { name: 'Done' }).click()
  await expect(app.right.grid).toBeFocused()
  await expect.poll(async () => (await size.boundingBox())?.width).toBeCloseTo(84, 0)
})

test('results of a search have the columns that a search can fill', async ({ app }) => {
  await app.press('Alt+c')
  await app.dialog.getByRole('checkbox', { name: 'Owner' }).check()
  await app.press('Escape')
  await expect(header(app, 'Owner')).toBeVisible()
  await app.press('Alt+F7')
  await app.active.getByRole('textbox', { name: 'Search for' }).fill('readme')
  await expect(app.active.getByRole('row', { name: /README\.html/ }).first()).toBeVisible()
  await expect(app.active.getByRole('columnheader', { name: 'Owner' })).toHaveCount(0)
})

test('what the palette finds late leaves the cursor where it was put', async ({ app, engine }) => {
  const { promise, resolve: report } = Promise.withResolvers<unknown>()
  engine.found = promise
  await app.press('Control+k')
  await app.dialog.getByRole('combobox').fill('sort')
  const asked = () => engine.posted.some((message) => (message as { name?: string }).name === 'search.run')
  await expect.poll(asked).toBe(true)
  await app.press('ArrowDown')
  await app.press('ArrowDown')
  const chosen = app.dialog.getByRole('option', { selected: true })
  const name = await chosen.textContent()
  report({
    hits: [
      {
        imageId: 1,
        imageName: IMAGE,
        imagePath: `/home/${IMAGE}`,
        inside: [],
        generation: 1,
        view: 'iso',
        entry: 3,
        path: 'sort.exe',
        name: 'sort.exe',
        kind: 'file',
        byteLength: 3,
        modified: null,
        status: 'complete',
        isOnline: true,
      },
    ],
    hasMore: false,
    next: null,
  })
  await expect(app.dialog.getByRole('option', { name: /sort\.exe/ })).toBeVisible()
  await expect(chosen).toHaveText(name ?? '')
})
