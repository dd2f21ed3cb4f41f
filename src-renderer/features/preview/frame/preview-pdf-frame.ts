import {
  getDocument,
  PDFDataRangeTransport,
  type PDFDocumentLoadingTask,
  type PDFDocumentProxy,
  type RenderTask,
} from 'pdfjs-dist'
import { WorkerMessageHandler } from 'pdfjs-dist/build/pdf.worker.min.mjs'
import { listen, type Line } from './inside'
import type { WishOf } from './messages'

/**
 * Pages of a PDF on a canvas, in a frame of their own: the whole reader works here, where a mistake in it reaches
 * nothing but the picture.
 */
Object.assign(globalThis, { pdfjsWorker: { WorkerMessageHandler } })

/** Bytes that are asked for at once. */
const CHUNK = 1 << 18

class LineTransport extends PDFDataRangeTransport {
  constructor(
    byteLength: number,
    private readonly line: Line,
  ) {
    super(byteLength, null)
  }

  override requestDataRange(begin: number, end: number): void {
    this.line.read(begin, end - begin).then(
      (bytes) => {
        // A damaged disc gives less than was asked for; the reader must not wait for the rest.
        const whole = new Uint8Array(end - begin)
        whole.set(bytes)
        this.onDataRange(begin, whole)
      },
      () => this.line.post({ type: 'failed' }),
    )
  }

  override abort(): void {
    // The frame goes as a whole.
  }
}

const sheets = document.createElement('div')
const canvas = document.createElement('canvas')
sheets.className = 'scroller sheets'
sheets.tabIndex = 0
sheets.role = 'region'
canvas.role = 'img'
sheets.append(canvas)

let opening: PDFDocumentLoadingTask | null = null
let pages: PDFDocumentProxy | null = null
let drawing: RenderTask | null = null
let wish: WishOf<'pdf'> | null = null
/** Grows with every wish to draw: whoever comes back from waiting and is not the last one has nothing to say. */
let turn = 0

listen((message, line) => {
  if (message.wish.kind !== 'pdf') return
  wish = message.wish
  sheets.ariaLabel = wish.label
  if (opening === null) begin(message.byteLength, line)
  else redraw(line)
})

function begin(byteLength: number, line: Line): void {
  document.body.append(sheets)
  canvas.ariaLabel = wish?.name ?? ''
  sheets.addEventListener('keydown', (event) => {
    const by = { PageDown: 1, PageUp: -1, ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (by === undefined || event.ctrlKey || event.altKey || event.metaKey) return
    event.preventDefault()
    line.post({ type: 'turn', by: by === 1 ? 1 : -1 })
  })
  open(byteLength, line).catch(() => fail(line))
}

async function open(byteLength: number, line: Line): Promise<void> {
  opening = getDocument({
    range: new LineTransport(byteLength, line),
    rangeChunkSize: CHUNK,
    disableStream: true,
    disableAutoFetch: true,
    // The frame's policy allows neither WebAssembly nor evaluation.
    useWasm: false,
    enableXfa: false,
    useSystemFonts: true,
    stopAtErrors: false,
    verbosity: 0,
  })
  pages = await opening.promise
  line.post({ type: 'opened', pages: pages.numPages })
  // It hears of the width at once, and draws.
  new ResizeObserver(() => redraw(line)).observe(sheets)
}

function fail(line: Line): void {
  line.post({ type: 'failed' })
  line.ready()
}

function redraw(line: Line): void {
  draw(line).catch(() => fail(line))
}

async function draw(line: Line): Promise<void> {
  const width = sheets.clientWidth
  if (!pages || !wish || width <= 0) return
  const own = ++turn
  sheets.ariaBusy = 'true'
  drawing?.cancel()
  const page = await pages.getPage(Math.min(wish.page, pages.numPages))
  // Two drawings never share a canvas: the one before has to have ended first.
  await drawing?.promise.catch(() => undefined)
  if (own !== turn) return
  const density = Math.min(2, window.devicePixelRatio)
  const natural = page.getViewport({ scale: 1 })
  const viewport = page.getViewport({ scale: (width / natural.width) * density })
  canvas.width = Math.floor(viewport.width)
  canvas.height = Math.floor(viewport.height)
  drawing = page.render({ canvas, viewport })
  try {
    await drawing.promise
  } catch (error) {
    if (own !== turn) return
    throw error
  }
  const { items } = await page.getTextContent()
  if (own !== turn) return
  canvas.ariaLabel = items.map((item) => ('str' in item ? item.str : '')).join(' ') || wish.name
  sheets.ariaBusy = 'false'
  line.ready()
}
