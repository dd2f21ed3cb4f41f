import type { ByteSource } from '../../image'

/** A partition that the drive will have. */
export interface DrivePart {
  /** `fat32`, `exfat`, `iso-hybrid`: as a table, or who makes it, calls it. */
  type: string
  label: string
  byteOffset: number
  byteLength: number
}

/** Something of an image that its drive cannot hold. */
export interface LeftOut {
  path: string
  /** A sentence. */
  message: string
}

/** A part of the drive that is written. Both ends lie at multiples of 4096 bytes, but for the last. */
export interface PlannedRange {
  byteOffset: number
  byteLength: number
  /** Where its bytes lie in the plan’s descriptor, as they are; absent: they are read from the source. */
  copyFrom?: number
}

/** Everything that a drive is to hold. What no range covers is left as it is. */
export interface DrivePlan {
  how: 'as-is' | 'files' | 'empty'
  /** From the drive’s first byte to the last one that counts. */
  byteLength: number
  ranges: PlannedRange[]
  /** The bytes of the drive, at their places. */
  source: ByteSource
  /** An opened file that ranges may be copied from. */
  descriptor: number | null
  parts: DrivePart[]
  /** What of the image is not on it. */
  leftOut: LeftOut[]
  /** Sentences on what is as it is to be, and may surprise. */
  notes: string[]
  /** What a person knows a place of the drive by: the path of a file. */
  nameAt: (byteOffset: number) => Promise<string | null>
  /** Releases what planning opened; what the plan was made of stays open. */
  close: () => Promise<void>
}
