import { z } from 'zod'
import { absolutePath, count } from '../shapes'
import { imageMore } from './image-more'
import { resultBase } from './parts'

/** What an image is for; each is a set of trees (see the author's presets). */
export const IMAGE_PRESETS = ['data', 'compatible', 'linux', 'windows', 'udf', 'dvd-video', 'bluray'] as const
export type ImagePreset = (typeof IMAGE_PRESETS)[number]

/** A volume's name has so many characters at most, in every tree. */
export const VOLUME_LABEL_LIMIT = 32

/** A disc image of files and folders of this computer, under a free name in a folder. */
export const createJob = {
  start: z.object({
    /** One folder alone: its contents become the root. Several: each lies there under its own name. */
    paths: z.array(absolutePath).min(1),
    destination: absolutePath,
    /** Without extension. */
    name: z.string().min(1).max(200),
    label: z.string().max(VOLUME_LABEL_LIMIT).default(''),
    preset: z.enum(IMAGE_PRESETS).default('data'),
    /** MD5 sums of the image and of each file are kept in it. */
    keepsSums: z.boolean().default(false),
    more: imageMore.default({}),
  }),
  result: resultBase.extend({
    bytesWritten: count,
    files: count,
    directories: count,
    /** Names that are others in one of its trees. */
    renamed: count,
    sha256: z.string(),
  }),
}
