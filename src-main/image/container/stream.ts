import { createGunzip, createZstdDecompress } from 'node:zlib'
import { matchesAscii } from '../byte-reader'
import { SourceError, type ByteSource } from '../byte-source'
import { NotAnImageError, type OpenImageOptions } from '../disc-image'
import { decodeBzip2 } from './bzip2'

export type StreamFormat = 'gzip' | 'xz' | 'zstd' | 'bzip2'

const CHUNK_LENGTH = 1024 * 1024
/** The largest disc there is (BDXL, 128 GB) fits, and a bomb does not fill the machine. */
const BYTE_LIMIT = 160 * 1024 ** 3

export function detectStream(start: Uint8Array): StreamFormat | null {
  if (start[0] === 0x1f && start[1] === 0x8b && start[2] === 8) return 'gzip'
  if (start[0] === 0xfd && matchesAscii(start, 1, '7zXZ\0')) return 'xz'
  if (start[0] === 0x28 && start[1] === 0xb5 && start[2] === 0x2f && start[3] === 0xfd) return 'zstd'
  if (matchesAscii(start, 0, 'BZh') && matchesAscii(start, 4, '1AY&SY')) return 'bzip2'
  return null
}

/** Unpacks a whole stream to scratch space: these formats allow no reading from the middle. */
export async function unpackStream(
  source: ByteSource,
  format: StreamFormat,
  options: OpenImageOptions,
): Promise<ByteSource> {
  const { openScratch, signal, onUnpackProgress } = options
  if (openScratch === undefined) {
    throw new NotAnImageError(
      'UNSUPPORTED_CONTAINER',
      `“${options.name}” is compressed as a whole and must be unpacked first.`,
    )
  }
  const scratch = await openScratch(options.name.replace(/\.(gz|xz|zst|bz2)$/i, ''), BYTE_LIMIT)
  let position = 0
  const pull = async (): Promise<Uint8Array> => {
    signal?.throwIfAborted()
    const bytes = await source.read(position, CHUNK_LENGTH)
    position += bytes.byteLength
    onUnpackProgress?.(position, source.byteLength)
    return bytes
  }
  try {
    let written = 0
    for await (const bytes of decode(format, pull)) {
      if (written === 0 && matchesAscii(bytes, 257, 'ustar')) {
        throw new NotAnImageError('NOT_AN_IMAGE', `“${options.name}” is a compressed TAR archive, not a disc image.`)
      }
      written += bytes.byteLength
      if (written > BYTE_LIMIT) {
        throw new NotAnImageError('UNSUPPORTED_CONTAINER', `“${options.name}” unpacks to more than any disc holds.`)
      }
      await scratch.write(bytes)
    }
    return await scratch.finish()
  } catch (error) {
    await scratch.discard()
    if (error instanceof NotAnImageError || error instanceof SourceError || signal?.aborted === true) throw error
    throw new SourceError('SOURCE_UNREADABLE', `“${options.name}” is damaged: it does not unpack.`, { cause: error })
  }
}

function decode(format: StreamFormat, pull: () => Promise<Uint8Array>): AsyncIterable<Uint8Array> {
  if (format === 'bzip2') return decodeBzip2(pull)
  if (format === 'xz') return unpackXz(pull)
  return pumpThrough(
    format === 'gzip' ? createGunzip({ chunkSize: CHUNK_LENGTH }) : createZstdDecompress({ chunkSize: CHUNK_LENGTH }),
    pull,
  )
}

/** Loaded when it is needed: it brings a compiler's worth of WebAssembly along. */
async function* unpackXz(pull: () => Promise<Uint8Array>): AsyncGenerator<Uint8Array> {
  const library = await import('xz-decompress')
  // It is a UMD module: Node hands it out as the default export, bundlers by its names.
  const { XzReadableStream } = 'default' in library ? library.default : library
  yield* readAll(new XzReadableStream(streamOf(pull)))
}

function streamOf(pull: () => Promise<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const bytes = await pull()
      if (bytes.byteLength === 0) controller.close()
      else controller.enqueue(bytes)
    },
  })
}

async function* readAll(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    yield value
  }
}

type Decoder = ReturnType<typeof createGunzip> | ReturnType<typeof createZstdDecompress>

async function* pumpThrough(decoder: Decoder, pull: () => Promise<Uint8Array>): AsyncGenerator<Uint8Array> {
  const feed = async (): Promise<void> => {
    for (;;) {
      const bytes = await pull()
      if (decoder.destroyed) return
      if (bytes.byteLength === 0) break
      if (!decoder.write(bytes)) {
        await new Promise<void>((resolve) => {
          decoder.once('drain', resolve)
          decoder.once('close', resolve)
        })
      }
    }
    decoder.end()
  }
  const feeding = feed().catch((error: unknown) => {
    decoder.destroy(error instanceof Error ? error : new Error(String(error)))
  })
  try {
    for await (const chunk of decoder) yield chunk as Uint8Array
  } finally {
    decoder.destroy()
    await feeding
  }
}
