import { ByteReader } from '../../core/byte-reader'
import { SourceError, type ByteSource } from '../../core/byte-source'
import { DiagnosticLog } from '../../core/diagnostic-log'
import { NotAnImageError } from '../../core/disc-image'
import { tellDisplacedEnd } from '../../core/displaced-end'
import { foundView } from '../../core/found-view'
import { sureIf } from '../../core/likelihood'
import { TolerantSource } from '../../core/sources/tolerant-source'
import type { FileSystem, FoundFileSystem, Volume } from '../file-system'
import { BOOT_SECTOR_LENGTH, MAGIC, MAGIC_AT, readBootSector, type NtfsBoot } from './boot-sector'
import { DeletedNtfsFiles } from './deleted-files'
import { NtfsTree, ROOT_RECORD } from './ntfs-tree'
import { NtfsVolume } from './ntfs-volume'
import { AttributeType } from './record'

const VOLUME_RECORD = 3
const LABEL_LIMIT = 256
/** An entry of an index with a name of one character. */
const LEAST_ENTRY = 82

/** NTFS, which Windows is installed on. */
export const ntfs: FileSystem = {
  id: 'ntfs',
  probe: ({ head }) => sureIf(new ByteReader(head).matches(MAGIC_AT, MAGIC)),
  open: (volume, { log }) => {
    const boot = readBootSector(new ByteReader(volume.head))
    if (typeof boot === 'string') return Promise.reject(unreadable(boot))
    return found(volume, boot, log)
  },
  recover: async (volume, { log }) => {
    const at = volume.source.byteLength - BOOT_SECTOR_LENGTH
    const boot = readBootSector(new ByteReader(await volume.structures.read(Math.max(0, at), BOOT_SECTOR_LENGTH)))
    // The copy is the volume's last sector.
    if (typeof boot === 'string' || boot.byteLength - boot.sectorLength !== at) return null
    const where = volume.label === '' ? '' : ` of ${volume.label}`
    log.recovered('HEADER_DAMAGED', `The boot sector${where} is damaged; its copy in the last sector is used.`)
    return found(volume, boot, log)
  },
  deleted: async ({ source, structures, head }) => {
    const boot = readBootSector(new ByteReader(head))
    if (typeof boot === 'string') return null
    const { volume } = await openVolume(source, structures, boot, new DiagnosticLog())
    return new DeletedNtfsFiles(volume)
  },
  measure: (firstSector) => {
    const boot = readBootSector(firstSector)
    return typeof boot === 'string' ? null : boot.byteLength
  },
}

/** By how many bytes the copy of the boot sector, which is the volume's last, lies too early; 0 where it does not. */
async function missingBeforeCopy(source: ByteSource, { sectorLength, byteLength }: NtfsBoot): Promise<number> {
  const at = source.byteLength - sectorLength
  if (at <= 0 || source.byteLength >= byteLength) return 0
  const copy = readBootSector(new ByteReader(await source.read(at, BOOT_SECTOR_LENGTH)))
  return typeof copy !== 'string' && copy.byteLength === byteLength ? byteLength - source.byteLength : 0
}

async function found({ source, structures }: Volume, boot: NtfsBoot, log: DiagnosticLog): Promise<FoundFileSystem> {
  const missing = await missingBeforeCopy(structures, boot)
  if (missing > 0) tellDisplacedEnd(log, missing)
  const { volume, tableCluster } = await openVolume(source, structures, boot, log)
  const view = foundView({
    kind: 'ntfs',
    label: 'NTFS',
    format: 'NTFS',
    volumeName: await readLabel(volume),
    entryLimit: Math.ceil(source.byteLength / LEAST_ENTRY) + 1024,
    openTree: (treeLog) =>
      new NtfsTree(new NtfsVolume(source, new TolerantSource(source, treeLog), boot), tableCluster, treeLog),
  })
  return { views: [view], byteEnd: boot.byteLength }
}

/** By the table of files, or by its mirror where the table's own record is damaged. */
async function openVolume(
  source: ByteSource,
  structures: ByteSource,
  boot: NtfsBoot,
  log: DiagnosticLog,
): Promise<{ volume: NtfsVolume; tableCluster: number }> {
  for (const tableCluster of [boot.mftCluster, boot.mirrorCluster]) {
    const volume = new NtfsVolume(source, structures, boot)
    try {
      await volume.openTable(tableCluster)
      if (tableCluster !== boot.mftCluster)
        log.recovered('HEADER_DAMAGED', 'The first record of the table of files is damaged; its mirror is used.')
      await volume.file(ROOT_RECORD)
      return { volume, tableCluster }
    } catch (error) {
      if (!(error instanceof SourceError) || error.code !== 'CONTENT_DAMAGED') throw error
    }
  }
  throw unreadable('has no table of files that can be read')
}

async function readLabel(volume: NtfsVolume): Promise<string> {
  try {
    const name = volume.find(await volume.file(VOLUME_RECORD), AttributeType.volumeName, '')
    return name === null
      ? ''
      : Buffer.from(await volume.bytesOf(name, LABEL_LIMIT))
          .toString('utf16le')
          .toWellFormed()
  } catch (error) {
    if (error instanceof SourceError && error.code === 'CONTENT_DAMAGED') return ''
    throw error
  }
}

function unreadable(what: string): NotAnImageError {
  return new NotAnImageError('NOTHING_READABLE', `This NTFS volume ${what}. Nothing in it can be found.`)
}
