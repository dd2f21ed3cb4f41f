import { IsoldeError, READ_LIMIT, type ErrorCode } from '../../src-shared/contract'
import { parseRange, type ByteRange } from './byte-range'
import type { EngineClient } from './engine-client'
import { zipEntries, type ZipWish } from './folder-zip'
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

/** An answer to a request for content, for whichever server gives it. */
export interface ContentAnswer {
  status: number
  headers: Record<string, string>
  /** Ends early by throwing: the length was promised, and a connection that breaks off says that bytes are missing. */
  body: AsyncGenerator<Uint8Array> | string
}

/**
 * A file out of an image, whole or in part, with no more than one read of the engine in memory.
 * @param range the `Range` header, if any
 */
export async function answerContent(
  engine: EngineClient,
  url: URL,
  range: string | undefined,
  signal: AbortSignal,
): Promise<ContentAnswer> {
  const address = parseContentPath(url.pathname)
  if (!address) return refuse(404, 'There is nothing at this address.')
  const { name, ...ref } = address
  let byteTotal: number
  try {
    const details = await engine.call('entry.details', ref, signal)
    if (details.kind !== 'file') return refuse(404, 'This is not a file.')
    byteTotal = details.byteLength
  } catch (error) {
    return refuse(statusOf(error), error instanceof Error ? error.message : String(error))
  }
  const part = parseRange(range, byteTotal)
  if (part === 'unsatisfiable')
    return refuse(416, 'The file ends before that.', { 'Content-Range': `bytes */${byteTotal}` })
  const wanted = part ?? { byteOffset: 0, byteLength: byteTotal }
  return {
    status: part ? 206 : 200,
    headers: {
      ...COMMON_HEADERS,
      'Content-Security-Policy': CONTENT_POLICY,
      'Content-Type': contentType(name),
      'Content-Length': String(wanted.byteLength),
      'Accept-Ranges': 'bytes',
      'Content-Disposition': disposition(url.searchParams.has('download') ? 'attachment' : 'inline', name),
      ...(part
        ? { 'Content-Range': `bytes ${wanted.byteOffset}-${wanted.byteOffset + wanted.byteLength - 1}/${byteTotal}` }
        : {}),
    },
    body: slices(engine, ref, wanted, signal),
  }
}

/** Which entries of which image an archive address names. */
const ARCHIVE = /^\/archive\/(\d{1,15})\/(\d{1,15})\/([^/]+)\/(\d{1,15}(?:,\d{1,15})*)\/([^/]+)\.zip$/

/**
 * Entries of an image as one ZIP, packed while it is sent. Its length is not known beforehand. All of them are looked up
 * first: once the answer has begun, it can only break off.
 */
export async function answerArchive(engine: EngineClient, url: URL, signal: AbortSignal): Promise<ContentAnswer> {
  const address = parseArchivePath(url.pathname)
  if (!address) return refuse(404, 'There is nothing at this address.')
  const { name, ...wish } = address
  const { entries, ...ref } = wish
  try {
    for (const entry of entries) await engine.call('entry.details', { ...ref, entry }, signal)
  } catch (error) {
    return refuse(statusOf(error), error instanceof Error ? error.message : String(error))
  }
  return {
    status: 200,
    headers: {
      ...COMMON_HEADERS,
      'Content-Security-Policy': CONTENT_POLICY,
      'Content-Type': 'application/zip',
      'Content-Disposition': disposition('attachment', `${name}.zip`),
    },
    body: zipEntries(engine, wish, signal),
  }
}

function parseArchivePath(pathname: string): (ZipWish & { name: string }) | null {
  const match = ARCHIVE.exec(pathname)
  if (!match) return null
  const [, image, generation, view = '', entries = '', name = ''] = match
  try {
    return {
      image: Number(image),
      generation: Number(generation),
      view: decodeURIComponent(view),
      entries: entries.split(',').map(Number),
      name: decodeURIComponent(name),
    }
  } catch {
    return null
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

function refuse(status: number, sentence: string, headers: Record<string, string> = {}): ContentAnswer {
  return {
    status,
    headers: {
      ...COMMON_HEADERS,
      ...headers,
      'Content-Security-Policy': CONTENT_POLICY,
      'Content-Type': 'text/plain; charset=utf-8',
    },
    body: `${sentence}\n`,
  }
}
