import fs from 'node:fs'
import path from 'node:path'

/** What is known of this installation when it is asked whether it may update itself. */
export interface UpdateConditions {
  platform: NodeJS.Platform
  isPackaged: boolean
  /** Whether the build names a place for updates: `app-update.yml` among its resources. */
  hasFeed: boolean
  /** The person's switch. */
  isWanted: boolean
}

/**
 * Whether this copy looks for updates. Only where the system itself checks the signature of what is downloaded: Windows
 * (Authenticode, against the publisher of the running program) and macOS (Squirrel, against its own signature). Packages
 * of Linux are updated by the distribution, and nothing checks an AppImage's.
 */
export function mayUpdate({ platform, isPackaged, hasFeed, isWanted }: UpdateConditions): boolean {
  return isPackaged && hasFeed && isWanted && (platform === 'win32' || platform === 'darwin')
}

/** @param resources the folder that electron-builder puts `app-update.yml` into */
export function hasUpdateFeed(resources: string): boolean {
  return fs.existsSync(path.join(resources, 'app-update.yml'))
}

/** What is used of electron-updater. */
export interface Updater {
  autoDownload: boolean
  autoInstallOnAppQuit: boolean
  allowDowngrade: boolean
  on(event: 'update-downloaded', listener: (update: { version: string }) => void): unknown
  on(event: 'error', listener: (error: Error) => void): unknown
  checkForUpdates(): Promise<unknown>
}

const FIRST_LOOK_MS = 30_000
const LOOK_EVERY_MS = 24 * 60 * 60 * 1000

/**
 * Looks for updates now and then while it is wanted. What is found is downloaded and installed when the person quits,
 * never under their hands. A look that fails (no network, an odd answer) is no business of theirs.
 * @param load the updater, which is only loaded when there is a reason to
 * @param isAllowed asked before every look, since the switch may be turned meanwhile
 * @returns ends it
 */
export function keepUpdated(
  load: () => Promise<Updater>,
  isAllowed: () => Promise<boolean>,
  report: (version: string) => void,
): () => void {
  let updater: Updater | null = null
  const look = async (): Promise<void> => {
    if (!(await isAllowed())) {
      if (updater) updater.autoInstallOnAppQuit = false
      return
    }
    if (!updater) {
      updater = await load()
      updater.allowDowngrade = false
      updater.autoDownload = true
      updater.on('update-downloaded', ({ version }) => {
        report(version)
      })
      updater.on('error', () => undefined)
    }
    updater.autoInstallOnAppQuit = true
    await updater.checkForUpdates()
  }
  const quietly = (): void => void look().catch(() => undefined)
  const first = setTimeout(quietly, FIRST_LOOK_MS)
  const timer = setInterval(quietly, LOOK_EVERY_MS)
  first.unref()
  timer.unref()
  return () => {
    clearTimeout(first)
    clearInterval(timer)
  }
}
