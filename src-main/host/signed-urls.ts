import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/**
 * Previews play media in frames that have no origin: no cookie goes with what they ask for. The window, which is known,
 * asks for an address that is good for one file of one generation of an image; nobody can make one up, and it ends with
 * the program.
 */
export interface SignedUrls {
  /** For `/sign/<file>`, which only the window may ask: the address to hand on. Null for any other path. */
  sign(pathname: string): string | null
  /** For such an address: the `/content/` path that it stands for. Null for any other path. */
  resolve(pathname: string): string | null
}

/** What is signed may be loaded into a document without an origin. */
export const SIGNED_URL_HEADERS = { 'Cross-Origin-Resource-Policy': 'cross-origin' }

export function createSignedUrls(): SignedUrls {
  const secret = randomBytes(32)
  const seal = (file: string): Buffer => createHmac('sha256', secret).update(file).digest()

  return {
    sign(pathname) {
      const [, file] = /^\/sign\/(.+)$/s.exec(pathname) ?? []
      return file === undefined ? null : `/signed/${seal(file).toString('base64url')}/${file}`
    },
    resolve(pathname) {
      const [, given, file] = /^\/signed\/([\w-]{43})\/(.+)$/s.exec(pathname) ?? []
      if (given === undefined || file === undefined) return null
      return timingSafeEqual(Buffer.from(given, 'base64url'), seal(file)) ? `/content/${file}` : null
    },
  }
}
