import { ByteReader } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import { NotAnImageError } from '../../core/disc-image'
import { foundView } from '../../core/found-view'
import { sureIf } from '../../core/likelihood'
import { ExtentSource } from '../../core/sources/extent-source'
import type { FileSystem, FoundFileSystem } from '../file-system'
import { MAGIC, MAGIC_AT, readBootSector, type ExfatBoot } from './boot-sector'
import { ClusterChains } from './cluster-chains'
import { DeletedExfatFiles } from './deleted-files'
import { ENTRY_LENGTH, EntryType } from './entry-set'
import { ExfatTree } from './exfat-tree'

/** Where the other boot region begins (exFAT specification 2), in sectors. */
const BACKUP_SECTOR = 12
const SECTOR_LENGTHS = [512, 1024, 2048, 4096]
/** The label is one of the root directory's first entries. */
const LABEL_WINDOW = 4096
/** The shortest set: file, stream and name. */
const LEAST_SET = 3 * ENTRY_LENGTH

/** exFAT, which large memory cards and sticks have. */
export const exfat: FileSystem = {
  id: 'exfat',
  probe: ({ head }) => sureIf(new ByteReader(head).matches(MAGIC_AT, MAGIC)),
  open: async ({ source, structures, head }) => {
    const boot = readBootSector(new ByteReader(head))
    if (typeof boot === 'string')
      throw new NotAnImageError('NOTHING_READABLE', `This exFAT volume ${boot}. Nothing in it can be found.`)
    return found(source, structures, boot)
  },
  recover: ({ source, structures, head, label }, { log }) => {
    for (const sectorLength of SECTOR_LENGTHS) {
      const boot = readBootSector(new ByteReader(head.subarray(BACKUP_SECTOR * sectorLength)))
      if (typeof boot === 'string' || boot.sectorLength !== sectorLength) continue
      const where = label === '' ? '' : ` of ${label}`
      log.recovered(
        'HEADER_DAMAGED',
        `The boot sector${where} is damaged; its copy in sector ${BACKUP_SECTOR} is used.`,
      )
      return found(source, structures, boot)
    }
    return Promise.resolve(null)
  },
  deleted: ({ structures, head }) => {
    const boot = readBootSector(new ByteReader(head))
    return Promise.resolve(typeof boot === 'string' ? null : new DeletedExfatFiles(structures, boot))
  },
  measure: (firstSector) => {
    const boot = readBootSector(firstSector)
    return typeof boot === 'string' ? null : boot.byteLength
  },
}

async function found(source: ByteSource, structures: ByteSource, boot: ExfatBoot): Promise<FoundFileSystem> {
  const view = foundView({
    kind: 'exfat',
    label: 'exFAT',
    format: 'exFAT',
    volumeName: await readLabel(structures, boot),
    entryLimit: Math.ceil(source.byteLength / LEAST_SET) + 1024,
    openTree: (log) => new ExfatTree(source, boot, log),
  })
  return { views: [view], byteEnd: Number.isSafeInteger(boot.byteLength) ? boot.byteLength : 0 }
}

/** exFAT specification 7.3; empty without one. */
async function readLabel(volume: ByteSource, boot: ExfatBoot): Promise<string> {
  const runs = await new ClusterChains(volume, boot).chain(boot.rootCluster, LABEL_WINDOW)
  const entries = new ByteReader(await new ExtentSource(volume, runs, LABEL_WINDOW).read(0, LABEL_WINDOW))
  for (let at = 0; entries.has(at, ENTRY_LENGTH) && entries.u8(at) !== EntryType.end; at += ENTRY_LENGTH) {
    if (entries.u8(at) !== EntryType.label) continue
    const length = Math.min(11, entries.u8(at + 1))
    return Buffer.from(entries.slice(at + 2, length * 2))
      .toString('utf16le')
      .toWellFormed()
  }
  return ''
}
