import type { ChildSelection, ConflictPolicy } from '../../src-shared/model'

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
  /** Many entries of one directory, in place of paths; absent in jobs of older versions, and where few are named. */
  children?: ChildSelection
  destination: string
  conflicts: ConflictPolicy
  /** One top-level item as it is, several into a folder named after the image. */
  smart: boolean
  /** Keep the paths from the view's root; else each entry lands directly in the destination. */
  keepPaths: boolean
  /** Another name for the one entry, or for a folder around several; absent in jobs of older versions. */
  rename?: string | null
  /** `destination` is then the folder in which the archive is made. Absent: a folder, as it has been of old. */
  format?: 'folder' | 'zip' | '7z'
  /** The archive is encrypted. The password itself is never kept: it does not outlive the program. */
  hasPassword?: boolean
}

/** The blocks inside any container as a plain image, in the destination folder. */
export interface ConvertSpec {
  kind: 'convert'
  source: ImageSource
  destination: string
}

/** Every check that the image carries; nothing is written. */
export interface VerifySpec {
  kind: 'verify'
  source: ImageSource
  view: string
}

export interface CopySpec {
  kind: 'copy' | 'move'
  paths: string[]
  destination: string
  conflicts: ConflictPolicy
}

/** What a job is to do; kept as JSON, so plain values only. */
export type JobSpec = ExtractSpec | ConvertSpec | VerifySpec | CopySpec

/** A job that reads an image. */
export type ImageJobSpec = Exclude<JobSpec, CopySpec>

export function isImageJob(spec: JobSpec): spec is ImageJobSpec {
  return spec.kind !== 'copy' && spec.kind !== 'move'
}

/** Where it writes; null for one that writes nothing. */
export function destinationOf(spec: JobSpec): string | null {
  return spec.kind === 'verify' ? null : spec.destination
}

/** Whether a value out of a file is a job of this or an earlier version: nothing else may be run. */
export function isJobSpec(value: unknown): value is JobSpec {
  if (typeof value !== 'object' || value === null) return false
  const spec = value as Record<string, unknown>
  const isText = (field: string): boolean => typeof spec[field] === 'string'
  switch (spec.kind) {
    case 'copy':
    case 'move':
      return isTexts(spec.paths) && isText('destination') && isText('conflicts')
    case 'verify':
      return isImageSource(spec.source) && isText('view')
    case 'convert':
      return isImageSource(spec.source) && isText('destination')
    case 'extract':
      return (
        isImageSource(spec.source) &&
        isText('view') &&
        isText('destination') &&
        isText('conflicts') &&
        (spec.paths === null || isTexts(spec.paths))
      )
    default:
      return false
  }
}

function isImageSource(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const { kind, path, name, inside } = value as Record<string, unknown>
  return (kind === 'path' || kind === 'upload') && isTexts([path, name]) && Array.isArray(inside)
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === 'string')
}
