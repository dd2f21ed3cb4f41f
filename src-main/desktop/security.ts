/** Decisions about what a window may do; pure, so that each has a test. */

export const APP_SCHEME = 'app'
export const APP_ORIGIN = `${APP_SCHEME}://isolde`
export const APP_PAGE = `${APP_ORIGIN}/index.html`
/** The small window of the file manager's actions is an origin of its own, so that no service answers it. */
export const SHELL_HOST = 'verbs'
export const SHELL_PAGE = `${APP_SCHEME}://${SHELL_HOST}/index.html`

/** The small window has its own three files, and its line to the main process is a port. */
export const SHELL_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Whether a frame is this program's own page, at its top. */
export function isTrustedFrame(frame: { url: string; isTop: boolean } | null): boolean {
  if (!frame?.isTop) return false
  try {
    const url = new URL(frame.url)
    // `origin` is “null” for schemes that URL does not know.
    return url.protocol === `${APP_SCHEME}:` && url.host === 'isolde' && url.pathname === '/index.html'
  } catch {
    return false
  }
}

/** Whether a frame is the small window's page, at its top. */
export function isShellFrame(frame: { url: string; isTop: boolean } | null): boolean {
  return frame?.isTop === true && frame.url === SHELL_PAGE
}

/**
 * Whether a frame is given a right that it asks the session for: to put text on the clipboard, and only this program's own
 * page. All else is refused, and so is every frame inside of it.
 */
export function mayHave(permission: string, frame: { url: string; isTop: boolean } | null): boolean {
  return permission === 'clipboard-sanitized-write' && isTrustedFrame(frame)
}

const CRASHES_AT_MOST = 3
const WITHIN_MS = 60_000

/**
 * Whether a page that has crashed is loaded anew: one that crashes again and again would do so for ever.
 * @param crashes when it did, this time included
 */
export function mayReload(crashes: readonly number[], now: number): boolean {
  return crashes.filter((time) => time > now - WITHIN_MS).length <= CRASHES_AT_MOST
}
