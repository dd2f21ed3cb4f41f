import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { onTestFinished, vi } from 'vitest'
import { temporaryFolder } from '../support'
import type { World } from './stand-in/start'

// Each starts several processes; a machine may be busy with others.
vi.setConfig({ testTimeout: 60_000 })

const STAND_IN = path.resolve('tests/unit/desktop/stand-in')
const PROGRAM = path.resolve('dist/main/desktop.js')

/** The folders of one test's programs: starts that share them are one person's. */
export interface Folders {
  profile: string
  temporary: string
  home: string
}

export function folders(): Folders {
  return { profile: temporaryFolder(), temporary: temporaryFolder(), home: temporaryFolder() }
}

interface DesktopOptions {
  /** As a packaged program has them; without them it is not packaged. */
  resources?: string
  cwd?: string
  /** Another copy of the built main process. */
  program?: string
  /** As Finder names a file that the program is started for. */
  earlyFile?: string
}

/** The built main process on the stand-in, in a process of its own. */
export class RunningDesktop {
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | string | null>
  private readonly child: ChildProcess
  private lastId = 0
  private said = ''

  constructor(args: readonly string[], own: Folders, options: DesktopOptions = {}) {
    const { program = PROGRAM } = options
    if (!fs.existsSync(program)) throw new Error('Run “npm run build” first: these tests drive the built program.')
    const how = [options.resources === undefined ? '-' : 'packaged', options.resources ?? own.home, program]
    this.child = fork(path.join(STAND_IN, 'start.ts'), [...how, ...args], {
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: ['--import', path.join(STAND_IN, 'resolve-hooks.mjs')],
      cwd: options.cwd ?? process.cwd(),
      env: {
        ...process.env,
        ISOLDE_HOME: own.profile,
        TMPDIR: own.temporary,
        HOME: own.home,
        XDG_DATA_HOME: '',
        ...(options.earlyFile === undefined ? {} : { STAND_IN_EARLY_FILE: options.earlyFile }),
      },
    })
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on('data', (bytes: Buffer) => (this.said += bytes.toString()))
    this.ended = once(this.child, 'exit').then(([code, signal]) => (signal ?? code) as number | string | null)
    onTestFinished(async () => {
      this.kill()
      await this.ended
    })
  }

  /** Runs a function inside of the program's process; it must not name anything from outside of itself. */
  async evaluate<Result, Input = undefined>(
    work: (world: World, input: Input) => Result | Promise<Result>,
    input?: Input,
  ): Promise<Result> {
    const id = ++this.lastId
    const answer = new Promise<Result>((resolve, reject) => {
      const settle = (raw: unknown): void => {
        const message = raw as { id: number; value: Result; error?: string }
        if (message.id !== id) return
        this.child.off('message', settle)
        if (message.error === undefined) resolve(message.value)
        else reject(new Error(`${message.error}\n${this.said}`))
      }
      this.child.on('message', settle)
      void this.ended.then((end) => {
        reject(new Error(`The program has ended: ${String(end)}\n${this.said}`))
      })
    })
    this.child.send({ id, source: work.toString(), input }, (error) => {
      if (error) this.child.emit('message', { id, error: error.message })
    })
    return answer
  }

  /** As a crash or a power cut ends it: nothing is tidied up. */
  kill(): void {
    this.child.kill('SIGKILL')
  }

  /** What was written to the terminal so far. */
  get output(): string {
    return this.said
  }

  get processId(): number | undefined {
    return this.child.pid
  }
}
