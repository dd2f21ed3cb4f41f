import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { deserialize, serialize } from 'node:v8'

/** What a second start leaves for the first. */
interface Start {
  argv: string[]
  workingDirectory: string
  data: unknown
}

const PATIENCE_MS = 10_000
const LOOK_EVERY_MS = 20

/**
 * Chromium's singleton, over files: a lock in the profile's folder with the holder's process id, and an inbox beside it.
 * A second start waits until the first has taken its note; should the first have ended instead, it becomes the first.
 */
export class SingleInstanceLock {
  private folder: string | null = null

  request(userData: string, data: unknown): boolean {
    fs.mkdirSync(this.inbox(userData), { recursive: true })
    const start: Start = { argv: process.argv, workingDirectory: process.cwd(), data }
    const note = path.join(this.inbox(userData), randomUUID())
    const deadline = Date.now() + PATIENCE_MS
    for (;;) {
      if (this.take(userData)) {
        fs.rmSync(note, { force: true })
        return true
      }
      if (Date.now() > deadline) throw new Error('The first start does not answer.')
      if (!fs.existsSync(note)) {
        fs.writeFileSync(`${note}.part`, serialize(start))
        fs.renameSync(`${note}.part`, note)
      }
      while (fs.existsSync(note) && isRunning(this.holder(userData)) && Date.now() < deadline) pause()
      if (!fs.existsSync(note)) return false
      pause()
    }
  }

  listen(receive: (start: Start) => void): void {
    const { folder } = this
    if (folder === null) return
    setInterval(() => {
      for (const name of fs.readdirSync(this.inbox(folder)).filter((name) => !name.endsWith('.part'))) {
        const note = path.join(this.inbox(folder), name)
        const start = deserialize(fs.readFileSync(note)) as Start
        fs.rmSync(note)
        receive(start)
      }
    }, LOOK_EVERY_MS)
  }

  release(): void {
    if (this.folder !== null) fs.rmSync(this.lock(this.folder), { force: true })
    this.folder = null
  }

  private take(userData: string): boolean {
    const lock = this.lock(userData)
    const holder = this.holder(userData)
    if (holder !== null && !isRunning(holder)) fs.rmSync(lock, { force: true })
    try {
      // A link appears with its content: nobody reads half a lock.
      fs.symlinkSync(String(process.pid), lock)
    } catch {
      return false
    }
    this.folder = userData
    return true
  }

  private holder(userData: string): number | null {
    try {
      return Number(fs.readlinkSync(this.lock(userData)))
    } catch {
      return null
    }
  }

  private lock(userData: string): string {
    return path.join(userData, 'SingletonLock')
  }

  private inbox(userData: string): string {
    return path.join(userData, 'SingletonInbox')
  }
}

/** Electron's call is synchronous, and so is this. */
function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOK_EVERY_MS)
}

function isRunning(processId: number | null): boolean {
  if (processId === null) return false
  try {
    process.kill(processId, 0)
    return true
  } catch {
    return false
  }
}
