/** Decisions about what a window may do; pure, so that each has a test. */

export const APP_SCHEME = 'app'
export const APP_ORIGIN = `${APP_SCHEME}://isolde`
export const APP_PAGE = `${APP_ORIGIN}/index.html`

/** Whether a frame is this program's own page, at its top. */
export function isTrustedFrame(frame: { url: string; isTop: boolean } | null): boolean {
  if (!frame?.isTop) return false
  try {
    const url = new URL(frame.url)
    // `origin` is “null” for schemes that URL does not know.
    return url.protocol === `${APP_SCHEME}:` && url.host === 'isolde' && !url.pathname.startsWith('/content/')
  } catch {
    return false
  }
}

/** The only places that the program ever sends a browser to: none so far. */
const OPENABLE = new Set<string>()

export function mayOpenExternally(address: string): boolean {
  return OPENABLE.has(address)
}
