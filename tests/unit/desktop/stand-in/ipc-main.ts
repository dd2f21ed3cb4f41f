import { EventEmitter } from 'node:events'
import type { Frame, WebContents } from './web-contents'

type Handler = (event: { sender: WebContents; senderFrame: Frame | null }, ...args: unknown[]) => unknown

/** Messages from pages. What crosses is cloned, as between processes. */
class IpcMain extends EventEmitter {
  private readonly handlers = new Map<string, Handler>()

  handle(channel: string, handler: Handler): void {
    if (this.handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`)
    this.handlers.set(channel, handler)
  }

  /** From a page: `ipcRenderer.invoke`. Errors cross as their sentence only. */
  async invoke(sender: WebContents, senderFrame: Frame | null, channel: string, args: unknown[]): Promise<unknown> {
    const crossing = structuredClone(args)
    await new Promise((resolve) => setImmediate(resolve))
    const handler = this.handlers.get(channel)
    try {
      if (!handler) throw new Error(`No handler registered for '${channel}'`)
      return structuredClone(await handler({ sender, senderFrame }, ...crossing))
    } catch (error) {
      throw new Error(`Error invoking remote method '${channel}': ${String(error)}`, { cause: error })
    }
  }

  /** From a page: `ipcRenderer.send`. */
  send(sender: WebContents, senderFrame: Frame | null, channel: string, args: unknown[]): void {
    const crossing = structuredClone(args)
    setImmediate(() => this.emit(channel, { sender, senderFrame }, ...crossing))
  }
}

export const ipcMain = new IpcMain()
