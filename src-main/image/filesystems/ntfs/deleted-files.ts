import { ByteReader } from '../../core/byte-reader'
import { SourceError, type ByteSource, type MaybePromise } from '../../core/byte-source'
import { ClusterBitmap } from '../../core/cluster-bitmap'
import { sumOfRuns } from '../../core/content-runs'
import { ExtentSource } from '../../core/sources/extent-source'
import { DELETED_LIMIT, type DeletedFile, type DeletedFiles } from '../deleted-files'
import { openRuns, streamRuns } from './file-content'
import type { NtfsFile, NtfsVolume } from './ntfs-volume'
import { AttributeType, type Attribute } from './record'

const BITMAP_RECORD = 6
/** Records below are the volume's own. */
const FIRST_FILE = 24
const DOS_NAMESPACE = 2
const CHECK_EVERY = 1024

/** Deleted files of NTFS: their records stay until they are used again, with the runs of their clusters. */
export class DeletedNtfsFiles implements DeletedFiles {
  private bitmap: ClusterBitmap | null = null

  /** @param volume whose table is open */
  constructor(private readonly volume: NtfsVolume) {}

  async *files(checkpoint: () => MaybePromise<void>): AsyncGenerator<DeletedFile> {
    const { volume } = this
    const { recordLength } = volume.boot
    // A table may say that it is longer than the volume that it lies in.
    const count = Math.min(volume.recordCount, Math.floor(volume.source.byteLength / recordLength))
    let left = DELETED_LIMIT
    for (let number = FIRST_FILE; number < count; number++) {
      const wait = number % CHECK_EVERY === 0 ? checkpoint() : undefined
      if (wait) await wait
      const file = await this.file(number)
      if (file === null) continue
      if (--left < 0) return
      yield file
    }
  }

  async bytesInUse(byteOffset: number, byteLength: number): Promise<number> {
    this.bitmap ??= await this.openBitmap()
    return this.bitmap.bytesInUse(byteOffset, byteLength, this.volume.boot.clusterLength)
  }

  private async file(number: number): Promise<DeletedFile | null> {
    const { volume } = this
    try {
      const file = await volume.deletedFile(number)
      const content = file === null || file.isDirectory ? null : volume.find(file, AttributeType.data, '')
      // What lies in its record is no image.
      if (file === null || content === null || content.attributes[0]?.resident) return null
      const { byteLength } = content
      if (byteLength === 0) return null
      const stored = streamRuns(volume, content)
      const isPacked = stored.transform !== undefined
      const runs = Array.from(stored.runs)
      if (!isPacked && sumOfRuns(runs) !== byteLength) return null
      const open = (): ByteSource => openRuns(volume, stored, byteLength)
      return { name: nameOf(file), byteLength, runs, isAssumed: false, ...(isPacked ? { open } : {}) }
    } catch (error) {
      if (error instanceof SourceError && error.code === 'CONTENT_DAMAGED') return null
      throw error
    }
  }

  private async openBitmap(): Promise<ClusterBitmap> {
    const { volume } = this
    try {
      const content = volume.find(await volume.file(BITMAP_RECORD), AttributeType.data, '')
      const runs = content === null ? [] : volume.runsOf(content)
      return new ClusterBitmap(new ExtentSource(volume.structures, runs, sumOfRuns(runs)))
    } catch (error) {
      if (error instanceof SourceError && error.code === 'CONTENT_DAMAGED')
        return new ClusterBitmap(new ExtentSource(volume.structures, [], 0))
      throw error
    }
  }
}

/** Names for MS-DOS stand beside others. */
function nameOf({ attributes, number }: NtfsFile): string {
  const names = attributes.filter(({ type, resident }) => type === AttributeType.fileName && resident !== null)
  const isLong = ({ resident }: Attribute): boolean => resident?.[65] !== DOS_NAMESPACE
  const value = (names.find(isLong) ?? names[0])?.resident
  if (!value) return `record ${number}`
  const reader = new ByteReader(value)
  return Buffer.from(reader.slice(66, reader.u8(64) * 2))
    .toString('utf16le')
    .toWellFormed()
}
