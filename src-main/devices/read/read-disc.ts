import { createHash, type Hash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { because } from '../../../src-shared/model'
import { MadeFolders } from '../../sinks/made-folders'
import { FileByteSource } from '../../files/file-byte-source'
import { readPlainFile } from '../../files/plain-file'
import { openImage, type DiscImage } from '../../image'
import { MAP_TEXT_LIMIT } from '../../image/core/map-file'
import { CancelledError, type Control } from '../../task'
import { DeviceError } from '../device-error'
import { nodesOn } from '../guard'
import { listMachine } from '../list'
import { fileNodeId } from '../list/linux'
import { recordFile } from '../list/linux-record'
import { ReadPasses } from './read-passes'
import { openRaw, type RawSource } from './raw-source'
import { RescueMap } from './rescue-map'

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
 * @throws {DeviceError} `NO_SUCH_DRIVE`, `NOT_ALLOWED`, `NAME_TAKEN`, `DRIVE_REFUSED` where the image would lie on what is
 *   read, `DRIVE_GONE`
 * @throws {CancelledError} with a map, what was read stays
 */
export async function readDisc(request: ReadRequest, control: Control): Promise<ReadResult> {
  const source = openRaw(request.source)
  try {
    await assertElsewhere(request)
    const byteLength = await lengthOf(source)
    return await readAll(source, byteLength, request, control)
  } finally {
    source.close()
  }
}

/** Never onto what is read: neither as the same file nor as one that lies on the same drive. */
async function assertElsewhere({ source, target, map }: ReadRequest): Promise<void> {
  if (process.platform !== 'linux') return
  for (const each of [target, ...(map === null ? [] : [map])]) {
    const [own, other] = [recordFile(source), recordFile(each)]
    const isSame = own !== null && other !== null && fileNodeId(own) === fileNodeId(other)
    const isDevice = typeof other?.block === 'string'
    if (isSame || isDevice)
      throw new DeviceError('DRIVE_REFUSED', `${each} is what is to be read, or a drive. Name another file.`)
  }
  const device = recordFile(source)?.block ?? null
  if (device === null) return
  const machine = await listMachine({ inUse: [{ kind: 'scratch', path: path.dirname(path.resolve(target)) }] })
  const node = machine.nodes.find(({ id }) => id === device)
  const isOn =
    node !== undefined && nodesOn(node, machine.nodes).some(({ uses }) => uses.some(({ kind }) => kind === 'scratch'))
  if (isOn)
    throw new DeviceError('DRIVE_REFUSED', `${target} would lie on ${source} itself. Name a file on another disk.`)
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
  const { map, isResumed } = startMap(request, byteLength)
  const output = new Output(request, isResumed)
  const hash = isResumed || request.isReverse ? null : new OrderedHash()
  let savedAt = Date.now()
  const save = (isDone: boolean): void => {
    if (mapPath === null || (!isDone && Date.now() - savedAt < SAVE_EVERY_MS)) return
    savedAt = Date.now()
    output.sync()
    writeMap(mapPath, map)
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
    if (mapPath !== null) save(true)
    output.discard()
    throw mapPath !== null && error instanceof CancelledError
      ? error.because('Cancelled. With its map, reading goes on where it stopped.')
      : goneError(error, source.path)
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

/** @throws {DeviceError} `NAME_TAKEN` for an image without its map; `BAD_REQUEST` for a map that is none */
function startMap({ target, map: mapPath }: ReadRequest, byteLength: number): { map: RescueMap; isResumed: boolean } {
  const [hasImage, hasMap] = [fs.existsSync(target), mapPath !== null && fs.existsSync(mapPath)]
  if (hasImage && !hasMap)
    throw new DeviceError(
      'NAME_TAKEN',
      `“${target}” already exists. Name another file, or the map that it was read with.`,
      null,
      because('nameExists', { name: target }),
    )
  if (mapPath === null || !hasMap || !hasImage) return { map: new RescueMap(byteLength), isResumed: false }
  try {
    return {
      map: RescueMap.parse(readPlainFile(mapPath, MAP_TEXT_LIMIT).toString('utf8'), byteLength, mapPath),
      isResumed: true,
    }
  } catch (error) {
    throw new DeviceError('BAD_REQUEST', (error as Error).message)
  }
}

/** The map is whole at any moment: it is written beside itself and renamed. */
function writeMap(mapPath: string, map: RescueMap): void {
  const beside = `${mapPath}.new`
  fs.writeFileSync(beside, map.format())
  fs.renameSync(beside, mapPath)
}

/** The image while it is written: what nothing is written to stays a hole. */
class Output {
  private readonly descriptor: number
  private readonly folders: MadeFolders[] = []
  private readonly target: string
  /** It goes away again if it is not finished. */
  private readonly isWholeOnly: boolean
  private isOpen = true

  constructor({ target, map }: ReadRequest, isResumed: boolean) {
    this.target = target
    this.isWholeOnly = map === null
    const { O_RDWR, O_CREAT, O_EXCL } = fs.constants
    try {
      for (const each of map === null ? [target] : [target, map])
        this.folders.push(new MadeFolders(path.dirname(path.resolve(each))))
      this.descriptor = fs.openSync(target, isResumed ? O_RDWR : O_RDWR | O_CREAT | O_EXCL, 0o666)
    } catch (error) {
      this.removeFolders()
      throw error
    }
  }

  setLength(byteLength: number): void {
    fs.ftruncateSync(this.descriptor, byteLength)
  }

  write(bytes: Buffer, at: number): void {
    for (let done = 0; done < bytes.byteLength;)
      done += fs.writeSync(this.descriptor, bytes, done, bytes.byteLength - done, at + done)
  }

  sync(): void {
    if (this.isOpen) fs.fdatasyncSync(this.descriptor)
  }

  finish(): void {
    this.sync()
    this.close()
  }

  discard(): void {
    this.close()
    if (this.isWholeOnly) fs.rmSync(this.target, { force: true })
    this.removeFolders()
  }

  private removeFolders(): void {
    for (const each of this.folders.toReversed()) each.remove()
  }

  private close(): void {
    if (this.isOpen) fs.closeSync(this.descriptor)
    this.isOpen = false
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
