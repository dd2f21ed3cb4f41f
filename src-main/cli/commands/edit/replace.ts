import {
  IsoldeError,
  replaceOriginal as replaceKept,
  toErrorShape,
  whyNotReplaceable,
  type DiscImage,
} from '../../../engine'
import { UsageError } from '../../exit-status'
import { inSentence } from '../../system-error'

/** @throws {UsageError} unless the source is one plain file that a plain copy may take the place of */
export function assertReplaceable(imagePath: string, image: DiscImage, isNested: boolean): void {
  const why = whyNotReplaceable(imagePath, image, isNested)
  if (why !== null) throw new UsageError(`${imagePath} ${why}. Write to another file with --to.`, 'edit')
}

/**
 * The copy takes the original's place.
 * @param identity of the original, from before it was opened
 * @returns where the original is kept
 * @throws {IsoldeError} with what the disk says; the original is then where it was, and the copy as well
 */
export function replaceOriginal(imagePath: string, copy: string, identity: string): string {
  try {
    return replaceKept(imagePath, copy, identity)
  } catch (error) {
    const { code, message } = toErrorShape(inSentence(error))
    throw new IsoldeError(code, `${imagePath} is left as it was, and the changed copy is ${copy}: ${message}`)
  }
}
