import fs from 'node:fs'
import path from 'node:path'
import { AtomicFile, asSinkError, makeWholeFile } from '../sinks/atomic-file'
import { pour, type PourSource, type Poured } from '../sinks/pour'
import { assertRoomFor } from '../sinks/room'
import type { Control } from '../task'
import { ZipWriter } from '../zip'
import { assertPassword } from './archive-password'
import { pack, sevenZip } from './seven-zip'

export interface ImageArchiveRequest {
  source: PourSource
  /** What the image is called in the archive. */
  name: string
  /** Of the image, in milliseconds since 1970. */
  modified: number
  format: 'zip' | '7z'
  /** The archive to make; never replaces a file. */
  target: string
  /** AES-256; 7z hides the name as well. */
  password?: string
  control: Control
}

const CHUNK_BYTES = 1 << 20
const FILE_MODE = 0o100_644

/**
 * An image itself, as the one file of an archive: whole or not at all.
 * @throws {ExtractError} `UNSUPPORTED_HERE` for 7z where no 7-Zip is installed, `BAD_REQUEST` for an empty password
 */
export async function archiveBlocks(request: ImageArchiveRequest): Promise<Poured> {
  assertPassword(request.password)
  return request.format === 'zip' ? zipOf(request) : sevenZipOf(request)
}

function zipOf({ source, name, modified, target, password, control }: ImageArchiveRequest): Promise<Poured> {
  return makeWholeFile(target, async (_, file) => {
    let end = 0
    const write = (bytes: Uint8Array): void => {
      file.write(bytes, end)
      end += bytes.byteLength
    }
    const patch = (bytes: Uint8Array, at: number): void => {
      file.write(bytes, at)
    }
    const zip = new ZipWriter({ write, patch, password })
    const poured: Poured = { byteLength: 0, problem: null }
    await zip.stream({ path: name, modified, mode: FILE_MODE }, source.byteLength, chunks(source, poured, control))
    await zip.finish()
    return poured
  })
}

/** As it is poured into a file, but for holes: a ZIP file has none. */
async function* chunks(source: PourSource, poured: Poured, control: Control): AsyncGenerator<Uint8Array> {
  const wrong = (sentence: string): void => {
    poured.problem ??= sentence
  }
  while (poured.byteLength < source.byteLength) {
    const wait = control.checkpoint()
    if (wait) await wait
    const at = poured.byteLength
    const length = Math.min(CHUNK_BYTES, source.byteLength - at)
    const bytes = await (source.readChecked?.(at, length, wrong) ?? source.read(at, length))
    if (bytes.byteLength === 0) return
    poured.byteLength += bytes.byteLength
    control.progress({ bytesDone: poured.byteLength })
    // Its own: it is packed while the next is read, perhaps to the same place.
    yield Buffer.from(bytes)
  }
}

/** 7-Zip reads the password where it would read the image, so that the image lies beside the archive for a while. */
function sevenZipOf({ source, name, modified, target, password, control }: ImageArchiveRequest): Promise<Poured> {
  const program = sevenZip()
  assertRoomFor(target, source.byteLength)
  return makeWholeFile(target, async (hiddenPath) => {
    const [folder, archive] = [`${hiddenPath}-tree`, `${hiddenPath}.7z`]
    try {
      fs.mkdirSync(folder, { mode: 0o700 })
      const image = path.join(folder, name)
      const poured = await plainCopy(source, image, target, control)
      fs.utimesSync(image, new Date(modified), new Date(modified))
      await pack(program, folder, archive, password, { control })
      fs.renameSync(archive, hiddenPath)
      return poured
    } finally {
      fs.rmSync(folder, { recursive: true, force: true })
      fs.rmSync(archive, { force: true })
    }
  })
}

/** @throws {SinkError} in whose sentence the archive is named, not a folder that nobody has heard of */
async function plainCopy(source: PourSource, image: string, target: string, control: Control): Promise<Poured> {
  const file = new AtomicFile(image)
  try {
    const poured = await pour(source, file, control)
    file.commit()
    return poured
  } catch (error) {
    file.discard()
    throw asSinkError(error, path.resolve(target))
  }
}
