import { protocol } from 'electron'
import { randomBytes } from 'node:crypto'
import fs from 'node:fs/promises'
import path from 'node:path'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { answerContent } from '../host/content'
import type { EngineClient } from '../host/engine-client'
import { frameScriptHashes } from '../host/frame-scripts'
import { COMMON_HEADERS, pagePolicy } from '../host/headers'
import { createSignedUrls, SIGNED_URL_HEADERS } from '../host/signed-urls'
import { pageType } from '../host/media-types'
import { containedPath } from './contained-path'
import { APP_SCHEME, SHELL_HOST, SHELL_POLICY } from './security'

const SHELL_WINDOW = fileURLToPath(new URL('../../resources/shell-window', import.meta.url))
const RENDERER = fileURLToPath(new URL('../renderer', import.meta.url))

/** Before `ready`: the scheme is a real origin, with storage and fetch, but no service workers. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
  ])
}

/** After `ready`: serves the window's own files, and contents of images, which are relayed from the engine. */
export function serveApp(engine: EngineClient): void {
  const signedUrls = createSignedUrls()
  protocol.handle(APP_SCHEME, async (request) => {
    const url = new URL(request.url)
    if (request.method !== 'GET') return notHere()
    if (url.host === SHELL_HOST) return shellFile(url.pathname)
    if (url.host !== 'isolde') return notHere()
    if (url.pathname.startsWith('/content/')) return content(engine, request, url)
    const signed = signedUrls.resolve(url.pathname)
    if (signed !== null) return content(engine, request, new URL(signed, url), SIGNED_URL_HEADERS)
    const address = signedUrls.sign(url.pathname)
    if (address !== null) return new Response(address, { headers: { ...COMMON_HEADERS, 'Content-Type': 'text/plain' } })
    if (url.pathname === '/index.html') return page()
    return rendererFile(url.pathname)
  })
}

function notHere(): Response {
  return new Response('Not here.', { status: 404, headers: { ...COMMON_HEADERS, 'Content-Type': 'text/plain' } })
}

/** One of the window's own files; what is not there is an answer too, and no failed request. */
async function rendererFile(pathname: string): Promise<Response> {
  const file = containedPath(RENDERER, pathname)
  const bytes = file === null ? null : await fs.readFile(file).catch(() => null)
  if (file === null || bytes === null) return notHere()
  return new Response(bytes, { headers: { ...COMMON_HEADERS, 'Content-Type': pageType(file) } })
}

async function content(
  engine: EngineClient,
  request: Request,
  url: URL,
  headers: Record<string, string> = {},
): Promise<Response> {
  const answer = await answerContent(engine, url, request.headers.get('range') ?? undefined, request.signal)
  const body =
    typeof answer.body === 'string'
      ? answer.body
      : (Readable.toWeb(Readable.from(answer.body)) as ReadableStream<Uint8Array>)
  return new Response(body, { status: answer.status, headers: { ...answer.headers, ...headers } })
}

/** The small window's files, by name: there are three, and nothing else is served to it. */
const SHELL_FILES = new Map([
  ['/index.html', 'text/html; charset=utf-8'],
  ['/shell-window.css', 'text/css; charset=utf-8'],
  ['/shell-window.js', 'text/javascript; charset=utf-8'],
])

async function shellFile(pathname: string): Promise<Response> {
  const type = SHELL_FILES.get(pathname)
  if (type === undefined) return notHere()
  const text = await fs.readFile(path.join(SHELL_WINDOW, pathname.slice(1)), 'utf8')
  return new Response(text, {
    headers: { ...COMMON_HEADERS, 'Content-Type': type, 'Content-Security-Policy': SHELL_POLICY },
  })
}

async function page(): Promise<Response> {
  const nonce = randomBytes(16).toString('base64')
  const html = await fs.readFile(path.join(RENDERER, 'index.html'), 'utf8')
  return new Response(html.replaceAll('__STYLE_NONCE__', nonce), {
    headers: {
      ...COMMON_HEADERS,
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': pagePolicy(nonce, await frameScriptHashes(RENDERER)),
    },
  })
}
