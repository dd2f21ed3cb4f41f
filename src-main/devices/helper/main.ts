import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { because } from '../../../src-shared/model/reasons'
import { DeviceError } from '../device-error'
import type { InUse, Machine } from '../drive'
import { verdict } from '../guard'
import { differenceOf, identityOf, type DriveIdentity } from '../identity'
import { listMachine, readExtraDrives } from '../list'
import { fileNodeId } from '../list/linux'
import { deviceText } from '../list/linux-record'
import { alignedMemory, GRANULE, Medium } from './medium'
import { prepareMedium } from './probe'
import {
  Frames,
  PAYLOAD_LIMIT,
  READ_LENGTH,
  SECRET_NAME,
  SOCKET_NAME,
  type Answers,
  type Failure,
  type Reply,
  type Request,
  type Stop,
} from './protocol'
import { rereadTable } from './reread-table'
import { unmountAll } from './unmount'
import { Written } from './written'

/** What the image is read from, where whoever started the helper has opened it. */
const IMAGE_DESCRIPTOR = 0

/** One drive, from the moment that it is opened to the end of the socket. */
class Session {
  isStopped = false
  private isWritten = false
  private medium: Medium | null = null
  private written: Written | null = null

  constructor(private readonly report: (bytesDone: number) => void) {}

  async answer(request: Request, payload: Buffer): Promise<{ answer: Answers[keyof Answers]; payload?: Buffer }> {
    if (request.op === 'open') return { answer: await this.open(request) }
    const { medium, written } = this
    if (medium === null || written === null) throw new DeviceError('BAD_REQUEST', 'No drive has been opened.')
    switch (request.op) {
      case 'prepare':
        this.isWritten = true
        await prepareMedium(medium)
        return { answer: null }
      case 'write':
        await written.add(payload, request.at)
        return { answer: null }
      case 'copy':
        await written.copy(IMAGE_DESCRIPTOR, request.from, request.at, request.byteLength)
        return { answer: null }
      case 'flush': {
        await written.settle()
        const compared = request.isChecked ? await written.compare() : { different: null, bytesChecked: 0 }
        return { answer: { ...compared, sha256: written.sha256 } }
      }
      case 'head':
        return { answer: await written.writeHead(request.isChecked) }
      case 'read': {
        const length = Math.min(request.byteLength, PAYLOAD_LIMIT)
        const padded = Math.min(Math.ceil(length / GRANULE) * GRANULE, medium.byteLength - request.at)
        const buffer = alignedMemory(padded)
        await medium.read(buffer, request.at)
        return { answer: null, payload: buffer.subarray(0, length) }
      }
    }
  }

  async close(): Promise<void> {
    await this.written?.idle()
    const { medium } = this
    this.medium = null
    if (medium === null) return
    const isBlock = medium.stat().isBlockDevice()
    medium.close()
    if (isBlock && this.isWritten) await rereadTable(medium.path)
  }

  /**
   * Asks the machine anew whether this drive may be written, and whether it is the one that was confirmed: before it is
   * opened, and again when nobody else can have it.
   */
  private async open(request: Request & { op: 'open' }): Promise<Answers['open']> {
    if (process.platform !== 'linux')
      throw new DeviceError('UNSUPPORTED_HERE', 'Drives are written on Linux only so far.')
    if (this.medium !== null) throw new DeviceError('BAD_REQUEST', 'A drive is open already.')
    const { identity } = request
    const before = await assertSame(request)
    const own = before.nodes.find(({ id }) => id === identity.id)
    const unmounted = own === undefined ? [] : await unmountAll(own, before)
    const medium = Medium.open(identity.path, identity.byteLength)
    try {
      assertOpened(medium, identity)
      await assertSame(request)
    } catch (error) {
      medium.close()
      throw error
    }
    this.medium = medium
    this.written = new Written(medium, (bytesDone) => {
      if (this.isStopped) throw new DeviceError('CANCELLED', 'Cancelled. The drive is empty now; write to it again.')
      this.report(bytesDone)
    })
    return { byteLength: medium.byteLength, isDirect: medium.isDirect, unmounted }
  }
}

async function assertSame({ identity, isFixedAllowed, inUse }: Request & { op: 'open' }): Promise<Machine> {
  // Under other rights than those of whoever asks, nobody’s word adds a drive.
  const extraDrives =
    process.env.PKEXEC_UID === undefined ? readExtraDrives(process.env.ISOLDE_DRIVES, () => undefined) : []
  const own: InUse[] = [{ kind: 'program', path: process.argv[1] ?? process.execPath }]
  const machine = await listMachine({ extraDrives, inUse: [...inUse, ...own] })
  const drive = machine.drives.find(({ id }) => id === identity.id)
  if (drive === undefined)
    throw new DeviceError(
      'DRIVE_GONE',
      `${identity.path} is gone. Connect it again and start anew.`,
      null,
      because('driveGone', { drive: identity.path }),
    )
  const difference = differenceOf(identity, identityOf(drive))
  if (difference !== null)
    throw new DeviceError(
      'DRIVE_CHANGED',
      `${identity.path} is not the drive that was confirmed: ${difference}.`,
      null,
      because('driveChanged', { drive: identity.path }),
    )
  const refused = verdict(drive, machine, isFixedAllowed)
  if (refused !== null)
    throw new DeviceError(
      'DRIVE_REFUSED',
      `${identity.path} is not written: ${refused.reason}`,
      null,
      because('driveRefused', { drive: identity.path, why: { message: refused.reason, details: refused.details } }),
    )
  return machine
}

/** That what was opened by a path is the device, or the file, that was meant by it. */
function assertOpened(medium: Medium, { id, path: named, byteLength }: DriveIdentity): void {
  if (process.platform !== 'linux') return
  const stat = medium.stat()
  const found = stat.isBlockDevice()
    ? deviceText(stat.rdev)
    : fileNodeId({ device: deviceText(stat.dev), inode: String(stat.ino) })
  if (found !== id || (stat.isFile() && Number(stat.size) !== byteLength))
    throw new DeviceError(
      'DRIVE_CHANGED',
      `${named} is not the drive that was confirmed: it is another device now.`,
      null,
      because('driveChanged', { drive: named }),
    )
}

/** Where the socket is: a folder that only whoever started this may enter. @throws {DeviceError} */
function assertPrivate(folder: string): void {
  const { mode, uid } = fs.lstatSync(folder)
  const owner = Number(process.env.PKEXEC_UID ?? process.getuid?.() ?? uid)
  if ((mode & 0o077) !== 0 || uid !== owner) throw new DeviceError('NOT_ALLOWED', `${folder} is open to others.`)
}

function main(folder: string): void {
  assertPrivate(folder)
  const secret = fs.readFileSync(path.join(folder, SECRET_NAME), 'utf8')
  const socket = net.connect({
    path: path.join(folder, SOCKET_NAME),
    // One buffer for all that comes: it is copied on at once.
    onread: {
      buffer: Buffer.alloc(READ_LENGTH),
      callback: (length, bytes) => {
        frames.feed(bytes.subarray(0, length))
        return true
      },
    },
  })
  let turn: Promise<void> = Promise.resolve()
  const session = new Session((bytesDone) => frames.send({ bytesDone } satisfies Reply))
  const end = (): void => {
    session.isStopped = true
    void turn.then(() => session.close()).finally(() => process.exit(0))
  }
  const frames = new Frames(
    socket,
    (message, payload) => {
      const request = message as Request | Stop
      if (request.op === 'stop') {
        session.isStopped = true
        return
      }
      turn = turn.then(async () => {
        try {
          if (session.isStopped && request.op !== 'read')
            throw new DeviceError('CANCELLED', 'Cancelled. The drive is empty now; write to it again.')
          const { payload: bytes, ...reply } = await session.answer(request, payload)
          frames.release(payload)
          frames.send(reply satisfies Reply, bytes)
        } catch (error) {
          frames.send({ failure: failureOf(error) } satisfies Reply)
        }
      })
    },
    () => socket.destroy(),
  )
  socket.on('connect', () => frames.send({ secret }))
  socket.on('error', end)
  socket.on('close', end)
}

function failureOf(error: unknown): Failure {
  if (error instanceof DeviceError) {
    const { code, message, byteOffset, details } = error
    return { code, message, byteOffset, ...(details ? { details } : {}) }
  }
  return { code: 'HELPER_FAILED', message: (error as Error).message, byteOffset: null }
}

// Signals of a terminal reach this process too: it ends by its socket, when the drive is as it is to be left.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined)
main(process.argv[2] ?? '')
