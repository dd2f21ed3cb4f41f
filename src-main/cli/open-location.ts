import { CancelledError, openLocation as open, type OpenedLocation, type OpenLocationOptions } from '../engine'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Opens an image as the engine does. Unpacking may take as long as a stream likes, so Ctrl+C and a polite kill end it as
 * something that was cancelled. Before that they end the program as the system does, since not all reading would hear them.
 * @throws {CancelledError} where one has come; whatever opening throws
 */
export async function openLocation(location: string, options: OpenLocationOptions = {}): Promise<OpenedLocation> {
  const stopping = new AbortController()
  const stop = (): void => {
    stopping.abort()
  }
  let isHeard = false
  const onUnpackProgress = (): void => {
    if (isHeard) return
    isHeard = true
    for (const signal of SIGNALS) process.on(signal, stop)
  }
  try {
    const opened = await open(location, { ...options, signal: stopping.signal, onUnpackProgress })
    if (!stopping.signal.aborted) return opened
    await opened.close()
    throw new CancelledError()
  } catch (error) {
    throw stopping.signal.aborted ? new CancelledError() : error
  } finally {
    for (const signal of SIGNALS) process.off(signal, stop)
  }
}
