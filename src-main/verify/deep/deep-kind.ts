import type { ByteSource } from '../../image/core/byte-source'

export const HEAD_LENGTH = 16

/** Encrypted, or packed in a way that is not known here. */
export const UNCHECKED = Symbol('unchecked')

/** A kind of file that carries sums of its own content. */
export interface DeepKind {
  /** Whether a file is one, by its first {@link HEAD_LENGTH} bytes. */
  probe(head: Uint8Array): boolean
  /**
   * @param checkpoint to be called before each piece that is read
   * @returns what does not fit, a part of a sentence; null where all does; {@link UNCHECKED} where some of it cannot be
   *   looked into, which says nothing, good or bad
   */
  check(content: ByteSource, checkpoint: () => Promise<void>): Promise<string | null | typeof UNCHECKED>
}
