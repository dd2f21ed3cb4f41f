import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { isRunning } from '../../sinks/running'

const PREFIX = 'isolde-open-'

/**
 * Temporary copies of entries, for other programs to open or to be dragged out. Removed when the program ends and, should
 * that have gone wrong, at the next start; never before, since a receiver may read late.
 */
export class StagingArea {
  private folder: string | null = null

  constructor(private readonly parent: string = os.tmpdir()) {
    this.sweep()
  }

  /** A fresh folder for one set of copies; readable by this user only. */
  newFolder(): string {
    this.folder ??= fs.mkdtempSync(path.join(this.parent, `${PREFIX}${process.pid}-`))
    const folder = path.join(this.folder, randomBytes(4).toString('hex'))
    fs.mkdirSync(folder, { mode: 0o700 })
    return folder
  }

  close(): void {
    if (this.folder !== null) fs.rmSync(this.folder, { recursive: true, force: true })
    this.folder = null
  }

  /** What a program that was killed has left. */
  private sweep(): void {
    for (const name of readNames(this.parent)) {
      const processId = Number(new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1] ?? 0)
      if (processId > 0 && processId !== process.pid && !isRunning(processId))
        removeIfAllowed(path.join(this.parent, name))
    }
  }
}

/** What runs when it is opened: asked about first. By name, as systems decide it, and by mode. */
const PROGRAM_NAME =
  /\.(?:exe|com|scr|pif|bat|cmd|msi|msp|mst|ps1|psm1|vbs|vbe|js|jse|wsf|wsh|hta|cpl|lnk|reg|inf|jar|app|command|tool|workflow|pkg|dmg|sh|bash|csh|run|bin|elf|desktop|appimage|deb|rpm|py|pl|rb|php|url|scf|gadget|chm|appx|msix|application|xll|xlam|docm|xlsm|pptm)$/i

export function isProgram(name: string, mode: number | null): boolean {
  return PROGRAM_NAME.test(name) || (mode !== null && (mode & 0o111) !== 0 && !name.includes('.'))
}

function readNames(folder: string): string[] {
  try {
    return fs.readdirSync(folder)
  } catch {
    return []
  }
}

/** Another user's copies lie in the same folder, and are theirs to remove. */
function removeIfAllowed(folder: string): void {
  try {
    fs.rmSync(folder, { recursive: true, force: true })
  } catch {
    // The next start tries again.
  }
}
