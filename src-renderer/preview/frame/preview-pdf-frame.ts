import {
  getDocument,
  PDFDataRangeTransport,
  type PDFDocumentLoadingTask,
  type PDFDocumentProxy,
  type RenderTask,
} from 'pdfjs-dist'
import { WorkerMessageHandler } from 'pdfjs-dist/build/pdf.worker.min.mjs'
import { listen, type Line } from './inside'

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

const canvas = document.createElement('canvas')
let opening: PDFDocumentLoadingTask | null = null
let pages: PDFDocumentProxy | null = null
let drawing: RenderTask | null = null
/** Grows with every wish to draw: whoever comes back from waiting and is not the last one has nothing to say. */
let turn = 0

listen((message, line) => {
  const work = message.type === 'show' ? open(message.byteLength, line) : draw(message, line)
  work.catch(() => line.post({ type: 'failed' }))
})

async function open(byteLength: number, line: Line): Promise<void> {
  document.body.append(canvas)
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
}

async function draw(wish: { page: number; width: number; density: number }, line: Line): Promise<void> {
  if (!pages || wish.width <= 0) return
  const own = ++turn
  drawing?.cancel()
  const page = await pages.getPage(wish.page)
  // Two drawings never share a canvas: the one before has to have ended first.
  await drawing?.promise.catch(() => undefined)
  if (own !== turn) return
  const natural = page.getViewport({ scale: 1 })
  const viewport = page.getViewport({ scale: (wish.width / natural.width) * wish.density })
  canvas.width = Math.floor(viewport.width)
  canvas.height = Math.floor(viewport.height)
  line.post({ type: 'height', height: Math.ceil(viewport.height / wish.density) })
  drawing = page.render({ canvas, viewport })
  try {
    await drawing.promise
  } catch (error) {
    if (own !== turn) return
    throw error
  }
  const { items } = await page.getTextContent()
  if (own !== turn) return
  const words = items.map((item) => ('str' in item ? item.str : '')).join(' ')
  line.post({ type: 'drawn', page: wish.page, words })
}
