import type { EntryKind, EntryStatus, ImageInfo } from '../../src-shared/model'

export type { ImageInfo }

/** An image as the list of recent ones shows it. */
export interface RecentImageRecord {
  id: number
  name: string
  path: string
  label: string
  byteLength: number
  formats: string[]
  status: 'complete' | 'truncated'
  lastOpened: number
}

/** A row of a view as it is kept. `entry` is its number in the view. */
export interface EntryRecord {
  entry: number
  name: string
  parent: number
  kind: EntryKind
  byteLength: number
  modified: number | null
  mode: number | null
  uid: number | null
  gid: number | null
  target: string | null
  hidden: boolean
  status: EntryStatus
  childCount: number | null
  /** Hashes of its content, where they were computed. */
  sha256: string | null
  blake3: string | null
  position: number | null
}
