import type { ConflictPolicy } from '../../src-shared/model'

/** The bytes of an image, as a job remembers them across a restart. */
export interface ImageSource {
  kind: 'path' | 'upload'
  path: string
  name: string
  byteLength: number | null
  inside: { view?: string | undefined; path: string }[]
  charset: string | null
}

export interface ExtractSpec {
  kind: 'extract'
  source: ImageSource
  view: string
  /** Null for the whole view. */
  paths: string[] | null
  destination: string
  conflicts: ConflictPolicy
  /** One top-level item as it is, several into a folder named after the image. */
  smart: boolean
  /** Keep the paths from the view's root; else each entry lands directly in the destination. */
  keepPaths: boolean
}

export interface CopySpec {
  kind: 'copy' | 'move'
  paths: string[]
  destination: string
  conflicts: ConflictPolicy
}

/** What a job is to do; kept as JSON, so plain values only. */
export type JobSpec = ExtractSpec | CopySpec
