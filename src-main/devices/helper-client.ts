import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes, timingSafeEqual } from 'node:crypto'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { because } from '../../src-shared/model'
import { DeviceError, type DeviceErrorCode } from './device-error'
import { makeMeetingPlace, removeAbandoned } from './helper-folder'
import {
  Frames,
  SECRET_NAME,
  SOCKET_NAME,
  type Answers,
  type Failure,
  type Hello,
  type Reply,
  type Request,
  type Stop,
} from './helper/protocol'

const PKEXEC = '/usr/bin/pkexec'
/** pkexec(1): the person has closed the question, or may not. */
const REFUSED_STATUS: readonly (number | null)[] = [126, 127]
/** A process without a question to a person is there by then. */
const PATIENCE = 20_000

interface Waiting {
  resolve: (reply: { answer: Answers[keyof Answers]; payload: Buffer }) => void
  reject: (error: Error) => void
}

export interface HelperOptions {
  /** The drive, for whether it can be opened without other rights. */
  drivePath: string
  /** What the helper may copy from; null: it gets its bytes over the socket. */
  imageDescriptor: number | null
  onProgress?: (bytesDone: number) => void
  /** Where the helper was built to. */
  program?: string
}

/** Where the build puts it: beside the folder of the program itself, or below the sources’ root. */
export function helperProgram(): string {
  const own = path.dirname(fileURLToPath(import.meta.url))
  const beside = path.resolve(own, '..', 'helper', 'device-helper.mjs')
  return fs.existsSync(beside) ? beside : path.resolve(own, '..', '..', 'dist', 'helper', 'device-helper.mjs')
}

/** The process that has one drive open, as whoever started it sees it. */
export class DriveHelper {
  private readonly waiting: Waiting[] = []
  private ended: DeviceError | null = null

  private constructor(
    private readonly frames: Frames,
    private readonly socket: net.Socket,
    private readonly cleanUp: () => void,
    private readonly gone: Promise<void>,
  ) {}

  /**
   * Starts a helper and waits until it has shown that it is the one: it comes back to a socket in a folder that nobody
   * else may enter, with a secret that lies there.
   * @throws {DeviceError} `NOT_ALLOWED`, `HELPER_FAILED`
   */
  static async start(options: HelperOptions): Promise<DriveHelper> {
    removeAbandoned(os.tmpdir())
    const folder = makeMeetingPlace(os.tmpdir())
    const secret = randomBytes(32).toString('hex')
    const server = net.createServer()
    let child: ChildProcess | null = null
    const cleanUp = (): void => {
      server.close()
      fs.rmSync(folder, { recursive: true, force: true })
    }
    try {
      fs.writeFileSync(path.join(folder, SECRET_NAME), secret, { mode: 0o600, flag: 'wx' })
      await listen(server, path.join(folder, SOCKET_NAME))
      const { started, withRights } = startProcess(options, folder)
      child = started
      const gone = new Promise<void>((resolve) => {
        started.on('exit', () => {
          resolve()
        })
        started.on('error', () => {
          resolve()
        })
      })
      return await connected({ server, child: started, secret, withRights, cleanUp, gone, options })
    } catch (error) {
      child?.kill()
      cleanUp()
      throw error
    }
  }

  /** @internal */
  static over(
    socket: net.Socket,
    accept: (hello: unknown, helper: DriveHelper) => void,
    {
      cleanUp,
      gone,
      onProgress,
    }: { cleanUp: () => void; gone: Promise<void>; onProgress: (bytesDone: number) => void },
  ): void {
    let isKnown = false
    const frames: Frames = new Frames(
      socket,
      (message, payload) => {
        if (!isKnown) {
          isKnown = true
          accept(message, helper)
        } else helper.take(message as Reply, payload, onProgress)
      },
      () => socket.destroy(),
    )
    const helper = new DriveHelper(frames, socket, cleanUp, gone)
    socket.on('data', (bytes: Buffer) => {
      frames.feed(bytes)
    })
    socket.on('error', () => undefined)
    socket.on('close', () => {
      helper.fail(
        new DeviceError(
          'HELPER_FAILED',
          'The helper that had the drive open has ended. The drive is unusable as it is; start anew.',
        ),
      )
    })
  }

  /** Asks for one thing; several may be on their way. @throws {DeviceError} what the helper says */
  async ask<R extends Request>(
    request: R,
    payload?: Uint8Array,
  ): Promise<{ answer: Answers[R['op']]; payload: Buffer }> {
    if (this.ended !== null) throw this.ended
    const reply = new Promise<{ answer: Answers[keyof Answers]; payload: Buffer }>((resolve, reject) => {
      this.waiting.push({ resolve, reject })
    })
    this.frames.send(request, payload)
    return (await reply) as { answer: Answers[R['op']]; payload: Buffer }
  }

  /** What is being done ends at the next piece. */
  stop(): void {
    this.frames.send({ op: 'stop' } satisfies Stop)
  }

  /** Lets go of the drive, and waits until it is closed. */
  async end(): Promise<void> {
    this.socket.end()
    this.socket.destroySoon()
    await this.gone
    this.cleanUp()
  }

  private take(reply: Reply, payload: Buffer, onProgress: (bytesDone: number) => void): void {
    if ('bytesDone' in reply) {
      onProgress(reply.bytesDone)
      return
    }
    const first = this.waiting.shift()
    if ('answer' in reply) first?.resolve({ answer: reply.answer, payload })
    else first?.reject(errorOf(reply.failure))
  }

  private fail(error: DeviceError): void {
    this.ended ??= error
    for (const { reject } of this.waiting.splice(0)) reject(error)
  }
}

function errorOf({ code, message, byteOffset, details }: Failure): DeviceError {
  return new DeviceError(code as DeviceErrorCode, message, byteOffset, details)
}

function listen(server: net.Server, place: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(place, () => {
      resolve()
    })
  })
}

function startProcess(
  { drivePath, imageDescriptor, program = helperProgram() }: HelperOptions,
  folder: string,
): { started: ChildProcess; withRights: boolean } {
  if (!fs.existsSync(program))
    throw new DeviceError('HELPER_FAILED', `The helper ${program} is missing. Run “npm run build”.`)
  const withRights = !mayOpen(drivePath)
  if (withRights && !fs.existsSync(PKEXEC))
    throw new DeviceError(
      'NOT_ALLOWED',
      `You don't have permission to write to ${drivePath}. Install polkit (pkexec), or run this as root.`,
      null,
      because('driveForbidden', { drive: drivePath }),
    )
  const args = [process.execPath, program, folder]
  const [command = '', ...rest] = withRights ? [PKEXEC, ...args] : args
  const started = spawn(command, rest, {
    stdio: [imageDescriptor ?? 'ignore', 'ignore', 'inherit'],
    env: process.versions.electron === undefined ? process.env : { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    windowsHide: true,
  })
  return { started, withRights }
}

function mayOpen(drivePath: string): boolean {
  try {
    fs.accessSync(drivePath, fs.constants.R_OK | fs.constants.W_OK)
    return true
  } catch {
    return false
  }
}

interface Connecting {
  server: net.Server
  child: ChildProcess
  secret: string
  withRights: boolean
  cleanUp: () => void
  gone: Promise<void>
  options: HelperOptions
}

function connected({ server, child, secret, withRights, cleanUp, gone, options }: Connecting): Promise<DriveHelper> {
  return new Promise((resolve, reject) => {
    const fail = (code: DeviceErrorCode, message: string): void => {
      clearTimeout(timer)
      reject(new DeviceError(code, message))
    }
    const timer = setTimeout(
      () => {
        fail('HELPER_FAILED', 'The helper that writes to the drive is not responding.')
      },
      withRights ? 2 ** 31 - 1 : PATIENCE,
    )
    child.on('error', (error) => {
      fail('HELPER_FAILED', `The helper that writes to the drive cannot be started (${error.message}).`)
    })
    child.on('exit', (status) => {
      if (withRights && REFUSED_STATUS.includes(status))
        fail('NOT_ALLOWED', `You didn't allow writing to ${options.drivePath}. Nothing was changed.`)
      else fail('HELPER_FAILED', 'The helper that writes to the drive ended before it began.')
    })
    server.on('connection', (socket) => {
      const onProgress = options.onProgress ?? ((): void => undefined)
      const accept = (hello: unknown, helper: DriveHelper): void => {
        // Whoever does not know the secret is nobody that was started here; the one that was may still come.
        if (!isSecret((hello as Partial<Hello> | null)?.secret, secret)) {
          socket.destroy()
          return
        }
        clearTimeout(timer)
        // They have met: a process that is killed from now on leaves nothing behind.
        cleanUp()
        resolve(helper)
      }
      DriveHelper.over(socket, accept, { cleanUp, gone, onProgress })
    })
  })
}

function isSecret(given: unknown, secret: string): boolean {
  if (typeof given !== 'string' || given.length !== secret.length) return false
  return timingSafeEqual(Buffer.from(given), Buffer.from(secret))
}
