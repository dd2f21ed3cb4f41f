import { expect, type Frame, type Page, type TestInfo } from '@playwright/test'
import type axeCore from 'axe-core'
import type { Result } from 'axe-core'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

type Axe = typeof axeCore

/** The smaller of its two files: it goes to the browser once for each page. */
const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What is for whole pages a frame need not have: it is a part of one. */
const PAGES_ONLY = ['document-title', 'landmark-one-main', 'page-has-heading-one', 'region', 'bypass', 'heading-order']

/** What axe finds wrong with the page as it stands, one sentence each. */
export async function findings(page: Page): Promise<string[]> {
  // An open menu belongs to its button and not to a part of the page; axe wants it within a landmark all the same.
  const hasMenu = await page.getByRole('menu').first().isVisible()
  const violations = await violationsIn(page.mainFrame(), hasMenu ? ['region'] : [])
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

/** The same of what is in a frame of a preview: it has no origin, and must be asked by itself. */
async function findingsInside(frame: Frame): Promise<Result[]> {
  return (await frame.locator('body > div').count()) === 0 ? [] : violationsIn(frame, PAGES_ONLY)
}

/** Asked for what is wrong alone, and of one frame alone, axe needs a third of the time that its builder takes. */
async function violationsIn(frame: Frame, off: string[]): Promise<Result[]> {
  const isThere = await frame.evaluate(() => 'axe' in window)
  if (!isThere) await frame.evaluate(SOURCE)
  return frame.evaluate(async (off) => {
    const { axe } = window as unknown as { axe: Axe }
    const rules = Object.fromEntries(off.map((id) => [id, { enabled: false }]))
    return (await axe.run(document, { resultTypes: ['violations'], iframes: false, rules })).violations
  }, off)
}

/** At the end of every spec: however the window was left, axe has nothing to say about it. */
export async function expectClean(page: Page, testInfo: TestInfo): Promise<void> {
  const isPassed = testInfo.errors.length === 0 && testInfo.status !== 'timedOut'
  if (!isPassed || page.isClosed() || !/^(?:https?|app):/.test(page.url())) return
  // What is fading in has not got its colours yet. What began to fade before keeps the length it began with.
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.evaluate(() => {
    for (const one of document.getAnimations()) if (one instanceof CSSTransition) one.finish()
  })
  expect(await findings(page)).toEqual([])
}
