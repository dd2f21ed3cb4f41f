/** Sent with every answer, whatever it holds. */
export const COMMON_HEADERS: Record<string, string> = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
}

/**
 * For the window itself: its own files, its own line to the engine, and nothing from anywhere else.
 * @param nonce for the style elements that libraries add
 * @param frameScripts what frames of previews run, by hash: see `frameScriptHashes`
 * @param connect where the page may connect to besides its own origin
 */
export function pagePolicy(nonce: string, frameScripts: readonly string[] = [], connect = ''): string {
  return [
    "default-src 'none'",
    ["script-src 'self'", ...frameScripts].join(' '),
    "worker-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' blob: data:",
    "font-src 'self'",
    "media-src 'self' blob:",
    `connect-src 'self' ${connect}`.trimEnd(),
    "frame-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

/** For whatever comes out of an image: it never shares the window's rights, and it can load nothing. */
export const CONTENT_POLICY = "sandbox; default-src 'none'; frame-ancestors 'self'"

/** For the host's own short answers. */
export const PLAIN_POLICY = "default-src 'none'; frame-ancestors 'none'"
