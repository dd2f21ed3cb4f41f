import type { ByteSource } from './byte-source'

/** A checksum that a container carries, of its own bytes or of what it unpacks to. */
export interface ContainerSum {
  /** What is summed, with the file's name; begins a sentence. */
  what: string
  /** `edc`: the error detection code of CD sectors. */
  algorithm: 'crc32' | 'sha1' | 'edc'
  /** Lower-case hexadecimal. */
  hex: string
  source: ByteSource
  /** What of the source is summed, in this order: byte offset and length by turns. */
  ranges: readonly number[]
}
