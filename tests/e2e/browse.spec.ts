import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buildIso, nm, SP } from '../images/iso-builder'
import { namedIso } from '../images/named-iso'
import { SAMPLE } from './support/samples'
import { expect, test } from './support/test'

test.beforeEach(async ({ folders }) => {
  await copyFile(SAMPLE, join(folders.downloads, 'sample.iso'))
})

test('a first start shows downloads on one side and one big target on the other', async ({ app }) => {
  await expect(app.left.row('sample.iso')).toBeVisible()
  await expect(app.right.element).toContainText('Drop a disc image here, or open one.')
})

test('an image opens beside its folder and shows what it holds', async ({ app }) => {
  await app.left.openRow('sample.iso')
  await expect(app.right.row('Recipes')).toBeVisible()
  await expect
    .poll(() => app.right.names())
    .toEqual(['Documents', 'Pictures', 'Recipes', 'Software', 'Letters', 'Welcome.txt'])
  await expect(app.right.viewSwitcher).toHaveText('Rock Ridge')
  await expect(app.right.status).toContainText('6 items')
})

test('folders are entered and left, and history goes both ways', async ({ app }) => {
  await app.left.openRow('sample.iso')
  await app.right.openRow('Recipes')
  await expect(app.right.row('Käsespätzle.txt')).toBeVisible()
  await expect(app.right.row('味噌汁.txt')).toBeVisible()
  await expect(app.right.path).toContainText('Recipes')
  await app.press('Backspace')
  await expect(app.right.row('Welcome.txt')).toBeVisible()
  await app.press('Alt+ArrowLeft')
  await expect(app.right.row('Käsespätzle.txt')).toBeVisible()
  await app.press('Alt+ArrowRight')
  await expect(app.right.row('Welcome.txt')).toBeVisible()
})

test('going up from an image leads to the folder it lies in', async ({ app, folders }) => {
  await app.open(join(folders.downloads, 'sample.iso'))
  await expect(app.right.row('Welcome.txt')).toBeVisible()
  await app.press('Backspace')
  await expect(app.right.row('sample.iso')).toBeVisible()
})

test('views are switched, each with its own names', async ({ app }) => {
  await app.left.openRow('sample.iso')
  await expect(app.right.row('Welcome.txt')).toBeVisible()
  await app.right.switchView(/Joliet/)
  await expect(app.right.viewSwitcher).toHaveText('Joliet')
  await expect(app.right.row('Welcome.txt')).toBeVisible()
  await app.right.switchView(/ISO 9660 ISO/)
  await expect(app.right.row('WELCOME.TXT')).toBeVisible()
})

test('names are read in the encoding that is chosen', async ({ app, folders }) => {
  // “日本” in Shift JIS, once and too short to be told from other encodings.
  const name = Buffer.from([0x93, 0xfa, 0x96, 0x7b])
  const { bytes } = buildIso([{ name: 'A.TXT;1', data: 'a', use: nm(name) }], { rootUse: SP })
  await writeFile(join(folders.downloads, 'names.iso'), bytes)
  await app.open(join(folders.downloads, 'names.iso'))
  await expect(app.right.rows).toHaveCount(1)
  await app.right.chooseCharset('CP 437 (DOS)')
  await expect(app.right.row('ô·û{')).toBeVisible()
  await app.right.chooseCharset('Shift JIS')
  await expect(app.right.row('日本')).toBeVisible()
})

test('a name that would be read in another order says so', async ({ app, folders }) => {
  const { bytes } = buildIso([{ name: 'A.TXT;1', data: 'a', use: nm('rtl\u202egpj.exe') }], { rootUse: SP })
  await writeFile(join(folders.downloads, 'names.iso'), bytes)
  await app.open(join(folders.downloads, 'names.iso'))
  await expect(app.right.row('rtl⟨U+202E⟩gpj.exe')).toBeVisible()
})

test('a view without the folder one is in shows its root', async ({ app }) => {
  await app.left.openRow('sample.iso')
  await app.right.openRow('Documents')
  await app.right.openRow('Letters')
  await expect(app.right.row('A letter from the coast.md')).toBeVisible()
  await app.right.switchView(/ISO 9660 ISO/)
  await expect(app.right.row('WELCOME.TXT')).toBeVisible()
})

test('a path can be typed, inside an image and on this computer', async ({ app, folders }) => {
  await app.left.openRow('sample.iso')
  await expect(app.right.row('Documents')).toBeVisible()
  await app.right.typePath('/Documents/Letters')
  await expect(app.right.row('A letter from the coast.md')).toBeVisible()
  await app.left.typePath(folders.home)
  await expect(app.left.row('Downloads')).toBeVisible()
  await app.left.typePath(join(folders.downloads, 'nothing'))
  await expect(app.toasts).toContainText('nothing')
})

test('rows are sorted by their headers', async ({ app }) => {
  await app.left.openRow('sample.iso')
  await app.right.openRow('Recipes')
  const header = app.right.grid.getByRole('columnheader', { name: 'Name' })
  await expect(header).toHaveAttribute('aria-sort', 'ascending')
  await header.click()
  await expect(header).toHaveAttribute('aria-sort', 'descending')
  await expect.poll(() => app.right.names()).toEqual(['味噌汁.txt', 'Käsespätzle.txt', 'Crème brûlée.txt'])
})

test('what is under the mouse stays one thing when others come in front of it', async ({ app, folders }) => {
  const later = join(folders.downloads, 'later.txt')
  await writeFile(later, 'later')
  const pressed = await app.left.row('later.txt').elementHandle()
  await writeFile(join(folders.downloads, 'earlier.txt'), 'earlier')
  await expect(app.left.row('earlier.txt')).toBeVisible()
  expect(await pressed.textContent()).toContain('later.txt')
})

test('a filter shows what has a text in its name', async ({ app }) => {
  await app.left.openRow('sample.iso')
  await app.right.openRow('Recipes')
  await expect(app.right.row('Käsespätzle.txt')).toBeVisible()
  await app.press('Control+f')
  await app.page.keyboard.type('br')
  await expect.poll(() => app.right.names()).toEqual(['Crème brûlée.txt'])
  await app.page.keyboard.type('xyz')
  await expect(app.right.message).toContainText('No name here has “brxyz” in it.')
  await app.press('Escape')
  await expect(app.right.rows).toHaveCount(3)
})

test('the card of an image says what it is', async ({ app }) => {
  await app.left.openRow('sample.iso')
  await app.right.element.getByRole('button', { name: 'About this image' }).click()
  const card = app.page.getByRole('dialog', { name: 'About this image' })
  await expect(card).toContainText('Isolde Sample')
  await expect(card).toContainText('Complete.')
  await expect(card).toContainText('THE ISOLDE PROJECT')
})

test('what an image carries is on its card, and is gone into from there', async ({ app, folders }) => {
  const inner = namedIso({
    etc: { hostname: 'x' },
    usr: { lib: { 'os-release': 'PRETTY_NAME="Debian GNU/Linux 12"\n' } },
  })
  const large = Buffer.concat([inner, Buffer.alloc(70_000)])
  await writeFile(join(folders.downloads, 'live.iso'), namedIso({ casper: { minimal: large } }))
  await app.left.openRow('live.iso')
  await app.right.element.getByRole('button', { name: 'About this image' }).press('Enter')
  const card = app.page.getByRole('dialog', { name: 'About this image' })
  await card.getByRole('button', { name: 'Linux system · Debian GNU/Linux 12 casper/minimal' }).press('Enter')
  await expect(app.right.row('etc')).toBeVisible()
  await app.press('Backspace')
  await expect(app.right.row('minimal')).toBeVisible()
})

test('the preview shows text, bytes and pictures', async ({ app }) => {
  await app.left.openRow('sample.iso')
  await app.right.row('Welcome.txt').click()
  await app.press('F3')
  await expect(app.inside.getByRole('region', { name: 'Text of Welcome.txt' })).toContainText(/Isolde/)
  await app.preview.getByRole('button', { name: 'Hex' }).click()
  await expect(app.inside.getByRole('region', { name: 'Bytes of Welcome.txt' })).toContainText('00000000')
  await app.right.openRow('Pictures')
  await app.right.row('Disc.png').click()
  const picture = app.inside.getByRole('img', { name: 'Disc.png' })
  await expect(picture).toBeVisible()
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0)
})

test('the window is at its next start as it was left', async ({ start, end, folders }) => {
  const first = await start()
  await first.left.openRow('sample.iso')
  await first.right.openRow('Recipes')
  await expect(first.right.row('Käsespätzle.txt')).toBeVisible()
  await first.left.typePath(folders.home)
  await expect(first.left.row('Downloads')).toBeVisible()
  // The window writes its state a moment after it changes.
  const settings = join(folders.profile, 'settings.json')
  await expect.poll(() => readFile(settings, 'utf8').catch(() => '')).toContain(JSON.stringify(folders.home))
  await end()
  const second = await start()
  await expect(second.right.row('Käsespätzle.txt')).toBeVisible()
  await expect(second.left.row('Downloads')).toBeVisible()
})

test('images given on the command line are open at the start', async ({ start, folders }) => {
  const app = await start({ images: [join(folders.downloads, 'sample.iso')] })
  await expect(app.right.row('Welcome.txt')).toBeVisible()
})

test('the palette finds files inside of images, and leads to them', async ({ app }) => {
  await app.left.openRow('sample.iso')
  await expect(app.right.row('Welcome.txt')).toBeVisible()
  await app.press('Control+k')
  await app.dialog.getByRole('combobox').fill('tides')
  await app.dialog.getByRole('option', { name: /Tides\.csv/ }).click()
  await expect(app.right.row('Tides.csv')).toHaveClass(/cursor/)
  await expect(app.right.path).toContainText('Documents')
})
