import fs from 'node:fs'
import path from 'node:path'
import { ByteMap } from '../image/core/byte-map'
import { looksLikeMapFile, MAP_TEXT_LIMIT, MapFileError, markFromMapFile, readMapFile } from '../image/core/map-file'
import { PlainFileError, readPlainFile, readPlainHead } from '../files/plain-file'
import { explainReadError } from '../../src-shared/model'
import { RescueError } from './rescue-error'

/** Enough to see that it is a map. */
const HEAD_BYTES = 4096
const ENDINGS = ['.map', '.mapfile', '.log']

/**
 * Puts into a map what ddrescue's map of an image says.
 * @param given the map that was named; null to look for one beside the image
 * @returns one sentence where a map beside the image is not used, else null
 * @throws {RescueError} `BAD_MAP`, or why the one that was named cannot be read
 */
export function takeMap(map: ByteMap, imagePath: string, imageByteLength: number, given: string | null): string | null {
  if (given !== null) {
    take(map, given, imageByteLength)
    return null
  }
  for (const file of besides(imagePath)) {
    try {
      const text = head(file)
      if (text === null || !looksLikeMapFile(text)) continue
      take(map, file, imageByteLength)
      return null
    } catch (error) {
      if (!(error instanceof RescueError)) throw error
      return `“${path.basename(file)}” beside the image is not used: ${error.message}`
    }
  }
  return null
}

function take(map: ByteMap, file: string, imageByteLength: number): void {
  let text: string
  try {
    text = readPlainFile(file, MAP_TEXT_LIMIT).toString('utf8')
  } catch (error) {
    if (error instanceof PlainFileError)
      throw new RescueError(
        'BAD_MAP',
        `${file} is no map of ddrescue: it is no file, or too long. Name another with --map.`,
      )
    const { code, message } = explainReadError(error, file)
    throw new RescueError(code, message)
  }
  try {
    // Nothing of a map that does not fit is to stay.
    const own = new ByteMap(imageByteLength, file)
    markFromMapFile(own, readMapFile(text, file), imageByteLength, file)
    for (const range of own.ranges()) if (range.state === 'unread') map.mark({ ...range, by: path.basename(file) })
  } catch (error) {
    if (error instanceof MapFileError) throw new RescueError(error.code, error.message)
    throw error
  }
}

/** `disc.iso.map`, `disc.map` and their like, as far as they are there. */
function besides(imagePath: string): string[] {
  const stem = imagePath.slice(0, imagePath.length - path.extname(imagePath).length)
  const names = [...new Set([imagePath, stem])].flatMap((name) => ENDINGS.map((ending) => `${name}${ending}`))
  return names.filter((name) => name !== imagePath && fs.statSync(name, { throwIfNoEntry: false })?.isFile() === true)
}

function head(file: string): string | null {
  try {
    return readPlainHead(file, HEAD_BYTES).toString('latin1')
  } catch {
    return null
  }
}
