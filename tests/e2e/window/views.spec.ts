import { expect, test } from '../support/fake-host'

const IMAGE = 'debian-12.1.0-amd64-netinst.iso'

test('tiles are walked in two directions and opened', async ({ app }) => {
  await app.left.openRow(IMAGE)
  await expect(app.right.row('boot')).toBeVisible()
  await app.press('Control+2')
  const tiles = app.right.element.getByRole('listbox')
  await expect(tiles.getByRole('option', { name: 'boot, Folder' })).toBeVisible()
  await tiles.focus()
  await app.press('Home')
  await app.press('ArrowRight')
  await expect(tiles.getByRole('option', { name: 'boot, Folder' })).toHaveAttribute('aria-selected', 'true')
  await app.press('Enter')
  await expect(tiles.getByRole('option', { name: 'grub, Folder' })).toBeVisible()
  await app.press('Control+1')
  await expect(app.right.row('grub')).toBeVisible()
  // How much of an image is there is said in every layout.
  await expect(app.left.row(IMAGE)).toContainText('93% complete')
  await app.left.focus()
  await app.press('Control+2')
  const image = app.left.element.getByRole('option', { name: `${IMAGE}, 93% complete` })
  await expect(image).toContainText('93% complete')
})

test('the tree follows the pane, and leads it', async ({ app }) => {
  await app.left.openRow(IMAGE)
  await app.right.openRow('boot')
  await app.press('Control+b')
  const tree = app.page.getByRole('tree')
  await expect(tree.getByRole('treeitem', { name: 'boot' })).toHaveAttribute('aria-current', 'location')
  await tree.getByRole('treeitem', { name: 'isolinux' }).click()
  await expect(app.right.row('isolinux.cfg')).toBeVisible()
  await app.left.focus()
  await expect(tree.getByRole('treeitem', { name: 'Home' })).toHaveAttribute('aria-current', 'location')
  await expect(tree.getByRole('treeitem', { name: 'Photos' })).toBeHidden()
  await tree.getByRole('treeitem', { name: 'Home' }).focus()
  await app.press('ArrowRight')
  await expect(tree.getByRole('treeitem', { name: 'Photos' })).toBeVisible()
})

test('where Tab belongs to the page, the arrows change panes', async ({ app, engine }) => {
  await app.left.openRow(IMAGE)
  await expect(app.right.row('boot')).toBeVisible()
  await app.left.focus()
  await app.press('ArrowRight')
  await expect(app.left.grid).toBeFocused()
  await app.press('Tab')
  await expect(app.right.grid).toBeFocused()

  engine.change({ tabSwitchesPanes: false })
  await app.press('ArrowRight')
  await expect(app.right.grid).toBeFocused()
  // Nothing shows when the setting has arrived; until then the key does nothing.
  await expect(async () => {
    await app.press('ArrowLeft')
    await expect(app.left.grid).toBeFocused({ timeout: 500 })
  }).toPass()
  await app.press('Tab')
  await expect(app.left.grid).not.toBeFocused()
  await expect(app.right.grid).not.toBeFocused()
  await app.left.focus()
  await app.press('F1')
  await expect(app.dialog.locator('dt:text-is("To the other pane") + dd')).toHaveText('←→')
})

test('folders come first until one wants everything in one order', async ({ app, engine }) => {
  await app.left.openRow(IMAGE)
  await expect(app.right.row('boot')).toBeVisible()
  await app.press('Alt+Shift+F')
  const asked = () =>
    engine.posted.some((message) => JSON.stringify(message).includes('"image.rows"') && isMixed(message))
  await expect.poll(asked).toBe(true)
  await app.page.getByRole('menuitem', { name: 'View', exact: true }).click()
  await app.page.getByRole('menuitem', { name: 'Sort by', exact: true }).press('ArrowRight')
  await expect(app.page.getByRole('menuitem', { name: 'Folders first' })).toBeVisible()
})

const isMixed = (message: unknown): boolean => JSON.stringify(message).includes('"foldersFirst":false')

test('columns are chosen from their header', async ({ app }) => {
  await app.left.openRow(IMAGE)
  await expect(app.right.row('boot')).toBeVisible()
  await app.right.grid.getByRole('columnheader', { name: 'Name' }).click({ button: 'right' })
  await app.page.getByRole('menuitemcheckbox', { name: 'Permissions' }).click()
  await app.press('Escape')
  await expect(app.right.grid.getByRole('columnheader', { name: 'Permissions' })).toBeVisible()
  await expect(app.right.row('boot')).toContainText('rwxr-xr-x')
})

test('rows are dragged from an image to a folder', async ({ app, engine }) => {
  await app.left.openRow(IMAGE)
  await app.right.row('README.txt').click()
  await app.right.row('README.txt').dragTo(app.left.grid)
  const extract = () => engine.posted.find((message) => JSON.stringify(message).includes('job.start'))
  await expect.poll(extract).toBeTruthy()
})

test('what is dragged onto another image is refused, with the reason, and nothing is written', async ({
  app,
  engine,
}) => {
  await app.left.openRow(IMAGE)
  await expect(app.right.row('boot')).toBeVisible()
  await app.left.openRow('openSUSE-Leap-15.6-DVD-x86_64.iso')
  await expect(app.left.row('boot')).toBeVisible()
  const dataTransfer = await app.page.evaluateHandle(() => new DataTransfer())
  const source = app.right.row('README.txt').locator('.label')
  await source.dispatchEvent('dragstart', { dataTransfer })
  const isAllowed = await app.left.grid.evaluate((grid, data) => {
    const over = new DragEvent('dragover', { dataTransfer: data, bubbles: true, cancelable: true })
    return !grid.dispatchEvent(over)
  }, dataTransfer)
  expect(isAllowed).toBe(false)
  await expect(app.left.element.getByRole('status')).toContainText('Files cannot be put into an open disc image')
  await source.dispatchEvent('dragend', { dataTransfer })
  await expect(app.left.element).not.toContainText('Files cannot be put into an open disc image')
  expect(engine.posted.some((message) => /job\.(extract|copy)/.test(JSON.stringify(message)))).toBe(false)
})

test('the language changes at once, and Arabic reads from the right', async ({ app, engine }) => {
  engine.change({ language: 'de' })
  await expect(app.page.getByRole('menuitem', { name: 'Datei' })).toBeVisible()
  await app.left.openRow(IMAGE)
  await expect(app.right.element).toContainText('Alles entpacken')
  engine.change({ language: 'ar' })
  await expect(app.page.getByRole('menuitem', { name: 'ملف' })).toBeVisible()
  const [left, right] = [await app.left.element.boundingBox(), await app.right.element.boundingBox()]
  expect(left?.x).toBeGreaterThan(right?.x ?? 0)
})

test('many tabs keep room for their names; the wheel goes along them', async ({ app }) => {
  for (let count = 0; count < 8; count++) await app.press(app.tabKeys.add)
  const list = app.active.getByRole('tablist')
  const tabs = list.getByRole('tab')
  await expect(tabs).toHaveCount(9)
  for (const tab of await tabs.all()) expect((await tab.boundingBox())?.width ?? 0).toBeGreaterThan(90)
  await expect(tabs.last()).toBeInViewport()
  await expect(tabs.first()).not.toBeInViewport({ ratio: 0.5 })
  await list.hover()
  await app.page.mouse.wheel(0, -2000)
  await expect(tabs.first()).toBeInViewport({ ratio: 0.9 })
  await expect(list).toHaveClass(/more-after/)
})
