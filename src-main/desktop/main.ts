import {
  app,
  BrowserWindow,
  dialog,
  Menu,
  MessageChannelMain,
  Notification,
  powerSaveBlocker,
  type WebContents,
} from 'electron'
import packageJson from '../../package.json'
import { logLevelOf, profileFolder, stoppedEvent, Supervisor } from '../engine'
import { createEngineClient } from '../host/engine-client'
import { stayAwakeWhile } from '../host/stay-awake'
import { registerAppScheme, serveApp } from './app-protocol'
import {
  launchArguments,
  logLevelArgument,
  parseLaunch,
  readSecondStart,
  type LaunchRequest,
  type SecondStart,
} from './arguments'
import { spawnUtilityEngine, type UtilityEngine } from './engine-process'
import { registerIpc } from './ipc'
import { menuTemplate } from './menu'
import { isTrustedFrame } from './security'
import { extrasFor, extrasWanted, installExtras, removeExtras } from './shell-extras'
import { hasUpdateFeed, keepUpdated, mayUpdate } from './updates'
import { ShellRunner } from './shell-runner'
import { ShellWindow } from './shell-window'
import { shellLanguage } from './shell-words'
import { createWindow, hardenSession } from './window'

/** The desktop host: windows and the system's services. It opens no image; it brings window and engine together. */

const ownArguments = process.argv.slice(app.isPackaged ? 1 : 2)
const launch = parseLaunch(ownArguments, process.cwd())
/** Files that macOS named before there was a window. */
const early: string[] = []
/** Images for a window whose page is not there yet. */
const unopened: string[] = []
/** Starts that came before the engine answered. */
const pending: LaunchRequest[] = []
const mainWindows = new Set<BrowserWindow>()
let shellActions: ShellRunner | null = null
let shellWindow: ShellWindow | null = null
let engine: UtilityEngine | null = null
let supervisor: Supervisor | null = null
let lastFolder = app.getPath('home')
/** The engine's number for each page's line. */
const clients = new WeakMap<WebContents, number>()
let lastClient = 1_000_000
/** The engine is given a moment to end; what has begun by then does not stop the end. */
let quitting: 'no' | 'closing' | 'closed' = 'no'
/** Starts that came too late for this one: they are given to the next. */
const late: LaunchRequest[] = []

// The profile must be known before the lock, which lives in it.
app.setPath('userData', profileFolder())
// Windows shows notifications of programs that it knows by the name their shortcut has.
app.setAppUserModelId('org.isolde.Isolde')

const extras = extrasWanted(ownArguments)
if (extras)
  void app
    .whenReady()
    .then(() => reportExtras(extras))
    .finally(() => {
      app.quit()
    })
else if (app.requestSingleInstanceLock({ launch } satisfies SecondStart)) run()
else app.quit()

function run(): void {
  registerAppScheme()
  app.on('second-instance', (_event, _argv, _folder, data) => {
    const request = readSecondStart(data)
    if (request) serve(request)
  })
  // macOS; may come before `ready`.
  app.on('open-file', (event, file) => {
    event.preventDefault()
    if (supervisor) serve({ action: 'open', images: [file], destination: null })
    else early.push(file)
  })
  app.on('window-all-closed', () => {
    // An action is no visit: when its small window goes, so does the program, on macOS too.
    if (process.platform !== 'darwin' || launch.action !== 'open') app.quit()
  })
  app.on('before-quit', (event) => {
    if (quitting === 'closed' || !supervisor) return
    event.preventDefault()
    // Asked for again: closing the small window closes the last window, which means quitting.
    if (quitting === 'no') void quit()
  })
  app.on('activate', () => {
    if (supervisor && mainWindows.size === 0) newWindow()
  })
  app
    .whenReady()
    .then(start)
    .catch((error: unknown) => {
      dialog.showErrorBox('Isolde does not start', error instanceof Error ? error.message : String(error))
      app.exit(1)
    })
}

async function start(): Promise<void> {
  const logLevel = logLevelOf(logLevelArgument(ownArguments) ?? process.env.ISOLDE_LOG)
  const template = menuTemplate(process.platform, app.name, (what) => void reportExtras(what))
  Menu.setApplicationMenu(template && Menu.buildFromTemplate(template))
  // The settings may ask for another one; until they are read the system's is a good guess.
  let language = shellLanguage('system', app.getPreferredSystemLanguages())
  hardenSession((name) => language.words.save(name))
  supervisor = new Supervisor({
    engine: {
      home: profileFolder(),
      host: 'desktop',
      version: packageJson.version,
      openAtStart: launch.action === 'open' ? [...launch.images, ...early] : early,
      ...(logLevel === null ? {} : { logLevel }),
    },
    spawn: () => (engine = spawnUtilityEngine()),
    onTrouble: (sentence) => {
      process.stderr.write(`isolde: ${sentence}\n`)
    },
    onRestart: (reason) => {
      for (const window of mainWindows) {
        connect(window.webContents)
        window.webContents.send('engine-event', { type: 'event', name: 'engine.restarted', payload: { reason } })
      }
    },
    onGiveUp: (end) => {
      for (const window of mainWindows) window.webContents.send('engine-event', stoppedEvent(end))
    },
  })
  await supervisor.start()
  const client = createEngineClient(supervisor)
  serveApp(client)
  const asked = client.call('settings.get', {}).then((settings) => {
    language = shellLanguage(settings.language, app.getPreferredSystemLanguages())
  })
  await asked.catch(() => undefined)
  registerIpc(
    (folder) => {
      lastFolder = folder
    },
    () => lastFolder,
    changeExtras,
  )
  // The computer must not fall asleep over a job.
  stayAwakeWhile(
    () => supervisor?.isBusy() ?? false,
    () => {
      const blocker = powerSaveBlocker.start('prevent-app-suspension')
      return {
        release: () => {
          powerSaveBlocker.stop(blocker)
        },
      }
    },
  )
  const small = new ShellWindow(
    () => mainWindows.size > 0,
    () => void shellActions?.cancel(),
    () => shellActions?.clear(),
    () => language,
  )
  shellWindow = small
  shellActions = new ShellRunner(
    supervisor,
    (queue) => {
      small.show(queue)
    },
    () => language,
  )
  keepUpdated(
    async () => (await import('electron-updater')).default.autoUpdater,
    async () => {
      const { checkForUpdates } = await client.call('settings.get', {})
      return mayUpdate({
        platform: process.platform,
        isPackaged: app.isPackaged,
        hasFeed: hasUpdateFeed(process.resourcesPath),
        isWanted: checkForUpdates,
      })
    },
    (version) => {
      new Notification({ title: 'Isolde', body: language.words.updateReady(version) }).show()
    },
  )
  if (launch.action === 'open' || launch.images.length === 0 || early.length > 0) newWindow()
  if (launch.action !== 'open') serve(launch)
  for (const request of pending.splice(0)) serve(request)
}

/** Does what a start asks for, in this process. */
function serve(request: LaunchRequest): void {
  if (quitting !== 'no') late.push(request)
  else if (!supervisor || !shellActions) pending.push(request)
  else if (request.action !== 'open' && request.images.length > 0) shellActions.add(request)
  else {
    const [window] = mainWindows
    if (!window) {
      unopened.push(...request.images)
      newWindow()
      return
    }
    // A page that is still loading hears nothing yet.
    if (window.webContents.isLoading()) unopened.push(...request.images)
    else if (request.images.length > 0) supervisor.requestOpen(request.images)
    if (window.isMinimized()) window.restore()
    window.focus()
  }
}

function newWindow(): void {
  const window = createWindow()
  mainWindows.add(window)
  /** It was asked, or there was nothing to ask. */
  let mayClose = false
  window.on('closed', () => {
    mainWindows.delete(window)
  })
  // Every load of the page gets a port of its own; the one before is closed as soon as its page has gone. Not when
  // a navigation starts: that is told before it is refused, and the page that stays would be without its line.
  window.webContents.on('did-navigate', () => {
    disconnect(window.webContents)
  })
  window.webContents.on('render-process-gone', () => {
    disconnect(window.webContents)
  })
  window.webContents.on('did-finish-load', () => {
    const stopped = supervisor?.stopped ?? null
    if (stopped) window.webContents.send('engine-event', stoppedEvent(stopped))
    else connect(window.webContents)
    if (unopened.length > 0) supervisor?.requestOpen(unopened.splice(0))
  })
  window.on('close', (event) => {
    if (quitting !== 'no' || mayClose || !supervisor?.isBusy() || BrowserWindow.getAllWindows().length > 1) return
    event.preventDefault()
    void supervisor.isStillBusy().then((isBusy) => {
      if (window.isDestroyed() || (isBusy && !confirmQuit(window))) return
      mayClose = true
      window.close()
    })
  })
}

/** Hands the page one end of a new channel and the engine the other; then stays out of the way. */
function connect(contents: WebContents): void {
  const frame = contents.mainFrame
  if (!engine || !isTrustedFrame({ url: frame.url, isTop: frame.parent === null })) return
  const { port1, port2 } = new MessageChannelMain()
  const client = ++lastClient
  clients.set(contents, client)
  engine.adopt(client, port1)
  contents.postMessage('engine-port', null, [port2])
}

/** The engine lets go of the page's line; whatever still comes over it is heard by nobody. */
function disconnect(contents: WebContents): void {
  const client = clients.get(contents)
  if (client === undefined) return
  clients.delete(contents)
  engine?.post({ type: 'close-client', client })
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
  quitting = 'closing'
  const [window] = BrowserWindow.getAllWindows()
  if (window && (await supervisor?.isStillBusy()) && !window.isDestroyed() && !confirmQuit(window)) {
    quitting = 'no'
    for (const request of late.splice(0)) serve(request)
    return
  }
  shellWindow?.dispose()
  await supervisor?.close()
  quitting = 'closed'
  // An AppImage's own program is gone with it.
  const execPath = process.env.APPIMAGE
  for (const request of late)
    app.relaunch({
      ...(execPath === undefined ? {} : { execPath }),
      args: [...process.argv.slice(1, app.isPackaged ? 1 : 2), ...launchArguments(request)],
    })
  // Whoever asked for the action may look at how it ended.
  if (launch.action !== 'open' && shellActions?.hasFailed) app.exit(1)
  else app.quit()
}

/** Puts the file manager's extras into the person's own folders, or takes them away; answers where they lie. */
async function changeExtras(what: 'install' | 'remove'): Promise<string[]> {
  const list = extrasFor({
    platform: process.platform,
    resources: process.resourcesPath,
    home: app.getPath('home'),
    dataHome: process.env.XDG_DATA_HOME,
    isAppImage: process.env.APPIMAGE !== undefined,
  })
  const program = process.platform === 'linux' ? (process.env.APPIMAGE ?? process.execPath) : null
  await (what === 'install' ? installExtras(list, program) : removeExtras(list))
  return list.map(({ to }) => to)
}

/** The same, asked for without a page that could say how it went. */
async function reportExtras(what: 'install' | 'remove'): Promise<void> {
  try {
    const places = await changeExtras(what)
    await dialog.showMessageBox({ message: what === 'install' ? 'Installed.' : 'Removed.', detail: places.join('\n') })
  } catch (error) {
    dialog.showErrorBox('Isolde', error instanceof Error ? error.message : String(error))
  }
}
