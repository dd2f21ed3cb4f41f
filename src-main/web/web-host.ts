import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAccess, type Access } from './access'
import { sendContent } from './send-content'
import { createEngineClient } from '../host/engine-client'
import { stayAwakeWhile } from '../host/stay-awake'
import type { EngineLink } from '../engine'
import { frameScriptHashes } from '../host/frame-scripts'
import { createSignedUrls, SIGNED_URL_HEADERS } from '../host/signed-urls'
import { COMMON_HEADERS, pagePolicy, PLAIN_POLICY } from '../host/headers'
import { attachSockets } from './socket'
import { createStaticFiles, readPage } from './static-files'

export interface WebHostOptions {
  /** 0 takes any free port. */
  port: number
  /** Where the built window lies: `dist/renderer`. */
  distFolder: string
  /** The running engine; stays the caller's to close. */
  engine: EngineLink
}

export interface WebHost {
  port: number
  /** The address to open, with its one-time token. */
  address: string
  /** Another one, for another browser or after the first was spent. */
  mintAddress(): string
  close(): Promise<void>
}

/** Serves the window to browsers of this computer, and of no other: it listens on 127.0.0.1 only. */
export async function startWebHost(options: WebHostOptions): Promise<WebHost> {
  const files = await createStaticFiles(options.distFolder)
  const engine = createEngineClient(options.engine)
  const server = createServer()
  const port = await listen(server, options.port)
  const access = createAccess(port)
  const signedUrls = createSignedUrls()
  const endWakefulness = stayAwakeWhile(() => options.engine.isBusy())

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    answer(request, response).catch(() => {
      if (response.headersSent) response.destroy()
      else say(response, 500, 'Something went wrong here.')
    })
  })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', `http://127.0.0.1:${port}`)
    // A frame without an origin has no name to give, and no cookie; what it may have is in the address.
    const signed = access.isHere(request) ? signedUrls.resolve(url.pathname) : null
    if (signed === null && !access.isOurs(request)) {
      say(response, 403, 'This page may not ask here.')
      return
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      say(response, 405, 'Only GET is answered here.')
      return
    }
    if (signed !== null) return sendContent(engine, request, response, new URL(signed, url), SIGNED_URL_HEADERS)
    const token = url.searchParams.get('token')
    // Who only looks whether the address is there has not opened it.
    if (url.pathname === '/' && token !== null && request.method === 'GET') {
      exchange(access, request, response, token)
      return
    }
    if (!access.isKnown(request)) {
      say(response, 403, 'Open Isolde with the address that “isolde serve” printed; it works once.')
      return
    }
    if (/^\/(?:content|archive)\//.test(url.pathname)) return sendContent(engine, request, response, url)
    const address = signedUrls.sign(url.pathname)
    if (address !== null) {
      say(response, 200, address)
      return
    }
    if (url.pathname === '/') return sendPage(response, request.method === 'GET')
    if (await files(url.pathname, response, request.method === 'GET')) return
    say(response, 404, 'There is nothing at this address.')
  }

  async function sendPage(response: ServerResponse, withBody: boolean): Promise<void> {
    const nonce = randomBytes(16).toString('base64')
    const page = await readPage(options.distFolder, nonce)
    const frameScripts = await frameScriptHashes(options.distFolder)
    response.writeHead(200, {
      ...COMMON_HEADERS,
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': pagePolicy(nonce, frameScripts, `ws://127.0.0.1:${port}`),
    })
    response.end(withBody ? page : undefined)
  }

  const sockets = attachSockets(server, options.engine, (request) => {
    const isFromOurPage = access.isOurs(request) && request.headers.origin !== undefined
    return isFromOurPage && access.isKnown(request) && request.url === '/engine'
  })

  return {
    port,
    address: access.mintAddress(),
    mintAddress: () => access.mintAddress(),
    async close() {
      endWakefulness()
      sockets.close()
      engine.close()
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
    },
  }
}

function exchange(access: Access, request: IncomingMessage, response: ServerResponse, token: string): void {
  const cookie = access.redeem(token)
  // A reload of the first address, in the browser that spent the token, is no mistake.
  if (cookie === null && !access.isKnown(request))
    return say(response, 403, 'This address was used already. Run “isolde serve” again for a new one.')
  response.writeHead(303, {
    ...COMMON_HEADERS,
    'Content-Security-Policy': PLAIN_POLICY,
    Location: '/',
    ...(cookie === null ? {} : { 'Set-Cookie': cookie }),
  })
  response.end()
}

function say(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, {
    ...COMMON_HEADERS,
    'Content-Security-Policy': PLAIN_POLICY,
    'Content-Type': 'text/plain; charset=utf-8',
  })
  response.end(`${sentence}\n`)
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
