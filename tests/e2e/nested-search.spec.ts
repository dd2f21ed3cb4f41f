import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { namedIso } from '../images/named-iso'
import { expect, test } from './support/test'

const squashfs = readFileSync(join(import.meta.dirname, '../images/squashfs/gzip.squashfs'))

/** Of `folder/deep/mixed`, as unsquashfs unpacks it. */
const MIXED = 'e7512adf18d2c08337391be0b50b7d47e8602de55bfdae210a7487a91cb82662'

test('a file in a SquashFS in an image is found by a search, and opened and extracted from there', async ({
  app,
  folders,
}) => {
  const live = Buffer.concat([squashfs, Buffer.alloc(65_536)])
  await writeFile(join(folders.home, 'live.iso'), namedIso({ casper: { 'filesystem.squashfs': live } }))
  await app.open(join(folders.home, 'live.iso'))
  await expect(app.right.row('casper')).toBeVisible()
  await app.left.focus()
  await app.press('Alt+F7')
  const box = app.left.element.getByRole('textbox', { name: 'Search for' })
  // What was found stays as it is: it is asked for again until it is known.
  await expect(async () => {
    await box.fill('')
    await box.fill('mixed')
    await expect(app.left.row('mixed')).toBeVisible({ timeout: 1000 })
  }).toPass({ timeout: 20_000 })
  await expect(app.left.row('mixed')).toContainText('live.iso › casper › filesystem.squashfs › folder › deep')
  await expect(app.queue.getByText('contains')).toBeHidden()
  await app.left.row('mixed').click()
  await app.press('F5')
  const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')
  const written = (): Promise<string> => readFile(join(folders.downloads, 'mixed')).then(sha256, () => '')
  await expect.poll(written).toBe(MIXED)
  await app.left.openRow('mixed')
  await expect(app.left.row('mixed')).toBeVisible()
  await expect(app.left.tab('filesystem.squashfs')).toBeVisible()
})
