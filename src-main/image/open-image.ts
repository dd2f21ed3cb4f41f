import type { ByteSource } from './core/byte-source'
import { dataStarts, trackContent, type DiscLayout } from './containers/disc/disc-layout'
import { makePlainImage } from './plain-image'
import { PlacedSource } from './core/sources/placed-source'
import { tracksView } from './containers/disc/tracks-view'
import { unwrap, type Unwrapped } from './containers/unwrap'
import { DiagnosticLog } from './core/diagnostic-log'
import { NotAnImageError, type DiscImage, type OpenImageOptions } from './core/disc-image'
import { readBootImages } from './filesystems/iso9660/el-torito/boot-images'
import { findFat } from './filesystems/fat/fat-views'
import { hfsViews } from './filesystems/hfs/hfs-views'
import { isoViews } from './filesystems/iso9660/iso-views'
import { blockSizeOf, type IsoVolume } from './filesystems/iso9660/iso-volume'
import { findSessions, type Sessions } from './filesystems/iso9660/sessions'
import { looksLike } from './looks-like'
import { OpenedImage, type FoundView } from './core/opened-image'
import type { DiskPartition } from './volumes/disk-partition'
import { partitionsView, readPartitions } from './volumes/partition-table'
import { SliceSource } from './core/sources/slice-source'
import { TolerantSource } from './core/sources/tolerant-source'
import { DEFAULT_LIMITS } from './core/tree-walker'
import { readLongFiles } from './filesystems/udf/long-files'
import { nameUnsupported } from './unsupported-formats'
import { udfViews } from './filesystems/udf/udf-views'
import { hasRecognitionSequence, readUdfVolume } from './filesystems/udf/udf-volume'
import { describeLength } from './completeness'

const SECTOR = 2048

/**
 * Opens a disc image: undoes its container, finds the volumes in it and the trees they hold. Reads descriptors, boot
 * catalogs and the start of root directories, never the whole image.
 * @throws {NotAnImageError} where nothing in it can be read.
 * @throws {SourceError} where the source cannot.
 */
export async function openImage(source: ByteSource, options: OpenImageOptions): Promise<DiscImage> {
  if (source.byteLength === 0) throw new NotAnImageError('EMPTY_FILE', `“${options.name}” is empty.`)
  const log = new DiagnosticLog()
  // The source stays the caller's: closing the image closes what opening it opened besides.
  const borrowed = new SliceSource(source, 0)
  const unwrapped = await unwrap(borrowed, options, log)
  try {
    return await openBlocks(borrowed, unwrapped, options, log)
  } catch (error) {
    await unwrapped.blocks.close()
    throw error
  }
}

async function openBlocks(
  source: ByteSource,
  { blocks, containers, layout, nextPart }: Unwrapped,
  options: OpenImageOptions,
  log: DiagnosticLog,
): Promise<DiscImage> {
  const { charset } = options
  // Structures are read past bad sectors; files, later, are not.
  const structures = new TolerantSource(blocks, log)
  let sessions = await findSessions(structures, layout === null ? null : dataStarts(layout), log)
  const placed = placeLoneSession(blocks, sessions)
  const volumeBlocks = placed?.blocks ?? blocks
  if (placed !== null) {
    log.warn(
      'EARLIER_SESSION_MISSING',
      `The image is a later session of its disc, kept alone: what lies in the first ${placed.sector} sectors is not in it.`,
    )
    const start = { sector: placed.sector, session: 1 }
    sessions = await findSessions(new TolerantSource(volumeBlocks, log), [start], log)
  }
  const main = sessions.volumes[sessions.defaultIndex] ?? null
  const udf = await readUdfVolume(structures, main === null || (await hasRecognitionSequence(structures)), log)
  const longFiles =
    udf === null || blocks.byteLength <= 2 ** 32 ? undefined : once(() => readLongFiles(blocks, udf, log))
  const views: FoundView[] = main === null ? [] : isoViews(volumeBlocks, main, '', charset, longFiles)
  if (udf !== null) views.push(...udfViews(blocks, udf, ''))
  const partitions = await readPartitions(structures)
  const boot = main === null ? null : await readBootImages(volumeBlocks, main, views[0], log)
  views.push(...(await hfsViews(blocks, partitions, log, charset)))
  const later = views.length === 0 && layout !== null ? await viewsOfTracks(layout, log, charset) : null
  if (later !== null) views.push(...later.views)
  // Beside a disc's own trees a FAT partition is a boot image, and is entered from there.
  const fat = views.length === 0 ? await findFat(blocks, partitions, charset) : null
  if (fat !== null) views.push(fat.view)
  const hasTree = views.length > 0
  for (const [index, volume] of sessions.volumes.entries()) {
    if (volume !== main) views.push(...isoViews(volumeBlocks, volume, `@${index + 1}`, charset))
  }
  if (sessions.volumes.length > 1) {
    log.note(
      'MORE_SESSIONS',
      `The image holds ${sessions.volumes.length} sessions; session ${sessions.defaultIndex + 1} is shown.`,
    )
  }
  if (boot !== null) views.push(boot.view)
  const table = partitionsView(blocks, partitions)
  if (table !== null && (hasTree || isPartitionedDisk(partitions))) views.push(table)
  if (layout !== null) views.push(tracksView(layout))
  if (views.length === 0) {
    throw await refusal(source, blocks, options.name, nextPart, log)
  }
  const descriptor = main?.primary ?? main?.joliet ?? main?.enhanced ?? null
  const image = new OpenedImage({
    name: options.name,
    source,
    blocks,
    plain: () =>
      makePlainImage({
        name: options.name,
        blocks: later?.content ?? blocks,
        layout,
        main: placed === null ? main : null,
        volumeCount: sessions.volumes.length,
        hasVolume: hasTree || fat !== null || table !== null,
      }),
    containers,
    label: views[0]?.info.volumeName ?? '',
    systemId: descriptor?.systemId ?? '',
    publisher: descriptor?.publisher ?? '',
    preparer: descriptor?.preparer ?? '',
    application: descriptor?.application ?? '',
    dates: { created: orNull(descriptor?.created ?? udf?.created), modified: orNull(descriptor?.modified) },
    completeness: describeLength(
      source,
      blocks,
      Math.max(
        isoEnd(sessions.volumes, volumeBlocks.byteLength) - (volumeBlocks.byteLength - blocks.byteLength),
        udf?.expectedByteLength ?? 0,
        fat?.byteEnd ?? 0,
      ),
      nextPart,
      log,
    ),
    boot: boot?.entries ?? [],
    views,
    session: sessions.volumes.length > 1 ? sessions.defaultIndex + 1 : 0,
    log,
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    charset,
  })
  await image.chooseDefault()
  return image
}

/**
 * A later session that was kept alone counts its blocks from the start of a disc whose beginning is not in the file. Null
 * for every other image.
 */
function placeLoneSession(blocks: ByteSource, sessions: Sessions): { blocks: ByteSource; sector: number } | null {
  const main = sessions.volumes[sessions.defaultIndex]
  const tree = main?.primary ?? main?.joliet ?? main?.enhanced ?? null
  if (main === undefined || tree === null || sessions.volumes.length !== 1 || main.blockDelta >= 0) return null
  const start = -main.blockDelta * blockSizeOf(tree)
  return start % SECTOR === 0 ? { blocks: new PlacedSource(blocks, start), sector: start / SECTOR } : null
}

/** Volumes of other file systems in data tracks that are not the disc's first: Mac and UDF sessions of a CD-Extra. */
async function viewsOfTracks(
  layout: DiscLayout,
  log: DiagnosticLog,
  charset: string | undefined,
): Promise<{ views: FoundView[]; content: ByteSource } | null> {
  for (const track of layout.tracks.toReversed()) {
    if (track.isAudio || track.startSector === 0) continue
    const content = trackContent(track)
    const structures = new TolerantSource(content, log)
    const views = await hfsViews(content, await readPartitions(structures), log, charset)
    if (await hasRecognitionSequence(structures)) {
      const udf = await readUdfVolume(structures, true, log)
      if (udf !== null) views.push(...udfViews(content, udf, ''))
    }
    if (views.length > 0) return { views, content }
  }
  return null
}

/** Why nothing can be opened: what the file is instead, or what is missing of it. */
async function refusal(
  source: ByteSource,
  blocks: ByteSource,
  name: string,
  nextPart: string | null,
  log: DiagnosticLog,
): Promise<Error> {
  const named = (await nameUnsupported(source)) ?? (await nameUnsupported(blocks))
  if (named !== null) return new NotAnImageError('UNSUPPORTED_CONTAINER', `“${name}” ${named}`)
  // Of a stream that could not be unpacked to its end, the end may be what is missing.
  const cut = log.entries.find(({ code }) => code === 'STREAM_CUT_SHORT' || code === 'STREAM_DAMAGED')
  if (cut !== undefined) {
    return new NotAnImageError('NOTHING_READABLE', `${cut.message} That is too little to open it. Download it anew.`)
  }
  const sentence = `“${name}” is not a disc image: it ${await looksLike(blocks)}.`
  const partMissing = nextPart === null ? '' : ` If it is the first part of one, the part “${nextPart}” is missing.`
  return new NotAnImageError('NOT_AN_IMAGE', sentence + partMissing)
}

/** A table of partitions alone makes an image only where it is more than the code of a boot sector. */
function isPartitionedDisk(partitions: readonly DiskPartition[]): boolean {
  return partitions.some((partition) => partition.scheme !== 'mbr' || !partition.type.startsWith('0x'))
}

/** Where the last session's volume ends, in bytes of the blocks. */
function isoEnd(volumes: readonly IsoVolume[], byteLength: number): number {
  let end = 0
  for (const volume of volumes) {
    const tree = volume.primary ?? volume.joliet
    if (tree === null) continue
    const size = tree.volumeSpaceSize * blockSizeOf(tree)
    const fromSession = volume.sessionStart + size
    // Writers disagree whether a later session's size counts from its own start or the disc's.
    end = Math.max(end, fromSession > byteLength && size <= byteLength ? size : fromSession)
  }
  return end
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null
  return () => (made ??= make())
}

function orNull(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value
}
