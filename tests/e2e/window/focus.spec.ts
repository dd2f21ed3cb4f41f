import { expect, test } from '../support/fake-host'
import { job } from './jobs'

const IMAGE = 'debian-12.1.0-amd64-netinst.iso'

test.beforeEach(async ({ app }) => {
  await app.left.openRow(IMAGE)
  await expect(app.right.row('boot')).toBeVisible()
  await app.right.row('README.txt').click()
})

test('the keyboard is with the rows again when the preview goes, whichever way', async ({ app }) => {
  await app.press('F3')
  await expect(app.inside.getByRole('region')).toBeVisible()
  await app.preview.getByRole('button', { name: 'Close' }).press('Enter')
  await expect(app.preview).toBeHidden()
  await expect(app.right.grid).toBeFocused()
  await app.press('F3')
  await app.preview.getByRole('button', { name: 'Hex' }).focus()
  await app.press('F3')
  await expect(app.preview).toBeHidden()
  await expect(app.right.grid).toBeFocused()
})

test('the keyboard is with the rows again when the tree goes', async ({ app }) => {
  await app.press('Control+b')
  await app.page.getByRole('treeitem').first().focus()
  await app.press('Control+b')
  await expect(app.page.getByRole('tree')).toBeHidden()
  await expect(app.right.grid).toBeFocused()
})

test('jobs are taken off the list one after the other, and the keyboard stays there while there are any', async ({
  app,
  engine,
}) => {
  engine.setJobs([
    job({ id: 'job-1', state: 'failed', position: 1, error: { code: 'NO_SPACE', message: 'The disk is full.' } }),
    job({ id: 'job-2', state: 'cancelled', position: 2, sourceName: 'second.iso' }),
  ])
  await app.press('Control+j')
  const dismiss = app.queue.getByRole('button', { name: 'Remove', exact: true })
  await expect(dismiss).toHaveCount(2)
  await dismiss.first().press('Enter')
  await expect(dismiss).toHaveCount(1)
  await expect(app.queue.getByRole('list').getByRole('button').and(app.page.locator(':focus'))).toHaveCount(1)
  await dismiss.press('Enter')
  await expect(dismiss).toHaveCount(0)
  await expect(app.right.grid).toBeFocused()
})

test('a message that is closed by keyboard gives the keyboard back', async ({ app, engine }) => {
  engine.emit('engine.restarted', { reason: 'It did not answer.' })
  await expect(app.toasts).toContainText('was started again')
  await app.toasts.getByRole('button', { name: 'Dismiss' }).press('Enter')
  await expect(app.toasts).toHaveCount(0)
  await expect(app.right.grid).toBeFocused()
})

test('fifty jobs leave room for the panes, and those that failed or ended are dealt with at once', async ({
  app,
  engine,
}) => {
  const many = Array.from({ length: 50 }, (_, index) => {
    const state = index < 20 ? ('done' as const) : index < 30 ? ('failed' as const) : ('queued' as const)
    const error = state === 'failed' ? { code: 'NO_SPACE' as const, message: 'The disk is full.' } : null
    return job({ id: `job-${index}`, position: index, sourceName: `disc-${index}.iso`, state, error })
  })
  engine.setJobs(many)
  await app.press('Control+j')
  const lines = app.queue.getByRole('listitem')
  await expect(lines).toHaveCount(50)
  expect((await app.right.element.boundingBox())?.height).toBeGreaterThan(300)
  await lines.last().scrollIntoViewIfNeeded()
  await expect(lines.last()).toBeInViewport()

  await app.right.focus()
  await app.run('Retry failed')
  const asked = (name: string) =>
    engine.posted
      .filter((message) => (message as { name?: string }).name === name)
      .map((message) => (message as { input: { job: string } }).input.job)
  await expect.poll(() => asked('job.retry')).toEqual(many.slice(20, 30).map(({ id }) => id))
  await app.press('Alt+Shift+J')
  await expect(lines).toHaveCount(20)
  expect(asked('job.dismiss')).toEqual(many.slice(0, 30).map(({ id }) => id))
})

test('the preview leaves the panes room in a small window, and the card stays inside it', async ({ app }) => {
  await app.page.setViewportSize({ width: 680, height: 520 })
  await app.press('F3')
  await expect(app.preview).toBeVisible()
  for (const pane of [app.left, app.right]) expect((await pane.element.boundingBox())?.width).toBeGreaterThan(190)
  const about = app.right.element.getByRole('button', { name: /About this image/ })
  await expect(about).toBeInViewport({ ratio: 1 })
  await about.click()
  const card = app.page.getByRole('dialog')
  await expect(card).toContainText('93%')
  await expect
    .poll(async () => Math.round(((await card.boundingBox())?.y ?? 0) + ((await card.boundingBox())?.height ?? 0)))
    .toBeLessThanOrEqual(520)
})

test('names and figures keep their own direction where one reads from the right', async ({ app, engine }) => {
  engine.change({ language: 'ar' })
  await expect(app.page.locator('html')).toHaveAttribute('dir', 'rtl')
  const name = app.right.element.getByRole('tab').locator('.name')
  expect(await name.evaluate((element) => getComputedStyle(element).direction)).toBe('ltr')
  await app.press('Alt+m')
  await expect(app.dialog.getByRole('listbox')).toBeFocused()
  await app.press('End')
  await app.press('ArrowLeft')
  // Isolated by U+2068 and U+2069: the name is not torn apart by the words around it.
  const label = app.dialog.getByRole('option', { selected: true })
  await expect(label).toHaveAttribute('aria-label', /^\u2068[^\u2069]+\u2069, \u2068/)
})
