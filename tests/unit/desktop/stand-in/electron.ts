/**
 * A stand-in for Electron's main process: what `dist/main/desktop.js` imports, behaving as Electron 45's documentation
 * and types say. It shows nothing; pages are the built preload script in a context of its own.
 */
export { app } from './app'
export { BrowserWindow } from './browser-window'
export { ipcMain } from './ipc-main'
export { MessageChannelMain } from './ports'
export { protocol } from './protocol'
export { dialog, Menu, nativeImage, Notification, powerSaveBlocker, session, shell } from './services'
export { utilityProcess } from './utility-process'
