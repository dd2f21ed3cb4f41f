import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  nativeImage,
  Notification,
  shell,
  type IpcMainEvent,
  type IpcMainInvokeEvent,
} from 'electron'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { isStaged, readPaths } from './drag-out'
import { IMAGE_EXTENSIONS } from '../../src-shared/model'
import { isTrustedFrame } from './security'

type Window = BrowserWindow

/** Registers everything a window may ask of the main process. Each message is checked for where it comes from. */
export function registerIpc(
  rememberFolder: (folder: string) => void,
  lastFolder: () => string,
  changeExtras: (what: 'install' | 'remove') => Promise<string[]>,
): void {
  answer('pick-images', async (window) => {
    const picked = await dialog.showOpenDialog(window, {
      // Since Electron 43 dialogs begin in Downloads whatever was open before.
      defaultPath: lastFolder(),
      properties: ['openFile', 'multiSelections'],
      filters: [
        { name: 'Disc images', extensions: [...IMAGE_EXTENSIONS] },
        { name: 'All files', extensions: ['*'] },
      ],
    })
    const [first] = picked.filePaths
    if (first !== undefined) rememberFolder(path.dirname(first))
    return picked.filePaths
  })
  answer('pick-folder', async (window, startAt) => {
    const picked = await dialog.showOpenDialog(window, {
      defaultPath: typeof startAt === 'string' ? startAt : lastFolder(),
      properties: ['openDirectory', 'createDirectory'],
    })
    return picked.filePaths[0] ?? null
  })
  answer('reveal', (_window, target) => {
    shell.showItemInFolder(absolutePath(target))
  })
  // Only copies that the engine has staged: the page cannot have any other file of this computer opened.
  answer('open-with-program', (_window, target) => {
    const file = absolutePath(target)
    return isStaged(file) ? shell.openPath(file) : 'Only copies of files inside an image are opened this way.'
  })
  answer('move-to-trash', (_window, target) => shell.trashItem(absolutePath(target)))
  answer('change-extras', (_window, what) => {
    if (what !== 'install' && what !== 'remove') throw new Error('They are installed or removed.')
    return changeExtras(what)
  })
  on('start-drag', (event, paths) => {
    const files = readPaths(paths)
    if (files.length === 0) return
    event.sender.startDrag({ file: files[0] ?? '', files, icon: dragIcon() })
  })
  on('set-progress', (event, fraction) => {
    const window = BrowserWindow.fromWebContents(event.sender)
    window?.setProgressBar(typeof fraction === 'number' ? Math.min(1, Math.max(0, fraction)) : -1)
  })
  on('notify', (_event, title, body) => {
    if (Notification.isSupported()) new Notification({ title: String(title), body: String(body) }).show()
  })
  on('set-title', (event, title) => {
    BrowserWindow.fromWebContents(event.sender)?.setTitle(typeof title === 'string' ? title : app.name)
  })
}

function answer(channel: string, handle: (window: Window, ...args: unknown[]) => unknown): void {
  ipcMain.handle(channel, (event, ...args: unknown[]) => {
    const window = trustedWindow(event)
    if (!window) throw new Error('This page may not ask for that.')
    return handle(window, ...args)
  })
}

function on(channel: string, handle: (event: IpcMainEvent, ...args: unknown[]) => void): void {
  ipcMain.on(channel, (event, ...args: unknown[]) => {
    if (trustedWindow(event)) handle(event, ...args)
  })
}

function trustedWindow(event: IpcMainEvent | IpcMainInvokeEvent): Window | null {
  const frame = event.senderFrame
  if (!isTrustedFrame(frame ? { url: frame.url, isTop: frame.parent === null } : null)) return null
  return BrowserWindow.fromWebContents(event.sender)
}

function absolutePath(value: unknown): string {
  if (typeof value !== 'string' || !path.isAbsolute(value)) throw new Error('A full path is needed.')
  return value
}

/** A missing icon makes startDrag throw, an empty one makes it do nothing. */
function dragIcon(): Electron.NativeImage {
  return nativeImage.createFromPath(fileURLToPath(new URL('../../resources/icons/64x64.png', import.meta.url)))
}
