import { because } from '../../../../src-shared/model'
import { SourceError, type ByteSource } from '../../core/byte-source'
import { sumOfRuns, type ContentRuns } from '../../core/content-runs'
import { copied } from '../../core/copied'
import { ExtentSource } from '../../core/sources/extent-source'
import { CompressedFile } from './compressed-file'
import { damaged, readClusterRuns } from './mapping'
import type { AttributeContent, NtfsFile, NtfsVolume } from './ntfs-volume'
import { AttributeFlag, AttributeType, type Attribute } from './record'
import { WOF_STREAM, WofFile } from './wof-file'

/** No content lies there: where bytes that no run has are looked for. */
const NOWHERE = 2 ** 52
/** Units are 4 clusters long and more, and 64 KiB as Windows makes them. */
const UNIT_LOG_LIMIT = 8
/** Units of more bytes than that are none. */
const UNIT_LIMIT = 1 << 20

/**
 * Where a stream has its bytes, and what undoes how they are packed. Encrypted ones are damage.
 * @throws {SourceError} `CONTENT_DAMAGED` where it cannot be had
 */
export function streamRuns(volume: NtfsVolume, content: AttributeContent): ContentRuns {
  const [first] = content.attributes
  if (first === undefined || content.byteLength === 0) return { runs: [] }
  if ((first.flags & AttributeFlag.encrypted) !== 0)
    throw new SourceError('CONTENT_DAMAGED', 'It is encrypted; without its key nothing can be read of it.', {
      details: because('contentEncrypted', {}),
    })
  if (first.resident !== null) return residentRuns(volume, first, first.resident)
  if ((first.flags & AttributeFlag.compressed) !== 0) return compressedRuns(volume, content, first)
  volume.assertPossible(content.byteLength)
  return { runs: plainRuns(volume, content, first) }
}

/** The runs of a stream that is not packed: what was never written is zeros. */
function plainRuns(volume: NtfsVolume, content: AttributeContent, first: Attribute): number[] {
  const { byteLength } = content
  const written = Math.min(byteLength, first.runs?.initializedLength ?? 0)
  const runs = volume.runsOf({ ...content, byteLength: written })
  const found = sumOfRuns(runs)
  if (found < written) runs.push(NOWHERE, written - found)
  if (written < byteLength) runs.push(-1, byteLength - written)
  return runs
}

function residentRuns(volume: NtfsVolume, { record, valueAt }: Attribute, { byteLength }: Uint8Array): ContentRuns {
  const place = volume.placeInTable(record, valueAt, byteLength)
  if (place !== null) return { runs: [place, byteLength] }
  // Over the end of a sector, whose last bytes are not in their place.
  const open = (_: ByteSource, length: number): ByteSource => new ResidentContent(volume, record, valueAt, length)
  return { runs: [-1, byteLength], transform: { open } }
}

function compressedRuns(volume: NtfsVolume, content: AttributeContent, first: Attribute): ContentRuns {
  const { clusterLength, clusterCount } = volume.boot
  const { byteLength } = content
  const unitLog = first.runs?.unitLog ?? 0
  volume.assertPossible(byteLength)
  if (unitLog < 1 || unitLog > UNIT_LOG_LIMIT || clusterLength * 2 ** unitLog > UNIT_LIMIT)
    throw damaged('is packed in units of a length that cannot be')
  const clusters = readClusterRuns(content.attributes, clusterCount)
  const runs: number[] = []
  for (let at = 0; at + 2 < clusters.length; at += 3) {
    const cluster = clusters[at + 1] ?? -1
    if (cluster >= 0) runs.push(cluster * clusterLength, (clusters[at + 2] ?? 0) * clusterLength)
  }
  const last = clusters.length - 3
  const reached = last < 0 ? 0 : ((clusters[last] ?? 0) + (clusters[last + 2] ?? 0)) * clusterLength
  const written = Math.min(byteLength, first.runs?.initializedLength ?? 0)
  if (reached < written) throw damaged('is longer than its list of clusters')
  const open = (_: ByteSource, length: number): ByteSource =>
    new CompressedFile(volume.source, clusters, clusterLength, 2 ** unitLog, length, written)
  return { runs: runs.length === 0 ? [-1, byteLength] : runs, transform: { open } }
}

/** A file that Windows has packed as a whole. @throws {SourceError} `CONTENT_DAMAGED` */
export function wofRuns(volume: NtfsVolume, file: NtfsFile, method: number, byteLength: number): ContentRuns {
  const packed = volume.find(file, AttributeType.data, WOF_STREAM)
  if (packed === null) throw damaged('is packed, and what it is packed in is missing')
  volume.assertPossible(byteLength)
  const stored = streamRuns(volume, packed)
  const open = (_: ByteSource, length: number): ByteSource =>
    new WofFile(openRuns(volume, stored, packed.byteLength), method, length)
  return { runs: stored.runs, transform: { open } }
}

/** A stream as a source. */
export function openRuns(volume: NtfsVolume, { runs, transform }: ContentRuns, byteLength: number): ByteSource {
  if (transform === undefined) return new ExtentSource(volume.source, runs, byteLength)
  return transform.open(new ExtentSource(volume.source, runs, sumOfRuns(runs)), byteLength)
}

/** Content in a record, ends of sectors in place. */
class ResidentContent implements ByteSource {
  constructor(
    private readonly volume: NtfsVolume,
    private readonly record: number,
    private readonly valueAt: number,
    readonly byteLength: number,
  ) {}

  async read(byteOffset: number, byteLength: number): Promise<Uint8Array> {
    const wanted = Math.min(byteLength, this.byteLength - byteOffset)
    if (wanted <= 0 || byteOffset < 0) return new Uint8Array(0)
    const from = this.valueAt + byteOffset
    return copied(await this.volume.recordBytes(this.record), from, from + wanted)
  }

  locate(): null {
    return null
  }

  close(): void {
    // The record belongs to the volume.
  }
}
