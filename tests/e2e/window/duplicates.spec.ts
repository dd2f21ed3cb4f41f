import { expect, test } from '../support/fake-host'

test('nothing is said to be no duplicate while contents are compared', async ({ app, engine }) => {
  let release = (): void => undefined
  engine.holdDuplicates = new Promise<void>((resolve) => (release = resolve))
  engine.hasDuplicates = false
  await app.run('duplicates')
  await app.active.getByRole('checkbox').check()
  await expect(app.active.getByRole('status').filter({ hasText: 'Comparing contents…' })).toBeVisible()
  await expect(app.active.getByText('No duplicates found.')).toBeHidden()
  release()
  await expect(app.active.getByText('No duplicates found.')).toBeVisible()
})
