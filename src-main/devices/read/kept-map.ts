import fs from 'node:fs'
import { because } from '../../../src-shared/model'
import { readPlainFile } from '../../files/plain-file'
import { MAP_TEXT_LIMIT, MapFileError, readMapFile } from '../../image/core/map-file'
import { asSinkError, AtomicFile } from '../../sinks/atomic-file'
import { isThere } from '../../sinks/made-folders'
import type { Control } from '../../task'
import { DeviceError } from '../device-error'
import { alignedMemory } from '../helper/medium'
import type { RawSource } from './raw-source'
import { RescueMap } from './rescue-map'

/** How much of an image is compared with its source before reading goes on, and at how many places at most. */
const SAMPLE_LENGTH = 64 << 10
const SAMPLES = 16
/** How many of those may fail: a drive that fails takes up to a minute for each, and they prove nothing. */
const FAILED_SAMPLES = 2

export interface StartRequest {
  source: RawSource
  /** Of the image, in bytes. */
  byteLength: number
  target: string
  mapPath: string | null
}

/**
 * The map to read by: a new one, or the one that an image was read with so far.
 * @throws {DeviceError} `NAME_TAKEN` for an image without its map, `BAD_REQUEST` for a map that is none, or one of something
 *   else than what is read
 * @throws {CancelledError}; the image and its map are as they were
 */
export async function startMap(
  request: StartRequest,
  control: Control,
): Promise<{ map: RescueMap; isResumed: boolean }> {
  const { byteLength, target, mapPath } = request
  const hasImage = fs.existsSync(target)
  // Whatever is there under the name of the map is written over later: it must be one in any case.
  const known = mapPath === null ? null : readKnown(mapPath, request)
  if (hasImage && known === null)
    throw new DeviceError(
      'NAME_TAKEN',
      `“${target}” already exists. Name another file, or the map that it was read with.`,
      null,
      because('nameExists', { name: target }),
    )
  if (mapPath === null || known === null || !hasImage) return { map: new RescueMap(byteLength), isResumed: false }
  await assertSame(request, known, mapPath, control)
  return { map: known, isResumed: true }
}

/** The map is whole at any moment, and nothing is left beside it. @throws {SinkError} */
export function saveMap(mapPath: string, map: RescueMap): void {
  let file: AtomicFile | null = null
  try {
    file = new AtomicFile(mapPath, true)
    file.write(Buffer.from(map.format(), 'utf8'), 0)
    file.commit()
  } catch (error) {
    file?.discard()
    throw asSinkError(error, mapPath)
  }
}

/** Null where nothing is there. */
function readKnown(mapPath: string, { source, byteLength }: StartRequest): RescueMap | null {
  if (!isThere(mapPath)) return null
  let text: string
  try {
    text = readPlainFile(mapPath, MAP_TEXT_LIMIT).toString('utf8')
  } catch (error) {
    throw new DeviceError(
      'BAD_REQUEST',
      `“${mapPath}” is no map of ddrescue, and cannot be written over (${(error as Error).message}). Name another with --map.`,
    )
  }
  try {
    const last = readMapFile(text, mapPath).blocks.at(-1)
    const end = last === undefined ? 0 : last.byteOffset + last.byteLength
    // How much of a drive was recorded is read from it, and may not be readable the next time.
    if (source.isDevice ? end > source.byteLength : end !== byteLength)
      throw new MapFileError(
        `${mapPath} is a map of ${end} bytes, and ${source.path} has ${byteLength}: it was made of something else. Name another with --map.`,
      )
    return RescueMap.parse(text, byteLength, mapPath)
  } catch (error) {
    throw new DeviceError('BAD_REQUEST', (error as Error).message)
  }
}

/**
 * That what an image has so far is what its source has, at a few places: one of two sources would be made otherwise.
 * @throws {DeviceError} `BAD_REQUEST`
 * @throws {CancelledError}
 */
async function assertSame(
  { source, target }: StartRequest,
  map: RescueMap,
  mapPath: string,
  control: Control,
): Promise<void> {
  const buffer = alignedMemory(SAMPLE_LENGTH)
  const own = Buffer.alloc(SAMPLE_LENGTH)
  const descriptor = fs.openSync(target, 'r')
  let failures = 0
  try {
    for (const { byteOffset, byteLength } of samplesOf(map, source.sectorLength)) {
      await control.checkpoint()
      const wanted = buffer.subarray(0, byteLength)
      const isRead = await source.read(wanted, byteOffset).then(
        () => true,
        // A disc that could be read there, and cannot now, is no other one for that.
        () => false,
      )
      if (!isRead && ++failures === FAILED_SAMPLES) return
      const length = fs.readSync(descriptor, own, 0, byteLength, byteOffset)
      if (isRead && (length < byteLength || !own.subarray(0, byteLength).equals(wanted)))
        throw new DeviceError(
          'BAD_REQUEST',
          `${target} has something else than ${source.path} near byte ${byteOffset}: they are not the same disc. Name another file, and another map than ${mapPath}.`,
        )
    }
  } finally {
    fs.closeSync(descriptor)
  }
}

/** Ranges of what was read, over all of it, its beginning among them; they begin and end at sectors. */
function samplesOf(map: RescueMap, sectorLength: number): { byteOffset: number; byteLength: number }[] {
  const read = map.of('+')
  const total = map.sum('+')
  const samples = new Map<number, number>()
  for (let i = 0; i < SAMPLES && total > 0; i++) {
    let left = Math.floor(((total - 1) * i) / (SAMPLES - 1))
    const block = read.find(({ byteLength }) => {
      if (left < byteLength) return true
      left -= byteLength
      return false
    })
    if (block === undefined) continue
    const end = block.byteOffset + block.byteLength
    const at = Math.max(block.byteOffset, Math.min(block.byteOffset + left, end - SAMPLE_LENGTH))
    const from = Math.ceil(at / sectorLength) * sectorLength
    if (from < end) samples.set(from, Math.min(SAMPLE_LENGTH, end - from))
  }
  return [...samples].map(([byteOffset, byteLength]) => ({ byteOffset, byteLength }))
}
