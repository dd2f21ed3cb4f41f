import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { answerArchive, answerContent } from '../host/content'
import type { EngineClient } from '../host/engine-client'

/**
 * Streams a file out of an image to a browser, or several as a ZIP.
 * @param headers that take the place of the usual ones
 */
export async function sendContent(
  engine: EngineClient,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  headers: Record<string, string> = {},
): Promise<void> {
  const stop = new AbortController()
  response.once('close', () => {
    stop.abort()
  })
  const answer = url.pathname.startsWith('/archive/')
    ? await answerArchive(engine, url, stop.signal)
    : await answerContent(engine, url, request.headers.range, stop.signal)
  response.writeHead(answer.status, { ...answer.headers, ...headers })
  if (request.method === 'HEAD') {
    response.end()
    return
  }
  if (typeof answer.body === 'string') {
    response.end(answer.body)
    return
  }
  try {
    await pipeline(Readable.from(answer.body), response)
  } catch {
    response.destroy()
  }
}
