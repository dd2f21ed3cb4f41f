import path from 'node:path'
import { pathToFileURL } from 'node:url'
import vm from 'node:vm'
import { app } from './app'
import { BrowserWindow } from './browser-window'
import { ipcMain } from './ipc-main'
import type { Page } from './page'
import { preventable } from './preventable'
import { answerOf, schemes } from './protocol'
import { answers, asked, session } from './services'
import { utilityProcesses } from './utility-process'

/** Starts the built program on the stand-in: `start.ts PACKAGED|- RESOURCES PROGRAM ARGUMENTS …`. */

const [packaged, resources = '', program = '', ...args] = process.argv.slice(2)

/** What a test's functions get: the stand-in's insides. */
const world = {
  app,
  answers,
  asked,
  answerOf,
  preventable,
  ipcMain,
  schemes,
  session,
  utilityProcesses,
  windows: () => BrowserWindow.getAllWindows(),
  /** The page of a window, once it is loaded; it listens from then on. */
  page: async (index = 0): Promise<Page> => {
    for (;;) {
      const window = BrowserWindow.getAllWindows()[index]
      const page = window && !window.webContents.isLoading() ? window.webContents.page : null
      if (page) {
        page.listen()
        return page
      }
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  },
  wait: (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  /** Waits until it is so; says what it was instead. */
  until: async <T>(look: () => T, isSo: (value: T) => boolean = Boolean, withinMs = 15_000): Promise<T> => {
    for (const deadline = Date.now() + withinMs; ; await new Promise((resolve) => setTimeout(resolve, 10))) {
      const value = look()
      if (isSo(value)) return value
      if (Date.now() > deadline) {
        const received = BrowserWindow.getAllWindows().map(({ webContents }) => webContents.page?.received.slice(-3))
        throw new Error(`Waited in vain: ${look.toString()} is ${JSON.stringify(value)}; ${JSON.stringify(received)}`)
      }
    }
  },
}
export type World = typeof world

process.on('message', (message) => {
  const { id, source, input } = message as { id: number; source: string; input: unknown }
  const work = vm.runInThisContext(`(${source})`) as (world: World, input: unknown) => unknown
  Promise.resolve()
    .then(() => work(world, input))
    .then(
      (value) => process.send?.({ id, value }),
      (error: unknown) => process.send?.({ id, error: error instanceof Error ? error.message : String(error) }),
    )
})
// Nobody is left to look at it.
process.on('disconnect', () => {
  process.kill(process.pid, 'SIGKILL')
})

app.isPackaged = packaged === 'packaged'
process.argv = app.isPackaged ? [process.execPath, ...args] : [process.execPath, path.dirname(program), ...args]
Object.assign(process, { type: 'browser', resourcesPath: resources })
await import(pathToFileURL(program).href)
// macOS names files before `ready` where a start is for them.
if (process.env.STAND_IN_EARLY_FILE !== undefined) app.emit('open-file', preventable(), process.env.STAND_IN_EARLY_FILE)
app.becomeReady()
