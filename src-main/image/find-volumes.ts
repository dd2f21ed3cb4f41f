import { unpackHere } from './codecs/unpackers'
import type { BootEntry, VolumeDates, VolumeFacts } from '../../src-shared/model'
import { SourceError, type ByteSource } from './core/byte-source'
import type { DataStart } from './core/data-start'
import type { DiagnosticLog } from './core/diagnostic-log'
import { NotAnImageError, type OpenImageOptions, type PlainImage } from './core/disc-image'
import { ViewRank, type FoundView } from './core/found-view'
import type { PieceList } from './core/piece-list'
import { Likelihood } from './core/likelihood'
import type { LongFile, LongFiles } from './core/long-files'
import { SliceSource } from './core/sources/slice-source'
import { TolerantSource } from './core/sources/tolerant-source'
import {
  VOLUME_HEAD_LENGTH,
  type FileSystem,
  type FileSystemContext,
  type FoundFileSystem,
  type Volume,
} from './filesystems/file-system'
import { FILE_SYSTEMS } from './filesystems/registry'
import { knownByMagic } from './looks-like'
import { measureVolume } from './measure-volume'
import { nameUnsupported } from './unsupported-formats'
import { endOfCutPartition, reportUnread } from './unread-partitions'
import { readPartitions } from './volumes/read-partitions'
import { tellFaults, type TableFault } from './volumes/table-faults'
import type { Partition } from './volumes/volume-map'

/** Everything that was found in some blocks. */
export interface FoundVolumes {
  views: FoundView[]
  partitions: Partition[]
  boot: BootEntry[]
  facts: VolumeFacts
  dates: VolumeDates
  /** Where the last file system ends, or a partition that none was found in and that is cut, in bytes of the blocks. */
  byteEnd: number
  /** How the file system that is shown first wants its blocks to be written. */
  plain: ((blocks: ByteSource) => PlainImage | Promise<PlainImage>) | undefined
  /** What the file system of the whole image records of its pieces. */
  pieces: (() => Promise<PieceList | null>) | undefined
}

/** A file system, and where it was found. */
interface FoundIn {
  driver: FileSystem
  volume: Volume
  found: FoundFileSystem
}

/**
 * Looks for every file system in blocks as a whole, and in each partition that a table names. What the whole holds is
 * not looked for in its parts again: a hybrid's partitions lie over the same bytes.
 * @throws {NotAnImageError} where all that is there is of a kind that is not read
 * @param dataStarts the data tracks of the blocks' table of contents; null without one
 */
export async function findVolumes(
  blocks: ByteSource,
  dataStarts: readonly DataStart[] | null,
  {
    charset,
    name,
    openSibling,
    unpack = unpackHere,
  }: Pick<OpenImageOptions, 'charset' | 'name' | 'openSibling' | 'unpack'>,
  log: DiagnosticLog,
): Promise<FoundVolumes> {
  const whole = await makeVolume(blocks, { byteOffset: 0, byteLength: blocks.byteLength }, '', log)
  const faults: TableFault[] = []
  const partitions = await readPartitions(whole.structures, (fault) => faults.push(fault))
  const volumes = [whole]
  for (const partition of partitions) {
    const { byteOffset, number } = partition
    if (byteOffset === 0 || volumes.some((volume) => volume.byteOffset === byteOffset)) continue
    volumes.push(await makeVolume(blocks, partition, `partition ${number}`, log))
  }
  const results: FoundIn[] = []
  const refused = new Map<Volume, NotAnImageError>()
  const unreadable = new Set<Volume>()
  const fail = (error: unknown, volume: Volume): null => {
    // What one volume has and is not read is no reason against the others.
    if (error instanceof NotAnImageError) refused.set(volume, refused.get(volume) ?? error)
    else {
      reportDamaged(error, volume, log)
      unreadable.add(volume)
    }
    return null
  }
  const contextOf = (volume: Volume, driver: FileSystem): FileSystemContext => ({
    log,
    name,
    openSibling,
    charset,
    unpack,
    dataStarts: volume.isWhole ? dataStarts : null,
    isFirst: !results.some((each) => each.volume === volume),
    longFiles: () => longFilesOf(results, volume, driver),
    measure: measureVolume,
  })
  for (const driver of FILE_SYSTEMS) {
    for (const volume of volumes) {
      if (results.some((each) => each.driver === driver && each.volume.isWhole)) break
      if (driver.probe(volume) === Likelihood.no) continue
      const opening = driver.open(volume, contextOf(volume, driver))
      const found = await opening.catch((error: unknown) => fail(error, volume))
      if (found !== null) results.push({ driver, volume, found })
    }
  }
  // A disk that was divided is no volume any more, whatever an earlier one has left at its end.
  const isDivided = partitions.some(({ isDoubtful }) => isDoubtful !== true)
  for (const volume of volumes) {
    // Over the bytes of the whole lie those of its parts.
    if (results.some((each) => each.volume === volume || each.volume.isWhole)) continue
    if (volume.isWhole && isDivided) continue
    // What is known to be something else has lost nothing.
    const foreign = (await nameUnsupported(volume.structures)) ?? (await knownByMagic(volume.structures))
    if (foreign !== null) continue
    const recovering = recover(volume, (driver) => contextOf(volume, driver))
    const recovered = await recovering.catch((error: unknown) => fail(error, volume))
    if (recovered !== null) results.push(recovered)
  }
  // What is shown first is the same, whether or not a copy of something was needed for it.
  const rankOf = ({ driver, volume }: FoundIn): number =>
    FILE_SYSTEMS.indexOf(driver) * volumes.length + volumes.indexOf(volume)
  results.sort((a, b) => rankOf(a) - rankOf(b))
  const [refusal] = refused.values()
  if (results.length === 0 && refusal !== undefined) throw refusal
  const isHybrid = results.some(({ volume }) => volume.isWhole)
  tellFaults(faults, isHybrid, log)
  let unreadEnd = 0
  for (const volume of isHybrid ? [] : volumes) {
    if (volume.isWhole || unreadable.has(volume) || results.some((each) => each.volume === volume)) continue
    const named = partitions.filter(({ byteOffset }) => byteOffset === volume.byteOffset)
    const partition = named.find(({ holdsFileSystem }) => holdsFileSystem) ?? named[0]
    if (partition === undefined) continue
    await reportUnread(volume, partition, refused.get(volume), log)
    unreadEnd = Math.max(unreadEnd, await endOfCutPartition(volume, partition))
  }
  const found = summed(results, partitions)
  return { ...found, byteEnd: Math.max(found.byteEnd, unreadEnd) }
}

/** @throws what says nothing of this volume alone: that a disk went away or cannot be read */
function reportDamaged(error: unknown, { label }: Volume, log: DiagnosticLog): void {
  if (!(error instanceof SourceError) || error.code !== 'CONTENT_DAMAGED') throw error
  const where = label === '' ? 'The image' : label.replace(/^./, (letter) => letter.toUpperCase())
  log.damage('VOLUME_UNREADABLE', `${where} holds a file system that cannot be read: ${error.message}`)
}

/** By the first driver that knows of a twin of what is lost. */
async function recover(volume: Volume, contextOf: (driver: FileSystem) => FileSystemContext): Promise<FoundIn | null> {
  for (const driver of FILE_SYSTEMS) {
    const found = (await driver.recover?.(volume, contextOf(driver))) ?? null
    if (found !== null) return { driver, volume, found }
  }
  return null
}

export async function makeVolume(
  blocks: ByteSource,
  { byteOffset, byteLength }: Pick<Partition, 'byteOffset' | 'byteLength'>,
  label: string,
  log: DiagnosticLog,
): Promise<Volume> {
  const isWhole = label === ''
  const source = isWhole ? blocks : new SliceSource(blocks, byteOffset, byteLength)
  const structures = new TolerantSource(source, log)
  const limit = isWhole ? Infinity : byteLength
  return { isWhole, source, structures, byteOffset, limit, label, head: await structures.read(0, VOLUME_HEAD_LENGTH) }
}

/** What the other file systems of a volume know of long files. */
async function longFilesOf(results: readonly FoundIn[], volume: Volume, asking: FileSystem): Promise<LongFiles> {
  const files = new Map<number, LongFile>()
  for (const { driver, volume: its, found } of results) {
    if (its !== volume || driver === asking || found.longFiles === undefined) continue
    for (const [place, file] of await found.longFiles()) files.set(place, file)
  }
  return files
}

function summed(results: readonly FoundIn[], partitions: Partition[]): FoundVolumes {
  const facts: VolumeFacts = {
    systemId: '',
    publisher: '',
    preparer: '',
    application: '',
    volumeSetId: '',
    copyrightFile: '',
    abstractFile: '',
    bibliographicFile: '',
  }
  const dates: VolumeDates = { created: null, modified: null }
  let byteEnd = 0
  for (const { volume, found } of results) {
    byteEnd = Math.max(byteEnd, endOf(volume, found))
    for (const key of Object.keys(facts) as (keyof VolumeFacts)[]) facts[key] ||= found.facts?.[key] ?? ''
    dates.created ??= orNull(found.dates?.created)
    dates.modified ??= orNull(found.dates?.modified)
  }
  const views = numbered(results).sort((a, b) => a.rank - b.rank)
  const first = results[0]?.volume.isWhole === true ? results[0].found : null
  return {
    views,
    partitions,
    boot: results.flatMap(({ found }) => found.boot ?? []),
    facts,
    dates,
    byteEnd,
    plain: first?.plain,
    pieces: first?.pieces,
  }
}

/** Where a file system says that it ends, in bytes of the blocks; 0 where it says nothing. */
function endOf(volume: Volume, { byteEnd }: FoundFileSystem): number {
  // It never reaches beyond the partition that it lies in, which the image may be too short for.
  return byteEnd > 0 ? volume.byteOffset + Math.min(byteEnd, volume.limit) : 0
}

/** Of several file systems of one kind the first has the plain id; the second is `ID@2`, by address. */
function numbered(results: readonly FoundIn[]): FoundView[] {
  const counts = new Map<string, number>()
  return results.flatMap(({ driver, volume, found }) =>
    found.views.map((view) => {
      const { byteOffset } = volume
      view.fileSystem = `${driver.id} ${byteOffset}`
      view.volume = { byteOffset, byteEnd: endOf(volume, found) }
      const { info } = view
      const isFirstOfKind = !counts.has(info.id)
      const count = (counts.get(info.id) ?? 0) + 1
      counts.set(info.id, count)
      if (volume.isWhole || view.rank === ViewRank.session) return view
      info.label = `${info.label} (${volume.label})`
      if (isFirstOfKind) return { ...view, aliases: [...(view.aliases ?? []), `${info.id}@1`] }
      info.id = `${info.id}@${count}`
      return view
    }),
  )
}

function orNull(value: number | null | undefined): number | null {
  return value === undefined || value === null || Number.isNaN(value) ? null : value
}
