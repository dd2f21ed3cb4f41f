import fs from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { because } from '../../../src-shared/model'
import { deviceByteLength } from '../../files/device-length'
import { DeviceError } from '../device-error'

const readAt = promisify(fs.read)

/** Of a file nobody knows the sectors of its disk: none are smaller. In bytes. */
const FILE_SECTOR = 512
/** What is read around places that failed; in bytes. */
const DIRECT_AT_MOST = 64 << 10

/** What is read: a drive, or a file in its place. */
export interface RawSource {
  readonly path: string
  readonly byteLength: number
  /** What is read at once at least: a sector. */
  readonly sectorLength: number
  /** A drive: it may go on behind what was recorded. */
  readonly isDevice: boolean
  /** Fills an aligned buffer. @throws the system’s error */
  read(into: Buffer, at: number): Promise<void>
  close(): void
}

/**
 * Opens a drive or a file for reading past the system’s cache, so that an error is that of the sectors that were asked for.
 * @throws {DeviceError} `NO_SUCH_DRIVE`, `NOT_ALLOWED`, `DRIVE_GONE`
 */
export function openRaw(named: string): RawSource {
  const { O_RDONLY } = fs.constants
  const { O_NONBLOCK = 0, O_DIRECT } = fs.constants as Partial<typeof fs.constants>
  let descriptor: number
  let stat: fs.Stats
  try {
    descriptor = fs.openSync(named, O_RDONLY | O_NONBLOCK)
    stat = fs.fstatSync(descriptor)
  } catch (error) {
    throw openError(error, named)
  }
  const isDevice = stat.isBlockDevice()
  if (!isDevice && !stat.isFile()) {
    fs.closeSync(descriptor)
    throw new DeviceError('NO_SUCH_DRIVE', `${named} is neither a drive nor a file.`)
  }
  const byteLength = isDevice ? deviceByteLength(named, descriptor) : stat.size
  const sectorLength = isDevice ? sectorOf(named) : FILE_SECTOR
  if (byteLength === 0) {
    fs.closeSync(descriptor)
    throw new DeviceError(
      'DRIVE_GONE',
      `${named} is empty: there is nothing to read.`,
      null,
      because('noMedium', { drive: named }),
    )
  }
  if (isDevice && O_DIRECT !== undefined) {
    try {
      const direct = fs.openSync(named, O_RDONLY | O_DIRECT | O_NONBLOCK)
      fs.closeSync(descriptor)
      descriptor = direct
    } catch {
      // It is read through the system’s cache, then.
    }
  }
  // Of a file large pieces come faster through the cache; that one reads whole pages, and loses them with one sector.
  let direct = isDevice ? null : openDirect(named, stat)
  return {
    ...{ path: named, byteLength, sectorLength, isDevice },
    async read(into, at) {
      const isSmall = into.byteLength <= DIRECT_AT_MOST && at % FILE_SECTOR === 0 && into.byteLength % FILE_SECTOR === 0
      if (direct !== null && isSmall) {
        try {
          await fill(direct, into, at)
          return
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'EINVAL') throw error
          // The file system wants other multiples than ours.
          fs.closeSync(direct)
          direct = null
        }
      }
      await fill(descriptor, into, at)
    },
    close: () => {
      fs.closeSync(descriptor)
      if (direct !== null) fs.closeSync(direct)
    },
  }
}

/** @throws the system’s error */
async function fill(descriptor: number, into: Buffer, at: number): Promise<void> {
  for (let done = 0; done < into.byteLength;) {
    const { bytesRead } = await readAt(descriptor, into, done, into.byteLength - done, at + done)
    if (bytesRead === 0) throw Object.assign(new Error('it ends there'), { code: 'EIO' })
    done += bytesRead
  }
}

/** The same file past the system’s cache; null where its file system does not allow that. */
function openDirect(named: string, { dev, ino }: fs.Stats): number | null {
  const { O_DIRECT } = fs.constants as Partial<typeof fs.constants>
  if (O_DIRECT === undefined) return null
  try {
    const descriptor = fs.openSync(named, fs.constants.O_RDONLY | O_DIRECT)
    const found = fs.fstatSync(descriptor)
    if (found.dev === dev && found.ino === ino) return descriptor
    fs.closeSync(descriptor)
  } catch {
    // It is read through the system’s cache, then.
  }
  return null
}

/** Discs have sectors of 2048 bytes; of others the system says it. */
function sectorOf(named: string): number {
  try {
    const name = path.basename(fs.realpathSync(named))
    const own = Number(fs.readFileSync(`/sys/class/block/${name}/queue/logical_block_size`, 'latin1'))
    return own >= 512 ? own : 2048
  } catch {
    return 2048
  }
}

function openError(error: unknown, named: string): DeviceError {
  const { code = '', message } = error as NodeJS.ErrnoException
  if (code === 'EACCES' || code === 'EPERM')
    return new DeviceError(
      'NOT_ALLOWED',
      `You don't have permission to read ${named}.`,
      null,
      because('mayNotRead', { name: named }),
    )
  if (code === 'ENOENT')
    return new DeviceError('NO_SUCH_DRIVE', `${named} doesn't exist.`, null, because('noSuchDrive', { drive: named }))
  if (code === 'ENOMEDIUM' || code === 'ENXIO')
    return new DeviceError('DRIVE_GONE', `There is no medium in ${named}.`, null, because('noMedium', { drive: named }))
  return new DeviceError(
    'DRIVE_GONE',
    `${named} cannot be opened (${code === '' ? message : code}).`,
    null,
    because('driveFailed', { drive: named, cause: code === '' ? message : code }),
  )
}
