import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { BlobWriter, TextReader, ZipWriter } from '@zip.js/zip.js'
import { buildIso, type BuildNode } from '../images/iso-builder'
import {
  AVIF,
  GIF,
  makeBmp,
  makeHostilePdf,
  makeIco,
  makePdf,
  makePng,
  makeTar,
  makeWav,
  WEBP,
} from './support/preview-files'
import { expect, test } from './support/test'

async function makeZip(): Promise<Buffer> {
  const zip = new ZipWriter(new BlobWriter(), { useWebWorkers: false })
  for (const name of ['inside/one.txt', 'inside/two.txt', 'three.png'])
    await zip.add(name, new TextReader(name.repeat(50)))
  return Buffer.from(await (await zip.close()).arrayBuffer())
}

const SVG = `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30" onload="top.ran = true">
  <script>top.ran = true</script><rect width="40" height="30" fill="teal"/></svg>`

const HARM = 'window.ran = top.ran = parent.ran = true'
const MARKDOWN = `# Instructions

<script>${HARM}</script>
<img src="x" onerror="${HARM}"> [a link](javascript:${HARM}) ![a picture](x" onerror="${HARM})
<iframe srcdoc="<script>${HARM}</script>"></iframe>

The **end** of it.
`

test.beforeEach(async ({ app, folders }) => {
  const files: Record<string, Uint8Array> = {
    'A.PDF': makePdf(['The first page', 'The second page']),
    'A2.PDF': makePdf(['Of the other file']),
    'B.ZIP': await makeZip(),
    'C.TAR': makeTar({ 'notes/a.txt': Buffer.from('a'), 'notes/b.bin': Buffer.alloc(70_000) }),
    'C.TGZ': gzipSync(makeTar({ 'packed/c.txt': Buffer.from('c'), 'packed/d.bin': Buffer.alloc(90_000) })),
    'D.BMP': makeBmp(24),
    'D2.AVIF': AVIF,
    'D3.GIF': GIF,
    'D4.PNG': makePng(31),
    'D5.WEBP': WEBP,
    'E.ICO': makeIco(16),
    'H2.HTM': Buffer.from(`<p>Hello<script>${HARM}</script><img src=x onerror="${HARM}">`),
    'I.PDF': makeHostilePdf(HARM),
    'J.MD': Buffer.from(MARKDOWN),
    'F.SVG': Buffer.from(SVG),
    'G.WAV': makeWav(20),
    'H.TXT': Buffer.from(Array.from({ length: 120_000 }, (_, line) => `line ${line + 1} of a long text`).join('\n')),
  }
  const nodes: BuildNode[] = Object.entries(files).map(([name, data]) => ({ name: `${name};1`, data }))
  await writeFile(join(folders.home, 'kinds.iso'), buildIso(nodes).bytes)
  await app.open(join(folders.home, 'kinds.iso'))
  await expect(app.right.row('A.PDF')).toBeVisible()
  await app.press('F3')
  await expect(app.preview.getByRole('img', { name: 'The first page' })).toBeVisible()
})

test('a PDF is shown page by page, and keeps to the page’s policy', async ({ app }) => {
  const complaints: string[] = []
  app.page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  await app.right.row('A.PDF').click()
  const page = app.preview.getByRole('region', { name: /^Page 1 of A\.PDF/ })
  await expect(page).toHaveAttribute('aria-busy', 'false')
  await expect(app.preview.getByRole('img', { name: 'The first page' })).toBeVisible()
  const ink = await app.preview
    .frameLocator('iframe')
    .locator('canvas')
    .evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
      return data.filter((value, index) => index % 4 === 0 && value < 128).length
    })
  expect(ink).toBeGreaterThan(100)
  await app.preview.getByRole('button', { name: 'Next page' }).click()
  await expect(app.preview.getByRole('img', { name: 'The second page' })).toBeVisible()
  await expect(app.preview.getByRole('button', { name: 'Next page' })).toBeDisabled()
  await app.preview.getByRole('region').press('PageUp')
  await expect(app.preview.getByRole('img', { name: 'The first page' })).toBeVisible()
  expect(complaints).toEqual([])
})

test('the preview follows the cursor, however fast it goes', async ({ app }) => {
  // The panel changes its width all the while: every change asks for another drawing.
  for (let round = 0; round < 6; round++) {
    await app.right.row(round % 2 === 0 ? 'A2.PDF' : 'A.PDF').click()
    await app.page.setViewportSize({ width: 1280 - round * 20, height: 800 })
    await app.page.waitForTimeout(60 + round * 45)
  }
  await app.right.row('A2.PDF').click()
  await expect(app.preview.getByRole('heading', { name: 'A2.PDF' })).toBeVisible()
  await expect(app.preview.getByRole('img', { name: 'Of the other file' })).toBeVisible()
  await expect(app.preview.getByRole('region', { name: /^Page 1 of A2\.PDF/ })).toHaveAttribute('aria-busy', 'false')
  await expect(app.preview.getByRole('alert')).toHaveCount(0)
})

test('archives are listed without being unpacked', async ({ app }) => {
  await app.right.row('B.ZIP').click()
  await expect(app.preview.getByRole('listitem').filter({ hasText: 'inside/two.txt' })).toContainText('700 B')
  await expect(app.preview).toContainText('3 entries')
  await app.right.row('C.TAR').click()
  await expect(app.preview.getByRole('listitem').filter({ hasText: 'notes/b.bin' })).toContainText('70 kB')
  await app.right.row('C.TGZ').click()
  await expect(app.preview.getByRole('listitem').filter({ hasText: 'packed/d.bin' })).toContainText('90 kB')
  await app.right.row('C.TAR').click()
  await expect(app.preview.getByRole('listitem').filter({ hasText: 'notes/b.bin' })).toBeVisible()
  await app.preview.getByRole('button', { name: 'As bytes' }).click()
  await expect(app.preview.getByRole('region', { name: 'Bytes of C.TAR' })).toContainText('notes/a.')
})

test('pictures of every kind are shown', async ({ app }) => {
  for (const [name, width] of [
    ['D.BMP', 24],
    ['D2.AVIF', 16],
    ['D3.GIF', 1],
    ['D4.PNG', 31],
    ['D5.WEBP', 1],
    ['E.ICO', 16],
  ] as const) {
    await app.right.row(name).click()
    const picture = app.preview.getByRole('img', { name })
    await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(width)
  }
})

test('an SVG is a picture and runs nothing', async ({ app }) => {
  await app.right.row('F.SVG').click()
  const picture = app.preview.getByRole('img', { name: 'F.SVG' })
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(40)
  expect(await app.page.evaluate(() => 'ran' in window)).toBe(false)
  // Opened by itself it is in a sandbox without scripts.
  const address = (await picture.getAttribute('src')) ?? ''
  const other = await app.page.context().newPage()
  await other.goto(new URL(address, app.page.url()).href)
  expect(await other.evaluate(() => 'ran' in window).catch(() => false)).toBe(false)
  await other.close()
})

test('sound is played from inside the image, by ranges', async ({ app }) => {
  const ranges: string[] = []
  app.page.on('request', (request) => {
    const { range } = request.headers()
    if (request.url().includes('/content/') && range) ranges.push(range)
  })
  await app.right.row('G.WAV').click()
  const sound = app.preview.locator('audio')
  await expect.poll(() => sound.evaluate((audio: HTMLAudioElement) => audio.duration)).toBeCloseTo(20, 0)
  await sound.evaluate((audio: HTMLAudioElement) => {
    audio.currentTime = 15
  })
  await expect.poll(() => sound.evaluate((audio: HTMLAudioElement) => audio.seekable.end(0))).toBeCloseTo(20, 0)
  expect(ranges.length).toBeGreaterThan(0)
})

test('film is played from inside the image', async ({ app, folders }) => {
  // Chromium writes it: a square that changes its colour, half a second long.
  const film = await app.page.evaluate(async () => {
    const canvas = document.createElement('canvas')
    canvas.width = 64
    canvas.height = 48
    const paint = canvas.getContext('2d')!
    const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: 'video/webm' })
    const parts: Blob[] = []
    recorder.ondataavailable = ({ data }) => parts.push(data)
    const ended = new Promise((resolve) => (recorder.onstop = resolve))
    recorder.start()
    const begun = performance.now()
    await new Promise<void>((resolve) => {
      const draw = (): void => {
        const passed = performance.now() - begun
        paint.fillStyle = `hsl(${passed} 80% 50%)`
        paint.fillRect(0, 0, 64, 48)
        if (passed < 500) requestAnimationFrame(draw)
        else resolve()
      }
      draw()
    })
    recorder.stop()
    await ended
    return [...new Uint8Array(await new Blob(parts).arrayBuffer())]
  })
  const image = buildIso([{ name: 'FILM.WEBM;1', data: Buffer.from(film) }])
  await writeFile(join(folders.home, 'film.iso'), image.bytes)
  await app.open(join(folders.home, 'film.iso'))
  await app.right.row('FILM.WEBM').click()
  const video = app.preview.locator('video')
  await expect.poll(() => video.evaluate((one: HTMLVideoElement) => one.videoWidth)).toBe(64)
  await video.evaluate((one: HTMLVideoElement) => {
    one.muted = true
    return one.play()
  })
  await expect.poll(() => video.evaluate((one: HTMLVideoElement) => one.currentTime)).toBeGreaterThan(0)
})

test('a long text is read on as one scrolls', async ({ app }) => {
  await app.right.row('H.TXT').click()
  const text = app.preview.getByRole('region', { name: 'Text of H.TXT' })
  await expect(text).toContainText('line 1 of a long text')
  await expect(async () => {
    await text.evaluate((element) => {
      element.scrollTop = element.scrollHeight
    })
    await expect(text).toContainText('line 120000 of a long text', { timeout: 500 })
  }).toPass()
  await expect(app.preview).toContainText('120,000 lines')
})

test('what a stranger wrote is read in a frame that can reach nothing', async ({ app }) => {
  const ran = (): Promise<boolean[]> =>
    Promise.all(app.page.frames().map((frame) => frame.evaluate(() => 'ran' in globalThis)))

  await test.step('a Markdown text', async () => {
    await app.right.row('J.MD').click()
    const inside = app.preview.frameLocator('iframe')
    await expect(inside.getByRole('heading', { name: 'Instructions' })).toBeVisible()
    await expect(inside.getByText('The end of it.')).toBeVisible()
    await expect(inside.locator('article :is(script, img, iframe, a, [onerror])')).toHaveCount(0)
    expect(await ran()).toEqual([false, false])
  })

  await test.step('the frame: no origin, no network, no way out', async () => {
    await expect(app.preview.locator('iframe')).toHaveAttribute('sandbox', 'allow-scripts')
    const frame = app.page.frames().at(-1)!
    const found = await frame.evaluate(async () => {
      const tried = async (attempt: () => unknown): Promise<string> => {
        try {
          await attempt()
          return 'done'
        } catch (error) {
          return (error as Error).name
        }
      }
      const script = document.createElement('script')
      script.textContent = 'window.ran = true'
      document.body.append(script)
      return {
        origin: window.origin,
        storage: await tried(() => window.localStorage.length),
        parent: await tried(() => window.parent.document.title),
        network: await tried(() => fetch('/')),
        bridge: 'isolde' in window,
        ran: 'ran' in window,
      }
    })
    expect(found).toMatchObject({
      origin: 'null',
      storage: 'SecurityError',
      parent: 'SecurityError',
      network: 'TypeError',
      bridge: false,
      ran: false,
    })
    expect(await app.page.evaluate(() => document.querySelector('iframe')?.contentDocument)).toBeNull()
  })

  await test.step('a PDF', async () => {
    await app.right.row('I.PDF').click()
    await expect(app.preview.getByRole('region', { name: /^Page 1 of I\.PDF/ })).toHaveAttribute('aria-busy', 'false')
    await expect(app.preview.locator('iframe')).toHaveAttribute('sandbox', 'allow-scripts')
    expect(await ran()).toEqual([false, false])
  })

  await test.step('HTML is text, and is served in a sandbox without scripts', async () => {
    await app.right.row('H2.HTM').click()
    await expect(app.preview.getByRole('region', { name: /^Text of/ })).toContainText('<script>')
    expect(await ran()).toEqual([false])
    const picture = app.right.row('F.SVG')
    await picture.click()
    const address = (await app.preview.getByRole('img', { name: 'F.SVG' }).getAttribute('src')) ?? ''
    const answer = await app.page.request.get(new URL(address, app.page.url()).href)
    expect(answer.headers()['content-security-policy']).toMatch(/^sandbox; default-src 'none'/)
  })
})

test('keys that a frame gets count as pressed around it', async ({ app }) => {
  await app.right.row('J.MD').click()
  await app.preview.frameLocator('iframe').getByText('The end of it.').click()
  await app.press('ArrowDown')
  await expect(app.preview.getByRole('region', { name: 'Text of J.MD' })).toBeFocused()
  await app.preview.frameLocator('iframe').getByText('The end of it.').click()
  await app.press('F3')
  await expect(app.preview).toBeHidden()
})
