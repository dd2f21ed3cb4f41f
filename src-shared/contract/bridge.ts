import type { ClientMessage } from './envelope'

/**
 * What a host gives the window, as `window.isolde`: the preload script on the desktop, `web-bridge.ts` in a browser.
 * The window reaches the engine through `post` and nothing else; what only a desktop can do is in `desktop`.
 */
export interface IsoldeBridge {
  readonly host: 'desktop' | 'web'
  /** Sends a message to the engine. Before the connection stands, messages wait. */
  post(message: ClientMessage): void
  /** Hears every message of the engine. One listener; a second call replaces the first. */
  listen(listener: (message: unknown) => void): void
  /** Null in a browser. */
  readonly desktop: DesktopBridge | null
}

/** A file that was dropped on the window, as the page knows it; opaque here, where there is no DOM. */
export type DroppedFile = object

export interface DesktopBridge {
  /** The system's open dialog; empty when dismissed. Remembers the folder it was in. */
  pickImages(): Promise<string[]>
  /** The system's folder dialog; null when dismissed. */
  pickFolder(startAt: string): Promise<string | null>
  /** The path of a dropped file; empty where it has none. */
  pathForFile(file: DroppedFile): string
  /** Shows a file in the system's file manager. */
  reveal(path: string): Promise<void>
  /** Opens a staged copy with its own program. Answers an error sentence, or an empty string. */
  openWithProgram(path: string): Promise<string>
  moveToTrash(path: string): Promise<void>
  /** Starts a drag of staged files to another program. */
  startDrag(paths: string[]): void
  /** Progress in the taskbar: 0–1, or null for none. */
  setProgress(fraction: number | null): void
  notify(title: string, body: string): void
  setTitle(title: string): void
  /** Puts what the file manager can have into the person's own folders, or takes it away. Answers where it lies. */
  changeFileManagerActions(what: 'install' | 'remove'): Promise<string[]>
}
