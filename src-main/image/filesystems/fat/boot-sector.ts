import type { ByteReader } from '../../core/byte-reader'

export interface FatBootSector {
  bits: 12 | 16 | 32
  sectorSize: number
  clusterLength: number
  /** In bytes from the start of the volume. */
  fatOffset: number
  fatLength: number
  /** In bytes from the start of the volume; 0 where no copy is kept up to date. */
  copyOffset: number
  /** 0 where the root is a chain of clusters (FAT32). */
  rootOffset: number
  rootLength: number
  rootCluster: number
  dataOffset: number
  clusterCount: number
  byteLength: number
  label: string
}

/** Microsoft's FAT specification 1.03: the BIOS parameter block. Null where it cannot be one. */
export function readFatBootSector(sector: ByteReader): FatBootSector | null {
  const jump = sector.u8(0)
  if ((jump !== 0xeb && jump !== 0xe9) || !sector.has(0, 512)) return null
  const sectorSize = sector.u16Le(11)
  const sectorsPerCluster = sector.u8(13)
  const reserved = sector.u16Le(14)
  const copies = sector.u8(16)
  const media = sector.u8(21)
  if (![512, 1024, 2048, 4096].includes(sectorSize) || reserved === 0 || copies === 0 || copies > 4) return null
  if (sectorsPerCluster === 0 || (sectorsPerCluster & (sectorsPerCluster - 1)) !== 0) return null
  if (media !== 0xf0 && media < 0xf8) return null
  const rootEntries = sector.u16Le(17)
  const sectors = sector.u16Le(19) || sector.u32Le(32)
  const fatSectors = sector.u16Le(22) || sector.u32Le(36)
  const rootSectors = Math.ceil((rootEntries * 32) / sectorSize)
  const dataSector = reserved + copies * fatSectors + rootSectors
  if (sectors === 0 || fatSectors === 0 || dataSector >= sectors) return null
  const clusterCount = Math.floor((sectors - dataSector) / sectorsPerCluster)
  const bits = clusterCount < 4085 ? 12 : clusterCount < 65525 ? 16 : 32
  const extended = bits === 32 && rootEntries === 0 ? 64 : 36
  const flags = rootEntries === 0 ? sector.u16Le(40) : 0
  // FAT specification 3.3, `BPB_ExtFlags`: FAT32 may keep one table alone, and says which.
  const isAlone = (flags & 0x80) !== 0
  const active = isAlone && (flags & 0x0f) < copies ? flags & 0x0f : 0
  return {
    bits,
    sectorSize,
    clusterLength: sectorsPerCluster * sectorSize,
    fatOffset: (reserved + active * fatSectors) * sectorSize,
    fatLength: fatSectors * sectorSize,
    copyOffset: copies < 2 || isAlone ? 0 : (reserved + fatSectors) * sectorSize,
    rootOffset: rootEntries === 0 ? 0 : (reserved + copies * fatSectors) * sectorSize,
    rootLength: rootEntries * 32,
    rootCluster: rootEntries === 0 ? sector.u32Le(44) : 0,
    dataOffset: dataSector * sectorSize,
    clusterCount,
    byteLength: sectors * sectorSize,
    label: sector.u8(extended + 2) === 0x29 ? sector.text(extended + 7, 11) : '',
  }
}
