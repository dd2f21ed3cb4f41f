import { appendFile, readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, test as fake } from '../e2e/support/fake-host'
import { test as real } from '../e2e/support/test'
import { timeUntil } from '../e2e/support/time-until'
import { writeFlatIso } from '../unit/flat-iso'
import { writeTinyIso } from '../e2e/support/tiny-iso'

/** Figures of the window, appended to the file that `ISOLDE_BENCH_OUT` names, one JSON array in a line. Nothing fails. */
async function note(title: string, own: string, limit: string, peak = ''): Promise<void> {
  const line = JSON.stringify([title, own, '', limit, peak])
  if (process.env.ISOLDE_BENCH_OUT) await appendFile(process.env.ISOLDE_BENCH_OUT, `${line}\n`)
}

const IMAGES = join(import.meta.dirname, '../../.cache/bench')
const KEYS = 200
const percentile = (values: number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? NaN

/** From each key's own time to the frame after the one in which its row stands there, in milliseconds. */
async function keyTimes(page: Page, pane: string, keys: string[]): Promise<number[]> {
  await page.evaluate((selector) => {
    const times: number[] = []
    Object.assign(window, { times })
    window.addEventListener(
      'keydown',
      (event) => {
        const grid = document.querySelector(selector)
        const before = grid?.getAttribute('aria-activedescendant')
        const look = (): void => {
          const id = grid?.getAttribute('aria-activedescendant')
          const row = id ? document.getElementById(id) : null
          const isThere = id !== before && row?.querySelector('.label') && row.getAttribute('aria-selected') === 'true'
          if (!isThere) requestAnimationFrame(look)
          else {
            const { port1, port2 } = new MessageChannel()
            // Arrives after the frame was painted.
            port1.onmessage = () => times.push(performance.now() - event.timeStamp)
            requestAnimationFrame(() => port2.postMessage(0))
          }
        }
        requestAnimationFrame(look)
      },
      { capture: true },
    )
  }, `[data-pane=${pane}] [data-rows]`)
  for (const [index, key] of keys.entries()) {
    await page.keyboard.press(key)
    const count = (): Promise<number> => page.evaluate(() => (window as unknown as { times: number[] }).times.length)
    await expect.poll(count, { intervals: [5], timeout: 5000 }).toBe(index + 1)
  }
  return page.evaluate(() => (window as unknown as { times: number[] }).times)
}

/** Memory of the largest renderer process that belongs to nobody else, in bytes. */
async function rendererMemory(page: Page): Promise<{ heap: number; own: number }> {
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  await session.send('Performance.enable')
  const { metrics } = await session.send('Performance.getMetrics')
  const heap = metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? NaN
  let own = 0
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    try {
      if (!(await readFile(`/proc/${pid}/cmdline`, 'utf8')).includes('--type=renderer')) continue
      const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8')
      const kilobytes = [...rollup.matchAll(/^Private_(?:Clean|Dirty):\s+(\d+) kB/gm)].map(([, value]) => Number(value))
      own = Math.max(own, kilobytes.reduce((sum, one) => sum + one, 0) * 1024)
    } catch {
      // It ended meanwhile, or is somebody else's.
    }
  }
  return { heap, own }
}

real('keys while a job runs', async ({ app, folders }) => {
  await writeTinyIso(join(folders.home, 'large.iso'), 'LARGE.BIN', 3_900_000_000)
  await app.left.typePath(join(folders.home, 'large.iso'))
  await expect(app.left.row('LARGE.BIN')).toBeVisible()
  await app.right.typePath(join(IMAGES, 'entries-100k.iso'))
  await expect(app.right.row('set 0')).toBeVisible()
  // A path that is typed leads nowhere until the image has been indexed that far; rows are there when they are seen.
  await app.right.openRow('set 0')
  await app.right.openRow('folder 0')
  await expect(app.right.row('a file with number 0.dat')).toBeVisible()
  const start = async (): Promise<void> => {
    await app.left.focus()
    await app.press('F5')
    await expect(app.queue.getByRole('progressbar')).toBeVisible()
    await app.right.focus()
  }
  await start()
  await app.press('Home')
  const keys = Array.from({ length: KEYS }, (_, index) => (index % 20 === 19 ? 'PageDown' : 'ArrowDown'))
  const times = await keyTimes(app.page, 'right', keys)
  const isRunning = await app.queue.getByRole('progressbar').isVisible()
  await note(
    `key to painted row, ${isRunning ? 'a job running to the end' : 'a job running at first'}`,
    `p50 ${percentile(times, 0.5).toFixed(0)} ms, p95 ${percentile(times, 0.95).toFixed(0)} ms`,
    'aim: p95 < 50 ms',
  )
})

real('all of a million rows, and a job over them', async ({ app, folders }) => {
  real.setTimeout(300_000)
  const image = join(folders.home, 'flat.iso')
  await writeFlatIso(image, 1_000_000, 'FLAT', (i) => i % 5)
  await app.right.typePath(image)
  await expect(app.right.status).toContainText('1,000,000 items', { timeout: 120_000 })
  await app.right.focus()
  const shown: number[] = []
  const cancelled: number[] = []
  for (const wait of [0, 200, 500, 1000, 1500, 2000, 3000, 4000]) {
    await app.press('Control+a')
    shown.push(await timeUntil(app.page, '.queue [role=progressbar]', () => app.press('F5')))
    await app.page.waitForTimeout(wait)
    const cancel = (): Promise<void> => app.queue.getByRole('button', { name: 'Cancel' }).click()
    cancelled.push(await timeUntil(app.page, '.queue .is-cancelled', cancel))
    await app.queue.getByRole('button', { name: 'Remove', exact: true }).first().click()
    await expect(app.queue).toBeHidden()
  }
  await note(
    'Ctrl+A and F5 on 1 000 000 rows: key to visible job',
    `p50 ${percentile(shown, 0.5).toFixed(0)} ms, slowest of 8 ${Math.max(...shown).toFixed(0)} ms`,
    'aim: ≤ 200 ms',
  )
  await note(
    'click on Cancel to a cancelled job, 0 to 4 s after it began',
    `p50 ${percentile(cancelled, 0.5).toFixed(0)} ms, slowest of 8 ${Math.max(...cancelled).toFixed(0)} ms`,
    'aim: ≤ 200 ms',
  )
})

real('start of the window', async ({ start }) => {
  const app = await start()
  const times: number[] = []
  for (let run = 0; run < 7; run++) {
    const begun = Date.now()
    await app.page.reload({ waitUntil: 'commit' })
    await expect(app.left.element.locator('[data-rows], [data-start]').first()).toBeVisible()
    await app.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
    times.push(Date.now() - begun)
  }
  await note(
    'page loaded anew to usable window, in a warm browser',
    `${percentile(times, 0.5).toFixed(0)} ms, slowest of 7 ${Math.max(...times)} ms`,
    'aim: ≤ 1000 ms',
  )
})

fake('memory at a million rows', async ({ app }) => {
  await app.left.openRow('debian-12.1.0-amd64-netinst.iso')
  await app.right.openRow('many')
  await expect(app.right.row('frame-0000000.raw')).toBeVisible()
  for (let page = 0; page < 150; page++) await app.press('PageDown')
  await app.press('End')
  await expect(app.right.row('frame-0999999.raw')).toBeVisible()
  const scrolled = await rendererMemory(app.page)
  await app.press('Control+a')
  await expect(app.right.status).toContainText('1,000,000 of 1,000,000 selected')
  const selected = await rendererMemory(app.page)
  const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`
  await note(
    'renderer at a million rows, scrolled through',
    `${megabytes(scrolled.own)} of its own`,
    'aim: ≤ 200 MB',
    `heap ${megabytes(scrolled.heap)}`,
  )
  await note(
    'renderer with a million rows selected',
    `${megabytes(selected.own)} of its own`,
    'aim: ≤ 200 MB',
    `heap ${megabytes(selected.heap)}`,
  )
})
