import type { App } from 'electron'
import { spawn } from 'node:child_process'
import { EventEmitter } from 'node:events'
import os from 'node:os'
import path from 'node:path'
import { preventable } from './preventable'
import { SingleInstanceLock } from './single-instance'

/** What closes when the program quits; windows put themselves here. */
export interface Closable {
  /** @returns whether it has gone */
  close(): boolean
  destroy(): void
}

type Modelled =
  | 'whenReady'
  | 'isReady'
  | 'quit'
  | 'exit'
  | 'relaunch'
  | 'getPath'
  | 'setPath'
  | 'getVersion'
  | 'getPreferredSystemLanguages'
  | 'setAppUserModelId'
  | 'requestSingleInstanceLock'

/** How the stand-in itself was started, for those that come after it. */
const launcher = process.argv.slice(1, 5)

class StandInApp extends EventEmitter implements Pick<App, Modelled> {
  readonly windows = new Set<Closable>()
  readonly name = 'Isolde'
  isPackaged = false
  private state: 'starting' | 'ready' | 'ended' = 'starting'
  private readonly readiness = Promise.withResolvers<undefined>()
  private readonly paths = new Map<string, string>()
  private readonly lock = new SingleInstanceLock()
  private readonly successors: { execPath: string; args: string[] }[] = []

  /** To be called when the program's first module has been loaded, as Electron waits for that. */
  becomeReady(): void {
    if (this.state !== 'starting') return
    this.state = 'ready'
    this.emit('ready', {}, {})
    this.readiness.resolve(undefined)
    // Never before `ready`.
    this.lock.listen((start) => {
      // Chromium may put its own switches among the arguments, and in another order.
      const argv = ['--allow-file-access-from-files', ...start.argv.toReversed()]
      this.emit('second-instance', preventable(), argv, start.workingDirectory, start.data)
    })
  }

  async whenReady(): Promise<void> {
    await this.readiness.promise
  }

  isReady(): boolean {
    return this.state === 'ready'
  }

  requestSingleInstanceLock(additionalData?: Record<string, unknown>): boolean {
    return this.lock.request(this.getPath('userData'), additionalData ?? {})
  }

  getPath(name: string): string {
    const known = this.paths.get(name)
    if (known !== undefined) return known
    if (name === 'home') return os.homedir()
    if (name === 'temp') return os.tmpdir()
    if (name === 'userData') return path.join(os.homedir(), '.config', this.name)
    throw new Error(`Failed to get '${name}' path`)
  }

  setPath(name: string, folder: string): void {
    if (!path.isAbsolute(folder)) throw new Error('Path must be absolute')
    this.paths.set(name, folder)
  }

  getVersion(): string {
    return process.env.npm_package_version ?? '0.0.0'
  }

  getPreferredSystemLanguages(): string[] {
    return ['en-GB']
  }

  setAppUserModelId(): void {
    if (process.platform !== 'win32') return
  }

  /** Starts that wait for the end of this one. */
  relaunch(options: { args?: string[]; execPath?: string } = {}): void {
    this.successors.push({
      execPath: options.execPath ?? process.execPath,
      args: options.args ?? process.argv.slice(1),
    })
  }

  /** `before-quit`, every window's `close`, `will-quit`: each may stop it. Never `window-all-closed`. */
  quit(): void {
    const before = preventable()
    this.emit('before-quit', before)
    if (before.defaultPrevented) return
    this.isQuitting = true
    for (const window of [...this.windows])
      if (!window.close()) {
        this.isQuitting = false
        return
      }
    const will = preventable()
    this.emit('will-quit', will)
    if (will.defaultPrevented) {
      this.isQuitting = false
      return
    }
    this.end(0)
  }

  /** At once, and nobody is asked. */
  exit(code = 0): void {
    this.isQuitting = true
    for (const window of [...this.windows]) window.destroy()
    this.end(code)
  }

  private isQuitting = false

  /** Told by each window that has gone. */
  windowGone(window: Closable): void {
    this.windows.delete(window)
    if (this.windows.size > 0 || this.isQuitting) return
    if (this.listenerCount('window-all-closed') === 0) this.quit()
    else this.emit('window-all-closed')
  }

  private end(code: number): void {
    if (this.state === 'ended') return
    this.state = 'ended'
    this.emit('quit', {}, code)
    this.lock.release()
    for (const { execPath, args } of this.successors) {
      const all = [...process.execArgv, ...launcher, ...args.slice(this.isPackaged ? 0 : 1)]
      spawn(execPath, all, { detached: true, stdio: 'ignore', env: process.env }).unref()
    }
    process.exit(code)
  }
}

export const app = new StandInApp()
