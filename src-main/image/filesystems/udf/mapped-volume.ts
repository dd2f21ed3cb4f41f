import type { DiagnosticLog } from '../../core/diagnostic-log'
import type { AddressSpace, LongAllocation } from './allocation'
import { readDString } from './osta-cs0'
import { MissingPartition, type Partition } from './partition'
import type { VolumeSequence } from './volume-sequence'

/** A UDF logical volume with its partitions mapped. */
export class UdfVolume implements AddressSpace {
  partitions: Partition[] = []
  root: LongAllocation | null = null
  streamRoot: LongAllocation | null = null
  created = NaN
  /** The end of the last partition, in bytes. */
  expectedByteLength = 0
  /** The codes of faults that are its writer's habit; absent where nobody may look for them. */
  readHabits: (() => Promise<ReadonlySet<string>>) | null = null

  constructor(
    readonly blockSize: number,
    readonly sequence: VolumeSequence,
    readonly log: DiagnosticLog,
  ) {}

  /** The same volume; what is met in it is told to another log. */
  withLog(log: DiagnosticLog): UdfVolume {
    return Object.create(this, { log: { value: log } }) as UdfVolume
  }

  get name(): string {
    return readDString(this.sequence.logical, 84, 128)
  }

  /** UDF 2.1.5.3: the domain identifier's suffix, as in 0x0201. */
  get revision(): number {
    return this.sequence.logical.u16Le(240)
  }

  get versionLabel(): string {
    const { revision } = this
    return revision === 0 ? 'UDF' : `UDF ${revision >> 8}.${(revision & 0xff).toString(16).padStart(2, '0')}`
  }

  mapRun(partition: number, block: number, byteLength: number, into: number[]): void {
    const map = this.partitions[partition]
    if (map !== undefined) {
      map.mapRun(block, byteLength, into)
      return
    }
    this.log.damage('UDF_PARTITION_MISSING', 'Something refers to a partition that the volume does not have.')
    new MissingPartition().mapRun(block, byteLength, into)
  }

  /** Where the copy of a metadata block is; −1 where no copy is kept. */
  locateMirror(partition: number, block: number): number {
    const runs: number[] = []
    this.partitions[partition]?.mapMirrorRun?.(block, this.blockSize, runs)
    return runs[0] ?? -1
  }

  /** What is unsound in the metadata file is sound in its mirror. */
  reportMirrorUsed(byteOffset: number | undefined): void {
    const message = 'Part of the metadata is damaged; its mirror is used.'
    this.log.recovered('UDF_METADATA_MIRROR_USED', message, byteOffset)
  }

  /** The same runs from the metadata mirror; null where any of them has no copy. */
  mirrorRuns(runs: ArrayLike<number>): number[] | null {
    const copies: number[] = []
    for (let i = 0; i + 1 < runs.length; i += 2) {
      const copy = this.partitions.map((partition) => partition.mirrorOf?.(runs[i] ?? -1) ?? -1).find((at) => at >= 0)
      if (copy === undefined) return null
      copies.push(copy, runs[i + 1] ?? 0)
    }
    return copies.length > 0 ? copies : null
  }
}
