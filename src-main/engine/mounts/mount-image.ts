import fs from 'node:fs'
import path from 'node:path'
import { Worker } from 'node:worker_threads'
import { IsoldeError } from '../../../src-shared/contract/errors'
import { safeName, nameRulesFor } from '../../extract/safe-names'
import {
  allMountPoints,
  connect,
  MountError,
  newMountPoint,
  releaseMountPoint,
  removeRecord,
  startOf,
  takeMountPoint,
  unmountPoint,
  usableBase,
  writeRecord,
  type MountPoint,
} from '../../mount'
import { findMounts, ownBases } from './find-mounts'
import type { MountNotice, MountWork } from './serve-mount'

export interface MountRequest {
  path: string
  inside: string[]
  charset: string | null
  /** Null: the default one. */
  view: string | null
  /** The folder to mount on; null: one of our own. */
  at: string | null
  /** The profile, where there is no better place for notes of mounts. */
  home: string
}

export interface MountedImage {
  mountPoint: string
  view: string
  /** What reading the view had to skip or guess, a sentence each. */
  damage: string[]
  /**
   * Unmounts. @param isLazy at once, though files on it are open; it then ends with the last of them
   * @throws {MountError} `MOUNT_BUSY`
   */
  unmount(isLazy: boolean): Promise<void>
  /** Settles when it is not mounted any more, by whomever. Null where all is well, else what went wrong. */
  ended: Promise<string | null>
}

const TOO_OLD = 'This system’s FUSE is too old to mount with; Linux 5.4 is the first that has what is needed.'
/** A hostile image may at worst use up this much memory, in MB. */
const HEAP_LIMIT = 2048

/**
 * Mounts a view of an image, read-only, and serves it from a thread of this process until it is unmounted.
 * @throws {MountError} where it cannot be mounted; whatever `openLocation` throws; {@link IsoldeError} `NO_SUCH_VIEW`
 */
export async function mountImage(request: MountRequest): Promise<MountedImage> {
  assertSystem(process.platform)
  // Also clears away what a crash has left, which may be where this one is to go.
  await findMounts(request.home)
  const base = usableBase(ownBases(request.home))
  const image = realPath(request.path)
  const thread = new MountThread({
    path: request.path,
    inside: request.inside,
    charset: request.charset,
    view: request.view,
    uid: process.getuid?.() ?? 0,
    gid: process.getgid?.() ?? 0,
  })
  let point: MountPoint | null = null
  let descriptor = -1
  try {
    if (request.at !== null) point = takeMountPoint(request.at, allMountPoints())
    const { view, damage } = await thread.opened
    point ??= newMountPoint(base, folderName(request))
    const { path: mountPoint, isMade } = point
    descriptor = await connect(mountPoint, path.basename(image))
    thread.serve(descriptor)
    if (!(await thread.ready)) throw new MountError('UNSUPPORTED_HERE', TOO_OLD)
    const startedAt = startOf(process.pid) ?? ''
    writeRecord(base, { mountPoint, path: image, inside: request.inside, view, isMade, pid: process.pid, startedAt })
    const ended = thread.ended.then(async (problem) => {
      // A thread that has died leaves the kernel waiting; without the descriptor it is told so.
      fs.closeSync(descriptor)
      if (problem !== null) await unmountPoint(mountPoint, true).catch(() => undefined)
      releaseMountPoint({ path: mountPoint, isMade })
      removeRecord(base, mountPoint)
      return problem
    })
    return { mountPoint, view, damage, ended, unmount: (isLazy) => unmountPoint(mountPoint, isLazy) }
  } catch (error) {
    if (descriptor >= 0 && point !== null) {
      await unmountPoint(point.path, true).catch(() => undefined)
      await thread.ended
      fs.closeSync(descriptor)
    } else await thread.terminate()
    if (point !== null) releaseMountPoint(point)
    throw error
  }
}

/** @throws {MountError} `UNSUPPORTED_HERE`, with what does the same there */
export function assertSystem(platform: NodeJS.Platform): void {
  if (platform === 'linux') return
  throw new MountError(
    'UNSUPPORTED_HERE',
    'Images are mounted on Linux only so far; “isolde serve --webdav IMAGE” gives an address that this system can mount.',
  )
}

/** After the image, or the innermost one; what is safe as a name. */
function folderName({ path: image, inside }: MountRequest): string {
  const { name } = path.parse(inside.at(-1) ?? image)
  return safeName(name.startsWith('.') ? `_${name}` : name, nameRulesFor('linux'))
}

function realPath(named: string): string {
  try {
    return fs.realpathSync(named)
  } catch {
    return path.resolve(named)
  }
}

/** The thread that opens an image and answers the kernel. */
class MountThread {
  readonly opened: Promise<{ view: string; damage: string[] }>
  /** Whether the kernel and it have agreed how they talk. */
  readonly ready: Promise<boolean>
  /** Never rejects. */
  readonly ended: Promise<string | null>
  private readonly worker: Worker

  constructor(work: MountWork) {
    this.worker = new Worker(new URL('./mount-worker.js', import.meta.url), {
      workerData: work,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_LIMIT },
    })
    const { worker } = this
    let problem: string | null = 'the thread that served it has ended'
    worker.on('error', (error) => {
      problem = error instanceof Error ? error.message : String(error)
    })
    const receive = <T>(take: (notice: MountNotice) => T | undefined): Promise<T> =>
      new Promise((resolve, reject) => {
        worker.on('message', (notice: MountNotice) => {
          const taken = take(notice)
          if (taken !== undefined) resolve(taken)
          if (notice.type === 'refused')
            reject(new IsoldeError(notice.error.code, notice.error.message, notice.error.details))
        })
        worker.on('exit', () => {
          reject(new IsoldeError('ENGINE_GONE', `The image cannot be served: ${problem ?? 'it has ended'}.`))
        })
      })
    this.opened = receive((notice) => (notice.type === 'opened' ? notice : undefined))
    this.ready = receive((notice) => (notice.type === 'ready' ? notice.isAgreed : undefined))
    this.ended = new Promise((resolve) => {
      worker.on('message', (notice: MountNotice) => {
        if (notice.type === 'ended') ({ problem } = notice)
      })
      worker.on('exit', () => {
        resolve(problem)
      })
    })
    this.opened.catch(() => undefined)
    this.ready.catch(() => undefined)
  }

  /** @param descriptor of the mounted file system; from now on only its end ends the thread */
  serve(descriptor: number): void {
    this.worker.postMessage(descriptor)
  }

  async terminate(): Promise<void> {
    await this.worker.terminate()
  }
}
