import fs from 'node:fs'
import http from 'node:http'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startWebdavServer, type WebdavOptions } from '../../../src-main/web'
import { escapeXml, wantedProperties } from '../../../src-main/web/webdav/dav-xml'
import { buildIso } from '../../images/iso-builder'
import { openBytes } from '../../images/open-bytes'
import { openSample, SAMPLE } from '../support'

interface Answered {
  status: number
  headers: http.IncomingHttpHeaders
  body: Buffer
  /** The connection broke off. */
  isCut: boolean
}

function ask(address: string, method: string, headers: Record<string, string> = {}, body = ''): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const request = http.request(address, { method, headers }, (response) => {
      const pieces: Buffer[] = []
      const end = (isCut: boolean): void => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(pieces), isCut })
      }
      response.on('data', (piece: Buffer) => pieces.push(piece))
      response.on('end', () => {
        end(false)
      })
      response.on('error', () => {
        end(true)
      })
    })
    request.on('error', reject)
    request.end(body)
  })
}

async function serving(options: Partial<WebdavOptions> = {}): Promise<string> {
  const table = options.table ?? (await (await openSample()).image.view('rock-ridge').readTree())
  const server = await startWebdavServer({ port: 0, name: 'sample.iso', table, ...options })
  onTestFinished(() => server.close())
  return server.address
}

const hrefsIn = (xml: Buffer): string[] =>
  [...xml.toString().matchAll(/<D:href>(.*?)<\/D:href>/g)].map(([, href = '']) => href)

describe('the WebDAV server', () => {
  it('says what it is and refuses to change anything', async () => {
    const address = await serving()
    const options = await ask(address, 'OPTIONS')
    expect(options).toMatchObject({ status: 200, headers: { dav: '1', allow: 'OPTIONS, GET, HEAD, PROPFIND' } })
    for (const method of ['PUT', 'DELETE', 'MKCOL', 'MOVE', 'COPY', 'PROPPATCH', 'LOCK', 'POST'])
      expect((await ask(`${address}x`, method)).status).toBe(405)
  })

  it('lists folders, one level at a time', async () => {
    const address = await serving()
    const { pathname } = new URL(address)
    const one = await ask(address, 'PROPFIND', { Depth: '1' })
    expect(one.status).toBe(207)
    // Of the links, the one to a file is a file, in another folder; the one to a folder is left out.
    const names = ['', 'Documents/', 'Pictures/', 'Recipes/', 'Software/', 'Welcome.txt']
    expect(hrefsIn(one.body)).toEqual(names.map((name) => `${pathname}${name}`))
    expect(hrefsIn((await ask(address, 'PROPFIND', { Depth: '0' })).body)).toEqual([pathname])
    const inside = hrefsIn((await ask(`${address}Documents`, 'PROPFIND', { Depth: '1' })).body)
    expect(inside).toContain(`${pathname}Documents/Welcome`)
    expect((await ask(address, 'PROPFIND')).status).toBe(403)
    expect((await ask(address, 'PROPFIND', { Depth: 'infinity' })).body.toString()).toContain('propfind-finite-depth')
    expect((await ask(`${address}nothing`, 'PROPFIND', { Depth: '0' })).status).toBe(404)
    expect((await ask(address, 'PROPFIND', { Depth: '0' }, 'x'.repeat(100_000))).status).toBe(413)
  })

  it('takes no XML that is none, and nothing from a page of another site', async () => {
    const address = await serving()
    const status = async (headers: Record<string, string>, body = ''): Promise<number> =>
      (await ask(address, 'PROPFIND', { Depth: '0', ...headers }, body)).status
    for (const body of [
      '<a',
      'hello',
      '<a></b>',
      '<D:propfind xmlns:D="DAV:"><D:prop>',
      '<a/><b/>',
      '<a x=1/>',
      '<a>&b;</a>',
      '<!DOCTYPE a><a/>',
    ])
      expect(await status({}, body), body).toBe(400)
    for (const body of [
      '',
      ' \n',
      '<?xml version="1.0"?>\n<!-- all --><D:propfind xmlns:D="DAV:"><D:allprop/></D:propfind>\n',
    ])
      expect(await status({}, body), body).toBe(207)
    for (const site of ['cross-site', 'same-site']) expect(await status({ 'Sec-Fetch-Site': site })).toBe(403)
    expect(await status({ 'Sec-Fetch-Site': 'none' })).toBe(207)
  })

  it('answers for the properties that are asked for', async () => {
    const address = await serving()
    const body =
      '<?xml version="1.0"?><a:propfind xmlns:a="DAV:" xmlns:b="urn:b"><a:prop><a:getcontentlength/><b:colour/></a:prop></a:propfind>'
    const xml = (await ask(`${address}Welcome.txt`, 'PROPFIND', { Depth: '0' }, body)).body.toString()
    expect(xml).toContain('<D:getcontentlength>117</D:getcontentlength></D:prop><D:status>HTTP/1.1 200 OK')
    expect(xml).toContain('<x:colour xmlns:x="urn:b"/></D:prop><D:status>HTTP/1.1 404 Not Found')
    expect(xml).not.toContain('displayname')
  })

  it('gives files, whole and in part', async () => {
    const address = await serving()
    const bytes = fs.readFileSync(SAMPLE).subarray(81920, 81920 + 31500)
    const whole = await ask(`${address}Pictures/Disc.png`, 'GET')
    expect(whole).toMatchObject({ status: 200, headers: { 'content-type': 'image/png', 'content-length': '31500' } })
    expect(whole.body.equals(bytes)).toBe(true)
    const part = await ask(`${address}Pictures/Disc.png`, 'GET', { Range: 'bytes=100-199' })
    expect(part).toMatchObject({ status: 206, headers: { 'content-range': 'bytes 100-199/31500' } })
    expect(part.body.equals(bytes.subarray(100, 200))).toBe(true)
    const tag = String(whole.headers.etag)
    expect((await ask(`${address}Pictures/Disc.png`, 'GET', { Range: 'bytes=0-0', 'If-Range': tag })).status).toBe(206)
    expect((await ask(`${address}Pictures/Disc.png`, 'GET', { Range: 'bytes=0-0', 'If-Range': '"x"' })).status).toBe(
      200,
    )
    expect((await ask(`${address}Pictures/Disc.png`, 'GET', { Range: 'bytes=99999-' })).status).toBe(416)
    const head = await ask(`${address}Recipes/${encodeURIComponent('味噌汁.txt')}`, 'HEAD')
    expect(head).toMatchObject({ status: 200, headers: { 'content-length': '66' } })
    expect(head.body).toHaveLength(0)
    expect((await ask(`${address}Documents/Welcome`, 'GET')).body).toHaveLength(117)
    expect((await ask(`${address}Pictures`, 'GET')).status).toBe(403)
  })

  it('lets nobody in who does not know the address, nor a page of a browser', async () => {
    const address = await serving()
    const { origin } = new URL(address)
    for (const path of ['/', '/Welcome.txt', '/x/Welcome.txt', '/%ff/', '/..%2f/'])
      expect((await ask(`${origin}${path}`, 'GET')).status).toBe(404)
    expect((await ask(address, 'OPTIONS', { Host: 'example.org' })).status).toBe(403)
    expect((await ask(address, 'OPTIONS', { Origin: 'https://example.org' })).status).toBe(403)
  })

  it('reads nothing from an image that has changed', async () => {
    const address = await serving({ isRewritten: () => true })
    expect((await ask(`${address}Welcome.txt`, 'GET')).status).toBe(500)
  })

  it('breaks off where the image is damaged, and never fills up with zeros', async () => {
    const data = Uint8Array.from({ length: 40_000 }, (_, i) => (i % 255) + 1)
    const { bytes, blockOf } = buildIso([
      { name: 'A.BIN;1', data },
      { name: 'Z.BIN;1', data: data.slice(1) },
    ])
    const image = await openBytes(bytes.slice(0, blockOf('A.BIN;1') * 2048 + 30_000))
    const address = await serving({ table: await image.view(image.info.defaultViewId).readTree() })
    const cut = await ask(`${address}A.BIN`, 'GET')
    expect(cut).toMatchObject({ status: 200, isCut: true })
    expect(cut.body.equals(Buffer.from(data.subarray(0, cut.body.byteLength)))).toBe(true)
    expect((await ask(`${address}A.BIN`, 'GET', { Range: 'bytes=0-29999' })).isCut).toBe(false)
    expect((await ask(`${address}A.BIN`, 'GET', { Range: 'bytes=30000-' })).status).toBe(500)
    expect((await ask(`${address}Z.BIN`, 'GET')).status).toBe(500)
  })
})

describe('bodies of WebDAV', () => {
  it.each([
    ['', null],
    ['<propfind xmlns="DAV:"><allprop/></propfind>', null],
    ['<propfind xmlns="DAV:"><prop><displayname/></prop></propfind>', [{ namespace: 'DAV:', name: 'displayname' }]],
    ['<propfind xmlns="DAV:"><prop>', null],
  ])('of %j ask for %j', (body, wanted) => {
    expect(wantedProperties(body)).toEqual(wanted)
  })

  it('hold whatever a name may be', () => {
    expect(escapeXml('a<b>&"c"\u0001\ud800')).toBe('a&lt;b&gt;&amp;&quot;c&quot;\ufffd\ufffd')
  })
})
