import { z } from 'zod'
import { command } from './command'
import { absolutePath, count, entryKind, entrySelection, entryStatus } from './shapes'

const viewRef = { image: count, generation: count, view: z.string() }

/** What one part of a disc mostly is. `beyond`: where the image file has ended although the disc goes on. */
export const discBucketKind = z.enum(['files', 'structures', 'gap', 'beyond'])

/** One of the equal parts that a disc is divided into. */
export const discBucket = z.object({
  kind: discBucketKind,
  /** Bytes of files in it; counted twice where files share them, and never more than it is long. */
  fileBytes: count,
  /** Files that touch it. */
  fileCount: count,
  /** Those of them of which a part, or everything, is missing. */
  damagedCount: count,
  /** The file with the most bytes in it. */
  largest: z
    .object({ entry: count, path: z.string(), byteLength: count, status: entryStatus, byteOffset: count })
    .nullable(),
})
export type DiscBucket = z.infer<typeof discBucket>

/** A rectangle of the picture of sizes. Parents come before children. */
export const sizeNode = z.object({
  /** Null: the rest of its parent, too small to be told apart. */
  entry: count.nullable(),
  /** The place of its parent in the list, or −1 for the folder that was asked for. */
  parent: z.number().int().min(-1),
  name: z.string(),
  kind: entryKind,
  byteLength: count,
  /** Files in it: 1 for a file. */
  fileCount: count,
})
export type SizeNode = z.infer<typeof sizeNode>

/** An image that lies in an image: where, and in words that people have for it. */
export const carriedImage = z.object({
  /** In the default view. */
  path: z.string(),
  byteLength: count,
  kind: z.enum(['windows', 'linux', 'ram-disk', 'uefi', 'image']),
  /** Editions of Windows, or what a system calls itself. */
  names: z.array(z.string()),
  /** What it is read as. */
  format: z.string(),
})
export type CarriedImage = z.infer<typeof carriedImage>

/** Pictures and sums over a whole view: what the engine counts so that the window need not hear of every entry. */
export const pictureCommands = {
  /** Where on the disc things lie, in as many equal parts as are asked for. Offsets count in the volume's bytes. */
  'image.map': command(
    z.object({ ...viewRef, buckets: count.min(1).max(2048).default(360) }),
    z.object({
      /** What the disc should measure. */
      byteTotal: count,
      /** How much of it is there. */
      byteThere: count,
      /** Bytes that no file of this view lies on. */
      freeBytes: count,
      /** False while the view is still being read. */
      isComplete: z.boolean(),
      buckets: z.array(discBucket),
    }),
  ),
  /** What is large below a directory: its own entries, and what is in those, as long as there are rectangles left. */
  'image.sizes': command(
    z.object({ ...viewRef, directory: count, limit: count.min(1).max(1000).default(300) }),
    z.object({ byteTotal: count, fileCount: count, isComplete: z.boolean(), nodes: z.array(sizeNode) }),
  ),
  /** The images that it carries, looked for at known places. Cancelled by nobody waiting any more. */
  'image.carries': command(
    z.object({ image: count, generation: count }),
    z.object({ view: z.string(), images: z.array(carriedImage) }),
  ),
  /** Bytes and files of everything below directories. */
  'image.folderSizes': command(
    z.object({ ...viewRef, directories: z.array(count).max(1000) }),
    z.object({ sizes: z.array(z.object({ entry: count, byteLength: count, fileCount: count })) }),
  ),
  /** Bytes and files of entries and of everything below them, each counted once. */
  'image.contents': command(
    z.object({ ...viewRef, entries: entrySelection }),
    z.object({ byteLength: count, fileCount: count }),
  ),
  /** The same for a folder of this computer; links are not followed. Cancelled by nobody waiting any more. */
  'folder.size': command(
    z.object({ path: absolutePath }),
    z.object({ byteLength: count, fileCount: count, unreadable: count }),
  ),
} as const
