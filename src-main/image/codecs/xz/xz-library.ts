/**
 * A stream of what an .xz stream holds. The pieces lie in the library's memory and are overwritten by the next. It serves
 * one stream at a time: the next one waits, so one that is left midway must be cancelled.
 */
export async function xzStream(packed: ReadableStream<Uint8Array>): Promise<ReadableStream<Uint8Array>> {
  // Loaded when it is needed: it brings a compiler's worth of WebAssembly along.
  const library = await import('xz-decompress')
  // It is a UMD module: Node hands it out as the default export, bundlers by its names.
  const { XzReadableStream } = 'default' in library ? library.default : library
  return new XzReadableStream(packed)
}
