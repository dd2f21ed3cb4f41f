import { expect, test } from '../support/fake-host'
import { job } from './jobs'

const SIZES = [
  { width: 680, height: 560 },
  { width: 1280, height: 800 },
]
const side = { byteLength: 4_198, modified: Date.UTC(2026, 2, 2, 10), kind: 'file' }
const question = {
  kind: 'conflict' as const,
  path: 'README.html',
  destinationPath: '/home/ada/Downloads/README.html',
  incoming: side,
  existing: { ...side, byteLength: 3_800 },
}

test.beforeEach(async ({ engine, app }) => {
  engine.peeked = `${'a line that goes on and on '.repeat(40)}\nand another`
  engine.setJobs([job({ question })])
  await expect(app.conflict.getByRole('region')).toHaveCount(2)
})

for (const size of SIZES) {
  test(`both files of a conflict are seen whole at ${size.width} × ${size.height}`, async ({ app }) => {
    await app.page.setViewportSize(size)
    const dialog = (await app.conflict.boundingBox())!
    for (const card of await app.conflict.locator('.side').all()) {
      const box = (await card.boundingBox())!
      expect(box.width).toBeGreaterThan(200)
      expect(box.x).toBeGreaterThanOrEqual(dialog.x)
      expect(box.x + box.width).toBeLessThanOrEqual(dialog.x + dialog.width)
    }
  })

  test(`no message covers the buttons of a dialog at ${size.width} × ${size.height}`, async ({ app, engine }) => {
    await app.page.setViewportSize(size)
    const result = { kind: 'extract' as const, files: 3, directories: 0, symlinks: 0, bytesWritten: 3, problems: 0 }
    for (const id of ['a', 'b', 'c', 'd']) {
      engine.emit('job.snapshot', job({ id, state: 'running' }))
      engine.emit('job.snapshot', job({ id, state: 'done', result }))
    }
    await expect(app.toasts).toHaveCount(4)
    for (const button of await app.conflict.getByRole('button').all())
      await button.click({ trial: true, timeout: 2000 })
  })
}
