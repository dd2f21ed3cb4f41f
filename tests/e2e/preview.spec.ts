import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { BlobWriter, TextReader, ZipWriter } from '@zip.js/zip.js'
import { buildIso, type BuildNode } from '../images/iso-builder'
import { AVIF, GIF, JPEG, makeBmp, makeIco, makePdf, makePng, makeTar, makeWav, WEBP } from './support/preview-files'
import { expect, test } from './support/test'

async function makeZip(): Promise<Buffer> {
  const zip = new ZipWriter(new BlobWriter(), { useWebWorkers: false })
  for (const name of ['inside/one.txt', 'inside/two.txt', 'three.png'])
    await zip.add(name, new TextReader(name.repeat(50)))
  return Buffer.from(await (await zip.close()).arrayBuffer())
}

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
    'D6.JPG': JPEG,
    'D7.JPG': JPEG.subarray(0, JPEG.byteLength - 40),
    'D8.JPG': JPEG.subarray(0, 60),
    'E.ICO': makeIco(16),
    'G.WAV': makeWav(20),
    'K.TXT': Buffer.concat([Buffer.from([0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2, 10]), Buffer.alloc(400, 'word ')]),
    'M.ZIP': Buffer.from('no archive at all'),
    'N.PDF': Buffer.from('no document at all'),
    'L.BIN': Buffer.concat([Buffer.alloc(3 << 20, 1), Buffer.from('the very end')]),
    'H.TXT': Buffer.from(Array.from({ length: 120_000 }, (_, line) => `line ${line + 1} of a long text`).join('\n')),
  }
  const nodes: BuildNode[] = Object.entries(files).map(([name, data]) => ({ name: `${name};1`, data }))
  await writeFile(join(folders.home, 'kinds.iso'), buildIso(nodes).bytes)
  await app.open(join(folders.home, 'kinds.iso'))
  await expect(app.right.row('A.PDF')).toBeVisible()
  await app.press('F3')
  await expect(app.inside.getByRole('img', { name: 'The first page' })).toBeVisible()
})

test('a PDF is shown page by page, and keeps to the page’s policy', async ({ app }) => {
  const complaints: string[] = []
  app.page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  await app.right.row('A.PDF').click()
  const page = app.inside.getByRole('region', { name: /^Page 1 of A\.PDF/ })
  await expect(page).toHaveAttribute('aria-busy', 'false')
  await expect(app.inside.getByRole('img', { name: 'The first page' })).toBeVisible()
  const ink = await app.inside.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
    return data.filter((value, index) => index % 4 === 0 && value < 128).length
  })
  expect(ink).toBeGreaterThan(100)
  await app.preview.getByRole('button', { name: 'Next page' }).click()
  await expect(app.inside.getByRole('img', { name: 'The second page' })).toBeVisible()
  await expect(app.preview.getByRole('button', { name: 'Next page' })).toBeDisabled()
  await app.inside.getByRole('region').press('PageUp')
  await expect(app.inside.getByRole('img', { name: 'The first page' })).toBeVisible()
  expect(complaints).toEqual([])
})

test('the preview follows the cursor, however fast it goes', async ({ app }) => {
  // The panel changes its width all the while: every change asks for another drawing.
  for (let round = 0; round < 6; round++) {
    const name = round % 2 === 0 ? 'A2.PDF' : 'A.PDF'
    await app.right.row(name).click()
    await app.page.setViewportSize({ width: 1280 - round * 20, height: 800 })
    // It is left now before there is a frame, now before it is drawn, now when it is drawn.
    if (round % 3 === 0) await expect(app.preview.getByRole('heading', { name })).toBeVisible()
    else if (round % 3 === 1) await expect(app.preview.locator(`iframe[title="${name}"]`)).toBeAttached()
    else await expect(app.preview.locator(`iframe.shown[title="${name}"]`)).toBeAttached()
  }
  await app.right.row('A2.PDF').click()
  await expect(app.preview.getByRole('heading', { name: 'A2.PDF' })).toBeVisible()
  await expect(app.inside.getByRole('img', { name: 'Of the other file' })).toBeVisible()
  await expect(app.inside.getByRole('region', { name: /^Page 1 of A2\.PDF/ })).toHaveAttribute('aria-busy', 'false')
  await expect(app.preview.getByRole('alert')).toHaveCount(0)
})

test('archives are listed without being unpacked', async ({ app }) => {
  await app.right.row('B.ZIP').click()
  await expect(app.inside.getByRole('listitem').filter({ hasText: 'inside/two.txt' })).toContainText('700 B')
  await expect(app.preview).toContainText('3 entries')
  await app.right.row('C.TAR').click()
  await expect(app.inside.getByRole('listitem').filter({ hasText: 'notes/b.bin' })).toContainText('70 kB')
  await app.right.row('C.TGZ').click()
  await expect(app.inside.getByRole('listitem').filter({ hasText: 'packed/d.bin' })).toContainText('90 kB')
  await app.right.row('C.TAR').click()
  await expect(app.inside.getByRole('listitem').filter({ hasText: 'notes/b.bin' })).toBeVisible()
  await app.preview.getByRole('button', { name: 'Hex' }).click()
  await expect(app.inside.getByRole('region', { name: 'Bytes of C.TAR' })).toContainText('notes/a.')
})

test('pictures of every kind are shown', async ({ app }) => {
  for (const [name, width] of [
    ['D.BMP', 24],
    ['D2.AVIF', 16],
    ['D3.GIF', 1],
    ['D4.PNG', 31],
    ['D5.WEBP', 1],
    ['D6.JPG', 24],
    ['E.ICO', 16],
  ] as const) {
    await app.right.row(name).click()
    const picture = app.inside.getByRole('img', { name })
    await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(width)
  }
})

test('a picture is shown in its full size and back, by mouse and by keys', async ({ app }) => {
  await app.right.row('D4.PNG').click()
  await expect(app.preview).toContainText('31 × 31')
  await app.inside.getByRole('button', { name: 'Show in full size' }).click()
  await app.inside.getByRole('button', { name: 'Fit into the panel' }).press('Enter')
  await app.inside.getByRole('button', { name: 'Show in full size' }).press(' ')
  await expect(app.inside.getByRole('button', { name: 'Fit into the panel' })).toBeVisible()
})

test('a picture that ends early is shown as far as it goes, and what is none as bytes', async ({ app }) => {
  await app.right.row('D7.JPG').click()
  const picture = app.inside.getByRole('img', { name: 'D7.JPG' })
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(24)
  await app.right.row('D8.JPG').click()
  await expect(app.inside.getByRole('region', { name: 'Bytes of D8.JPG' })).toContainText('ff d8 ff')
})

test('sound is played from inside the image, by ranges', async ({ app }) => {
  const ranges: string[] = []
  app.page.on('request', (request) => {
    const { range } = request.headers()
    if (request.url().includes('/signed/') && range) ranges.push(range)
  })
  await app.right.row('G.WAV').click()
  const sound = app.inside.locator('audio')
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
  const video = app.inside.locator('video')
  await expect.poll(() => video.evaluate((one: HTMLVideoElement) => one.videoWidth)).toBe(64)
  expect(await video.evaluate((one) => one.ownerDocument.fullscreenEnabled)).toBe(true)
  await video.evaluate((one: HTMLVideoElement) => {
    one.muted = true
    return one.play()
  })
  await expect.poll(() => video.evaluate((one: HTMLVideoElement) => one.currentTime)).toBeGreaterThan(0)
})

test('a long text is read on as one scrolls', async ({ app }) => {
  await app.right.row('H.TXT').click()
  const text = app.inside.getByRole('region', { name: 'Text of H.TXT' })
  await expect(text).toContainText('line 1 of a long text')
  await expect(async () => {
    await text.evaluate((element) => {
      element.scrollTop = element.scrollHeight
    })
    await expect(text).toContainText('line 120000 of a long text', { timeout: 500 })
  }).toPass()
  await expect(app.preview).toContainText('120,000 lines')
})

test('a text is read in another encoding, and wrapped or not', async ({ app }) => {
  await app.right.row('K.TXT').click()
  const text = app.inside.getByRole('region', { name: 'Text of K.TXT' })
  const encoding = app.preview.getByRole('combobox', { name: 'Encoding' })
  await expect(encoding).toHaveValue('windows-1251')
  await expect(text).toContainText('Привет')
  await encoding.selectOption('windows-1252')
  await expect(text).toContainText('Ïðèâåò')
  await expect(app.preview).toContainText('2 lines')
  const lines = text.locator('pre')
  await expect.poll(() => lines.count()).toBeGreaterThan(2)
  await app.preview.getByRole('checkbox', { name: 'Wrap long lines' }).uncheck()
  await expect(lines).toHaveCount(2)
})

test('what cannot be listed or drawn is said to be so, and the next file is shown', async ({ app }) => {
  await app.right.row('M.ZIP').click()
  await expect(app.preview.getByRole('alert')).toHaveText('This archive cannot be listed.')
  await app.right.row('N.PDF').click()
  await expect(app.preview.getByRole('alert')).toHaveText('This document cannot be shown as pages.')
  await app.right.row('A2.PDF').click()
  await expect(app.inside.getByRole('img', { name: 'Of the other file' })).toBeVisible()
  await expect(app.preview.getByRole('alert')).toHaveCount(0)
})

test('bytes of a large file are read where one looks', async ({ app }) => {
  await app.right.row('L.BIN').click()
  const bytes = app.inside.getByRole('region', { name: 'Bytes of L.BIN' })
  await expect(bytes).toContainText('00000000')
  await bytes.focus()
  await app.press('End')
  await expect(bytes).toContainText('the very')
})

test('a text without an extension is shown as one, and bytes that could be anything as bytes', async ({
  app,
  folders,
}) => {
  const latin = Buffer.from('caf\xe9 sans nom', 'latin1')
  const nodes: BuildNode[] = [
    { name: 'MAKEFILE;1', data: 'all:\n\techo made\n' },
    { name: 'LOADER.BIN;1', data: Buffer.alloc(3 << 14, 0xf4) },
    { name: 'SIGNED.SIG;1', data: Buffer.concat([latin, latin]) },
    { name: 'MBR.RAW;1', data: Buffer.alloc(512, 7) },
  ]
  await writeFile(join(folders.home, 'plain.iso'), buildIso(nodes).bytes)
  await app.open(join(folders.home, 'plain.iso'))
  await app.right.row('MAKEFILE').click()
  await expect(app.inside.getByRole('region', { name: 'Text of MAKEFILE' })).toContainText('echo made')
  await app.right.row('SIGNED.SIG').click()
  await expect(app.inside.getByRole('region', { name: 'Bytes of SIGNED.SIG' })).toContainText('63 61 66 e9')
  // What is said of a file is what is known of it. Beside a preview there is no room for it.
  await app.press('F3')
  await expect(app.right.row('LOADER.BIN')).toContainText('BIN file')
  await expect(app.right.row('MBR.RAW')).toContainText('RAW file')
})
