import fs from 'node:fs'
import path from 'node:path'
import { makeFolders } from '../sinks/make-folders'
import { PlainFileError, readPlainFile } from '../files/plain-file'

/** Turns anything into valid settings, defaults filled in; never throws. The contract's schema does it. */
export type SettingsParser<Settings> = (value: unknown) => Settings

/** An editor that saves may do so in several steps: the file is read once they have ended. */
const SETTLE_MS = 150
/** Nobody has as many settings. */
const BYTES_AT_MOST = 16 << 20

/**
 * Settings as a JSON file that people may edit, while the program runs as well: validated when read, written aside and
 * renamed, told to whoever listens. A broken file is kept beside the new one, not overwritten.
 */
export class SettingsFile<Settings extends Record<string, unknown>> {
  /** Where a file that could not be read was put; null where there was none. */
  quarantinedPath: string | null = null
  private current: Settings
  private isWritable = true
  /** What the file held when it was last read or written; null where there was none. */
  private text: string | null = null
  private watcher: fs.FSWatcher | null = null
  private settling: NodeJS.Timeout | undefined

  constructor(
    private readonly filePath: string,
    private readonly parse: SettingsParser<Settings>,
    private readonly onChange: (settings: Settings) => void,
    private readonly onPutAside: (path: string) => void = () => undefined,
  ) {
    this.text = this.load()
    this.current = this.parse(this.valueOf(this.text))
  }

  get(): Settings {
    return this.current
  }

  /** Keys that are absent stay. A profile that cannot be written keeps the change for this run only. */
  set(changes: Record<string, unknown>): Settings {
    // What was written by hand a moment ago is not lost to what is chosen now.
    this.takeEdits()
    this.current = this.parse({ ...this.current, ...changes })
    this.write()
    this.onChange(this.current)
    return this.current
  }

  /** Follows the file from now on: what somebody writes into it counts at once. Nothing happens where that cannot be. */
  watch(): void {
    try {
      // The folder, not the file: whoever saves may put another file in its place.
      this.watcher = fs.watch(path.dirname(this.filePath), { persistent: false }, (_event, name) => {
        if (name !== path.basename(this.filePath)) return
        clearTimeout(this.settling)
        this.settling = setTimeout(() => {
          if (this.takeEdits()) this.onChange(this.current)
        }, SETTLE_MS)
        this.settling.unref()
      })
      this.watcher.on('error', () => {
        this.close()
      })
    } catch {
      // Not every file system can be watched: there the next start reads the file.
    }
  }

  close(): void {
    clearTimeout(this.settling)
    this.watcher?.close()
    this.watcher = null
  }

  /** Takes over what somebody wrote into the file. Half a text, or no JSON at all, changes nothing. */
  private takeEdits(): boolean {
    const text = this.load()
    if (text === null || text === this.text) return false
    const value = parseJson(text)
    if (value === undefined) return false
    this.text = text
    this.current = this.parse(value)
    return true
  }

  private load(): string | null {
    try {
      return readPlainFile(this.filePath, BYTES_AT_MOST).toString('utf8')
    } catch (error) {
      // A pipe or a device is no settings: it is put aside like a text that is none.
      return error instanceof PlainFileError ? '' : null
    }
  }

  private valueOf(text: string | null): unknown {
    if (text === null) return {}
    const value = parseJson(text)
    if (value === undefined) this.keepBroken()
    return value ?? {}
  }

  private keepBroken(): void {
    const aside = `${this.filePath}.broken`
    try {
      fs.renameSync(this.filePath, aside)
    } catch {
      this.isWritable = false
      return
    }
    this.quarantinedPath = aside
    this.onPutAside(aside)
  }

  private write(): void {
    if (!this.isWritable) return
    const aside = `${this.filePath}.${process.pid}.new`
    const text = `${JSON.stringify(this.current, null, 2)}\n`
    try {
      // Somebody is in the middle of an edit, or made a mistake in it: that is theirs to keep.
      const there = this.load()
      if (there !== null && there !== this.text && parseJson(there) === undefined) this.keepBroken()
      makeFolders(path.dirname(this.filePath), 0o700)
      fs.writeFileSync(aside, text, { mode: 0o600 })
      fs.renameSync(aside, this.filePath)
      this.text = text
    } catch {
      removeQuietly(aside)
    }
  }
}

/** Undefined where it is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

/** Nothing may come of it: the folder itself may be what is wrong. */
function removeQuietly(filePath: string): void {
  try {
    fs.rmSync(filePath, { force: true })
  } catch {
    // Then there is nothing to remove either.
  }
}
