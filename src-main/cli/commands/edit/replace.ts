import fs from 'node:fs'
import path from 'node:path'
import { IsoldeError, replaceKeeping, toErrorShape, type DiscImage } from '../../../engine'
import { UsageError } from '../../exit-status'
import { inSentence } from '../../system-error'

/** What a changed copy is written as; an image that has none of them is of another kind. */
const WRITTEN = new Set<string>(['rock-ridge', 'joliet', 'enhanced', 'iso9660', 'udf'])

/**
 * A copy is a plain image of ISO 9660 or UDF, and takes the place of nothing else: what lies around another image, or
 * beside it, would be lost, or would no longer be what its name says.
 * @throws {UsageError} unless the source is one plain file that is such an image
 */
export function assertReplaceable(imagePath: string, image: DiscImage, isNested: boolean): void {
  const refuse = (why: string): UsageError =>
    new UsageError(`${imagePath} ${why}. Write to another file with --to.`, 'edit')
  const stat = fs.lstatSync(imagePath)
  if (isNested) throw refuse('holds more than the image that --inside names, so the copy cannot take its place')
  if (stat.isSymbolicLink()) throw refuse('is a link, so the copy cannot take the place of what it leads to')
  if (!stat.isFile()) throw refuse('is no plain file, so the copy cannot take its place')
  const { containers, views } = image.info
  const around = containers.filter((container) => container !== 'plain')
  if (around.length > 0)
    throw refuse(`is an image in another form (${around.join(', ')}), so a plain copy cannot take its place`)
  if (!views.some(({ kind }) => WRITTEN.has(kind)))
    throw refuse('is an image without ISO 9660 or UDF, so a copy that has them cannot take its place')
}

/**
 * The copy takes the original's place.
 * @returns where the original is kept
 * @throws {IsoldeError} with what the disk says; the original is then where it was, and the copy as well
 */
export function replaceOriginal(imagePath: string, copy: string): string {
  try {
    return replaceKeeping(imagePath, copy, namesBeside(imagePath, 'before'))
  } catch (error) {
    const { code, message } = toErrorShape(inSentence(error))
    throw new IsoldeError(code, `${imagePath} is left as it was, and the changed copy is ${copy}: ${message}`)
  }
}

/** `image.edited.iso`, or with a number where that is taken. */
export function freeNameBeside(file: string, word: string): string {
  for (const name of namesBeside(file, word)) if (!fs.existsSync(name)) return name
  return file
}

/** `image.before.iso`, `image.before2.iso` and so on, without end. */
function* namesBeside(file: string, word: string): Generator<string> {
  const { dir, name, ext } = path.parse(file)
  for (let number = 1; ; number++) yield path.join(dir, `${name}.${word}${number === 1 ? '' : number}${ext}`)
}
