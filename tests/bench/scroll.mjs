// What scrolling feels like: a folder of a million rows in the window that `isolde serve` shows in a browser.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { chromium } from '@playwright/test'
import { isInstalled } from './measure.mjs'

const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome']
const SCROLL_MS = 6000
/** Between two turns of the wheel. */
const TURN_MS = 16

/** @returns rows for the table; none where there is no browser */
export async function measureScrolling(image, scratch) {
  const browserPath = process.env.CHROME_PATH ?? BROWSERS.find(isInstalled)
  if (!browserPath && !fs.existsSync(chromium.executablePath())) return []
  const home = path.join(scratch, 'home-window')
  const server = spawn(process.execPath, [path.resolve('bin/isolde.mjs'), 'serve', '--no-open', '--port', '0', image], {
    env: { ...process.env, ISOLDE_HOME: home },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const browser = await chromium.launch({
    executablePath: browserPath && path.isAbsolute(browserPath) ? browserPath : which(browserPath),
    args: ['--no-sandbox', '--disable-gpu'],
  })
  try {
    const [address] = await once(createInterface({ input: server.stdout }), 'line')
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    await page.goto(address)
    const grid = page.locator('section.pane.active').getByRole('grid')
    await grid.locator('.rows > [role=row]').first().waitFor()
    await page.waitForFunction(
      () => Number(globalThis.document.querySelector('section.pane.active [role=grid]').ariaRowCount) > 1e6,
      null,
      { timeout: 120_000 },
    )
    // The other view is read meanwhile; what is measured is the window.
    await page.waitForFunction(() => performance.now() > 1000)
    await settled(page)
    await grid.hover()
    const idle = await frames(page, async () => {
      await page.evaluate((ms) => new Promise((resolve) => setTimeout(resolve, ms)), SCROLL_MS / 3)
    })
    const slow = await frames(page, () => wheel(page, 120))
    const fast = await frames(page, () => wheel(page, 20_000))
    const row = (title, { dropped, count, longest }) => [
      title,
      `${((100 * dropped) / count).toFixed(1)} % dropped`,
      `${count} frames, the longest ${Math.round(longest)} ms; at rest ${((100 * idle.dropped) / idle.count).toFixed(1)} %`,
      'aim: ≤ 1 %',
      '',
    ]
    return [row('scrolling a folder of 1 000 000, by the wheel', slow), row('scrolling it, 700 rows a turn', fast)]
  } finally {
    await browser.close()
    server.kill('SIGTERM')
    if (server.exitCode === null) await once(server, 'exit')
    fs.rmSync(home, { recursive: true, force: true })
  }
}

/** Until nothing is being indexed any more. */
async function settled(page) {
  let before = ''
  for (let same = 0; same < 3;) {
    await new Promise((resolve) => setTimeout(resolve, 1000))
    const now = await page.locator('body').innerText()
    same = now === before ? same + 1 : 0
    before = now
  }
}

async function wheel(page, byPixels) {
  const end = performance.now() + SCROLL_MS
  for (let down = true; performance.now() < end;) {
    await page.mouse.wheel(0, down ? byPixels : -byPixels)
    if (performance.now() > end - SCROLL_MS / 3) down = false
    await new Promise((resolve) => setTimeout(resolve, TURN_MS))
  }
}

/** A frame is dropped where the next one comes later than one and a half frames; several may be lost at once. */
async function frames(page, work) {
  await page.evaluate(() => {
    const times = []
    globalThis.benchFrames = times
    const note = (time) => {
      if (globalThis.benchFrames !== times) return
      times.push(time)
      globalThis.requestAnimationFrame(note)
    }
    globalThis.requestAnimationFrame(note)
  })
  await work()
  return page.evaluate(() => {
    const times = globalThis.benchFrames
    globalThis.benchFrames = null
    const frame = 1000 / 60
    let dropped = 0
    let longest = 0
    for (let i = 1; i < times.length; i++) {
      const took = times[i] - times[i - 1]
      if (took > longest) longest = took
      dropped += Math.max(0, Math.round(took / frame) - 1)
    }
    return { dropped, count: times.length - 1 + dropped, longest }
  })
}

function which(name) {
  if (!name) return undefined
  const folder = (process.env.PATH ?? '').split(path.delimiter).find((one) => fs.existsSync(path.join(one, name)))
  return folder && path.join(folder, name)
}
