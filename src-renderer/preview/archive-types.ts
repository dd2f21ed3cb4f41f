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
