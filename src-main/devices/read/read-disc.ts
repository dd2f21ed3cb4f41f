import { createHash, type Hash } from 'node:crypto'
import path from 'node:path'
import { because } from '../../../src-shared/model'
import { FileByteSource } from '../../files/file-byte-source'
import { openImage, type DiscImage } from '../../image'
import { CancelledError, type Control } from '../../task'
import { DeviceError } from '../device-error'
import { assertElsewhere, canonical } from './elsewhere'
import { keptTarget, wholeTarget } from './image-target'
import { saveMap, startMap } from './kept-map'
import { ReadPasses } from './read-passes'
import { openRaw, type RawSource } from './raw-source'

export interface ReadRequest {
  /** A drive, or a file in its place. */
  source: string
  target: string
  /** Where the map is kept, so that reading can be resumed later; null: nothing is kept of what is not finished. */
  map: string | null
  retries: number
  isReverse: boolean
}

/** A range that could not be read, and the files that it belongs to. */
export interface BadRange {
  byteOffset: number
  byteLength: number
  files: string[]
}

export interface ReadResult {
  drive: string
  path: string
  /** Of the image. */
  byteLength: number
  /** Those that were read, now or before. */
  bytesRead: number
  /** In hexadecimal; null where something is missing. */
  sha256: string | null
  bad: BadRange[]
  /** Files that lie in what could not be read. */
  damagedFiles: string[]
  /** It went on where it had stopped. */
  isResumed: boolean
}

const SAVE_EVERY_MS = 10_000

/**
 * Makes an image of a disc: what can be read of it, and a map of the rest. What cannot be read is zeros in the image.
 * @throws {DeviceError} `NO_SUCH_DRIVE`, `NOT_ALLOWED`, `NAME_TAKEN`, `BAD_REQUEST` for a map that is none or another’s,
 *   `DRIVE_REFUSED` where image or map would lie on what is read, `DRIVE_GONE`
 * @throws {SinkError} what the disk says that is written to
 * @throws {CancelledError} with a map, what was read stays
 */
export async function readDisc(request: ReadRequest, control: Control): Promise<ReadResult> {
  const source = openRaw(request.source)
  try {
    await assertElsewhere(request)
    const byteLength = await lengthOf(source)
    // Through a link the map is kept where it leads: the link stays.
    const map = request.map === null ? null : canonical(request.map)
    return await readAll(source, byteLength, { ...request, map }, control)
  } finally {
    source.close()
  }
}

/** Of a drive with a disc image on it, the image’s: behind it there is nothing that was recorded. */
async function lengthOf(source: RawSource): Promise<number> {
  if (!source.isDevice) return source.byteLength
  const opened = await tryOpen(source.path)
  if (opened === null) return source.byteLength
  const { image, file } = opened
  try {
    const isDisc = image.info.views.some(({ format }) => /iso|udf/i.test(format))
    const { expectedByteLength } = image.info.completeness
    const whole = Math.ceil(expectedByteLength / source.sectorLength) * source.sectorLength
    return isDisc && whole > 0 ? Math.min(whole, source.byteLength) : source.byteLength
  } finally {
    await image.close()
    file.close()
  }
}

async function tryOpen(named: string): Promise<{ image: DiscImage; file: FileByteSource } | null> {
  let file: FileByteSource
  try {
    file = FileByteSource.open(named)
  } catch {
    return null
  }
  try {
    return { image: await openImage(file, { name: path.basename(named) }), file }
  } catch {
    file.close()
    return null
  }
}

async function readAll(
  source: RawSource,
  byteLength: number,
  request: ReadRequest,
  control: Control,
): Promise<ReadResult> {
  const { target, map: mapPath } = request
  const start = { source, byteLength, target, mapPath }
  const { map, isResumed } = await startMap(start, control).catch((error: unknown) => {
    throw stoppedError(error, source.path, mapPath)
  })
  const output = mapPath === null ? wholeTarget(target) : keptTarget(target, mapPath, isResumed)
  const hash = isResumed || request.isReverse ? null : new OrderedHash()
  let savedAt = Date.now()
  const save = (isDone: boolean): void => {
    if (mapPath === null || (!isDone && Date.now() - savedAt < SAVE_EVERY_MS)) return
    savedAt = Date.now()
    output.sync()
    saveMap(mapPath, map)
  }
  control.progress({ bytesTotal: byteLength, bytesDone: map.sum('+'), isCounting: false, phase: 'reading' })
  try {
    output.setLength(byteLength)
    // An image without its map would be somebody else’s file to whoever goes on.
    save(true)
    const write = (bytes: Buffer, at: number): void => {
      output.write(bytes, at)
      hash?.feed(bytes, at)
    }
    const { retries, isReverse } = request
    await new ReadPasses(source, map, { write, save }, { retries, isReverse }, control).run()
    control.commit?.()
    output.finish()
  } catch (error) {
    try {
      save(true)
    } catch {
      // The one that was saved before says less than there is, which is no harm.
    }
    output.discard()
    throw stoppedError(error, source.path, mapPath)
  }
  const missing = map.of('?', '*', '/', '-')
  const bad = await named(target, missing)
  return {
    drive: source.path,
    path: target,
    byteLength,
    bytesRead: map.sum('+'),
    sha256: missing.length > 0 ? null : (hash?.digest(byteLength) ?? sumOf(target)),
    bad,
    damagedFiles: [...new Set(bad.flatMap(({ files }) => files))],
    isResumed,
  }
}

/** A sum that goes on as long as bytes come in order. */
class OrderedHash {
  private readonly hash: Hash = createHash('sha256')
  private next = 0

  feed(bytes: Buffer, at: number): void {
    if (at !== this.next) return
    this.hash.update(bytes)
    this.next += bytes.byteLength
  }

  /** Null where not all came in order. */
  digest(byteLength: number): string | null {
    return this.next === byteLength ? this.hash.digest('hex') : null
  }
}

function sumOf(file: string): string {
  const source = FileByteSource.open(file)
  try {
    const hash = createHash('sha256')
    const buffer = Buffer.alloc(1 << 20)
    for (let at = 0; at < source.byteLength; at += buffer.byteLength)
      hash.update(buffer.subarray(0, source.readInto(buffer, at)))
    return hash.digest('hex')
  } finally {
    source.close()
  }
}

/** Bad ranges with the files that lie in them, as far as the image’s tree can be read. */
async function named(
  target: string,
  missing: readonly { byteOffset: number; byteLength: number }[],
): Promise<BadRange[]> {
  const bad = missing.map(({ byteOffset, byteLength }): BadRange => ({ byteOffset, byteLength, files: [] }))
  const opened = bad.length === 0 ? null : await tryOpen(target)
  if (opened === null) return bad
  const { image, file } = opened
  try {
    const table = await image.view(image.info.defaultViewId).readTree()
    for (let index = 1; index < table.length; index++) {
      if (table.kindOf(index) !== 'file') continue
      const from = table.discPositionOf(index)
      const to = from + table.byteLengthOf(index)
      for (const range of bad)
        if (from < range.byteOffset + range.byteLength && range.byteOffset < to) range.files.push(table.pathOf(index))
    }
  } catch {
    // What names them is lost itself.
  } finally {
    await image.close()
    file.close()
  }
  return bad
}

function stoppedError(error: unknown, drive: string, mapPath: string | null): unknown {
  return mapPath !== null && error instanceof CancelledError
    ? error.because('Cancelled. With its map, reading goes on where it stopped.')
    : goneError(error, drive)
}

function goneError(error: unknown, drive: string): unknown {
  const { code = '' } = error as NodeJS.ErrnoException
  if (['ENXIO', 'ENODEV', 'ENOMEDIUM', 'EBADF'].includes(code))
    return new DeviceError(
      'DRIVE_GONE',
      `${drive} is gone. Connect it again; with --map, reading goes on where it stopped.`,
      null,
      because('driveGone', { drive }),
    )
  return error
}
