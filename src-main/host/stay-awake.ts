/** Keeps the system awake until `release` is called. */
export interface Wakefulness {
  release(): void
}

/** The system's own program for it, which ends with this one: it reads a line that is never written. */
export interface WakefulProgram {
  program: string
  args: string[]
}

const REASON = 'Jobs are running'

/** What keeps this system awake; null where no such program is known. */
export function wakefulProgram(platform: NodeJS.Platform): WakefulProgram | null {
  switch (platform) {
    case 'linux':
      return {
        program: 'systemd-inhibit',
        args: ['--what=idle:sleep', '--who=Isolde', `--why=${REASON}`, '--mode=block', 'cat'],
      }
    case 'darwin':
      return { program: 'caffeinate', args: ['-i', 'cat'] }
    case 'win32':
      return {
        program: 'powershell',
        args: [
          '-NoProfile',
          '-NonInteractive',
          '-Command',
          // ES_CONTINUOUS | ES_SYSTEM_REQUIRED, for as long as its thread lives.
          '$k = Add-Type -PassThru -Name Power -Namespace Isolde -MemberDefinition \'[DllImport("kernel32.dll")] public static extern uint SetThreadExecutionState(uint f);\'; $null = $k::SetThreadExecutionState(2147483649); $null = [Console]::In.ReadToEnd()',
        ],
      }
    default:
      return null
  }
}

/** Starts it. Where it is not installed, the system goes to sleep as it always does: nothing depends on this. */
export function stayAwake(wakeful: WakefulProgram | null = wakefulProgram(process.platform)): Wakefulness {
  if (!wakeful) return { release: () => undefined }
  // Loaded when it is needed: most of what the command line does has ended by then.
  const { spawn } = process.getBuiltinModule('node:child_process')
  const child = spawn(wakeful.program, wakeful.args, { stdio: ['pipe', 'ignore', 'ignore'], windowsHide: true })
  child.on('error', () => undefined)
  child.stdin.on('error', () => undefined)
  // It must not keep this program running either.
  child.unref()
  return {
    release: () => {
      child.stdin.end()
    },
  }
}

const LOOK_EVERY_MS = 1000

/**
 * Keeps the system awake while `isBusy` says so.
 * @param start how; the desktop has its own way
 * @returns ends it
 */
export function stayAwakeWhile(isBusy: () => boolean, start: () => Wakefulness = stayAwake): () => void {
  let held: Wakefulness | null = null
  const look = (): void => {
    if (isBusy()) held ??= start()
    else {
      held?.release()
      held = null
    }
  }
  const timer = setInterval(look, LOOK_EVERY_MS).unref()
  return () => {
    clearInterval(timer)
    held?.release()
    held = null
  }
}
