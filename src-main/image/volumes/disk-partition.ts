export type PartitionScheme = 'mbr' | 'gpt' | 'apm'

/** A partition as any of the three schemes describes it. */
export interface DiskPartition {
  scheme: PartitionScheme
  number: number
  /** What it is: `efi-system`, `0x83`, `Apple_HFS`. */
  type: string
  name: string
  byteOffset: number
  byteLength: number
}
