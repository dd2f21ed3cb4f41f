import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { zstdDecompressSync } from 'node:zlib'
import { SAMPLE } from './support/samples'
import { expect, test as base } from './support/test'

/** What goes wrong is said in the language of the window, wherever that is said. */
const test = base.extend<{ speaking: (language: string) => Promise<void> }>({
  speaking: async ({ folders }, use) => {
    await use((language) => writeFile(join(folders.profile, 'settings.json'), JSON.stringify({ language })))
  },
})

const image = async (name: string): Promise<Buffer> =>
  zstdDecompressSync(await readFile(join(import.meta.dirname, `../images/${name}.zst`)))

test('a file that is no image is named in German, with what it looks like', async ({ speaking, start, folders }) => {
  await speaking('de')
  const path = join(folders.downloads, 'brief.iso')
  await writeFile(path, Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(100_000, 'x')]))
  const app = await start()
  await app.left.openRow('brief.iso')
  const said = '„brief.iso“ ist kein Abbild: Es sieht nach einem Archiv aus (ZIP).'
  await expect(app.right.message).toContainText(said)
  await expect(app.right.message).toContainText('Falls es eines sein sollte')
})

test('a format that is not supported is named in Arabic, with the programs for it', async ({
  speaking,
  start,
  folders,
}) => {
  await speaking('ar')
  await writeFile(join(folders.downloads, 'game.iso'), Buffer.concat([Buffer.from('RVZ\x01'), Buffer.alloc(100_000)]))
  const app = await start()
  await app.left.openRow('game.iso')
  await expect(app.right.message).toContainText('بصيغة غير مدعومة')
  await expect(app.right.message).toContainText('Dolphin')
  await expect(app.right.message).not.toContainText('supported')
})

test('damage that an image has survived is told in German', async ({ speaking, start, folders }) => {
  await speaking('de')
  await writeFile(join(folders.downloads, 'cut.iso'), await image('cut-descriptors.iso'))
  const app = await start()
  await app.left.openRow('cut.iso')
  await expect(app.right.message).toContainText('wurde nicht vollständig kopiert')
  await expect(app.right.message).not.toContainText('shorter')
})

test('checks that fail, and those that pass, are told in German', async ({ speaking, start, folders }) => {
  await speaking('de')
  const bytes = await image('summed.iso')
  bytes.write('X', bytes.indexOf('two\n') + 1000)
  await writeFile(join(folders.downloads, 'spoiled.iso'), bytes)
  const app = await start()
  await app.left.row('spoiled.iso').click()
  await app.press('Alt+Shift+V')
  await app.dialog.getByRole('button', { name: 'Jetzt prüfen' }).click()
  await expect(app.dialog).toContainText('„two.txt“ hat nicht die')
  await expect(app.dialog).toContainText('Nicht bestanden: eingebettete MD5-Prüfsumme')
  await expect(app.dialog).not.toContainText('does not give')
  await app.press('Escape')
  const queue = app.page.getByRole('region', { name: 'Warteschlange' })
  await queue.getByRole('button', { name: /Problem/ }).click()
  await expect(queue).toContainText('„two.txt“ hat nicht die')
})

test('what a conversion leaves out is told in Arabic', async ({ speaking, start, folders }) => {
  await speaking('ar')
  await copyFile(SAMPLE, join(folders.downloads, 'data.bin'))
  await writeFile(join(folders.downloads, 'sound.bin'), Buffer.alloc(2352 * 300, 7))
  const sheet = ['FILE "data.bin" BINARY', '  TRACK 01 MODE1/2048', '    INDEX 01 00:00:00']
  sheet.push('FILE "sound.bin" BINARY', '  TRACK 02 AUDIO', '    INDEX 01 00:00:00')
  await writeFile(join(folders.downloads, 'album.cue'), sheet.join('\n'))
  const app = await start()
  await app.left.row('album.cue').click()
  await app.press('Alt+i')
  await expect(app.dialog).toContainText('مسار صوتي')
  await expect(app.dialog).not.toContainText('Left out')
})

test('a name that is taken is said in German where it is typed', async ({ speaking, start, folders }) => {
  await speaking('de')
  await mkdir(join(folders.downloads, 'Neu'))
  const app = await start()
  await app.left.row('Neu').click()
  await app.press('F7')
  await app.dialog.getByRole('textbox').fill('Neu')
  await app.press('Enter')
  await expect(app.dialog.getByRole('alert')).toContainText('Neu“ existiert bereits. Wählen Sie einen anderen Namen.')
})
