import { contextBridge, ipcRenderer, webUtils } from 'electron'
import type { ClientMessage, DesktopBridge, IsoldeBridge } from '../../src-shared/contract'

/**
 * The one thing that the page gets from the desktop: a line to the engine, and the few services that only a desktop
 * has, one line each. The port never leaves this script.
 */
let port: MessagePort | null = null
let listener: ((message: unknown) => void) | null = null
const waiting: ClientMessage[] = []
const pending: unknown[] = []

ipcRenderer.on('engine-port', (event) => {
  port?.close()
  const [received] = event.ports
  if (!received) return
  port = received
  port.onmessage = (message: MessageEvent<unknown>) => {
    receive(message.data)
  }
  for (const message of waiting.splice(0)) port.postMessage(message)
})

ipcRenderer.on('engine-event', (_event, message: unknown) => {
  receive(message)
})

function receive(message: unknown): void {
  if (listener) listener(message)
  else pending.push(message)
}

const desktop: DesktopBridge = {
  pickImages: () => ipcRenderer.invoke('pick-images') as Promise<string[]>,
  pickFolder: (startAt) => ipcRenderer.invoke('pick-folder', startAt) as Promise<string | null>,
  pathForFile: (file) => webUtils.getPathForFile(file as File),
  reveal: (path) => ipcRenderer.invoke('reveal', path) as Promise<void>,
  openWithProgram: (path) => ipcRenderer.invoke('open-with-program', path) as Promise<string>,
  moveToTrash: (path) => ipcRenderer.invoke('move-to-trash', path) as Promise<void>,
  startDrag: (paths) => {
    ipcRenderer.send('start-drag', paths)
  },
  setProgress: (fraction) => {
    ipcRenderer.send('set-progress', fraction)
  },
  notify: (title, body) => {
    ipcRenderer.send('notify', title, body)
  },
  setTitle: (title) => {
    ipcRenderer.send('set-title', title)
  },
  changeFileManagerActions: (what) => ipcRenderer.invoke('change-extras', what) as Promise<string[]>,
}

const bridge: IsoldeBridge = {
  host: 'desktop',
  post: (message) => {
    if (port) port.postMessage(message)
    else waiting.push(message)
  },
  listen: (handler) => {
    listener = handler
    for (const message of pending.splice(0)) handler(message)
  },
  desktop,
}

contextBridge.exposeInMainWorld('isolde', bridge)
