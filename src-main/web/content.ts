import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { IsoldeError, READ_LIMIT, type ErrorCode } from '../../src-shared/contract'
import { parseRange, type ByteRange } from './byte-range'
import type { EngineClient } from './engine-client'
import { COMMON_HEADERS, CONTENT_POLICY } from './headers'
import { contentType } from './media-types'

/** Which file of which image a content address names. */
interface ContentAddress {
  image: number
  generation: number
  view: string
  entry: number
  name: string
}

/** Reads `/content/<image>/<generation>/<view>/<entry>/<name>`; null for anything else. */
export function parseContentPath(pathname: string): ContentAddress | null {
  const match = /^\/content\/(\d{1,15})\/(\d{1,15})\/([^/]+)\/(\d{1,15})\/([^/]+)$/.exec(pathname)
  if (!match) return null
  const [, image, generation, view = '', entry, name = ''] = match
  try {
    return {
      image: Number(image),
      generation: Number(generation),
      view: decodeURIComponent(view),
      entry: Number(entry),
      name: decodeURIComponent(name),
    }
  } catch {
    return null
  }
}

/** Streams a file out of an image, whole or in part, with no more than one read of the engine in memory. */
export async function sendContent(
  engine: EngineClient,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const address = parseContentPath(url.pathname)
  if (!address) return refuse(response, 404, 'There is nothing at this address.')
  const stop = new AbortController()
  response.once('close', () => stop.abort())
  const { name, ...ref } = address
  let byteTotal: number
  try {
    const details = await engine.call('entry.details', ref, stop.signal)
    if (details.kind !== 'file') return refuse(response, 404, 'This is not a file.')
    byteTotal = details.byteLength
  } catch (error) {
    return refuse(response, statusOf(error), error instanceof Error ? error.message : String(error))
  }

  const range = parseRange(request.headers.range, byteTotal)
  if (range === 'unsatisfiable') {
    response.setHeader('Content-Range', `bytes */${byteTotal}`)
    return refuse(response, 416, 'The file ends before that.')
  }
  const wanted = range ?? { byteOffset: 0, byteLength: byteTotal }
  response.writeHead(range ? 206 : 200, {
    ...COMMON_HEADERS,
    'Content-Security-Policy': CONTENT_POLICY,
    'Content-Type': contentType(name),
    'Content-Length': wanted.byteLength,
    'Accept-Ranges': 'bytes',
    'Content-Disposition': disposition(url.searchParams.has('download') ? 'attachment' : 'inline', name),
    ...(range
      ? { 'Content-Range': `bytes ${wanted.byteOffset}-${wanted.byteOffset + wanted.byteLength - 1}/${byteTotal}` }
      : {}),
  })
  if (request.method === 'HEAD') {
    response.end()
    return
  }
  try {
    await pipeline(Readable.from(slices(engine, ref, wanted, stop.signal)), response)
  } catch {
    // The length was promised: a connection that breaks off says more clearly than a short file that bytes are missing.
    response.destroy()
  }
}

async function* slices(
  engine: EngineClient,
  ref: Omit<ContentAddress, 'name'>,
  wanted: ByteRange,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const end = wanted.byteOffset + wanted.byteLength
  let at = wanted.byteOffset
  while (at < end) {
    const byteLength = Math.min(READ_LIMIT, end - at)
    const { bytes } = await engine.call('entry.read', { ...ref, byteOffset: at, byteLength }, signal)
    if (bytes.byteLength === 0) throw new IsoldeError('CONTENT_DAMAGED', 'The file ends early.')
    at += bytes.byteLength
    yield bytes
  }
}

/** RFC 6266: an ASCII name for old readers, the real one beside it. */
function disposition(kind: 'inline' | 'attachment', name: string): string {
  const ascii = name.replace(/[^\x20-\x7e]|["\\]/g, '_')
  const encoded = encodeURIComponent(name).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`)
  return `${kind}; filename="${ascii}"; filename*=UTF-8''${encoded}`
}

function statusOf(error: unknown): number {
  const code: ErrorCode | null = error instanceof IsoldeError ? error.code : null
  switch (code) {
    case 'ENTRY_GONE':
    case 'IMAGE_CLOSED':
    case 'NO_SUCH_VIEW':
    case 'NO_SUCH_PATH':
    case 'BAD_REQUEST':
    case 'NOT_A_FILE':
      return 404
    case 'ENGINE_GONE':
      return 503
    default:
      return 500
  }
}

function refuse(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, {
    ...COMMON_HEADERS,
    'Content-Security-Policy': CONTENT_POLICY,
    'Content-Type': 'text/plain; charset=utf-8',
  })
  response.end(`${sentence}\n`)
}
