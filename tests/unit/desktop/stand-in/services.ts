import { EventEmitter } from 'node:events'
import fs from 'node:fs'
import { app } from './app'

/** What the program asked of the system, in order, and what the person is to answer. */
export const asked: { what: string; details: unknown }[] = []
export const answers = { picked: [] as string[], button: 0 }

function note(what: string, details: unknown): void {
  asked.push({ what, details })
}

export const dialog = {
  showOpenDialog: (_window: unknown, options: unknown) => {
    note('open dialog', options)
    return Promise.resolve({ canceled: answers.picked.length === 0, filePaths: [...answers.picked] })
  },
  showMessageBox: (options: unknown) => {
    note('message', options)
    return Promise.resolve({ response: answers.button, checkboxChecked: false })
  },
  showMessageBoxSync: (_window: unknown, options: unknown) => {
    note('question', options)
    return answers.button
  },
  showErrorBox: (title: string, content: string) => {
    note('error', { title, content })
    // The program may end before a test can ask.
    process.stderr.write(`${title}: ${content}\n`)
  },
}

export const shell = {
  showItemInFolder: (path: string) => {
    note('reveal', path)
  },
  openPath: (path: string) => {
    note('open', path)
    return Promise.resolve(fs.existsSync(path) ? '' : 'Failed to open path')
  },
  trashItem: (path: string) => {
    note('trash', path)
    return Promise.resolve()
  },
  openExternal: (url: string) => {
    note('browser', url)
    return Promise.resolve()
  },
}

let lastBlocker = 0
const blockers = new Set<number>()
export const powerSaveBlocker = {
  start: (type: string) => {
    note('stay awake', type)
    blockers.add(++lastBlocker)
    return lastBlocker
  },
  stop: (id: number) => blockers.delete(id),
  isStarted: (id: number) => blockers.has(id),
}

export class Notification extends EventEmitter {
  static isSupported(): boolean {
    return true
  }

  private readonly options: unknown

  constructor(options: unknown) {
    super()
    this.options = options
  }

  show(): void {
    note('notification', this.options)
  }
}

export const nativeImage = {
  /** An image that cannot be read is an empty one, and not an error. */
  createFromPath: (path: string) => ({ path, isEmpty: () => !fs.existsSync(path) }),
}

/** The frame that asks for a right: its page's address, and whether it is that page or a frame in it. */
interface Asking {
  url: string
  isMainFrame: boolean
}

type Contents = { getURL(): string }
type Decide = (granted: boolean) => void

/** What the session decides; the strictest that Electron can ask. */
class Session extends EventEmitter {
  private request: ((contents: Contents, permission: string, decide: Decide, details: Asking) => void) | null = null
  private check: ((contents: Contents | null, permission: string, origin: string, details: Asking) => boolean) | null =
    null
  private device: ((details: unknown) => boolean) | null = null

  setPermissionRequestHandler(handler: typeof this.request): void {
    this.request = handler
  }

  setPermissionCheckHandler(handler: typeof this.check): void {
    this.check = handler
  }

  setDevicePermissionHandler(handler: typeof this.device): void {
    this.device = handler
  }

  /** Electron grants whatever nobody has a handler for; a page is given what is granted both when it looks and when it asks. */
  grants(permission: string, asking: Asking): { whenAsked: boolean; whenChecked: boolean } {
    const contents = { getURL: () => asking.url }
    let whenAsked = this.request === null
    this.request?.(
      contents,
      permission,
      (granted) => {
        whenAsked = granted
      },
      asking,
    )
    const whenChecked = this.check?.(contents, permission, new URL(asking.url).origin, asking) ?? true
    return { whenAsked, whenChecked }
  }

  grantsDevices(): boolean {
    return this.device?.({ deviceType: 'hid' }) ?? false
  }

  /** A page has something downloaded; answers what the dialog will be told. */
  download(name: string): unknown {
    let options: unknown = null
    this.emit('will-download', {}, { getFilename: () => name, setSaveDialogOptions: (set: unknown) => (options = set) })
    return options
  }
}

const defaultSession = new Session()
export const session = {
  get defaultSession(): Session {
    if (!app.isReady()) throw new Error('Session can only be received when app is ready')
    return defaultSession
  },
}

export const Menu = {
  setApplicationMenu: (menu: unknown) => {
    note('menu', menu)
  },
  buildFromTemplate: (template: unknown) => template,
}
