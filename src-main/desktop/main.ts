import { app, BrowserWindow, dialog, Menu, MessageChannelMain, powerSaveBlocker, type WebContents } from 'electron'
import packageJson from '../../package.json'
import { profileFolder, Supervisor } from '../engine'
import { createEngineClient } from '../host/engine-client'
import { registerAppScheme, serveApp } from './app-protocol'
import { parseLaunch, readSecondStart, type LaunchRequest, type SecondStart } from './arguments'
import { spawnUtilityEngine, type UtilityEngine } from './engine-process'
import { registerIpc } from './ipc'
import { isTrustedFrame } from './security'
import { createWindow, hardenSession } from './window'

/** The desktop host: windows and the system's services. It opens no image; it brings window and engine together. */

const ownArguments = process.argv.slice(app.isPackaged ? 1 : 2)
const launch = parseLaunch(ownArguments, process.cwd())
/** Files that macOS named before there was a window. */
const early: string[] = []
let engine: UtilityEngine | null = null
let supervisor: Supervisor | null = null
let lastFolder = app.getPath('home')
let lastClient = 1_000_000
let isQuitting = false

// The profile must be known before the lock, which lives in it.
app.setPath('userData', profileFolder())

if (app.requestSingleInstanceLock({ launch } satisfies SecondStart)) run()
else app.quit()

function run(): void {
  registerAppScheme()
  app.on('second-instance', (_event, _argv, _folder, data) => {
    const request = readSecondStart(data)
    if (request) openImages(request)
    const [window] = BrowserWindow.getAllWindows()
    if (window?.isMinimized()) window.restore()
    window?.focus()
  })
  // macOS; may come before `ready`.
  app.on('open-file', (event, file) => {
    event.preventDefault()
    if (supervisor) supervisor.requestOpen([file])
    else early.push(file)
  })
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  app.on('before-quit', (event) => {
    if (isQuitting || !supervisor) return
    event.preventDefault()
    void quit()
  })
  app.on('activate', () => {
    if (app.isReady() && BrowserWindow.getAllWindows().length === 0) newWindow()
  })
  void app.whenReady().then(start)
}

async function start(): Promise<void> {
  // The page draws the menu; this one only keeps the editing keys working on macOS.
  Menu.setApplicationMenu(
    process.platform === 'darwin' ? Menu.buildFromTemplate([{ role: 'appMenu' }, { role: 'editMenu' }]) : null,
  )
  hardenSession()
  supervisor = new Supervisor({
    engine: {
      home: profileFolder(),
      host: 'desktop',
      version: packageJson.version,
      openAtStart: [...launch.images, ...early],
    },
    spawn: () => (engine = spawnUtilityEngine()),
    onRestart: (reason) => {
      for (const window of BrowserWindow.getAllWindows()) {
        connect(window.webContents)
        window.webContents.send('engine-event', { type: 'event', name: 'engine.restarted', payload: { reason } })
      }
    },
  })
  await supervisor.start()
  serveApp(createEngineClient(supervisor))
  registerIpc(
    (folder) => {
      lastFolder = folder
    },
    () => lastFolder,
  )
  keepAwake()
  newWindow()
}

function newWindow(): void {
  const window = createWindow()
  // Every load of the page gets a port of its own; the one before closes with the page that had it.
  window.webContents.on('did-finish-load', () => {
    connect(window.webContents)
  })
  window.on('close', (event) => {
    if (isQuitting || !supervisor?.isBusy() || BrowserWindow.getAllWindows().length > 1) return
    if (!confirmQuit(window)) event.preventDefault()
  })
}

/** Hands the page one end of a new channel and the engine the other; then stays out of the way. */
function connect(contents: WebContents): void {
  const frame = contents.mainFrame
  if (!engine || !isTrustedFrame({ url: frame.url, isTop: frame.parent === null })) return
  const { port1, port2 } = new MessageChannelMain()
  engine.adopt(++lastClient, port1)
  contents.postMessage('engine-port', null, [port2])
}

function openImages(request: LaunchRequest): void {
  if (request.images.length > 0) supervisor?.requestOpen(request.images)
}

function confirmQuit(window: BrowserWindow): boolean {
  const answer = dialog.showMessageBoxSync(window, {
    type: 'question',
    message: 'Jobs are still running.',
    detail: 'They stop now and go on where they were at the next start.',
    buttons: ['Quit', 'Keep Working'],
    defaultId: 1,
    cancelId: 1,
  })
  return answer === 0
}

async function quit(): Promise<void> {
  const [window] = BrowserWindow.getAllWindows()
  if (supervisor?.isBusy() && window && !confirmQuit(window)) return
  isQuitting = true
  await supervisor?.close()
  app.quit()
}

/** The computer must not fall asleep over a job. */
function keepAwake(): void {
  let blocker: number | null = null
  setInterval(() => {
    const isBusy = supervisor?.isBusy() ?? false
    if (isBusy && blocker === null) blocker = powerSaveBlocker.start('prevent-app-suspension')
    else if (!isBusy && blocker !== null) {
      powerSaveBlocker.stop(blocker)
      blocker = null
    }
  }, 1000).unref()
}
