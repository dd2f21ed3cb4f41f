import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, test } from './support/test'
import type { IsoldeWindow } from './support/window'
import { SAMPLE } from './support/samples'

const guide = (app: IsoldeWindow) => app.right.element.getByRole('heading', { name: 'Welcome to Isolde' })

/** Chooses an image in the dialog that asks for one, by its path. */
async function choose(app: IsoldeWindow, path: string): Promise<void> {
  const field = app.dialog.getByRole('combobox')
  await expect(field).not.toHaveValue('')
  await field.fill(path)
  await field.press('Enter')
}

/** Nothing that can be pressed is cut off at a side of its pane. */
async function nothingIsCut(page: Page): Promise<void> {
  const cut = await page.locator('[data-start]').evaluate((start) => start.scrollWidth > start.clientWidth)
  expect(cut).toBe(false)
}

test.describe('the first start', () => {
  test.beforeEach(({}, testInfo) => {
    testInfo.skip(testInfo.project.name === 'desktop', 'on a desktop the dialog is the system’s')
  })

  test('says what can be done, and no more once something was opened', async ({ app, start, end, folders }) => {
    await expect(guide(app)).toBeVisible()
    await expect(app.right.element.getByRole('button', { name: /Open disc image/ })).toBeVisible()
    await app.right.element.getByRole('button', { name: /Extract files/ }).click()
    await expect(app.dialog).toContainText('Extract from a disc image')
    await choose(app, SAMPLE)
    await expect(app.dialog.getByRole('button', { name: 'Extract', exact: true })).toBeVisible()
    await expect(app.dialog).toContainText('sample.iso')
    await app.press('Escape')
    await app.press(app.tabKeys.close)
    await expect(app.right.element.getByText('Drop a disc image here, or open one.')).toBeVisible()
    await expect(guide(app)).toBeHidden()
    // It is written a moment later that the tab is closed: a program that ends sooner opens it again.
    const file = join(folders.profile, 'settings.json')
    const written = (): Promise<string> => readFile(file, 'utf8').catch(() => '')
    await expect.poll(written).toMatch(/"kind": "start"[^]*"hasOpened": true/)

    await end()
    const again = await start()
    await expect(again.right.element.getByText('Drop a disc image here, or open one.')).toBeVisible()
    await expect(guide(again)).toBeHidden()
    await again.page.getByRole('menuitem', { name: 'Help' }).click()
    await again.page.getByRole('menuitem', { name: 'Welcome page' }).click()
    await expect(guide(again)).toBeVisible()
  })

  test('goes on by keys alone', async ({ app, folders }) => {
    await copyFile(SAMPLE, join(folders.downloads, 'disc.iso'))
    await expect(guide(app)).toBeVisible()
    await expect(app.right.element.locator('[data-start]')).toBeFocused()
    await app.press('ArrowDown')
    await expect(app.right.element.getByRole('button', { name: /Open disc image/ })).toBeFocused()
    await app.press('ArrowDown')
    await app.press('ArrowDown')
    await expect(app.right.element.getByRole('button', { name: /Check a download/ })).toBeFocused()
    await app.press('Enter')
    await expect(app.dialog).toContainText('Check a disc image')
    await app.press('Escape')

    // The key that is shown does the same; what is no image is said where it was chosen.
    await app.press('Alt+Shift+v')
    const text = join(folders.home, 'plain.iso')
    await writeFile(text, 'plain')
    await choose(app, text)
    await expect(app.dialog).toContainText('not a disc image')
    await choose(app, join(folders.downloads, 'disc.iso'))
    await expect(app.dialog).toContainText('Is it complete?')
    await app.press('Escape')
    await expect(app.right.rows.first()).toBeVisible()
    await app.press('Control+Shift+F1')
    await expect(guide(app)).toBeVisible()
    await app.press('Alt+Shift+F5')
    await expect(app.dialog).toContainText('Extract from a disc image')
  })

  for (const language of ['en', 'ar'])
    test(`is there to be seen without scrolling in ${language}`, async ({ folders, start }) => {
      await writeFile(join(folders.profile, 'settings.json'), JSON.stringify({ language }))
      const app = await start()
      await expect(app.page.locator('html')).toHaveAttribute('lang', language)
      const steps = app.right.element.locator('[data-start] button:has(kbd):not(.link)')
      for (const [width, height] of [
        [680, 560],
        [1280, 800],
        [2560, 1440],
      ] as const) {
        await app.page.setViewportSize({ width, height })
        await expect(steps).toHaveCount(3)
        for (const step of await steps.all()) await expect(step).toBeInViewport({ ratio: 1 })
        await nothingIsCut(app.page)
      }
    })
})
