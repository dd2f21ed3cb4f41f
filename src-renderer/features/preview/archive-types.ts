/** Reads bytes of a file; fewer only at its end. */
export type ReadBytes = (byteOffset: number, byteLength: number) => Promise<Uint8Array>

export interface ArchiveEntry {
  name: string
  isDirectory: boolean
  byteLength: number
  /** As packed; null where the archive packs all of it together, or not at all. */
  packedLength: number | null
  /** Milliseconds since 1970. */
  modified: number | null
}

export interface ArchiveListing {
  entries: ArchiveEntry[]
  /** Whether there are more than were read. */
  hasMore: boolean
}

/** The names are there, and out of reach: encrypted, packed in a way that is not read here, or too many. */
export class UnlistableError extends Error {
  constructor(readonly reason: 'encrypted' | 'packed' | 'large') {
    super(`The list of names is ${reason}.`)
  }
}
