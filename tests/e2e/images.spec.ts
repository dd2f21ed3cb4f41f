import { readdirSync, readFileSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { zstdDecompressSync } from 'node:zlib'
import { expect, test } from './support/test'
import type { IsoldeWindow } from './support/window'

const IMAGES = join(import.meta.dirname, '../images')
const TRUTH = join(IMAGES, 'truth')
const withTruth = readdirSync(TRUTH).map((name) => name.slice(0, -'.tsv'.length))

interface TruthLine {
  view: string
  path: string
  kind: string
}

const truthOf = (name: string): TruthLine[] =>
  readFileSync(join(TRUTH, `${name}.tsv`), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [view = '', path = '', kind = ''] = line.split('\t')
      return { view, path, kind }
    })

/** A name with signs that a list of lines cannot hold is the reader's tests' business, not the window's. */
const isPlain = (path: string): boolean => /^[\p{L}\p{N} ._()&+,'~!#-]+$/u.test(path)

async function bytesOf(name: string): Promise<Buffer> {
  const plain = await readFile(join(IMAGES, name)).catch(() => null)
  return plain ?? zstdDecompressSync(await readFile(join(IMAGES, `${name}.zst`)))
}

async function expectKnown(app: IsoldeWindow, folder: string, name: string): Promise<void> {
  const path = join(folder, name)
  await writeFile(path, await bytesOf(name))
  await app.open(path)
  // Each comes in a tab of its own: what is looked at is no longer the image before.
  await expect(app.right.element.getByRole('tab', { selected: true })).toContainText(name)
  const truth = truthOf(name)
  if (truth.length === 0) {
    await expect(app.right.message).toContainText('There are no files in this view of the image.')
    return
  }
  await expect(app.right.rows.first()).toBeVisible()
  const label = (await app.right.viewSwitcher.textContent())?.trim().toLowerCase() ?? ''
  const shown = truth.filter(({ view }) => label.startsWith(view.split('@')[0]?.replace('-', ' ') ?? ''))
  const top = shown.filter((line) => !line.path.includes('/') && isPlain(line.path)).map((line) => line.path)
  await expect.poll(() => app.right.names()).toEqual(expect.arrayContaining(top.slice(0, 12)))
  await expect(app.right.message).toBeHidden()
}

/** So many images one window opens one after another: starting a program for each takes longer than all the rest. */
const IN_ONE_WINDOW = 6

for (let first = 0; first < withTruth.length; first += IN_ONE_WINDOW) {
  const names = withTruth.slice(first, first + IN_ONE_WINDOW)
  test(`${names.join(', ')} show in their window what they are known to hold`, async ({ app, folders }) => {
    test.slow()
    for (const name of names) await test.step(name, () => expectKnown(app, folders.home, name))
  })
}

test('an image that is damaged so that nothing shows says so', async ({ app, folders }) => {
  const path = join(folders.home, 'cut.iso')
  await writeFile(path, await bytesOf('cut-descriptors.iso'))
  await app.open(path)
  await expect(app.right.message).toContainText('not copied in full')
})

for (const name of ['not-found.iso']) {
  test(`${name} shows rows, or a sentence with its name`, async ({ app, folders }) => {
    const path = join(folders.home, name)
    await writeFile(path, await bytesOf(name))
    await app.open(path)
    await expect(app.right.rows.first().or(app.right.message.getByText(name))).toBeVisible()
  })
}
