import { fork, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

export interface Answer {
  status: number
  stdout: Buffer
  stderr: string
}

interface Reply {
  status: number
  problem: string | null
}

/** One process that runs commands one after another. */
class CommandHost {
  private readonly child: ChildProcess
  private output: Buffer[] = []
  private errors = ''
  private mark = Buffer.alloc(0)
  private reply: Reply | null = null
  private settle: ((answer: Answer) => void) | null = null

  constructor(under: readonly string[], home: string) {
    const [program, ...before] = [...under, process.execPath]
    this.child = fork(path.resolve('tests/ways/command-host.mjs'), {
      execPath: program,
      execArgv: before,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: { ...process.env, ISOLDE_HOME: home },
    })
    this.child.stdout?.on('data', (bytes: Buffer) => {
      this.output.push(bytes)
      this.finish()
    })
    this.child.stderr?.on('data', (bytes: Buffer) => (this.errors += bytes.toString()))
    this.child.on('message', (reply: Reply) => {
      this.reply = reply
      this.finish()
    })
    this.child.on('exit', (code, signal) => this.answer({ status: 127, problem: `ended by ${signal ?? code}` }, 0))
  }

  run(args: readonly string[]): Promise<Answer> {
    return new Promise((resolve) => {
      this.output = []
      this.errors = ''
      this.reply = null
      this.mark = randomBytes(32)
      this.settle = resolve
      this.child.send({ args, mark: this.mark.toString('hex') })
    })
  }

  end(): void {
    this.child.removeAllListeners('exit')
    this.child.kill()
  }

  /** What a command printed and what became of it come by two channels, in either order. */
  private finish(): void {
    if (this.reply === null) return
    const isWhole = Buffer.concat(this.output).subarray(-this.mark.byteLength).equals(this.mark)
    if (isWhole) this.answer(this.reply, this.mark.byteLength)
  }

  private answer({ status, problem }: Reply, markLength: number): void {
    const all = Buffer.concat(this.output)
    const stdout = all.subarray(0, all.byteLength - markLength)
    this.settle?.({ status: problem === null ? status : 127, stdout, stderr: problem ?? this.errors })
    this.settle = null
  }
}

/** As many hosts as are asked at once, each kept for the next command of its kind. */
export class CommandHosts {
  private readonly idle = new Map<string, CommandHost[]>()
  private readonly all: CommandHost[] = []
  private readonly home = fs.mkdtempSync(path.join(os.tmpdir(), 'isolde-ways-home-'))

  /** @param under a program and its arguments that the command is run by */
  async run(args: readonly string[], under: readonly string[]): Promise<Answer> {
    const kind = under.join(' ')
    const waiting = this.idle.get(kind) ?? []
    this.idle.set(kind, waiting)
    const host = waiting.pop() ?? this.start(under)
    const answer = await host.run(args)
    if (answer.status === 127) host.end()
    else waiting.push(host)
    return answer
  }

  end(): void {
    for (const host of this.all) host.end()
    fs.rmSync(this.home, { recursive: true, force: true })
  }

  private start(under: readonly string[]): CommandHost {
    const host = new CommandHost(under, this.home)
    this.all.push(host)
    return host
  }
}
