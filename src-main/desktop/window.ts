import { BrowserWindow, session, type BrowserWindowConstructorOptions } from 'electron'
import { fileURLToPath } from 'node:url'
import { APP_PAGE, mayHave, mayReload, SHELL_PAGE } from './security'

/**
 * What a page asks the session for is refused, but for what `mayHave` names. Called once, after `ready`.
 * @param saveTitle what the system's dialog for a download is called; without it, it has the name of an inner address
 */
export function hardenSession(saveTitle: (name: string) => string): void {
  const { defaultSession } = session
  // The address is that of the page itself, as the main process knows it, and not what the request says.
  defaultSession.setPermissionRequestHandler((contents, permission, decide, { isMainFrame }) => {
    decide(mayHave(permission, { url: contents.getURL(), isTop: isMainFrame }))
  })
  defaultSession.setPermissionCheckHandler((contents, permission, _origin, { isMainFrame }) =>
    mayHave(permission, contents && { url: contents.getURL(), isTop: isMainFrame }),
  )
  defaultSession.setDevicePermissionHandler(() => false)
  defaultSession.on('will-download', (_event, item) => {
    item.setSaveDialogOptions({ title: saveTitle(item.getFilename()) })
  })
}

export function createWindow(): BrowserWindow {
  return hardened(APP_PAGE, {
    width: 1280,
    height: 800,
    minWidth: 640,
    minHeight: 400,
    title: 'Isolde',
    // The page brings its own menu bar; the key of the system's one would take Alt away from it.
    autoHideMenuBar: true,
  })
}

/** Shows what the file manager's actions are doing. */
export function createShellWindow(): BrowserWindow {
  return hardened(SHELL_PAGE, {
    width: 460,
    height: 200,
    minWidth: 320,
    minHeight: 160,
    maximizable: false,
    fullscreenable: false,
    title: 'Isolde',
    autoHideMenuBar: true,
  })
}

/** Every window comes from here: none has more rights than another. */
function hardened(page: string, options: BrowserWindowConstructorOptions): BrowserWindow {
  const window = new BrowserWindow({
    ...options,
    show: false,
    webPreferences: {
      preload: fileURLToPath(new URL('../preload/preload.cjs', import.meta.url)),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    },
  })
  const { webContents } = window
  // The page never navigates; a link, a dropped file or a script that tries to is refused.
  webContents.on('will-navigate', (event) => {
    event.preventDefault()
  })
  webContents.on('will-redirect', (event) => {
    event.preventDefault()
  })
  webContents.on('will-attach-webview', (event) => {
    event.preventDefault()
  })
  webContents.setWindowOpenHandler(() => ({ action: 'deny' }))
  // Addresses such as about:blank are not asked about: whatever has come instead of the page makes way for it.
  webContents.on('did-navigate', (_event, url) => {
    if (!url.startsWith(page)) void window.loadURL(page)
  })
  const crashes: number[] = []
  webContents.on('render-process-gone', (_event, { reason }) => {
    const now = Date.now()
    crashes.push(now)
    if (reason !== 'clean-exit' && mayReload(crashes, now)) void window.loadURL(page)
  })
  window.once('ready-to-show', () => {
    window.show()
  })
  void window.loadURL(page)
  return window
}
