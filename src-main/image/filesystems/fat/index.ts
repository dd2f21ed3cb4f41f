import { ByteReader } from '../../core/byte-reader'
import { foundView } from '../../core/found-view'
import { sureIf } from '../../core/likelihood'
import type { FileSystem } from '../file-system'
import { readFatBootSector } from './boot-sector'
import { FatTree } from './fat-tree'

/** FAT12, FAT16 and FAT32. */
export const fat: FileSystem = {
  id: 'fat',
  probe: ({ head }) => sureIf(readFatBootSector(new ByteReader(head)) !== null),
  open: ({ source, head }, { charset }) => {
    const boot = readFatBootSector(new ByteReader(head))
    if (boot === null) return Promise.resolve(null)
    const name = `FAT${boot.bits}`
    const view = foundView({
      kind: 'fat',
      label: name,
      format: name,
      volumeName: boot.label === 'NO NAME' ? '' : boot.label,
      // The charset is used up for the short names.
      openTree: (log) => new FatTree(source, boot, log, charset),
    })
    return Promise.resolve({ views: [view], byteEnd: boot.byteLength })
  },
  measure: (firstSector) => readFatBootSector(firstSector)?.byteLength ?? null,
}
