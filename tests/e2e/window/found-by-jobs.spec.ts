import { expect, test } from '../support/fake-host'
import type { IsoldeWindow } from '../support/window'
import { job } from './jobs'

/** Comparing and looking for duplicates are jobs of the queue, whose results a page shows. */
const looking = job({
  id: 'fake',
  kind: 'duplicates',
  title: { code: 'title', parameters: { source: 'a.iso' } },
  sourceName: 'a.iso',
  destination: '',
  isPart: true,
})

/** Whether the queue was ever there, however shortly, since this was called. */
async function watchQueue(app: IsoldeWindow): Promise<() => Promise<boolean>> {
  await app.page.evaluate(() => {
    const seen = window as unknown as { queueSeen: boolean }
    const look = (): void => {
      seen.queueSeen ||= document.querySelector('section.queue') !== null
    }
    seen.queueSeen = false
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true })
    look()
  })
  return () => app.page.evaluate(() => (window as unknown as { queueSeen: boolean }).queueSeen)
}

test('what is found at once does not flash in the queue', async ({ app }) => {
  const wasSeen = await watchQueue(app)
  await app.run('duplicates')
  await expect(app.active.getByRole('grid')).toContainText('Same content')
  expect(await wasSeen()).toBe(false)
  await expect(app.toasts).toHaveCount(0)
})

test('what takes longer is in the queue with its progress, and leaves it when the page has it', async ({
  app,
  engine,
}) => {
  let release = (): void => undefined
  engine.holdDuplicates = new Promise<void>((resolve) => (release = resolve))
  await app.run('duplicates')
  await app.active.getByRole('checkbox').check()
  await expect(app.queue).toContainText('Finding duplicates in a.iso')
  await expect(app.queue).toContainText('68%')
  await expect(app.queue.getByRole('button', { name: 'Pause' })).toBeVisible()
  release()
  await expect(app.active.getByRole('grid')).toContainText('Same content')
  await expect(app.queue).toBeHidden()
  await expect(app.toasts).toHaveCount(0)
})

for (const [language, queueName, title, cancelled, again] of [
  ['de', 'Warteschlange', 'Duplikate in a.iso suchen', 'Abgebrochen.', 'Noch einmal'],
  ['ar', 'الطابور', 'البحث عن المكررات في', 'أُلغي.', 'أعد المحاولة'],
] as const)
  test(`what is cancelled in the queue is said by the page, and can be begun again (${language})`, async ({
    app,
    engine,
  }) => {
    engine.holdDuplicates = new Promise(() => undefined)
    await app.run('duplicates')
    await app.active.getByRole('checkbox').check()
    await expect(app.queue).toContainText('Finding duplicates')
    engine.change({ language })
    await expect(app.page.getByRole('region', { name: queueName })).toContainText(title)
    engine.setJobs([{ ...looking, state: 'cancelled' }])
    const alert = app.active.getByRole('alert')
    await expect(alert).toContainText(cancelled)
    engine.holdDuplicates = Promise.resolve()
    await alert.getByRole('button', { name: again }).click()
    await expect(app.active.getByRole('grid')).toBeVisible()
  })

test('a page that is left cancels its job', async ({ app, engine, home }) => {
  engine.holdDuplicates = new Promise(() => undefined)
  await app.run('duplicates')
  await app.active.getByRole('checkbox').check()
  await expect(app.queue).toContainText('Finding duplicates')
  await app.right.typePath(home)
  await expect.poll(() => engine.posted.map((message) => (message as { name?: string }).name)).toContain('job.cancel')
})
