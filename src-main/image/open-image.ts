import type { ByteSource } from './byte-source'
import { DiagnosticLog } from './diagnostic-log'
import { NotAnImageError, type DiscImage, type OpenImageOptions } from './disc-image'
import { isoViews } from './iso9660/iso-views'
import { readIsoVolume, type IsoVolume } from './iso9660/iso-volume'
import { OpenedImage, type FoundView } from './opened-image'
import { hasRecognitionSequence, readUdfVolume } from './udf/udf-volume'
import { udfViews } from './udf/udf-views'
import { DEFAULT_LIMITS } from './tree-walker'

/**
 * Opens a disc image: undoes its container, finds the volumes in it and the trees they hold. Reads descriptors and the
 * start of root directories, never the whole image.
 * @throws {NotAnImageError} where nothing in it can be read.
 * @throws {SourceError} where the source cannot.
 */
export async function openImage(source: ByteSource, options: OpenImageOptions): Promise<DiscImage> {
  const log = new DiagnosticLog()
  const blocks = source
  const volume = await readIsoVolume(blocks, 0, log)
  const udf = await readUdfVolume(blocks, volume === null || (await hasRecognitionSequence(blocks)), log)
  const views: FoundView[] = volume === null ? [] : isoViews(blocks, volume, '', log, options.charset)
  if (udf !== null) views.push(...udfViews(blocks, udf, '', options.charset))
  if (views.length === 0) {
    throw new NotAnImageError('NOT_AN_IMAGE', `“${options.name}” is not a disc image.`)
  }
  const first = views[0]
  const primary = volume?.primary ?? volume?.joliet ?? volume?.enhanced ?? null
  const expected = Math.max(expectedByteLength(volume), udf?.expectedByteLength ?? 0)
  const image = new OpenedImage({
    name: options.name,
    source,
    blocks,
    containers: ['plain'],
    label: first?.info.volumeName ?? '',
    systemId: primary?.systemId ?? '',
    publisher: primary?.publisher ?? '',
    preparer: primary?.preparer ?? '',
    application: primary?.application ?? '',
    dates: { created: orNull(primary?.created), modified: orNull(primary?.modified) },
    completeness: {
      status: expected > source.byteLength ? 'truncated' : 'complete',
      expectedByteLength: expected,
      missingByteLength: Math.max(0, expected - source.byteLength),
    },
    boot: [],
    views,
    log,
    limits: { ...DEFAULT_LIMITS, ...options.limits },
  })
  await image.chooseDefault('')
  return image
}

function expectedByteLength(volume: IsoVolume | null): number {
  const descriptor = volume?.primary ?? volume?.joliet ?? null
  return descriptor === null ? 0 : descriptor.volumeSpaceSize * descriptor.logicalBlockSize
}

function orNull(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value
}
