import { imageKindOf, type ImageInfo } from '../../src-shared/model'
import { MemoryByteSource, SourceError, type ByteSource } from '../image/core/byte-source'
import { ExtentSource } from '../image/core/sources/extent-source'
import { NotAnImageError, openImage, type DiscImage, type EntryTable } from '../image'
import { BEGINNINGS, findDeleted, type DeletedFile, type DeletedVolume } from '../image/find-deleted'
import type { Control } from '../task'
import type { Candidate } from './find'
import { LiveRuns } from './live-runs'

/** Nothing shorter is a disc image: descriptors begin behind 32 KiB (ECMA-119 6.2.1). In bytes. */
const LEAST_LENGTH = 34 << 10
/** What shows an image lies within that many bytes from its beginning. */
const FARTHEST_MARK = Math.max(...BEGINNINGS.map(({ at }) => at)) + 512
/** Trees that are images themselves, or lists of what is no file. */
const NOT_LISTED: ReadonlySet<string> = new Set<ImageInfo['views'][number]['kind']>([
  'rock-ridge',
  'joliet',
  'iso9660',
  'enhanced',
  'high-sierra',
  'udf',
  'boot',
  'partitions',
  'tracks',
])

/** The files that the volumes of a disk have, and those that were deleted from them. */
export class KnownFiles {
  /** Files that begin at a place, where what follows them on the disk shows whether they are images. */
  private readonly byStart = new Map<number, Candidate[]>()
  /** Those that have to be looked at by themselves: by their names, or because they lie in pieces. */
  readonly toProbe: Candidate[] = []
  private readonly live = new LiveRuns()
  private deletedVolumes: DeletedVolume[] = []

  private constructor(private readonly disk: ByteSource) {}

  /** @throws {SourceError} where the disk is gone */
  static async read(
    disk: ByteSource,
    name: string,
    charset: string | undefined,
    control: Control,
  ): Promise<KnownFiles> {
    const files = new KnownFiles(disk)
    await files.readLive(name, charset, control)
    files.deletedVolumes = await findDeleted(disk, charset)
    for (const volume of files.deletedVolumes)
      for await (const file of volume.deleted.files(() => control.checkpoint())) await files.addDeleted(volume, file)
    return files
  }

  /** The files that begin at a place: those that are there first, then those whose clusters are known. */
  startingAt(byteOffset: number): readonly Candidate[] {
    return this.byStart.get(byteOffset) ?? []
  }

  /** Deleted files that may have begun at a place, by what is left of their entries. */
  mayBeginAt(byteOffset: number): readonly { name: string; byteLength: number }[] {
    return this.deletedVolumes.flatMap(({ byteOffset: base, byteLength, deleted }) =>
      byteOffset >= base && byteOffset < base + byteLength ? (deleted.mayBeginAt?.(byteOffset - base) ?? []) : [],
    )
  }

  /** How many of these bytes lie in what is in use now. */
  async bytesInUse(byteOffset: number, byteLength: number): Promise<number> {
    const end = byteOffset + byteLength
    let sum = 0
    let isKnown = false
    for (const volume of this.deletedVolumes) {
      const from = Math.max(byteOffset, volume.byteOffset)
      const to = Math.min(end, volume.byteOffset + volume.byteLength)
      if (to <= from) continue
      isKnown = true
      sum += await volume.deleted.bytesInUse(from - volume.byteOffset, to - from)
    }
    return isKnown ? sum : this.live.bytesIn(byteOffset, byteLength)
  }

  private async readLive(name: string, charset: string | undefined, control: Control): Promise<void> {
    let image: DiscImage
    try {
      image = await openImage(this.disk, { name, ...(charset === undefined ? {} : { charset }) })
    } catch (error) {
      if (isOrdinary(error)) return
      throw error
    }
    try {
      // Of what lies in a container places say nothing of the source.
      if (image.info.containers.some((label) => label !== 'plain')) return
      for (const { id, kind } of image.info.views) {
        if (NOT_LISTED.has(kind)) continue
        await control.checkpoint()
        const table = await image.view(id).readTree()
        for (let index = 1; index < table.length; index++)
          if (table.kindOf(index) === 'file') await this.addLive(table, index)
      }
    } catch (error) {
      if (!isOrdinary(error)) throw error
    } finally {
      this.live.settle()
      await image.close()
    }
  }

  private async addLive(table: EntryTable, index: number): Promise<void> {
    const byteLength = table.byteLengthOf(index)
    const extents = table.extentsOf(index)
    for (const extent of extents ?? [])
      if (extent.byteOffset !== null) this.live.add(extent.byteOffset, extent.byteLength)
    if (byteLength < LEAST_LENGTH) return
    const runs = extents?.flatMap((extent) => [extent.byteOffset ?? -1, extent.byteLength]) ?? []
    const name = table.nameOf(index)
    const isPacked = extents === null
    const common = { byteLength, name, origin: 'file', isAssumed: false } as const
    if (isPacked && imageKindOf(name) === null) return
    // What is packed begins nowhere as it is.
    const byteOffset = isPacked ? table.discPositionOf(index) : firstPlace(runs)
    // Nothing but holes.
    if (byteOffset === undefined || !Number.isSafeInteger(byteOffset)) return
    const open = isPacked ? (): ByteSource => table.content(index) ?? EMPTY : undefined
    await this.add({ ...common, byteOffset, runs, open })
  }

  private async addDeleted({ byteOffset: base }: DeletedVolume, file: DeletedFile): Promise<void> {
    const { byteLength, name, isAssumed, open, otherRuns } = file
    if (byteLength < LEAST_LENGTH || (open !== undefined && imageKindOf(name) === null)) return
    const placed = (runs: readonly number[]): number[] =>
      runs.map((value, at) => (at % 2 === 0 && value >= 0 ? value + base : value))
    const runs = placed(file.runs)
    const first = firstPlace(runs)
    if (first === undefined) return
    const others =
      otherRuns &&
      ((): number[] | null => {
        const other = otherRuns()
        return other && placed(other)
      })
    await this.add({ byteOffset: first, byteLength, name, origin: 'deleted', isAssumed, runs, open, otherRuns: others })
  }

  private async add(candidate: Candidate): Promise<void> {
    const { runs, name, byteOffset, open } = candidate
    const isEarlyInPieces = runs.length > 2 && (runs[1] ?? 0) < FARTHEST_MARK
    const isNamed = name !== null && imageKindOf(name) !== null
    // Where its mark lies behind its beginning on the disk, it is found with all others that begin there.
    const isLikeImage = open === undefined && (isEarlyInPieces || isNamed) && (await this.beginsLikeImage(candidate))
    if (open !== undefined || (isEarlyInPieces ? isLikeImage : isNamed && !isLikeImage)) this.toProbe.push(candidate)
    else {
      const known = this.byStart.get(byteOffset)
      if (known === undefined) this.byStart.set(byteOffset, [candidate])
      else known.push(candidate)
    }
  }

  private async beginsLikeImage({ runs, byteLength }: Candidate): Promise<boolean> {
    const content = new ExtentSource(this.disk, runs, byteLength)
    for (const { mark, at } of BEGINNINGS)
      if (Buffer.compare(await content.read(at, mark.byteLength), mark) === 0) return true
    return false
  }
}

/** Where the first bytes lie that are recorded: what comes before them are holes. */
function firstPlace(runs: readonly number[]): number | undefined {
  return runs.find((value, at) => at % 2 === 0 && value >= 0)
}

const EMPTY = new MemoryByteSource(new Uint8Array(0))

/** Whether an error says something of what lies there, and not that the disk is gone. */
export function isOrdinary(error: unknown): boolean {
  if (error instanceof NotAnImageError) return true
  return error instanceof SourceError && (error.code === 'CONTENT_DAMAGED' || error.code === 'SOURCE_UNREADABLE')
}
