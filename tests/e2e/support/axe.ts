import AxeBuilder from '@axe-core/playwright'
import { expect, type Frame, type Page, type TestInfo } from '@playwright/test'
import axe, { type Result } from 'axe-core'

/** What axe finds wrong with the page as it stands, one sentence each. */
export async function findings(page: Page): Promise<string[]> {
  // One frame is all that is ours; asked this way, and only for what is wrong, axe needs a fifth of the time.
  const builder = new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ['violations'] })
  // An open menu belongs to its button and not to a part of the page; axe wants it within a landmark all the same.
  if (await page.getByRole('menu').first().isVisible()) builder.disableRules(['region'])
  const { violations } = await builder.analyze()
  const frames = page.frames().slice(1)
  // A frame may go while it is asked: the next file has taken its place.
  const inside = await Promise.all(
    frames.map((frame) =>
      findingsInside(frame).catch((error: unknown) => {
        if (!frame.isDetached()) throw error
        return []
      }),
    ),
  )
  return [...violations, ...inside.flat()].flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} ${String(target)} ${failureSummary ?? ''}`),
  )
}

/** What is for whole pages a frame need not have: it is a part of one. */
const PAGES_ONLY = ['document-title', 'landmark-one-main', 'page-has-heading-one', 'region', 'bypass', 'heading-order']

/** The same of what is in a frame of a preview: it has no origin, and must be asked by itself. */
async function findingsInside(frame: Frame): Promise<Result[]> {
  if ((await frame.locator('body > div').count()) === 0) return []
  await frame.evaluate(axe.source)
  return frame.evaluate(async (off) => {
    const inside = (window as unknown as { axe: typeof axe }).axe
    const rules = Object.fromEntries(off.map((id) => [id, { enabled: false }]))
    return (await inside.run(document, { resultTypes: ['violations'], rules })).violations
  }, PAGES_ONLY)
}

/** At the end of every spec: however the window was left, axe has nothing to say about it. */
export async function expectClean(page: Page, testInfo: TestInfo): Promise<void> {
  const isPassed = testInfo.errors.length === 0 && testInfo.status !== 'timedOut'
  if (!isPassed || page.isClosed() || !/^(?:https?|app):/.test(page.url())) return
  // What is fading in has not got its colours yet.
  await page.emulateMedia({ reducedMotion: 'reduce' })
  expect(await findings(page)).toEqual([])
}
