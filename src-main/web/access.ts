import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/**
 * Who may talk to the host. The address it prints carries a token that works once; it is exchanged for a cookie that
 * scripts cannot read and other sites cannot send. Host and Origin are held to the one address that was printed, so
 * that neither a rebound name nor another page on this computer gets in.
 */
export interface Access {
  /** A fresh address to open; its token works once. */
  mintAddress(): string
  /** Spends a token. Answers the value for a `Set-Cookie` header, or null if the token is unknown or was used. */
  redeem(token: string): string | null
  /** Whether the request came to the right name, whoever sent it. */
  isHere(request: IncomingMessage): boolean
  /** Whether the request came to the right name, from our own page or from no page at all. */
  isOurs(request: IncomingMessage): boolean
  /** Whether the request carries a cookie that was given out here. */
  isKnown(request: IncomingMessage): boolean
}

/** Tokens that were printed and never used are forgotten beyond this many. */
const TOKEN_LIMIT = 32

const secret = (): string => randomBytes(32).toString('base64url')

export function createAccess(port: number): Access {
  const authority = `127.0.0.1:${port}`
  const origin = `http://${authority}`
  // Cookies are shared between ports of a host: two running copies must not overwrite each other's.
  const cookieName = `isolde-${port}`
  const tokens: string[] = []
  const sessions: string[] = []
  const isHere = (request: IncomingMessage): boolean => request.headers.host === authority

  return {
    mintAddress() {
      const token = secret()
      tokens.push(token)
      if (tokens.length > TOKEN_LIMIT) tokens.shift()
      return `${origin}/?token=${token}`
    },
    redeem(token) {
      const at = tokens.findIndex((known) => isSame(known, token))
      if (at < 0) return null
      tokens.splice(at, 1)
      const session = secret()
      sessions.push(session)
      return `${cookieName}=${session}; Path=/; HttpOnly; SameSite=Strict`
    },
    isHere,
    isOurs(request) {
      if (!isHere(request)) return false
      return request.headers.origin === undefined || request.headers.origin === origin
    },
    isKnown(request) {
      const given = cookie(request.headers.cookie, cookieName)
      return given !== null && sessions.some((session) => isSame(session, given))
    },
  }
}

function isSame(known: string, given: string): boolean {
  const a = Buffer.from(known)
  const b = Buffer.from(given)
  return a.byteLength === b.byteLength && timingSafeEqual(a, b)
}

function cookie(header: string | undefined, name: string): string | null {
  for (const pair of header?.split(';') ?? []) {
    const equals = pair.indexOf('=')
    if (equals > 0 && pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim()
  }
  return null
}
