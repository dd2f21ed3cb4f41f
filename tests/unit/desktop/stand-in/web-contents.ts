import type { WebContents as RealContents, WebFrameMain } from 'electron'
import { EventEmitter } from 'node:events'
import fs from 'node:fs'
import { Page } from './page'
import { takePorts } from './ports'
import { preventable } from './preventable'
import { answerOf } from './protocol'

/** A frame as the main process sees it; `parent` is null for the page's own. */
export interface Frame extends Pick<WebFrameMain, 'url'> {
  parent: Frame | null
}

export interface DragItem {
  files: string[]
  icon: string
}

type Modelled = 'getURL' | 'isLoading' | 'postMessage' | 'send' | 'isDestroyed' | 'reload'

/** What a window shows. Pages are the built preload script and whatever a test does in their place. */
export class WebContents extends EventEmitter implements Pick<RealContents, Modelled> {
  readonly preload: string
  /** The one document that is shown, once there is one. */
  page: Page | null = null
  mainFrame: Frame = { url: '', parent: null }
  /** What was dragged out of it. */
  readonly drags: DragItem[] = []
  private isGone = false
  private loads = 0
  private isBusy = false
  private openHandler: (details: { url: string }) => { action: 'allow' | 'deny' } = () => ({ action: 'allow' })

  constructor(preload: string) {
    super()
    this.preload = preload
  }

  getURL(): string {
    return this.mainFrame.url
  }

  isLoading(): boolean {
    return this.isBusy
  }

  isDestroyed(): boolean {
    return this.isGone
  }

  /** By the program: neither `will-navigate` nor a way to refuse. */
  async loadURL(url: string): Promise<void> {
    this.alive()
    await this.navigate(url, null)
  }

  reload(): void {
    void this.navigate(this.mainFrame.url, null)
  }

  /** By the page: a link, a script, a file that was dropped on it. */
  async followLink(url: string): Promise<void> {
    await this.navigate(url, this.mainFrame)
  }

  /** What `window.open` does. */
  openWindow(url: string): boolean {
    return this.openHandler({ url }).action === 'allow'
  }

  setWindowOpenHandler(handler: (details: { url: string }) => { action: 'allow' | 'deny' }): void {
    this.openHandler = handler
  }

  /** The page's process dies. */
  crash(reason: 'crashed' | 'oom' | 'killed' = 'crashed'): void {
    this.page?.close()
    this.page = null
    this.emit('render-process-gone', {}, { reason, exitCode: 1 })
  }

  send(channel: string, ...args: unknown[]): void {
    this.alive()
    this.page?.arrive(channel, structuredClone(args), [])
  }

  postMessage(channel: string, message: unknown, transfer: readonly unknown[] = []): void {
    this.alive()
    const ports = takePorts(transfer)
    if (this.page) this.page.arrive(channel, [structuredClone(message)], ports)
    else for (const port of ports) port.close()
  }

  startDrag(item: { file: string; files?: string[]; icon: { path: string; isEmpty(): boolean } | string }): void {
    this.alive()
    const icon = typeof item.icon === 'string' ? item.icon : item.icon.path
    if (typeof item.icon === 'string' ? !fs.existsSync(icon) : item.icon.isEmpty())
      throw new Error("Must specify non-empty 'icon' option")
    if (item.file === '' && (item.files ?? []).length === 0) throw new Error("Must specify either 'file' or 'files'")
    this.drags.push({ files: item.files ?? [item.file], icon })
  }

  destroy(): void {
    this.page?.close()
    this.page = null
    this.isGone = true
    this.emit('destroyed')
  }

  /** In the order in which Electron tells of it; what is refused ends there, and the page that was there stays. */
  private async navigate(url: string, initiator: Frame | null): Promise<void> {
    const load = ++this.loads
    const details = { url, isSameDocument: false, isMainFrame: true, frame: this.mainFrame, initiator }
    this.isBusy = true
    await turn()
    this.emit('did-start-navigation', preventable(details))
    if (initiator) {
      const will = preventable(details)
      this.emit('will-navigate', will)
      if (will.defaultPrevented) {
        this.isBusy = false
        return
      }
    }
    const answer = await answerOf(new Request(url, { headers: { accept: 'text/html' } }))
    const html = await answer.text()
    if (load !== this.loads || this.isGone) return
    this.page?.close()
    this.mainFrame = { url, parent: null }
    this.page = new Page(this, { html, headers: answer.headers, status: answer.status })
    this.emit('did-navigate', {}, url, answer.status, '')
    await turn()
    this.emit('dom-ready', {})
    await turn()
    this.isBusy = false
    this.emit('did-finish-load')
  }

  private alive(): void {
    if (this.isGone) throw new TypeError('Object has been destroyed')
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
