import { readdir, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { expectClean } from '../support/axe'
import { expect, test as base } from '../support/fake-host'
import type { IsoldeWindow } from '../support/window'
import type { FakeEngine } from '../fake/fake-engine'
import { job } from './jobs'

/**
 * Every page of the window, light and dark, as it is in docs/screens; see docs/screens.md for the tolerance. A change
 * that is meant is written with `npm run screens`, looked at, and committed.
 */
const IMAGE = 'debian-12.1.0-amd64-netinst.iso'
const NOW = new Date('2026-03-05T10:00:00Z')

/** The same files at the same times, whenever and wherever this runs. */
const test = base.extend({
  home: async ({ home }, use) => {
    for (const [index, name] of (await readdir(home)).sort().entries()) {
      const time = new Date(NOW.getTime() - (index + 1) * 7.3 * 86_400_000)
      await utimes(join(home, name), time, time)
      expect((await stat(join(home, name))).mtime).toEqual(time)
    }
    await use(home)
  },
  engine: async ({ engine }, use) => {
    engine.freeBytes = 212_000_000_000
    engine.now = () => NOW.getTime()
    await use(engine)
  },
  page: async ({ page }, use) => {
    // Time goes on from there: Vue takes events of the same millisecond for old ones.
    await page.clock.install({ time: NOW })
    await use(page)
  },
  app: async ({ app }, use) => {
    await expect(app.left.row(IMAGE)).toBeVisible()
    await use(app)
  },
})

interface Scene {
  app: IsoldeWindow
  engine: FakeEngine
}

async function openImage({ app }: Scene): Promise<void> {
  await app.left.openRow(IMAGE)
  await expect(app.right.row('boot')).toBeVisible()
}

async function withKeys(scene: Scene, keys: string, part: string): Promise<void> {
  await openImage(scene)
  await scene.app.press(keys)
  await expect(scene.app.page.locator(part).first()).toBeVisible()
}

async function withPage({ app }: Scene, keys: string, text: string): Promise<void> {
  await app.press(keys)
  await expect(app.active.getByRole('grid')).toContainText(text)
}

const PAGES: Record<string, (scene: Scene) => Promise<void>> = {
  start: async ({ app }) => {
    await expect(app.left.row(IMAGE)).toBeVisible()
  },
  main: async (scene) => {
    await openImage(scene)
    await scene.app.right.row('dists').click()
    await scene.app.right.row('README.txt').click({ modifiers: ['Control'] })
  },
  names: (scene) => withKeys(scene, 'Control+3', '[role=option]'),
  tiles: (scene) => withKeys(scene, 'Control+2', '[role=option]'),
  tree: (scene) => withKeys(scene, 'Control+b', '[role=treeitem]'),
  preview: async (scene) => {
    await openImage(scene)
    await scene.app.right.row('README.txt').click()
    await scene.app.press('F3')
    await expect(scene.app.inside.getByRole('region')).toBeVisible()
  },
  card: async (scene) => {
    await openImage(scene)
    await scene.app.right.element.getByRole('button', { name: /About this image/ }).click()
    await expect(scene.app.page.getByRole('dialog')).toContainText('93%')
  },
  map: async (scene) => {
    await withKeys(scene, 'Alt+m', '[role=listbox] [role=option]')
    await expect(scene.app.dialog.getByRole('listbox')).toBeFocused()
    await scene.app.press('PageDown')
  },
  sizes: async (scene) => {
    await withKeys(scene, 'Alt+s', '.box')
    await expect(scene.app.dialog.locator('.box').first()).toBeFocused()
  },
  queue: async (scene) => {
    await openImage(scene)
    scene.engine.setJobs([
      job(),
      job({ id: 'job-2', position: 2, state: 'queued', sourceName: 'openSUSE.iso', bytesDone: 0 }),
      job({ id: 'job-3', position: 3, state: 'failed', error: { code: 'NO_SPACE', message: 'The disk is full.' } }),
    ])
    await scene.app.press('Control+j')
    await expect(scene.app.queue).toContainText('The disk is full.')
  },
  conflict: async (scene) => {
    await openImage(scene)
    const side = { byteLength: 4_198, modified: Date.UTC(2026, 2, 2, 10), kind: 'file' }
    const question = {
      kind: 'conflict' as const,
      path: 'README.html',
      destinationPath: '/home/ada/Downloads/README.html',
      incoming: side,
      existing: { ...side, byteLength: 3_800, modified: Date.UTC(2025, 1, 2) },
    }
    scene.engine.setJobs([job({ question })])
    await expect(scene.app.conflict.getByRole('region')).toHaveCount(2)
  },
  palette: async (scene) => {
    await withKeys(scene, 'Control+k', '[role=dialog] [role=option]')
    // Letters that no temporary folder's name has in this order by chance.
    await scene.app.page.keyboard.type('extr')
    await expect(scene.app.dialog.getByRole('option').first()).toContainText('xtr')
  },
  library: async (scene) => {
    await openImage(scene)
    await withPage(scene, 'Alt+l', 'debian-12.1.0')
    await scene.app.active.getByRole('row', { name: /Encarta/ }).click()
  },
  search: async (scene) => {
    await openImage(scene)
    await scene.app.press('Alt+F7')
    await scene.app.active.getByRole('textbox', { name: 'Search for' }).fill('readme')
    await expect(scene.app.active.getByRole('row', { name: /README\.html/ }).first()).toBeVisible()
  },
  duplicates: async (scene) => {
    await openImage(scene)
    await withPage(scene, 'Alt+u', 'Same content')
  },
  compare: async (scene) => {
    await openImage(scene)
    await scene.app.press('Alt+o')
    await expect(scene.app.left.row('boot')).toBeVisible()
    await scene.app.right.switchView(/Joliet/)
    await withPage(scene, 'Alt+k', 'grub.cfg')
  },
  settings: (scene) => withKeys(scene, 'Control+,', '[role=dialog] button'),
  keys: (scene) => withKeys(scene, 'F1', '[role=dialog] kbd'),
  'key-settings': async (scene) => {
    scene.engine.change({ keys: { preview: ['F9'], swap: [] } })
    await withKeys(scene, 'Control+,', '[role=tab]')
    const { dialog } = scene.app
    await dialog.getByRole('tab', { name: 'Keys' }).click()
    await dialog.getByRole('button', { name: 'Change F9 of “Preview”' }).click()
    await scene.app.press('Control+j')
    await expect(dialog.getByRole('alert')).toBeVisible()
  },
  columns: (scene) => withKeys(scene, 'Alt+c', '[role=dialog] input'),
  mask: (scene) => withKeys(scene, '+', '[role=dialog] input'),
  about: (scene) => withKeys(scene, 'Shift+F1', '[role=dialog] button'),
  arabic: async (scene) => {
    await openImage(scene)
    scene.engine.change({ language: 'ar' })
    await expect(scene.app.page.locator('html')).toHaveAttribute('dir', 'rtl')
  },
  narrow: async (scene) => {
    await scene.app.page.setViewportSize({ width: 680, height: 560 })
    await openImage(scene)
  },
  'high-contrast': async (scene) => {
    scene.engine.change({ theme: 'high-contrast' })
    await openImage(scene)
  },
}

for (const [name, show] of Object.entries(PAGES))
  test(name, async ({ app, engine }, testInfo) => {
    await show({ app, engine })
    await app.page.evaluate(() => document.fonts.ready)
    await app.page.mouse.move(0, 0)
    await expect.soft(app.page).toHaveScreenshot(`${name}-light.png`)
    await expectClean(app.page, testInfo)
    await app.page.emulateMedia({ colorScheme: 'dark' })
    await expect.soft(app.page).toHaveScreenshot(`${name}-dark.png`)
  })

test('the tolerance tells a changed window from the one that was meant', async ({ app, engine }) => {
  await PAGES.main?.({ app, engine })
  await app.page.evaluate(() => document.fonts.ready)
  await app.page.mouse.move(0, 0)
  for (const style of [
    ':root { --row: 32px !important }',
    ':root { --accent: oklch(0.5 0.2 30) !important }',
    ':root { --surface-selected: transparent !important }',
    '.pane footer { display: none !important }',
  ]) {
    // As the style sheets of the page itself: its policy allows no others.
    await app.page.evaluate((rule) => {
      const sheet = new CSSStyleSheet()
      sheet.replaceSync(rule)
      document.adoptedStyleSheets = [sheet]
    }, style)
    await expect(app.page, style).not.toHaveScreenshot('main-light.png')
  }
})
