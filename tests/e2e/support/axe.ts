import AxeBuilder from '@axe-core/playwright'
import { expect, type Page, type TestInfo } from '@playwright/test'

/** What axe finds wrong with the page as it stands, one sentence each. */
export async function findings(page: Page): Promise<string[]> {
  // One frame is all that is ours; asked this way, and only for what is wrong, axe needs a fifth of the time.
  const axe = new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ['violations'] })
  // An open menu belongs to its button and not to a part of the page; axe wants it within a landmark all the same.
  if (await page.getByRole('menu').first().isVisible()) axe.disableRules(['region'])
  const { violations } = await axe.analyze()
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} ${String(target)} ${failureSummary ?? ''}`),
  )
}

/** At the end of every spec: however the window was left, axe has nothing to say about it. */
export async function expectClean(page: Page, testInfo: TestInfo): Promise<void> {
  const isPassed = testInfo.errors.length === 0 && testInfo.status !== 'timedOut'
  if (!isPassed || page.isClosed() || !page.url().startsWith('http')) return
  // What is fading in has not got its colours yet.
  await page.emulateMedia({ reducedMotion: 'reduce' })
  expect(await findings(page)).toEqual([])
}
