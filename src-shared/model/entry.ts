/** What a node in a view is. `device` covers character and block devices (RRIP PN, UDF device specification). */
export type EntryKind = 'file' | 'directory' | 'symlink' | 'device' | 'fifo' | 'socket'

/**
 * How much of an entry's content the image really holds.
 * `complete`: every byte is there. `partial`: some bytes lie past the end or cannot be read. `lost`: none can.
 */
export type EntryStatus = 'complete' | 'partial' | 'lost'

/**
 * A run of an entry's content. `byteOffset` counts from the start of the image file as it lies on disk;
 * `null` is a hole: bytes that were never recorded and read as zeros.
 */
export interface Extent {
  byteOffset: number | null
  byteLength: number
}

/** One node of a view, ready to be shown, sorted or sent to another process. */
export interface Entry {
  /** `/`-separated, without leading slash; unique in its view. The root's path is the empty string. */
  path: string
  name: string
  kind: EntryKind
  /** Content length in bytes; for a symlink 0, for a directory 0. */
  byteLength: number
  /** Milliseconds since 1970-01-01 UTC, or null where the image records none. */
  modified: number | null
  /** Permission bits only (0o7777), or null where the view has none. */
  mode: number | null
  uid: number | null
  gid: number | null
  /** A symlink's target as recorded. */
  target: string | null
  hidden: boolean
  status: EntryStatus
  /** Null for compressed or containerised content, whose bytes do not lie in the image file as they are. */
  extents: Extent[] | null
  /** The path's bytes as recorded on disc, where `path` differs from them (undecodable or made unique). */
  pathBytes: Uint8Array | null
}
