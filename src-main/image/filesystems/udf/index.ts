import { ByteReader } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import type { DiagnosticLog } from '../../core/diagnostic-log'
import { PlacedSource } from '../../core/sources/placed-source'
import { TolerantSource } from '../../core/sources/tolerant-source'
import { tellDisplacedEnd } from '../../core/displaced-end'
import { foundView } from '../../core/found-view'
import { Likelihood } from '../../core/likelihood'
import type { FileSystem, FoundFileSystem } from '../file-system'
import { beginnings } from './beginning'
import { hasValidCrc, readTag, TagId } from './descriptor-tag'
import { EntryScan } from './entry-scan'
import { readHabits } from './habits'
import { readLongFiles } from './long-files'
import { UdfTree } from './udf-tree'
import { hasRecognitionSequence, readUdfVolume } from './udf-volume'
import type { UdfVolume } from './mapped-volume'
import { startOfLoneSession } from './volume-sequence'

/** Between plain names and Rock Ridge, which tells owners and modes as well. */
const DETAIL = 2
/** Of a table of contents. */
const SECTOR_LENGTH = 2048
/** No image that its lengths can say in full needs another side's. */
const LONG_FILE = 2 ** 32

/** ECMA-167 and OSTA UDF 1.01 to 2.60. */
export const udf: FileSystem = {
  id: 'udf',
  marks: ['BEA01', 'NSR02', 'NSR03'],
  // Media that were never closed, or are damaged, show themselves only where nobody looks without need.
  probe: ({ isWhole, head }) =>
    hasRecognitionSequence(head) ? Likelihood.sure : isWhole ? Likelihood.maybe : Likelihood.no,
  scan: (volume) => new EntryScan(volume),
  beginnings,
  open: async ({ source, structures, head }, { log, isFirst, dataStarts }) => {
    // The newest session counts: it names files of those before, by the disc's own addresses.
    for (const { sector } of (dataStarts ?? []).filter((start) => start.sector > 0).toReversed()) {
      const later = await readUdfVolume(structures, false, log, sector * SECTOR_LENGTH)
      if (later !== null) return describe(source, later, log)
    }
    const isThorough = isFirst || hasRecognitionSequence(head)
    const volume = await readUdfVolume(structures, isThorough, log)
    if (volume !== null) {
      const missing = await missingBeforeLastAnchor(structures, volume.sequence.sectorSize)
      if (missing > 0) tellDisplacedEnd(log, missing)
      return describe(source, volume, log)
    }
    const start = isThorough ? await startOfLoneSession(structures) : 0
    if (start > 0) return openLoneSession(source, start, log)
    // Another file system may have been written over it.
    if (isFirst && hasRecognitionSequence(head) && !log.has('UDF_VOLUME_LOST'))
      log.warn('UDF_VOLUME_LOST', 'The beginning says that this is a UDF volume, but none of its descriptors is left.')
    return null
  },
}

/**
 * An anchor is recorded in the last sector (ECMA-167 3/8.4.2.1), and its tag says in which one (3/7.2.8).
 * @returns by how many bytes it lies too early; 0 where it does not, or is none
 */
async function missingBeforeLastAnchor(source: ByteSource, sectorSize: number): Promise<number> {
  const at = source.byteLength - sectorSize
  if (at % sectorSize !== 0) return 0
  const sector = new ByteReader(await source.read(at, sectorSize))
  const { id, isSound, location } = readTag(sector)
  return id === TagId.anchor && isSound && hasValidCrc(sector) ? Math.max(0, location * sectorSize - at) : 0
}

/** A later session that was kept alone, as mkudffs makes one to be burned: its blocks are counted from the disc's start. */
async function openLoneSession(source: ByteSource, start: number, log: DiagnosticLog): Promise<FoundFileSystem | null> {
  const blocks = new PlacedSource(source, start)
  const volume = await readUdfVolume(new TolerantSource(blocks, log), true, log, start)
  if (volume === null) return null
  log.warn(
    'EARLIER_SESSION_MISSING',
    `The image is a later session of its disc, kept alone: what lies in the first ${start / volume.sequence.sectorSize} sectors is not in it.`,
  )
  const found = describe(blocks, volume, log)
  return { ...found, byteEnd: Math.max(0, found.byteEnd - start) }
}

function describe(source: ByteSource, volume: UdfVolume, log: DiagnosticLog): FoundFileSystem {
  let habits: Promise<ReadonlySet<string>> | null = null
  volume.readHabits = () => (habits ??= readHabits(source, volume))
  const view = foundView({
    kind: 'udf',
    label: 'UDF',
    format: volume.versionLabel,
    volumeName: volume.name,
    detail: DETAIL,
    // Names are in Unicode whatever anybody chooses.
    openTree: (walkLog) => new UdfTree(source, volume.withLog(walkLog)),
  })
  return {
    views: [view],
    byteEnd: volume.expectedByteLength,
    dates: { created: volume.created },
    longFiles: source.byteLength > LONG_FILE ? () => readLongFiles(source, volume, log) : undefined,
  }
}
