import { z } from 'zod'

/** How the window looks: a frame shares none of its styles, and is told. */
export interface Look {
  theme: string
  density: string
  language: string
  direction: string
}

/** What a frame is told. */
export type ToFrame =
  | { type: 'show'; byteLength: number }
  | { type: 'page'; page: number; width: number; density: number }
  | { type: 'look'; look: Look }
  /** The window's own, which a frame cannot load by itself. */
  | { type: 'typeface'; bytes: ArrayBuffer }
  /** An answer to `read`; null where the bytes could not be had. */
  | { type: 'bytes'; id: number; bytes: Uint8Array | null }

/** Taller than any page that is worth drawing, in pixels. */
const HEIGHT_LIMIT = 1_000_000
const TEXT_LIMIT = 200_000

/** What a frame may say. It works on what a stranger wrote, so nothing of it is believed unseen. */
export const fromFrame = z.discriminatedUnion('type', [
  z.object({ type: z.literal('read'), id: z.number(), byteOffset: z.int().min(0), byteLength: z.int().min(0) }),
  z.object({ type: z.literal('opened'), pages: z.int().min(0) }),
  z.object({
    type: z.literal('drawn'),
    page: z.int(),
    words: z.string().transform((text) => text.slice(0, TEXT_LIMIT)),
  }),
  z.object({
    type: z.literal('height'),
    height: z
      .number()
      .min(0)
      .transform((height) => Math.min(height, HEIGHT_LIMIT)),
  }),
  z.object({ type: z.literal('failed') }),
  z.object({
    type: z.literal('key'),
    key: z.string().max(32),
    code: z.string().max(32),
    ctrlKey: z.boolean(),
    shiftKey: z.boolean(),
    altKey: z.boolean(),
    metaKey: z.boolean(),
  }),
])
export type FromFrame = z.infer<typeof fromFrame>
