import { z } from 'zod'
import type { Settings } from '../../../../src-shared/contract'
import { ENCODINGS, type Encoding } from '../../../base/file-kinds/encoding'

/** How the window looks: a frame shares none of its styles, and is told. */
export interface Look {
  theme: string
  density: string
  language: string
  direction: string
}

/**
 * What a frame is to show, and how. Words come along where there are any: a frame has neither a language nor settings of
 * its own.
 */
export type Wish =
  /** `isGuess`: nothing says yet that it is a text. */
  | { kind: 'text'; label: string; isWrapped: boolean; encoding: Encoding | null; isGuess: boolean }
  | { kind: 'hex'; label: string }
  | { kind: 'page'; label: string }
  | { kind: 'pdf'; label: string; name: string; page: number }
  | {
      kind: 'archive'
      label: string
      name: string
      units: Settings['sizeUnits']
      language: string
      /** “{size} packed”, with `{size}` in it. */
      packed: string
    }
  | { kind: 'media'; element: 'picture' | 'audio' | 'video'; name: string; enlarge: string; fit: string }
export type WishOf<Kind extends Wish['kind']> = Extract<Wish, { kind: Kind }>

/** What a frame is told. */
export type ToFrame =
  /** Once at first, and again whenever the wish has changed. The address is where media are, and only theirs. */
  | { type: 'show'; byteLength: number; address: string; wish: Wish }
  | { type: 'look'; look: Look }
  /** The window's own, which a frame cannot load by itself. */
  | { type: 'typeface'; range: string; bytes: ArrayBuffer }
  /** An answer to `read`; null where the bytes could not be had. */
  | { type: 'bytes'; id: number; bytes: Uint8Array | null }

const count = z.int().min(0)

/** What a frame may say. It works on what a stranger wrote, so nothing of it is believed unseen. */
export const fromFrame = z.discriminatedUnion('type', [
  z.object({ type: z.literal('read'), id: z.number(), byteOffset: count, byteLength: count }),
  /** Nobody waits for these bytes any more. */
  z.object({ type: z.literal('forget'), id: z.number() }),
  /** There is something to be seen. */
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('encoding'), encoding: z.enum(ENCODINGS) }),
  /** Lines of a text, or entries of an archive. */
  z.object({ type: z.literal('counted'), total: count, hasMore: z.boolean() }),
  z.object({ type: z.literal('opened'), pages: count }),
  z.object({ type: z.literal('turn'), by: z.literal([-1, 1]) }),
  z.object({ type: z.literal('picture'), width: count, height: count }),
  /** This is no text, or nothing that can be played. */
  z.object({ type: z.literal('unsuited') }),
  z.object({ type: z.literal('failed'), reason: z.enum(['encrypted', 'packed', 'large']).optional() }),
  /** Something is dragged over the frame; it is meant for what is around it. */
  z.object({ type: z.literal('dragged') }),
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

/** What a frame says about the file; the rest is between it and what holds it. */
export type Said = Exclude<FromFrame, { type: 'read' | 'forget' | 'ready' | 'dragged' | 'key' }>
