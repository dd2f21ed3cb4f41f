import { ByteReader } from '../../core/byte-reader'
import { foundView } from '../../core/found-view'
import { sureIf } from '../../core/likelihood'
import type { ByteSource } from '../../core/byte-source'
import type { DiagnosticLog } from '../../core/diagnostic-log'
import type { FileSystem, FoundFileSystem, Volume } from '../file-system'
import { readBareFloppy, type BareFloppy } from './bare-floppy'
import { readFatBootSector, type FatBootSector } from './boot-sector'
import { DeletedFatFiles } from './deleted-files'
import { FAT16_CLUSTERS } from './entry-width'
import { FatTree } from './fat-tree'

/** Where FAT32 keeps another boot sector (`BPB_BkBootSec`), in sectors: no other place is allowed. */
const BACKUP_SECTOR = 6
const SECTOR_SIZES = [512, 1024, 2048, 4096]

/** FAT12, FAT16 and FAT32. */
export const fat: FileSystem = {
  id: 'fat',
  probe: (volume) => sureIf(bootOf(volume) !== null),
  open: (volume, { log, charset, isFirst }) => {
    const boot = bootOf(volume)
    // What has another file system may have kept the table of an earlier one.
    if (boot === null || !(boot.hasJump || isFirst)) return Promise.resolve(null)
    tellOddness(boot, log)
    return Promise.resolve(foundFat(volume.source, boot, charset))
  },
  recover: ({ source, head, label }, { log, charset }) => {
    for (const sectorSize of SECTOR_SIZES) {
      const sector = new ByteReader(head.subarray(BACKUP_SECTOR * sectorSize))
      const boot = readFatBootSector(sector)
      if (boot?.bits !== 32 || boot.sectorSize !== sectorSize || boot.dataOffset >= source.byteLength) continue
      if (sector.u16Le(50) !== BACKUP_SECTOR || sector.u16Le(510) !== 0xaa55) continue
      const where = label === '' ? '' : ` of ${label}`
      log.recovered(
        'HEADER_DAMAGED',
        `The boot sector${where} is damaged; its copy in sector ${BACKUP_SECTOR} is used.`,
      )
      return Promise.resolve(foundFat(source, boot, charset))
    }
    return Promise.resolve(null)
  },
  deleted: (volume, charset) => {
    const boot = bootOf(volume)
    return Promise.resolve(boot && new DeletedFatFiles(volume.structures, boot, charset))
  },
  measure: (firstSector) => readFatBootSector(firstSector)?.byteLength ?? null,
}

/** By the boot sector; the whole of an image may be a floppy that has none. */
function bootOf({ isWhole, head, source }: Volume): FatBootSector | BareFloppy | null {
  const reader = new ByteReader(head)
  return readFatBootSector(reader) ?? (isWhole ? readBareFloppy(reader, source.byteLength) : null)
}

/** What had to be known by other things than the boot sector. */
function tellOddness(boot: FatBootSector | BareFloppy, log: DiagnosticLog): void {
  const { bits, clusterCount, byteLength } = boot
  if (bits !== 32 && (bits === 16) !== clusterCount >= FAT16_CLUSTERS) {
    const message = `The FAT volume has entries of ${bits} bits, though it has ${clusterCount} clusters: its table says so.`
    log.note('FAT_BITS_UNUSUAL', message)
  }
  if (boot.isJumpLost)
    log.recovered('HEADER_DAMAGED', 'The boot sector does not begin as one; what it says fits the table, and is used.')
  if (!('sector' in boot)) return
  const rest = `the volume is read as a floppy of ${byteLength / 1024} KB, as its length and its table say.`
  if (boot.sector === 'lost') log.damage('HEADER_DAMAGED', `The boot sector is damaged: ${rest}`)
  else if (boot.sector === 'bare') log.note('BOOT_SECTOR_BARE', `The boot sector does not describe the volume: ${rest}`)
  else log.warn('BOOT_SECTOR_BARE', `The boot sector does not describe the volume, and may be lost: ${rest}`)
}

function foundFat(source: ByteSource, boot: FatBootSector, charset: string | undefined): FoundFileSystem {
  const name = `FAT${boot.bits}`
  const view = foundView({
    kind: 'fat',
    label: name,
    format: name,
    volumeName: boot.label === 'NO NAME' ? '' : boot.label,
    // The charset is used up for the short names.
    openTree: (log) => new FatTree(source, boot, log, charset),
  })
  return { views: [view], byteEnd: boot.byteLength }
}
