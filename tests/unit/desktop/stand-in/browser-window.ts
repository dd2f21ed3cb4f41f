import type { BrowserWindow as RealWindow, BrowserWindowConstructorOptions, WebPreferences } from 'electron'
import { EventEmitter } from 'node:events'
import { app, type Closable } from './app'
import { preventable } from './preventable'
import { WebContents } from './web-contents'

type Modelled = 'show' | 'focus' | 'isMinimized' | 'restore' | 'setTitle' | 'getTitle' | 'isVisible' | 'isDestroyed'

const all = new Set<BrowserWindow>()
let lastId = 0

export class BrowserWindow extends EventEmitter implements Closable, Pick<RealWindow, Modelled> {
  static getAllWindows(): BrowserWindow[] {
    return [...all]
  }

  static fromWebContents(contents: WebContents): BrowserWindow | null {
    return [...all].find((window) => window.webContents === contents) ?? null
  }

  readonly id = ++lastId
  readonly webPreferences: WebPreferences
  readonly progress: { value: number; mode: string | undefined }[] = []
  focused = 0
  minimized = false
  private readonly contents: WebContents
  private title: string
  private isShown: boolean
  private isGone = false

  constructor(options: BrowserWindowConstructorOptions = {}) {
    super()
    if (!app.isReady()) throw new Error('Cannot create BrowserWindow before app is ready')
    this.webPreferences = options.webPreferences ?? {}
    this.title = options.title ?? app.name
    this.isShown = options.show ?? true
    this.contents = new WebContents(this.webPreferences.preload ?? '')
    let isReady = false
    this.contents.on('dom-ready', () => {
      if (!isReady) this.emit('ready-to-show')
      isReady = true
    })
    all.add(this)
    app.windows.add(this)
  }

  get webContents(): WebContents {
    this.alive()
    return this.contents
  }

  loadURL(url: string): Promise<void> {
    return this.webContents.loadURL(url)
  }

  show(): void {
    this.alive()
    this.isShown = true
  }

  isVisible(): boolean {
    return this.isShown
  }

  focus(): void {
    this.alive()
    this.focused++
  }

  isMinimized(): boolean {
    this.alive()
    return this.minimized
  }

  restore(): void {
    this.alive()
    this.minimized = false
  }

  isDestroyed(): boolean {
    return this.isGone
  }

  setTitle(title: string): void {
    this.alive()
    this.title = title
  }

  getTitle(): string {
    this.alive()
    return this.title
  }

  setProgressBar(value: number, options: { mode?: string } = {}): void {
    this.alive()
    this.progress.push({ value, mode: options.mode })
  }

  /** May be refused by the program. */
  close(): boolean {
    if (this.isGone) return true
    const event = preventable()
    this.emit('close', event)
    if (!event.defaultPrevented) this.destroy()
    return this.isGone
  }

  /** Without asking. */
  destroy(): void {
    if (this.isGone) return
    this.contents.destroy()
    this.isGone = true
    all.delete(this)
    this.emit('closed')
    app.windowGone(this)
  }

  private alive(): void {
    if (this.isGone) throw new TypeError('Object has been destroyed')
  }
}
