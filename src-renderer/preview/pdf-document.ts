import { getDocument, GlobalWorkerOptions, PDFDataRangeTransport, type PDFDocumentProxy } from 'pdfjs-dist'
import workerAddress from 'pdfjs-dist/build/pdf.worker.min.mjs?url'
import { readEntry, type PreviewFile } from './entry-bytes'

GlobalWorkerOptions.workerSrc = workerAddress

/** Bytes that are asked for at once. */
const CHUNK = 1 << 18

/** Hands a PDF's bytes to its reader as it wants them: the file itself is never loaded whole. */
class EntryTransport extends PDFDataRangeTransport {
  readonly stopping = new AbortController()

  constructor(
    private readonly file: PreviewFile,
    private readonly onFail: (error: unknown) => void,
  ) {
    super(file.byteLength, null)
  }

  override requestDataRange(begin: number, end: number): void {
    readEntry(this.file, begin, end - begin, this.stopping.signal).then(
      (bytes) => {
        // A damaged disc gives less than was asked for; the reader must not wait for the rest.
        const whole = bytes.byteLength === end - begin ? bytes.slice() : padded(bytes, end - begin)
        this.onDataRange(begin, whole)
      },
      (error: unknown) => {
        this.onFail(error)
      },
    )
  }

  override abort(): void {
    this.stopping.abort()
  }
}

/** Opens a PDF inside of an image. `close` lets go of it and of what is under way. */
export function openPdf(file: PreviewFile): { document: Promise<PDFDocumentProxy>; close: () => void } {
  const failed = Promise.withResolvers<never>()
  const transport = new EntryTransport(file, failed.reject)
  const task = getDocument({
    range: transport,
    rangeChunkSize: CHUNK,
    disableStream: true,
    disableAutoFetch: true,
    // The page's policy allows neither WebAssembly nor evaluation.
    useWasm: false,
    enableXfa: false,
    useSystemFonts: true,
    stopAtErrors: false,
    verbosity: 0,
  })
  return {
    document: Promise.race([task.promise, failed.promise]),
    close() {
      transport.abort()
      void task.destroy()
    },
  }
}

function padded(bytes: Uint8Array, byteLength: number): Uint8Array {
  const whole = new Uint8Array(byteLength)
  whole.set(bytes)
  return whole
}
