import type { Privileges } from 'electron'
import { app } from './app'

type Handler = (request: Request) => Response | Promise<Response>

const handlers = new Map<string, Handler>()
/** What each scheme was given before `ready`. */
export const schemes = new Map<string, Privileges>()

export const protocol = {
  registerSchemesAsPrivileged(list: { scheme: string; privileges?: Privileges }[]): void {
    if (app.isReady()) throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready')
    if (schemes.size > 0) throw new Error('This can be called only once.')
    for (const { scheme, privileges } of list) schemes.set(scheme, privileges ?? {})
  },
  handle(scheme: string, handler: Handler): void {
    if (!app.isReady()) throw new Error('protocol.handle should be called after app is ready')
    if (handlers.has(scheme)) throw new Error(`The scheme has a handler already: ${scheme}`)
    handlers.set(scheme, handler)
  },
}

/** What a request from a page is answered. A handler that throws is a failed request, not an answer. */
export async function answerOf(request: Request): Promise<Response> {
  const handler = handlers.get(new URL(request.url).protocol.slice(0, -1))
  if (!handler) throw new TypeError(`net::ERR_UNKNOWN_URL_SCHEME ${request.url}`)
  return await handler(request)
}
