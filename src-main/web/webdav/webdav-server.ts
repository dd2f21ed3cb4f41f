import { randomBytes, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { openFile, type EntryTable, type FileReader } from '../../engine'
import { parseRange } from '../../host/byte-range'
import { COMMON_HEADERS, CONTENT_POLICY, PLAIN_POLICY } from '../../host/headers'
import { contentType } from '../../host/media-types'
import { DavTree, httpDate, type DavNode } from './dav-tree'
import { FINITE_DEPTH, multistatus, wantedProperties } from './dav-xml'
import { isWellFormed } from './well-formed'

export interface WebdavOptions {
  /** 0 takes any free port. */
  port: number
  /** The view that is shown. */
  table: EntryTable
  /** What the root is called. */
  name: string
  /** Whether the image is not what it was when it was opened; nothing is read from it any more then. */
  isRewritten?: () => boolean
}

export interface WebdavServer {
  /** Ends with a slash. Nobody gets in who does not know it. */
  address: string
  close(): Promise<void>
}

const ALLOWED = 'OPTIONS, GET, HEAD, PROPFIND'
const BODY_LIMIT = 64 << 10
const CHUNK_BYTES = 1 << 20
/** Depth of folders; nobody asks for more, and each name costs a look. */
const NAMES_LIMIT = 1024

/**
 * Serves a view of an image by WebDAV, class 1, read-only, to programs of this computer that were told its address: it listens
 * on 127.0.0.1 only, under a path that cannot be guessed, and answers no page of a browser. What the image has lost is an error
 * before the first byte, or a connection that breaks off.
 */
export async function startWebdavServer(options: WebdavOptions): Promise<WebdavServer> {
  const secret = randomBytes(24).toString('base64url')
  const server = createServer()
  const port = await listen(server, options.port)
  const tree = new DavTree(options.table)
  const host = `127.0.0.1:${port}`
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const isHere = request.headers.host === host && !isFromPage(request)
    if (!isHere) {
      say(response, 403, 'Only programs of this computer are answered here.')
      return
    }
    answer({ request, response, tree, secret, options }).catch(() => {
      if (response.headersSent) response.destroy()
      else say(response, 500, 'Something went wrong here.')
    })
  })
  return {
    address: `http://${host}/${secret}/`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => {
          resolve()
        })
        server.closeAllConnections()
      }),
  }
}

/** Browsers say where a request comes from: what another page asks for is none of a program’s, or of a person’s. */
function isFromPage({ headers }: IncomingMessage): boolean {
  return headers.origin !== undefined || ['cross-site', 'same-site'].includes(String(headers['sec-fetch-site']))
}

interface Exchange {
  request: IncomingMessage
  response: ServerResponse
  tree: DavTree
  secret: string
  options: WebdavOptions
}

async function answer(exchange: Exchange): Promise<void> {
  const { request, response, tree, secret } = exchange
  const names = namesIn(request.url ?? '/')
  const [first, ...path] = names ?? []
  if (names === null || first === undefined || !isSame(secret, first)) {
    say(response, 404, 'There is nothing at this address.')
    return
  }
  if (request.method === 'OPTIONS') {
    say(response, 200, '', { DAV: '1', 'MS-Author-Via': 'DAV' })
    return
  }
  if (request.method !== 'PROPFIND' && request.method !== 'GET' && request.method !== 'HEAD') {
    say(response, 405, 'Nothing can be changed here.')
    return
  }
  const node = tree.find(path)
  if (node === null) {
    say(response, 404, 'There is nothing at this address.')
    return
  }
  if (request.method === 'PROPFIND') return propfind(exchange, node, path)
  return sendFile(exchange, node, path)
}

async function propfind(
  { request, response, tree, secret, options }: Exchange,
  node: DavNode,
  path: Buffer[],
): Promise<void> {
  const body = await bodyOf(request)
  if (body === null) {
    say(response, 413, 'That is more than can be asked at once.')
    return
  }
  // RFC 4918 clause 8.2.
  if (body.trim() !== '' && !isWellFormed(body)) {
    say(response, 400, 'What was asked is no well-formed XML.')
    return
  }
  const { depth = 'infinity' } = request.headers
  if (depth !== '0' && depth !== '1') {
    response.writeHead(403, headersOf('application/xml; charset=utf-8'))
    response.end(FINITE_DEPTH)
    return
  }
  const names = path.map((name) => name.toString())
  const base = `/${[secret, ...names.map(encodeURIComponent)].join('/')}`
  const href = node.isFolder ? `${base}/` : base
  const resources = function* (): ReturnType<DavTree['children']> {
    yield tree.resource(node, names.at(-1) ?? options.name, href)
    if (node.isFolder && depth === '1') yield* tree.children(node.entry, href)
  }
  response.writeHead(207, headersOf('application/xml; charset=utf-8'))
  await pipeline(Readable.from(multistatus(resources(), wantedProperties(body))), response)
}

async function sendFile({ request, response, tree, options }: Exchange, node: DavNode, path: Buffer[]): Promise<void> {
  if (node.isFolder) {
    say(response, 403, 'This is a folder; a program that knows WebDAV lists it.')
    return
  }
  if (options.isRewritten?.() === true) {
    say(response, 500, 'The image was written to after it was opened. Serve it again.')
    return
  }
  const { entry } = node
  const byteTotal = tree.table.byteLengthOf(entry)
  const tag = tree.tagOf(entry)
  const condition = request.headers['if-range']
  const isSameFile = condition === undefined || condition === tag
  const part = isSameFile ? parseRange(request.headers.range, byteTotal) : null
  if (part === 'unsatisfiable') {
    say(response, 416, 'The file ends before that.', { 'Content-Range': `bytes */${byteTotal}` })
    return
  }
  const { byteOffset, byteLength } = part ?? { byteOffset: 0, byteLength: byteTotal }
  const modified = tree.table.modifiedOf(entry)
  const headers = {
    ...headersOf(contentType(path.at(-1)?.toString() ?? ''), CONTENT_POLICY),
    'Content-Length': String(byteLength),
    'Accept-Ranges': 'bytes',
    ETag: tag,
    ...(Number.isNaN(modified) ? {} : { 'Last-Modified': httpDate(modified) }),
    ...(part ? { 'Content-Range': `bytes ${byteOffset}-${byteOffset + byteLength - 1}/${byteTotal}` } : {}),
  }
  if (request.method === 'HEAD') {
    response.writeHead(part ? 206 : 200, headers)
    response.end()
    return
  }
  const file = openFile(tree.table, entry)
  try {
    const pieces = piecesOf(file, byteOffset, byteLength)
    // The first piece decides whether there is anything to promise.
    const first = await pieces.next()
    if (first.done === true && byteLength > 0) {
      say(response, 500, 'This part of the file is damaged in the image.')
      return
    }
    response.writeHead(part ? 206 : 200, headers)
    await pipeline(Readable.from(startingWith(first, pieces)), response)
  } finally {
    await file.close()
  }
}

/** As far as it can be read: nothing at all where its first byte cannot, an error where another one cannot. */
async function* piecesOf(file: FileReader, byteOffset: number, byteLength: number): AsyncGenerator<Uint8Array> {
  for (let done = 0; done < byteLength;) {
    const target = Buffer.allocUnsafeSlow(Math.min(CHUNK_BYTES, byteLength - done))
    const count = await file.readInto(target, byteOffset + done)
    if (count > 0) yield target.subarray(0, count)
    if (count < target.byteLength) {
      if (done + count === 0) return
      throw new Error('The rest is damaged in the image.')
    }
    done += count
  }
}

async function* startingWith(
  first: IteratorResult<Uint8Array>,
  rest: AsyncGenerator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  if (first.done !== true) yield first.value
  yield* rest
}

/** The names of a path, as bytes; null where it is none. RFC 9112 clause 3.2: a server takes whole addresses as well. */
function namesIn(target: string): Buffer[] | null {
  const path = (target.split(/[?#]/, 1)[0] ?? '').replace(/^https?:\/\/[^/]*/i, '')
  const parts = path.split('/').filter((name) => name !== '')
  if (!path.startsWith('/') || parts.length > NAMES_LIMIT) return null
  try {
    return parts.map((name) => Buffer.from(decodeURIComponent(name)))
  } catch {
    return null
  }
}

function isSame(secret: string, given: Buffer): boolean {
  const known = Buffer.from(secret)
  return known.byteLength === given.byteLength && timingSafeEqual(known, given)
}

/** Null where it is longer than anything that is asked. */
async function bodyOf(request: IncomingMessage): Promise<string | null> {
  const pieces: Buffer[] = []
  let length = 0
  for await (const piece of request as AsyncIterable<Buffer>) {
    length += piece.byteLength
    if (length > BODY_LIMIT) return null
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString()
}

function headersOf(type: string, policy = PLAIN_POLICY): Record<string, string> {
  return { ...COMMON_HEADERS, 'Content-Security-Policy': policy, 'Content-Type': type }
}

function say(response: ServerResponse, status: number, sentence: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, { ...headersOf('text/plain; charset=utf-8'), Allow: ALLOWED, ...headers })
  response.end(sentence === '' ? '' : `${sentence}\n`)
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      resolve((server.address() as AddressInfo).port)
    })
  })
}
