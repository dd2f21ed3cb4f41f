import type { Frame } from '@playwright/test'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buildIso, type BuildNode } from '../images/iso-builder'
import { makeHostilePdf, makePng, makeTar, makeWav } from './support/preview-files'
import { expect, test } from './support/test'
import type { IsoldeWindow } from './support/window'

/** Everything that a stranger wrote is read in a frame that has no origin and no network. */
const HARM = 'window.ran = top.ran = parent.ran = true'
const SVG = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="40" height="30"
  onload="${HARM}"><script>${HARM}</script><rect width="40" height="30" fill="teal"/>
  <image xlink:href="/assets/stolen.png" width="1" height="1"/>
  <foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml" srcdoc="&lt;script>${HARM}&lt;/script>"/></foreignObject></svg>`
const MARKDOWN = `# Instructions

<script>${HARM}</script>
<img src="x" onerror="${HARM}"> [a link](javascript:${HARM}) ![a picture](x" onerror="${HARM})
<iframe srcdoc="<script>${HARM}</script>"></iframe>

The **end** of it.
`
const TURNED = '\u202e'
const FILES: Record<string, Uint8Array> = {
  'A.MD': Buffer.from(MARKDOWN),
  'B.PDF': makeHostilePdf(HARM),
  'C.HTM': Buffer.from(`<p>Hello<script>${HARM}</script><img src=x onerror="${HARM}">\n`.repeat(40)),
  'D.TXT': Buffer.from(`left ${TURNED}thgir\nplain words\n`),
  'E.BIN': Buffer.from(`\u0000\u0001<script>${HARM}</script>`),
  'F.TAR': makeTar({ [`<img src=x onerror=${HARM}>`]: Buffer.from('a'), [`photo${TURNED}gpj.exe`]: Buffer.from('b') }),
  'G.SVG': Buffer.from(SVG),
  'H.PNG': makePng(31),
  'I.WAV': makeWav(2),
}

test.beforeEach(async ({ app, folders }) => {
  const nodes: BuildNode[] = Object.entries(FILES).map(([name, data]) => ({ name: `${name};1`, data }))
  await writeFile(join(folders.home, 'strange.iso'), buildIso(nodes).bytes)
  await app.open(join(folders.home, 'strange.iso'))
  await expect(app.right.row('A.MD')).toBeVisible()
  await app.press('F3')
})

/** The frame in which a file is shown, once it is. */
async function frameOf(app: IsoldeWindow, name: string): Promise<Frame> {
  await app.right.row(name).click()
  const element = app.preview.locator(`iframe.shown[title="${name}"]`)
  await expect(element).toHaveAttribute('sandbox', 'allow-scripts')
  const frame = await (await element.elementHandle()).contentFrame()
  if (!frame) throw new Error(`There is no frame for ${name}.`)
  return frame
}

function ran(app: IsoldeWindow): Promise<boolean[]> {
  return Promise.all(app.page.frames().map((frame) => frame.evaluate(() => 'ran' in globalThis)))
}

test('what a stranger wrote runs nothing, whatever shows it', async ({ app }) => {
  const asked: string[] = []
  app.page.on('request', (request) => asked.push(request.url()))
  for (const name of Object.keys(FILES)) {
    await test.step(name, async () => {
      await frameOf(app, name)
      expect(await ran(app)).not.toContain(true)
    })
  }
  const markdown = await frameOf(app, 'A.MD')
  await expect(markdown.getByRole('heading', { name: 'Instructions' })).toBeVisible()
  await expect(markdown.getByText('The end of it.')).toBeVisible()
  await expect(markdown.locator('article :is(script, img, iframe, a, [onerror])')).toHaveCount(0)
  const html = await frameOf(app, 'C.HTM')
  await expect(html.getByRole('region', { name: 'Text of C.HTM' })).toContainText('<script>')
  await expect(html.locator('body > div :is(script, img, [onerror])')).toHaveCount(0)
  const names = await frameOf(app, 'F.TAR')
  await expect(names.getByRole('listitem').first()).toContainText('<img src=x')
  await expect(names.locator('img')).toHaveCount(0)
  expect(await ran(app)).not.toContain(true)
  expect(asked.filter((address) => /stolen|\/x$/.test(address))).toEqual([])
})

test('no frame reaches the window, what is kept, or a network', async ({ app }) => {
  const origin = new URL(app.page.url()).origin
  for (const name of ['A.MD', 'B.PDF', 'D.TXT', 'E.BIN', 'F.TAR', 'G.SVG', 'I.WAV']) {
    await test.step(name, async () => {
      const frame = await frameOf(app, name)
      const found = await frame.evaluate(async (home) => {
        const tried = async (attempt: () => unknown): Promise<string> => {
          try {
            await attempt()
            return 'done'
          } catch (error) {
            return (error as Error).name
          }
        }
        const loaded = (address: string): Promise<string> =>
          new Promise((resolve) => {
            const picture = new Image()
            picture.onload = () => resolve('done')
            picture.onerror = () => resolve('refused')
            picture.src = address
          })
        const refused: string[] = []
        document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) =>
          refused.push(effectiveDirective),
        )
        const script = document.createElement('script')
        script.textContent = 'window.ran = true'
        document.body.append(script)
        return {
          origin: window.origin,
          storage: await tried(() => window.localStorage.length),
          cookies: await tried(() => document.cookie),
          databases: await tried(() => indexedDB.databases()),
          parent: await tried(() => window.parent.document.title),
          top: await tried(() => {
            if (window.top) window.top.location.href = 'about:blank'
          }),
          network: await tried(() => fetch(`${home}/`)),
          socket: await tried(
            () =>
              new Promise((resolve, reject) => {
                const socket = new WebSocket(home.replace('http', 'ws'))
                socket.onopen = resolve
                socket.onerror = () => reject(new TypeError('There is no line.'))
              }),
          ),
          worker: await tried(
            () =>
              new Promise((resolve, reject) => {
                const worker = new Worker(URL.createObjectURL(new Blob(['postMessage(1)'])))
                worker.onmessage = resolve
                worker.onerror = () => reject(new TypeError('There is no worker.'))
              }),
          ),
          evaluated: await tried(() => Reflect.construct(Function, ['return 1'])),
          picture: await loaded(`${home}/disc.svg`),
          signed: await loaded(`${home}/signed/${'A'.repeat(43)}/1/1/iso9660/1/H.PNG`),
          data: await loaded('data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7'),
          popup: window.open(`${home}/`) === null,
          bridge: 'isolde' in window,
          ran: 'ran' in window,
          refused: [...new Set(refused)].sort(),
        }
      }, origin)
      expect(found).toMatchObject({
        origin: 'null',
        storage: 'SecurityError',
        cookies: 'SecurityError',
        parent: 'SecurityError',
        top: 'SecurityError',
        network: 'TypeError',
        evaluated: 'EvalError',
        picture: 'refused',
        signed: 'refused',
        data: 'refused',
        popup: true,
        bridge: false,
        ran: false,
      })
      expect([found.databases, found.socket, found.worker]).not.toContain('done')
      expect(found.refused).toEqual(expect.arrayContaining(['connect-src', 'img-src', 'script-src-elem']))
    })
  }
  expect(
    await app.page.evaluate(() => [...document.querySelectorAll('iframe')].map((one) => one.contentDocument)),
  ).not.toContainEqual(expect.anything())
})

test('a frame that takes itself elsewhere is taken away', async ({ app }) => {
  const frame = await frameOf(app, 'D.TXT')
  await frame.evaluate(() => {
    location.href = 'about:blank'
  })
  await expect(app.preview.locator('iframe[title="D.TXT"]')).toHaveCount(0)
})

test('signs that turn a line around turn nothing else', async ({ app }) => {
  const text = await frameOf(app, 'D.TXT')
  const [first, last] = await text.locator('pre', { hasText: 'plain words' }).evaluate((line) => {
    const edge = (at: number): number => {
      const range = document.createRange()
      range.setStart(line.firstChild ?? line, at)
      range.setEnd(line.firstChild ?? line, at + 1)
      return range.getBoundingClientRect().left
    }
    return [edge(0), edge(10)] as const
  })
  expect(first).toBeLessThan(last)
  const names = await frameOf(app, 'F.TAR')
  const [name, size] = await names
    .getByRole('listitem')
    .last()
    .locator('.name, .size')
    .evaluateAll((parts) => parts.map((part) => part.getBoundingClientRect().left))
  expect(name).toBeLessThan(size ?? 0)
  await expect(names.getByRole('listitem').last()).toContainText('1 B')
})

test('an SVG is a picture, and runs nothing where it is opened by itself', async ({ app }) => {
  const picture = (await frameOf(app, 'G.SVG')).getByRole('img', { name: 'G.SVG' })
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(40)
  const address = (await picture.getAttribute('src')) ?? ''
  const other = await app.page.context().newPage()
  const answer = await other.goto(address)
  expect(answer?.headers()['content-security-policy']).toMatch(/^sandbox; default-src 'none'/)
  expect(await other.evaluate(() => 'ran' in window)).toBe(false)
  await other.close()
})

test('keys that a frame has no use for are the window’s', async ({ app }) => {
  const text = (await frameOf(app, 'C.HTM')).getByRole('region', { name: 'Text of C.HTM' })
  await app.preview.getByRole('checkbox', { name: 'Wrap long lines' }).focus()
  await app.press('Tab')
  await expect(text).toBeFocused()
  const top = (): Promise<number> => text.evaluate((element) => element.scrollTop)
  await app.press('PageDown')
  // The browser scrolls smoothly, and a key that comes meanwhile may be lost to it.
  let before = 0
  await expect
    .poll(async () => {
      const now = await top()
      const isResting = now > 0 && now === before
      before = now
      return isResting
    })
    .toBe(true)
  await app.press('Home')
  await expect.poll(top).toBe(0)
  await app.press('Shift+Tab')
  await expect(app.preview.getByRole('checkbox', { name: 'Wrap long lines' })).toBeFocused()
  await text.click()
  await app.press('Control+k')
  await expect(app.dialog.getByRole('combobox')).toBeFocused()
  await app.press('Escape')
  await expect(app.dialog).toBeHidden()
  await text.click()
  // The frame goes with the key, which the browser may then never say that it has taken.
  app.press('F3').catch(() => undefined)
  await expect(app.preview).toBeHidden()
})

test('what is dragged over a frame is dropped on the window', async ({ app }) => {
  const frame = await frameOf(app, 'D.TXT')
  const shown = app.preview.locator('iframe.shown')
  await expect(shown).toHaveCSS('pointer-events', 'auto')
  const isRefused = await frame.evaluate(() => {
    const init = { bubbles: true, cancelable: true }
    document.body.dispatchEvent(new DragEvent('dragenter', init))
    return !document.body.dispatchEvent(new DragEvent('drop', init))
  })
  expect(isRefused).toBe(true)
  await expect(shown).toHaveCSS('pointer-events', 'none')
  await app.preview.dispatchEvent('drop')
  await expect(shown).toHaveCSS('pointer-events', 'auto')
})

test('a frame wears what the window wears', async ({ app }) => {
  const frame = await frameOf(app, 'D.TXT')
  await expect(frame.locator('html')).toHaveAttribute('dir', 'ltr')
  const inkOf = (): Promise<string> =>
    frame
      .locator('pre')
      .first()
      .evaluate((line) => getComputedStyle(line).color)
  const before = await inkOf()
  await app.press('Control+,')
  await app.dialog.getByText('High contrast', { exact: true }).click()
  await expect(frame.locator('html')).toHaveAttribute('data-theme', 'high-contrast')
  await app.dialog.locator('select', { has: app.page.locator('option[value="ar"]') }).selectOption('ar')
  await expect(frame.locator('html')).toHaveAttribute('dir', 'rtl')
  await expect(frame.locator('html')).toHaveAttribute('lang', /^ar/)
  expect(await inkOf()).not.toBe(before)
})
