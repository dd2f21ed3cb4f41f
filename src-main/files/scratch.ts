import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { ByteSource } from '../image/byte-source'
import type { ScratchFile } from '../image/disc-image'
import { FileByteSource } from './file-byte-source'

/** Too much for the folder that unpacked images may fill. */
export class ScratchLimitError extends Error {
  readonly code = 'NO_SPACE'
}

/**
 * A place to unpack a compressed image to, in the system's temporary folder. The file is unlinked as soon as it is
 * open where the system allows it, so that not even a killed process leaves it behind.
 * @param byteLimit writing more than this throws `ScratchLimitError`
 */
export function openScratchFile(suggestedName: string, byteLimit: number): Promise<ScratchFile> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'isolde-scratch-'))
  const file = path.join(folder, 'unpacked')
  const descriptor = fs.openSync(file, 'wx', 0o600)
  let written = 0
  const remove = (): void => {
    fs.rmSync(folder, { recursive: true, force: true })
  }
  return Promise.resolve({
    write(bytes: Uint8Array): Promise<void> {
      written += bytes.byteLength
      if (written > byteLimit)
        return Promise.reject(new ScratchLimitError(`${suggestedName} unpacks to more than ${byteLimit} bytes.`))
      let at = 0
      while (at < bytes.byteLength) at += fs.writeSync(descriptor, bytes, at)
      return Promise.resolve()
    },
    finish(): Promise<ByteSource> {
      fs.closeSync(descriptor)
      const source = FileByteSource.open(file, 'scratch')
      if (process.platform !== 'win32') {
        remove()
        return Promise.resolve(source)
      }
      const close = source.close.bind(source)
      source.close = () => {
        close()
        remove()
      }
      return Promise.resolve(source)
    },
    discard(): Promise<void> {
      fs.closeSync(descriptor)
      remove()
      return Promise.resolve()
    },
  })
}
