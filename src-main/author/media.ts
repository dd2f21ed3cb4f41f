import { because, MEDIA, type MediaName } from '../../src-shared/model'
import { AuthorError } from './author-error'
import { BLOCK } from './layout'

/** @throws {AuthorError} `IMAGE_TOO_LARGE` where an image of so many bytes does not fit */
export function assertFits(byteLength: number, media: MediaName): void {
  const tooMuch = byteLength - MEDIA[media] * BLOCK
  if (tooMuch > 0)
    throw new AuthorError(
      'IMAGE_TOO_LARGE',
      `The image has ${tooMuch.toLocaleString('en')} bytes too much for ${media}. Leave something out, or take a larger disc.`,
      because('bytesTooMany', { excess: tooMuch, medium: media }),
    )
}
