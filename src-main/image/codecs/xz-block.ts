/** One less than there are filters. */
const FILTER_COUNT = 3

/**
 * Unpacks one whole .xz stream that is small enough to be held.
 * @throws the library's error where it does not unpack, or has filters that are not read
 */
export async function unpackXz(packed: Uint8Array): Promise<Uint8Array> {
  // The .xz file format 3.1.2: behind the stream's header of twelve bytes come the first block's length and flags.
  if (((packed[13] ?? 0) & FILTER_COUNT) > 0) throw new Error('it has a filter besides LZMA2')
  // Loaded when it is needed: it brings a compiler's worth of WebAssembly along.
  const library = await import('xz-decompress')
  // It is a UMD module: Node hands it out as the default export, bundlers by its names.
  const { XzReadableStream } = 'default' in library ? library.default : library
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(packed)
      controller.close()
    },
  })
  const parts: Uint8Array[] = []
  let byteLength = 0
  const reader = new XzReadableStream(stream).getReader()
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    // Its memory is used again for the next piece.
    const part = new Uint8Array(piece.value)
    parts.push(part)
    byteLength += part.byteLength
  }
  const out = new Uint8Array(byteLength)
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.byteLength
  }
  return out
}
