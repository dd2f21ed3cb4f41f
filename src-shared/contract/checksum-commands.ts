import { z } from 'zod'
import { command } from './command'
import { absolutePath, count } from './shapes'

export const CHECKSUM_ALGORITHMS = ['crc32', 'md5', 'sha1', 'sha256', 'sha512', 'blake3'] as const
export type ChecksumAlgorithm = (typeof CHECKSUM_ALGORITHMS)[number]

/** `id` is the caller's: `checksums.progress` names it. All of them are computed in one pass. */
const wanted = { id: z.string().max(64), algorithms: z.array(z.enum(CHECKSUM_ALGORITHMS)).min(1) }
const sums = z.object({
  byteLength: count,
  /** In the order that was asked for; in lower-case hexadecimal. */
  sums: z.array(z.object({ algorithm: z.enum(CHECKSUM_ALGORITHMS), hex: z.string() })),
})

/** Checksums of one file, for whoever looks at them at once. Cancelled by nobody waiting any more. */
export const checksumCommands = {
  /** Of a file of this computer. */
  'checksums.file': command(z.object({ ...wanted, path: absolutePath }), sums),
  /** Of a file inside an open image. A file that is not all there has none: `CONTENT_DAMAGED`. */
  'checksums.entry': command(
    z.object({ ...wanted, image: count, generation: count, view: z.string(), entry: count }),
    sums,
  ),
} as const

export const checksumEvents = {
  /** About ten times a second. */
  'checksums.progress': z.object({ id: z.string(), bytesDone: count, bytesTotal: count }),
} as const
