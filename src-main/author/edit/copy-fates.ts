import { because, type Said } from '../../../src-shared/model'
import type { AuthorOptions } from '../options'
import type { Fates } from './fates'
import type { ImageOptions } from './image-options'
import type { MoreOptions } from './more-options'

/** What becomes of an image’s equipment where it is made anew. @param more what is asked for in place of it */
export function copyFates({ boot, disk, otherwise }: ImageOptions, more: MoreOptions = {}): Fates {
  const isDiskKept = more.hybrid === undefined
  return {
    kept: [...bootsKept(boot, more), ...(isDiskKept ? disk.kept : [])],
    otherwise: [...otherwise, ...(isDiskKept ? disk.otherwise : [])],
    lost: [...boot.lost, ...(isDiskKept ? disk.lost : [])],
  }
}

/** What becomes of it where a session is added: the first sectors stay as they are. */
export function sessionFates({ options, boot, otherwise }: ImageOptions, more: MoreOptions = {}): Fates {
  const sums: Said[] =
    options.md5 || options.implantMd5
      ? [
          {
            message: 'The MD5 sums in the image do not go on with the new session.',
            details: because('sumsEndWithSession', {}),
          },
        ]
      : []
  return { kept: bootsKept(boot, more), otherwise: [...otherwise, ...sums], lost: boot.lost }
}

/** An entry that is asked for takes the place of one of the same platform. */
function bootsKept({ kept }: Fates, { bootBios, bootUefi }: MoreOptions): Said[] {
  return kept.filter(({ details }) => (details?.platform === 'efi' ? bootUefi : bootBios) === undefined)
}

/** What an image cannot have that a session is added to: sums of the whole do not hold for what is longer. */
export const SESSION_OPTIONS = {
  hybrid: null,
  mbrCode: null,
  diskIdentity: null,
  md5: false,
  implantMd5: false,
} as const satisfies Partial<AuthorOptions>
