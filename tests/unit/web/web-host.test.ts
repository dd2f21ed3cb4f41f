import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { connect as connectTo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { startWebHost, type WebHost } from '../../../src-main/web'
import { decodeFrame, encodeFrame } from '../../../src-shared/contract'
import { FakeEngine } from '../../e2e/fake/fake-engine'
import { fakeTree } from '../../e2e/fake/fake-tree'

let folder: string
let host: WebHost
let cookie: string
const engine = new FakeEngine()

interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: Buffer
}

/** node:http, because fetch neither sends a Host of one's choice nor leaves `..` in a path. */
function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port: host.port, path, method, headers }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) }),
      )
      response.on('error', reject)
    })
    request.on('error', reject)
    request.end()
  })
}

const known = (headers: Record<string, string> = {}) => ({ cookie, ...headers })
const pathOf = (address: string): string => address.slice(`http://127.0.0.1:${host.port}`.length)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'isolde-web-'))
  const dist = join(folder, 'renderer')
  await mkdir(join(dist, 'assets'), { recursive: true })
  await writeFile(join(dist, 'index.html'), '<meta name="style-nonce" content="__STYLE_NONCE__">')
  await writeFile(join(dist, 'assets', 'index.js'), 'export {}')
  await writeFile(join(folder, 'secret.txt'), 'secret')
  await symlink(join(folder, 'secret.txt'), join(dist, 'assets', 'link.txt'))
  host = await startWebHost({ port: 0, distFolder: dist, engine })
  const first = await get(pathOf(host.address))
  cookie = String(first.headers['set-cookie']).split(';')[0] ?? ''
})

afterAll(async () => {
  await host.close()
  await rm(folder, { recursive: true, force: true })
})

test('exchanges a token for a cookie that scripts and other sites cannot use, and redirects', async () => {
  const answer = await get(pathOf(host.mintAddress()))
  expect(answer.status).toBe(303)
  expect(answer.headers.location).toBe('/')
  expect(String(answer.headers['set-cookie'])).toMatch(/^isolde-\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/)
})

test('refuses a token the second time', async () => {
  const path = pathOf(host.mintAddress())
  expect((await get(path)).status).toBe(303)
  const again = await get(path)
  expect(again.status).toBe(403)
  expect(again.headers['set-cookie']).toBeUndefined()
  expect((await get('/?token=')).status).toBe(403)
})

test('spends no token on who only looks whether the address is there', async () => {
  const path = pathOf(host.mintAddress())
  const looked = await get(path, {}, 'HEAD')
  expect([looked.status, looked.headers['set-cookie']]).toEqual([403, undefined])
  expect((await get(path)).status).toBe(303)
})

test('lets a reload of the spent address through where the cookie is', async () => {
  const path = pathOf(host.mintAddress())
  await get(path)
  const reload = await get(path, known())
  expect(reload.status).toBe(303)
  expect(reload.headers['set-cookie']).toBeUndefined()
})

test.each(['/', '/assets/index.js', '/content/0/1/rock-ridge/1/x'])('refuses %s without the cookie', async (path) => {
  expect((await get(path)).status).toBe(403)
  expect((await get(path, { cookie: cookie.replace(/.$/, '') })).status).toBe(403)
})

test('refuses another name for this computer, even with the cookie', async () => {
  for (const name of ['evil.example', `localhost:${host.port}`, '127.0.0.1', `127.0.0.1:${host.port + 1}`])
    expect((await get('/', known({ host: name }))).status, name).toBe(403)
})

test('refuses requests that other pages make, even with the cookie', async () => {
  for (const origin of ['https://evil.example', 'null', `http://localhost:${host.port}`])
    expect((await get('/', known({ origin }))).status, origin).toBe(403)
})

test('answers GET and HEAD only', async () => {
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS'])
    expect((await get('/', known(), method)).status, method).toBe(405)
  const head = await get('/assets/index.js', known(), 'HEAD')
  expect([head.status, head.body.byteLength, head.headers['content-length']]).toEqual([200, 0, '9'])
})

test('serves the page under a strict policy, with a nonce of its own each time', async () => {
  const [first, second] = [await get('/', known()), await get('/', known())]
  const policy = String(first.headers['content-security-policy'])
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("script-src 'self';")
  expect(policy).toContain("frame-ancestors 'none'")
  expect(policy).not.toMatch(/unsafe|\*/)
  const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? ''
  expect(first.body.toString()).toContain(`content="${nonce}"`)
  expect(second.body.toString()).not.toContain(nonce)
  expect(first.headers['x-content-type-options']).toBe('nosniff')
  expect(first.headers['referrer-policy']).toBe('no-referrer')
})

test('serves built files with their own types', async () => {
  const script = await get('/assets/index.js', known())
  expect(script.headers['content-type']).toBe('text/javascript; charset=utf-8')
  expect(script.body.toString()).toBe('export {}')
})

test.each([
  '/../secret.txt',
  '/assets/../../secret.txt',
  '/%2e%2e/secret.txt',
  '/assets/%2e%2e%2f%2e%2e%2fsecret.txt',
  '/assets/..%5c..%5csecret.txt',
  '/assets/link.txt',
  '/assets',
  '/assets/',
  '/%00',
  '/%ff',
  '/index.html',
])('does not serve %s', async (path) => {
  const answer = await get(path, known())
  expect(answer.status).toBe(404)
  expect(answer.body.toString()).not.toContain('secret')
})

const readme = fakeTree.find('README.txt')
const contentPath = `/content/0/1/rock-ridge/${readme?.entry}/README.txt`
const text = Buffer.from(readme?.bytes ?? new Uint8Array())

test('serves content out of an image in a sandbox', async () => {
  const answer = await get(contentPath, known())
  expect(answer.status).toBe(200)
  expect(answer.body.equals(text)).toBe(true)
  expect(answer.headers['content-security-policy']).toMatch(/^sandbox; default-src 'none'/)
  expect(answer.headers['x-content-type-options']).toBe('nosniff')
  expect(answer.headers['content-disposition']).toMatch(/^inline/)
})

test.each(['a.html', 'a.htm', 'a.xhtml', 'a.js', 'a.pdf', 'a', 'a.HTML'])(
  'never serves %s as what it is',
  async (name) => {
    const answer = await get(contentPath.replace('README.txt', name), known())
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/octet-stream'])
  },
)

test('offers content as a download under its real name', async () => {
  const path = contentPath.replace('README.txt', encodeURIComponent('Lies "mich".txt ü'))
  const answer = await get(`${path}?download`, known())
  expect(answer.headers['content-disposition']).toBe(
    `attachment; filename="Lies _mich_.txt _"; filename*=UTF-8''Lies%20%22mich%22.txt%20%C3%BC`,
  )
})

test('answers ranges', async () => {
  const first = await get(contentPath, known({ range: 'bytes=0-5' }))
  expect([first.status, first.body.toString()]).toEqual([206, 'Debian'])
  expect(first.headers['content-range']).toBe(`bytes 0-5/${text.byteLength}`)
  const last = await get(contentPath, known({ range: 'bytes=-3' }))
  expect(last.body.equals(text.subarray(-3))).toBe(true)
  const beyond = await get(contentPath, known({ range: `bytes=${text.byteLength}-` }))
  expect([beyond.status, beyond.headers['content-range']]).toEqual([416, `bytes */${text.byteLength}`])
})

test('signs an address of a file for whoever has its address, and no other file', async () => {
  const unsigned = contentPath.replace('/content/', '/sign/')
  expect((await get(unsigned)).status).toBe(403)
  expect((await get(unsigned, known({ origin: 'null' }))).status).toBe(403)
  const address = (await get(unsigned, known())).body.toString().trim()
  const frame = { origin: 'null', 'sec-fetch-site': 'cross-site' }
  const answer = await get(address, { ...frame, range: 'bytes=0-3' })
  expect(answer.status).toBe(206)
  expect(answer.body.byteLength).toBe(4)
  expect(answer.headers['cross-origin-resource-policy']).toBe('cross-origin')
  expect(answer.headers['content-security-policy']).toMatch(/^sandbox; default-src 'none'/)
  expect((await get(address, { ...frame, host: 'elsewhere.example' })).status).toBe(403)
  expect((await get(address, frame, 'POST')).status).toBe(405)
  // What is not signed stays out of reach, and nothing else can be had under the seal of this file.
  expect((await get(contentPath, frame)).status).toBe(403)
  expect((await get(address.replace(/README\.txt$/, 'README.svg'), frame)).status).toBe(403)
  expect((await get(address.replace(/\/\d+\/README/, '/1/README'), frame)).status).toBe(403)
  expect((await get(address.replace('/signed/', '/signed/A'), frame)).status).toBe(403)
})

test('streams a file larger than one read of the engine', async () => {
  const image = fakeTree.find('install.amd/vmlinuz')
  const answer = await get(`/content/0/1/rock-ridge/${image?.entry}/vmlinuz`, known())
  expect(answer.body.byteLength).toBe(image?.byteLength)
  const at = (1 << 20) + 5
  expect(answer.body[at]).toBe((at * 7 + (image?.entry ?? 0)) & 0xff)
})

test('says so where there is no such content', async () => {
  expect((await get('/content/0/1/rock-ridge/9999/x', known())).status).toBe(404)
  expect((await get('/content/0/1/rock-ridge/0/root', known())).status).toBe(404)
  expect((await get('/content/0/1/rock-ridge/x/y', known())).status).toBe(404)
})

function connect(headers: Record<string, string>, path = '/engine'): Promise<WebSocket | number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${host.port}${path}`, { headers })
    socket.on('open', () => resolve(socket))
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0))
    socket.on('error', () => undefined)
  })
}

test('lets in sockets of its own page only', async () => {
  const origin = `http://127.0.0.1:${host.port}`
  expect(await connect({ origin })).toBe(403)
  expect(await connect({ cookie })).toBe(403)
  expect(await connect({ cookie, origin: 'https://evil.example' })).toBe(403)
  expect(await connect({ cookie, origin, host: 'evil.example' })).toBe(403)
  expect(await connect({ cookie, origin }, '/other')).toBe(403)
})

test('joins a socket to the engine in binary frames', async () => {
  const socket = await connect({ cookie, origin: `http://127.0.0.1:${host.port}` })
  if (typeof socket === 'number') throw new Error(`refused: ${socket}`)
  const answer = new Promise<unknown>((resolve) =>
    socket.on('message', (data: Buffer) => resolve(decodeFrame(new Uint8Array(data)))),
  )
  const input = { image: 0, generation: 1, view: 'rock-ridge', entry: readme?.entry, byteOffset: 0, byteLength: 6 }
  socket.send(encodeFrame({ type: 'command', id: 7, name: 'entry.read', input }))
  expect(await answer).toEqual({
    type: 'result',
    id: 7,
    result: { ok: true, value: { bytes: new Uint8Array(text.subarray(0, 6)), byteTotal: text.byteLength } },
  })
  socket.close()
})

test('closes a socket that sends text or nonsense', async () => {
  for (const [sent, code] of [
    ['{}', 1003],
    [Buffer.from([1, 2]), 1007],
  ] as const) {
    const socket = await connect({ cookie, origin: `http://127.0.0.1:${host.port}` })
    if (typeof socket === 'number') throw new Error(`refused: ${socket}`)
    const closed = new Promise<number>((resolve) => socket.on('close', resolve))
    socket.send(sent)
    expect(await closed).toBe(code)
  }
})

test('goes on when a stranger resets the connection of a refused upgrade', async () => {
  const upgrade = [
    'GET /engine HTTP/1.1',
    `Host: 127.0.0.1:${host.port}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    'Origin: http://evil.example',
  ].join('\r\n')
  const uncaught: unknown[] = []
  const note = (error: unknown): void => void uncaught.push(error)
  process.on('uncaughtException', note)
  for (let i = 0; i < 60; i++)
    await new Promise<void>((resolve) => {
      const socket = connectTo(host.port, '127.0.0.1', () => {
        socket.write(`${upgrade}\r\n\r\n`, () => {
          setTimeout(() => {
            socket.resetAndDestroy()
            resolve()
          }, i % 4)
        })
      })
      socket.on('error', () => {
        resolve()
      })
    })
  await new Promise((resolve) => setTimeout(resolve, 100))
  process.off('uncaughtException', note)
  expect(uncaught).toEqual([])
  expect((await get('/', known())).status).toBe(200)
})
