import iconv from 'iconv-lite'
import { writeFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import { join } from 'node:path'
import { namedIso } from '../images/named-iso'
import { expect, test } from './support/test'

test('what cannot be shown says so, packed files are listed, and Japanese is read', async ({ app, folders }) => {
  const image = join(folders.home, 'kinds.iso')
  const tree = {
    'VTS_01_1.VOB': Buffer.alloc(4000, 7),
    'clip.avi': Buffer.alloc(4000, 7),
    'packed.gz': gzipSync('words '.repeat(50)),
    'readme.txt': iconv.encode('このディスクについて、はじめにお読みください。'.repeat(8), 'shift_jis'),
    'scan.tiff': Buffer.alloc(4000, 7),
    'silent.mp4': Buffer.alloc(4000, 7),
  }
  await writeFile(image, namedIso(tree, 'KINDS'))
  await app.open(image)
  await expect(app.right.row('clip.avi')).toBeVisible()
  await app.press('F3')
  for (const name of ['VTS_01_1.VOB', 'clip.avi', 'silent.mp4']) {
    await app.right.row(name).click()
    await expect(app.preview).toContainText("This video's format can't be played here.")
  }
  await app.right.row('scan.tiff').click()
  await expect(app.preview).toContainText("This picture's format can't be shown here.")
  await app.right.row('readme.txt').click()
  await expect(app.inside.getByText('このディスクについて').first()).toBeVisible()
  await app.right.row('packed.gz').click()
  await expect(app.inside.getByText('packed', { exact: true })).toBeVisible()
})
