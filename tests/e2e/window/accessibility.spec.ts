import type { Page } from '@playwright/test'
import AxeBuilder from '@axe-core/playwright'
import { expect, test } from '../support/fake-host'
import { job } from './jobs'

const IMAGE = 'debian-12.1.0-amd64-netinst.iso'

async function findings(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} ${String(target)} ${failureSummary ?? ''}`),
  )
}

for (const theme of ['light', 'dark', 'high-contrast'] as const) {
  test.describe(theme, () => {
    test.use({ colorScheme: theme === 'light' ? 'light' : 'dark' })

    test.beforeEach(async ({ app, engine }) => {
      engine.change({ theme: theme === 'high-contrast' ? theme : 'system' })
      await expect(app.left.grid).toBeVisible()
    })

    test('the start is clean', async ({ app }) => {
      expect(await findings(app.page)).toEqual([])
    })

    test('an image with a preview and a queue is clean', async ({ app, engine }) => {
      await app.left.openRow(IMAGE)
      await app.right.row('README.txt').click()
      await app.press('F3')
      await expect(app.preview.getByRole('region')).toBeVisible()
      engine.setJobs([
        job(),
        job({ id: 'job-2', state: 'failed', error: { code: 'NO_SPACE', message: 'The disk is full.' } }),
      ])
      await app.press('Control+j')
      await expect(app.queue).toContainText('The disk is full.')
      expect(await findings(app.page)).toEqual([])
    })

    for (const [name, keys] of [
      ['palette', 'Control+k'],
      ['settings', 'Control+,'],
      ['open dialog', 'Control+o'],
      ['keyboard help', 'F1'],
    ] as const) {
      test(`the ${name} is clean`, async ({ app }) => {
        await app.left.focus()
        await app.press(keys)
        await expect(app.dialog.getByRole('button').or(app.dialog.getByRole('listbox')).first()).toBeVisible()
        expect(await findings(app.page)).toEqual([])
      })
    }

    test('a conflict is clean', async ({ app, engine }) => {
      const side = { byteLength: 4_198, modified: Date.UTC(2026, 2, 2, 10), kind: 'file' }
      const question = {
        path: 'README.html',
        destinationPath: '/home/ada/Downloads/README.html',
        incoming: side,
        existing: { ...side, byteLength: 3_800, modified: Date.UTC(2025, 1, 2) },
      }
      engine.setJobs([job({ question })])
      await expect(app.conflict).toBeVisible()
      expect(await findings(app.page)).toEqual([])
    })
  })
}
