import { expect, test } from '../support/fake-host'

const IMAGE = 'debian-12.1.0-amd64-netinst.iso'

test.beforeEach(async ({ app }) => {
  await app.left.openRow(IMAGE)
  await expect(app.right.row('boot')).toBeVisible()
})

test('the ring in the card opens the map of the disc', async ({ app }) => {
  await app.right.element.getByRole('button', { name: /About this image/ }).click()
  await app.page.getByRole('button', { name: 'Open the disc map' }).click()
  await expect(app.dialog.getByRole('listbox', { name: /^Disc map/ })).toBeFocused()
  await expect(app.dialog).toContainText('Missing: the image ends before this')
  await expect(app.dialog).toContainText('Damaged files')
})

test('the map is walked by keyboard, says each region in words, and leads to its file', async ({ app }) => {
  await app.press('Alt+m')
  const disc = app.dialog.getByRole('listbox')
  await expect(disc).toBeFocused()
  const current = disc.getByRole('option', { selected: true })
  await expect(current).toHaveAttribute('aria-label', /^The disc’s own structures\. From byte 0, /)
  await app.press('ArrowRight')
  await expect(current).toHaveAttribute('aria-label', /From byte/)
  await app.press('End')
  await expect(current).toHaveAttribute('aria-label', /^Missing/)
  await app.press('ArrowLeft')
  await expect(current).toHaveAttribute('aria-label', /A part of it is missing\./)
  const label = (await current.getAttribute('aria-label')) ?? ''
  const name = label.slice(0, label.indexOf(',')).split('/').at(-1) ?? ''
  await app.press('Enter')
  await expect(app.dialog).toBeHidden()
  await expect(app.right.row(name)).toHaveClass(/cursor/)
})

test('a click on the map goes to the file that lies there', async ({ app }) => {
  await app.press('Alt+m')
  const disc = app.dialog.getByRole('listbox')
  await expect(disc).toBeFocused()
  const box = await disc.boundingBox()
  if (!box) throw new Error('There is no disc.')
  // Half way out, to the right: somewhere in the files.
  await app.page.mouse.move(box.x + box.width * 0.76, box.y + box.height / 2)
  const label = await disc.getByRole('option', { selected: true }).getAttribute('aria-label')
  await app.page.mouse.down()
  await app.page.mouse.up()
  const name =
    (label ?? '')
      .slice(0, (label ?? '').indexOf(','))
      .split('/')
      .at(-1) ?? ''
  await expect(app.right.row(name)).toHaveClass(/cursor/)
})

test('the map of sizes goes into folders and to files, by keyboard', async ({ app }) => {
  await app.press('Alt+s')
  const first = app.dialog.getByRole('group').getByRole('button').first()
  await expect(first).toBeFocused()
  await expect(first).toHaveAccessibleName(/^install\.amd: .*\d%, \d+ files$/)
  await app.press('Enter')
  await expect(app.dialog.getByRole('button', { name: 'install.amd', exact: true })).toBeDisabled()
  const largest = app.dialog.getByRole('group').getByRole('button').first()
  await expect(largest).toBeFocused()
  await expect(largest).toHaveAccessibleName(/^initrd\.gz/)
  await app.press('ArrowRight')
  await expect(app.dialog.getByRole('button', { name: /^vmlinuz/ })).toBeFocused()
  await app.press('Backspace')
  await expect(app.dialog.getByRole('button', { name: /^boot:/ })).toBeVisible()
  await app.dialog.getByRole('button', { name: /^initrd\.gz/ }).click()
  await expect(app.dialog).toBeHidden()
  await expect(app.right.row('initrd.gz')).toHaveClass(/cursor/)
})

test('the two pictures are pages of one dialog', async ({ app }) => {
  await app.press('Alt+m')
  await expect(app.dialog.getByRole('listbox')).toBeFocused()
  await app.dialog.getByRole('tab', { name: 'Sizes' }).click()
  await expect(app.dialog.getByRole('group')).toBeVisible()
  await app.dialog.getByRole('tab', { name: 'Sizes' }).press('ArrowLeft')
  await expect(app.dialog.getByRole('listbox')).toBeVisible()
})
