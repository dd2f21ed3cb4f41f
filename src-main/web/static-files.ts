import { createReadStream } from 'node:fs'
import { readFile, realpath, stat } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { join, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { COMMON_HEADERS } from '../host/headers'
import { pageType } from '../host/media-types'

/** The window's own files. Answers whether there was such a file. */
export type StaticFiles = (pathname: string, response: ServerResponse, withBody: boolean) => Promise<boolean>

/** Serves what lies in `folder`, and nothing that a crafted path or a link would reach outside of it. */
export async function createStaticFiles(folder: string): Promise<StaticFiles> {
  const root = await realpath(folder)
  return async (pathname, response, withBody) => {
    const path = await containedFile(root, pathname)
    if (!path) return false
    const { size } = await stat(path)
    response.writeHead(200, {
      ...COMMON_HEADERS,
      'Content-Type': pageType(path),
      'Content-Length': size,
      // Built files carry a hash of their content in their name.
      ...(pathname.startsWith('/assets/') ? { 'Cache-Control': 'private, max-age=31536000, immutable' } : {}),
    })
    if (!withBody) response.end()
    else await pipeline(createReadStream(path), response)
    return true
  }
}

async function containedFile(root: string, pathname: string): Promise<string | null> {
  let decoded: string
  try {
    decoded = decodeURIComponent(pathname)
  } catch {
    return null
  }
  // The page is served by its own handler, which puts the nonce in.
  if (decoded.includes('\0') || decoded.includes('\\') || decoded.endsWith('.html')) return null
  try {
    const path = await realpath(join(root, decoded))
    if (!path.startsWith(root + sep)) return null
    return (await stat(path)).isFile() ? path : null
  } catch {
    return null
  }
}

/** The page, with the nonce that lets its libraries add style elements. */
export async function readPage(folder: string, nonce: string): Promise<string> {
  const page = await readFile(join(folder, 'index.html'), 'utf8')
  return page.replaceAll('__STYLE_NONCE__', nonce)
}
