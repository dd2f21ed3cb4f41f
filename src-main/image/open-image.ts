import { because, type Diagnostic } from '../../src-shared/model'
import type { ByteSource } from './core/byte-source'
import { describeLength } from './completeness'
import { dataStarts, trackContent, type DiscLayout } from './containers/disc/disc-layout'
import { tracksView } from './containers/disc/tracks-view'
import { unwrap, type Unwrapped } from './containers/unwrap'
import { DiagnosticLog } from './core/diagnostic-log'
import { NotAnImageError, type DiscImage, type OpenImageOptions } from './core/disc-image'
import { OpenedImage } from './core/opened-image'
import { SliceSource } from './core/sources/slice-source'
import { DEFAULT_LIMITS } from './core/tree-walker'
import { findVolumes, type FoundVolumes } from './find-volumes'
import { assertBeginsLikeImage, needsMissing, whyNotAnImage } from './not-an-image'
import { makePlainImage } from './plain-image'
import { nameUnsupported } from './unsupported-formats'
import { isVolumeAt } from './proven-volume'
import { partitionsView } from './volumes/partitions-view'

/**
 * Opens a disc image: undoes its containers until none answers, finds the volumes in it, and the trees that the file
 * systems of each hold. Reads descriptors, boot catalogs and the start of root directories, never the whole image.
 * @throws {NotAnImageError} where nothing in it can be read.
 * @throws {SourceError} where the source cannot.
 */
export async function openImage(source: ByteSource, options: OpenImageOptions): Promise<DiscImage> {
  if (source.byteLength === 0)
    throw new NotAnImageError('EMPTY_FILE', `“${options.name}” is empty.`, because('isEmpty', { name: options.name }))
  const log = new DiagnosticLog()
  // The source stays the caller's: closing the image closes what opening it opened besides.
  const borrowed = new SliceSource(source, 0)
  const unwrapped = await unwrap(borrowed, options, log, { assertBeginsLikeImage, isVolumeAt })
  const containerDamage = [...log.costs]
  try {
    return await openBlocks(borrowed, { ...unwrapped, containerDamage }, options, log)
  } catch (error) {
    await unwrapped.blocks.close()
    throw error
  }
}

interface Damaged {
  containerDamage: readonly Diagnostic[]
}

async function openBlocks(
  source: ByteSource,
  { blocks, containers, containerSums, containerDamage, layout, nextPart, isInDisk }: Unwrapped & Damaged,
  options: OpenImageOptions,
  log: DiagnosticLog,
): Promise<DiscImage> {
  const { charset, listsStreams, name } = options
  const finding = findVolumes(blocks, layout === null ? null : dataStarts(layout), options, log)
  const whole = await finding.catch((error: unknown) => {
    // What a volume lacks lies in the file that is missing, not in the volume.
    const isLacking = error instanceof NotAnImageError && error.code === 'NOTHING_READABLE'
    throw (isLacking ? needsMissing(log) : null) ?? error
  })
  const later = whole.views.length === 0 && layout !== null ? await findInTracks(layout, options, log) : null
  const found = later?.found ?? whole
  const hasTree = found.views.length > 0
  const views = [...found.views]
  const partitions = partitionsView(blocks, whole.partitions)
  // A table of partitions alone makes an image only where it is more than the code of a boot sector.
  if (partitions !== null && (hasTree || whole.partitions.some(({ isDoubtful }) => isDoubtful !== true)))
    views.push(partitions)
  if (layout !== null) views.push(tracksView(layout))
  if (layout !== null && !hasTree) await reportUnread(layout, log)
  if (views.length === 0)
    throw await whyNotAnImage(containers.length === 0 ? source : null, blocks, name, nextPart, isInDisk, log)
  const image = new OpenedImage({
    name,
    source,
    blocks,
    plain: () =>
      makePlainImage({
        name,
        blocks: later?.content ?? blocks,
        audioTrackCount: layout?.tracks.filter(({ isAudio }) => isAudio).length ?? 0,
        hasVolume: hasTree || partitions !== null,
        plain: found.plain,
      }),
    containers,
    containerSums,
    containerDamage,
    volumeEnd: whole.byteEnd,
    pieces: async () => (await found.pieces?.()) ?? null,
    label: views[0]?.info.volumeName ?? '',
    ...found.facts,
    dates: found.dates,
    completeness: describeLength(source, blocks, whole.byteEnd, endOfPartitions(whole), nextPart, log),
    boot: found.boot,
    views,
    log,
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    charset,
    listsStreams,
  })
  await image.chooseDefault()
  return image
}

/** In bytes of the blocks; 0 without a table that is one for sure. */
function endOfPartitions({ partitions }: FoundVolumes): number {
  const sure = partitions.filter(({ isDoubtful }) => isDoubtful !== true)
  return sure.reduce((end, { byteOffset, byteLength }) => Math.max(end, byteOffset + byteLength), 0)
}

/** Says of data tracks that hold no file system which is read what they hold instead, where that has a name. */
async function reportUnread(layout: DiscLayout, log: DiagnosticLog): Promise<void> {
  for (const track of layout.tracks) {
    if (track.isAudio) continue
    const named = await nameUnsupported(trackContent(track))
    if (named !== null) log.warn('TRACK_NOT_READ', `Track ${track.number} ${named.rest} It is given as it is.`)
  }
}

/** File systems in data tracks that are not the disc's first: Mac and UDF sessions of a CD-Extra. */
async function findInTracks(
  layout: DiscLayout,
  options: OpenImageOptions,
  log: DiagnosticLog,
): Promise<{ found: FoundVolumes; content: ByteSource } | null> {
  for (const track of layout.tracks.toReversed()) {
    if (track.isAudio || track.startSector === 0) continue
    const content = trackContent(track)
    const found = await findVolumes(content, null, options, log)
    if (found.views.length > 0) return { found, content }
  }
  return null
}
