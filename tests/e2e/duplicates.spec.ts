import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { namedIso } from '../images/named-iso'
import { expect, test } from './support/test'

test('files with one content are found within an image, wherever they lie', async ({ app, folders }) => {
  const image = join(folders.home, 'twins.iso')
  // Each with bytes of its own in the image.
  const same = (word = 'the same words '): Uint8Array => Buffer.from(word.repeat(400))
  await writeFile(
    image,
    namedIso({ 'one.txt': same(), folder: { 'two.txt': same() }, 'other.txt': same('THE SAME WORDS ') }, 'TWINS'),
  )
  await app.open(image)
  await expect(app.right.row('one.txt')).toBeVisible()
  await app.right.focus()
  await app.run('duplicates')
  const rows = app.active.locator('.rows > [role=row]')
  await expect(rows).toHaveCount(3)
  await expect(rows.first()).toContainText('2 ×')
  await expect(rows.nth(2)).toContainText('two.txt')
})
