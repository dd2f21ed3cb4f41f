import { z } from 'zod'

/** Texts of a primary descriptor, and how many characters each has room for (ECMA-119 8.4). */
export const IMAGE_TEXTS = {
  publisher: 128,
  preparer: 128,
  application: 128,
  systemId: 32,
  volumeSetId: 128,
} as const
export type ImageText = keyof typeof IMAGE_TEXTS

export const BOOT_EMULATIONS = ['none', 'floppy', 'hard-disk'] as const
export const BOOT_TABLES = ['none', 'isolinux', 'grub'] as const
export const HYBRIDS = ['none', 'gpt', 'mbr', 'both'] as const

const text = (limit: number) => z.string().max(limit)
const path = z.string().min(1)

/**
 * What may be said of an image beyond its name, its label and what it is for. What is absent is as the preset has it or,
 * of an image that is changed, as that has it.
 */
export const imageMore = z
  .object({
    publisher: text(IMAGE_TEXTS.publisher),
    preparer: text(IMAGE_TEXTS.preparer),
    application: text(IMAGE_TEXTS.application),
    systemId: text(IMAGE_TEXTS.systemId),
    volumeSetId: text(IMAGE_TEXTS.volumeSetId),
    /** When the volume says that it was made, in milliseconds since 1970; absent: when it is written. */
    date: z.number(),
    /** Boot entries for loaders that are found in the tree, where the image has no others. */
    findsBoots: z.boolean(),
    /** Boot images by their paths in the tree. */
    bootBios: path,
    bootUefi: path,
    bootEmulation: z.enum(BOOT_EMULATIONS),
    /** What the loader for BIOS is told of where it lies, in the form that it expects. */
    bootTable: z.enum(BOOT_TABLES),
    /** What makes a disk of it as well as a disc. */
    hybrid: z.enum(HYBRIDS),
    /** A file of this computer with code for the first sector; `mbr` and `both` need it where the tree has none. */
    mbrFile: path,
    /** A sum of the whole, as `checkisomd5` looks for it. */
    implantMd5: z.boolean(),
    /** A list of the files' SHA-256 sums in the root. */
    sha256sums: z.boolean(),
    /** Owners 0, and modes that anybody can read. */
    plainModes: z.boolean(),
    /** Of a changed image: a session behind what there is, so that nothing of it moves. */
    appends: z.boolean(),
  })
  .partial()
export type ImageMore = z.output<typeof imageMore>
