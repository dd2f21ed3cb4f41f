import fs from 'node:fs'
import path from 'node:path'
import type { DiscImage } from '../../image'
import { identityOf } from '../../sinks/atomic-file'
import { replaceKeeping } from '../../sinks/replace-file'
import { AuthorError } from '../author-error'
import { isWrittenTree } from './written-trees'

/**
 * A copy is a plain image of ISO 9660 or UDF, and takes the place of nothing else: what lies around another image, or
 * beside it, would be lost, or would no longer be what its name says.
 * @returns why it may not, to be read behind the image's name; null where it is one plain file that is such an image
 */
export function whyNotReplaceable(imagePath: string, image: DiscImage, isNested: boolean): string | null {
  const stat = fs.lstatSync(imagePath)
  if (isNested) return 'holds more than the image that is changed, so the copy cannot take its place'
  if (stat.isSymbolicLink()) return 'is a link, so the copy cannot take the place of what it leads to'
  if (!stat.isFile()) return 'is no plain file, so the copy cannot take its place'
  const { containers, views } = image.info
  const around = containers.filter((container) => container !== 'plain')
  if (around.length > 0)
    return `is an image in another form (${around.join(', ')}), so a plain copy cannot take its place`
  return views.some(({ kind }) => isWrittenTree(kind))
    ? null
    : 'is an image without ISO 9660 or UDF, so a copy that has them cannot take its place'
}

/**
 * The copy takes the original's place, which is kept beside it as `image.before.iso`.
 * @param identity of the file that the copy was made of, by `identityOf`, from before it was opened
 * @returns where the original is kept
 * @throws {AuthorError} `SOURCE_CHANGED` where another program has changed or replaced it since: what that did would be
 *   gone. Or what the disk says. The original is then where it was, and the copy as well
 */
export function replaceOriginal(imagePath: string, copy: string, identity: string): string {
  return replaceKeeping(imagePath, copy, namesBeside(imagePath, 'before'), (kept) => {
    if (identityOf(kept) === identity) return
    const message = 'something else has changed or replaced it since it was opened. Change it again as it is now.'
    throw new AuthorError('SOURCE_CHANGED', message)
  })
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
