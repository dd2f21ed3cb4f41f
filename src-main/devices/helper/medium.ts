import fs from 'node:fs'
import { promisify } from 'node:util'
import { because } from '../../../src-shared/model/reasons'
import { DeviceError } from '../device-error'

const writeAt = promisify(fs.write)
const readAt = promisify(fs.read)
const sync = promisify(fs.fsync)

/** Node has it; the types of ECMAScript do not. */
declare const WebAssembly: { Memory: new (size: { initial: number }) => { buffer: ArrayBuffer } }

/** Drives whose sectors are of 4096 bytes take nothing smaller; all others take it too. */
export const GRANULE = 4096
const WASM_PAGE = 65_536

/**
 * Memory for direct I/O, which must begin at a page: that of a `WebAssembly.Memory` does, a `Buffer` need not.
 * @param byteLength in bytes
 */
export function alignedMemory(byteLength: number): Buffer {
  const memory = new WebAssembly.Memory({ initial: Math.ceil(byteLength / WASM_PAGE) })
  return Buffer.from(memory.buffer, 0, byteLength)
}

/** An opened drive. All reads and writes go past the system’s cache where it allows that. */
export class Medium {
  private constructor(
    readonly path: string,
    private readonly descriptor: number,
    /** In bytes. */
    readonly byteLength: number,
    readonly isDirect: boolean,
  ) {}

  /**
   * Opens one drive for itself alone; no link is followed.
   * @param byteLength that was found before, in bytes
   * @throws {DeviceError} `DRIVE_BUSY`, `NOT_ALLOWED`, `READ_ONLY`, `DRIVE_GONE`
   */
  static open(path: string, byteLength: number): Medium {
    const { O_RDWR, O_EXCL } = fs.constants
    const { O_NOFOLLOW = 0, O_NONBLOCK = 0, O_DIRECT } = fs.constants as Partial<typeof fs.constants>
    const flags = O_RDWR | O_EXCL | O_NOFOLLOW | O_NONBLOCK
    try {
      // What is no multiple cannot be read to its end directly.
      if (O_DIRECT !== undefined && byteLength % GRANULE === 0) {
        try {
          return new Medium(path, fs.openSync(path, flags | O_DIRECT), byteLength, true)
        } catch (error) {
          if (codeOf(error) !== 'EINVAL') throw error
        }
      }
      return new Medium(path, fs.openSync(path, flags), byteLength, false)
    } catch (error) {
      throw asDeviceError(error, path, null)
    }
  }

  stat(): fs.BigIntStats {
    return fs.fstatSync(this.descriptor, { bigint: true })
  }

  /** @param bytes aligned, a multiple of {@link GRANULE} or up to the end @throws {DeviceError} */
  async write(bytes: Buffer, at: number): Promise<void> {
    this.assertWithin(at, bytes.byteLength)
    for (let done = 0; done < bytes.byteLength;) {
      try {
        const { bytesWritten } = await writeAt(this.descriptor, bytes, done, bytes.byteLength - done, at + done)
        if (bytesWritten === 0) throw Object.assign(new Error('nothing was written'), { code: 'ENOSPC' })
        done += bytesWritten
      } catch (error) {
        throw asDeviceError(error, this.path, at + done)
      }
    }
  }

  /** Fills an aligned buffer. @throws {DeviceError} also where the drive ends too early */
  async read(into: Buffer, at: number): Promise<void> {
    this.assertWithin(at, into.byteLength)
    for (let done = 0; done < into.byteLength;) {
      try {
        const { bytesRead } = await readAt(this.descriptor, into, done, into.byteLength - done, at + done)
        if (bytesRead === 0) throw Object.assign(new Error('it ends there'), { code: 'EIO' })
        done += bytesRead
      } catch (error) {
        throw asDeviceError(error, this.path, at + done)
      }
    }
  }

  /** Until everything is on the medium itself. */
  async flush(): Promise<void> {
    try {
      await sync(this.descriptor)
    } catch (error) {
      throw asDeviceError(error, this.path, null)
    }
  }

  close(): void {
    fs.closeSync(this.descriptor)
  }

  /** A plain file would grow. */
  private assertWithin(at: number, byteLength: number): void {
    if (at < 0 || at + byteLength > this.byteLength)
      throw new DeviceError('DRIVE_TOO_SMALL', `${this.path} ends at byte ${this.byteLength}.`, at)
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? ''
}

function asDeviceError(error: unknown, path: string, byteOffset: number | null): DeviceError {
  if (error instanceof DeviceError) return error
  const code = codeOf(error)
  const at = byteOffset === null ? '' : ` at byte ${byteOffset}`
  switch (code) {
    case 'EBUSY':
      return new DeviceError(
        'DRIVE_BUSY',
        `${path} is in use by another program. Close it, or eject what is on it.`,
        null,
        because('driveBusy', { drive: path }),
      )
    case 'EACCES':
    case 'EPERM':
      return new DeviceError(
        'NOT_ALLOWED',
        `You don't have permission to write to ${path}.`,
        null,
        because('driveForbidden', { drive: path }),
      )
    case 'EROFS':
      return new DeviceError(
        'READ_ONLY',
        `${path} is read-only.`,
        byteOffset,
        because('driveReadOnly', { drive: path }),
      )
    case 'ENOENT':
    case 'ENXIO':
    case 'ENODEV':
    case 'ENOMEDIUM':
      return new DeviceError(
        'DRIVE_GONE',
        `${path} is gone${at}. Connect it again and start anew.`,
        byteOffset,
        because('driveGone', { drive: path }),
      )
    case 'ENOSPC':
      return new DeviceError('DRIVE_TOO_SMALL', `${path} is full${at}.`, byteOffset)
    case 'ELOOP':
      return new DeviceError(
        'DRIVE_CHANGED',
        `${path} is a link now, and was a drive.`,
        null,
        because('driveChanged', { drive: path }),
      )
    default:
      return new DeviceError(
        'WRITE_FAILED',
        `${path} can be neither read nor written${at} (${code === '' ? (error as Error).message : code}). It is damaged, or was taken out.`,
        byteOffset,
        because('driveFailed', { drive: path, cause: code === '' ? (error as Error).message : code }),
      )
  }
}
