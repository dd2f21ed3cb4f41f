import { expect, test } from '../support/fake-host'

test('what is written about an image stays with it when the list moves under the pointer', async ({ app, engine }) => {
  await app.run('library')
  const facts = app.active.locator('.facts h2')
  const row = (name: RegExp) => app.active.locator('.rows > [role=row]').filter({ hasText: name })
  await expect(row(/Encarta/)).toBeVisible()
  await row(/debian/).click()
  await expect(facts).toHaveText(/debian/)

  // A folder is being indexed: the list is asked for again, and comes late, with the last image first.
  let release = (): void => undefined
  const held = new Promise<void>((resolve) => (release = resolve))
  let isAsked = false
  engine.arrange = async (images) => {
    isAsked = true
    await held
    return images.toReversed()
  }
  engine.emit('library.changed', {})
  await expect.poll(() => isAsked).toBe(true)
  await row(/Encarta/).click()
  await expect(facts).toHaveText(/Encarta/)
  release()
  await expect(app.active.locator('.rows > [role=row]').last()).toContainText('debian')
  await expect(facts).toHaveText(/Encarta/)
  await expect(row(/Encarta/)).toHaveAttribute('aria-selected', 'true')

  await app.active.getByRole('textbox', { name: 'Tags' }).fill('attic')
  await app.active.getByRole('textbox', { name: 'Tags' }).press('Tab')
  const updates = () =>
    engine.posted
      .filter((message) => (message as { name?: string }).name === 'library.update')
      .map((message) => (message as { input: { ids: number[] } }).input.ids)
  await expect.poll(updates).toEqual([[2]])
})
