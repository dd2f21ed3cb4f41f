import { MessageChannelMain, type BrowserWindow, type MessagePortMain } from 'electron'
import { clientMessage } from '../../src-shared/contract'
import { isShellFrame } from './security'
import { describe, isSettled, mayCloseItself, needsWindow, type ShellQueue } from './shell-queue'
import { shellLanguage, type ShellLanguage } from './shell-words'
import { createShellWindow } from './window'

/** Brothers of a start come within moments of each other: a window that closed at once would open again for the next. */
const LINGER_MS = 800

/** The small window of the file manager's actions. Its page is told what to show through a port, and asks for two things. */
export class ShellWindow {
  private window: BrowserWindow | null = null
  private port: MessagePortMain | null = null
  private queue: ShellQueue = []
  private closing: NodeJS.Timeout | null = null

  constructor(
    private readonly hasMainWindow: () => boolean,
    private readonly onCancel: () => void,
    private readonly onGone: () => void,
    private readonly language: () => ShellLanguage = () => shellLanguage('en', []),
  ) {}

  show(queue: ShellQueue): void {
    this.queue = queue
    if (this.closing) clearTimeout(this.closing)
    this.closing = null
    if (!this.window && needsWindow(queue, this.hasMainWindow())) this.open()
    this.report()
    // What ended without a window has been told by another one.
    if (queue.length > 0 && (mayCloseItself(queue) || (!this.window && isSettled(queue))))
      this.closing = setTimeout(() => {
        if (this.window) this.window.destroy()
        else this.onGone()
      }, LINGER_MS)
  }

  /** At quit: whatever is at work goes on at the next start. */
  dispose(): void {
    if (this.closing) clearTimeout(this.closing)
    this.window?.destroy()
  }

  private open(): void {
    const window = createShellWindow()
    this.window = window
    const { webContents } = window
    const disconnect = (): void => {
      this.port?.close()
      this.port = null
    }
    webContents.on('did-navigate', disconnect)
    webContents.on('render-process-gone', disconnect)
    webContents.on('did-finish-load', () => {
      const frame = webContents.mainFrame
      if (!isShellFrame({ url: frame.url, isTop: frame.parent === null })) return
      const { port1, port2 } = new MessageChannelMain()
      this.port = port1
      port1.on('message', (event) => {
        this.receive(event.data)
      })
      port1.start()
      webContents.postMessage('engine-port', null, [port2])
      this.report()
    })
    // Closing it while something is at work means cancelling that; the end of it then closes the window.
    window.on('close', (event) => {
      if (isSettled(this.queue)) return
      event.preventDefault()
      this.onCancel()
    })
    window.on('closed', () => {
      this.window = null
      this.port = null
      this.queue = []
      this.onGone()
    })
  }

  private receive(data: unknown): void {
    const message = clientMessage.safeParse(data)
    if (!message.success) return
    if (message.data.type === 'cancel') this.onCancel()
    else if (message.data.name === 'close') this.window?.close()
  }

  private report(): void {
    const view = describe(this.queue, this.language())
    this.port?.postMessage(view)
    if (!this.window) return
    this.window.setTitle(view.title)
    this.window.setProgressBar(view.isDone ? -1 : (view.fraction ?? 2), { mode: view.isBad ? 'error' : 'normal' })
  }
}
