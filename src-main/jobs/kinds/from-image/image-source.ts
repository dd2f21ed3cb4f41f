import { z } from 'zod'
import { insideStep } from '../../../../src-shared/contract/shapes'
import { because, type Diagnostic, type JobProblem } from '../../../../src-shared/model'
import type { ByteSource, DiscImage } from '../../../image'

/** The bytes of an image, as a job remembers them across a restart. */
export const imageSource = z.object({
  kind: z.enum(['path', 'upload']),
  path: z.string(),
  name: z.string(),
  byteLength: z.number().nullable().default(null),
  inside: z.array(insideStep),
  charset: z.string().nullable().default(null),
})
export type ImageSource = z.output<typeof imageSource>

/** An image together with everything that was opened on the way to it. */
export interface OpenedLocation {
  image: DiscImage
  /** The outermost file, which every extent counts in. */
  file: ByteSource
  /** Where that file lies; null for a dropped one. */
  path: string | null
  /**
   * Sentences about the files of this computer that were written to since they were opened: what was read of them may be
   * part old, part new. Asked when all has been read, before `close`.
   */
  rewritten(): Diagnostic[]
  /** What is known to be wrong with the containers around the image, those of the images that it lies in included. */
  containerDamage: readonly Diagnostic[]
  close(): Promise<void>
}

/** A dropped file went away with its page. */
export function uploadLost({ kind }: ImageSource, sourceName: string): JobProblem | null {
  if (kind !== 'upload') return null
  return {
    code: 'SOURCE_GONE',
    message: `${sourceName} was dropped on a page that is closed. Drop it again.`,
    details: because('pageClosed', { name: sourceName }),
  }
}

/** The file of an image that lies on this computer, for {@link JobKind.resources}. */
export function diskOf({ kind, path }: ImageSource): string[] {
  return kind === 'path' ? [path] : []
}
