import { AuthorError } from './author-error'
import { BLOCK } from './layout'

/** What recordable discs hold, in blocks of 2048 bytes. */
export const MEDIA = {
  'cd-74': 333_000,
  'cd-80': 359_847,
  'dvd-r': 2_298_496,
  'dvd+r': 2_295_104,
  'dvd-r-dl': 4_171_712,
  'dvd+r-dl': 4_173_824,
  'bd-25': 12_219_392,
  'bd-50': 24_438_784,
  'bd-100': 48_878_592,
  'bd-128': 62_500_864,
} as const satisfies Record<string, number>
export type MediaName = keyof typeof MEDIA

/** @throws {AuthorError} `IMAGE_TOO_LARGE` where an image of so many bytes does not fit */
export function assertFits(byteLength: number, media: MediaName): void {
  const tooMuch = byteLength - MEDIA[media] * BLOCK
  if (tooMuch > 0)
    throw new AuthorError(
      'IMAGE_TOO_LARGE',
      `The image has ${tooMuch.toLocaleString('en')} bytes too much for ${media}. Leave something out, or take a larger disc.`,
    )
}
