import fs from 'node:fs'
import path from 'node:path'

/** Turns anything into valid settings, defaults filled in; never throws. The contract's schema does it. */
export type SettingsParser<Settings> = (value: unknown) => Settings

/**
 * Settings as a JSON file that people may edit: validated when read, written aside and renamed, told to whoever
 * listens. A broken file is kept beside the new one, not overwritten.
 */
export class SettingsFile<Settings extends Record<string, unknown>> {
  private current: Settings
  private isWritable = true

  constructor(
    private readonly filePath: string,
    private readonly parse: SettingsParser<Settings>,
    private readonly onChange: (settings: Settings) => void,
  ) {
    this.current = this.parse(this.read())
  }

  get(): Settings {
    return this.current
  }

  /** Keys that are absent stay. A profile that cannot be written keeps the change for this run only. */
  set(changes: Record<string, unknown>): Settings {
    this.current = this.parse({ ...this.current, ...changes })
    this.write()
    this.onChange(this.current)
    return this.current
  }

  private read(): unknown {
    let text: string
    try {
      text = fs.readFileSync(this.filePath, 'utf8')
    } catch {
      return {}
    }
    try {
      return JSON.parse(text) as unknown
    } catch {
      this.keepBroken()
      return {}
    }
  }

  private keepBroken(): void {
    try {
      fs.renameSync(this.filePath, `${this.filePath}.broken`)
    } catch {
      this.isWritable = false
    }
  }

  private write(): void {
    if (!this.isWritable) return
    const aside = `${this.filePath}.${process.pid}.new`
    try {
      fs.mkdirSync(path.dirname(this.filePath), { recursive: true })
      fs.writeFileSync(aside, `${JSON.stringify(this.current, null, 2)}\n`)
      fs.renameSync(aside, this.filePath)
    } catch {
      removeQuietly(aside)
    }
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
