/** Builds floppies of DOS whose first sector holds no parameter block: two files, the first in every other cluster. */

/** What a floppy of so many units of 1024 bytes is: as DOS 3.3 and later, and the PC-98, format it. */
const FORMATS: Record<number, [media: number, sectorSize: number, clusterSectors: number, fatSectors: number, rootEntries: number]> = {
  160: [0xfe, 512, 1, 1, 64],
  180: [0xfc, 512, 1, 2, 64],
  320: [0xff, 512, 2, 1, 112],
  360: [0xfd, 512, 2, 2, 112],
  720: [0xf9, 512, 2, 3, 112],
  1200: [0xf9, 512, 1, 7, 224],
  1232: [0xfe, 1024, 1, 2, 192],
  1440: [0xf0, 512, 1, 9, 224],
  2880: [0xf0, 512, 2, 9, 240],
}
export const FLOPPY_LENGTHS = Object.keys(FORMATS).map(Number)

export interface Floppy {
  bytes: Uint8Array
  /** In bytes from the start of the floppy. */
  fatOffset: number
  copyOffset: number
  rootOffset: number
}

/**
 * @param kibibytes a length of {@link FLOPPY_LENGTHS}
 * @param long of LONG.BIN; SHORT.TXT holds “short”
 * @param unused what records of the root are filled with that were never used
 */
export function buildFloppy(kibibytes: number, long: Uint8Array, unused: readonly number[] = [0]): Floppy {
  const [media = 0, sectorSize = 0, clusterSectors = 0, fatSectors = 0, rootEntries = 0] = FORMATS[kibibytes] ?? []
  const bytes = new Uint8Array(kibibytes * 1024)
  const fatOffset = sectorSize
  const copyOffset = fatOffset + fatSectors * sectorSize
  const rootOffset = copyOffset + fatSectors * sectorSize
  const dataOffset = rootOffset + rootEntries * 32
  const clusterLength = clusterSectors * sectorSize
  const link = (cluster: number, value: number): void => {
    for (const table of [fatOffset, copyOffset]) {
      const at = table + (cluster * 3 - (cluster & 1)) / 2
      const pair = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8)
      const joined = (cluster & 1) === 1 ? (pair & 0x00f) | (value << 4) : (pair & 0xf000) | value
      bytes.set([joined & 255, joined >> 8], at)
    }
  }
  link(0, 0xf00 | media)
  link(1, 0xfff)
  const count = Math.ceil(long.byteLength / clusterLength)
  for (let index = 0; index < count; index++) {
    const cluster = 2 + index * 2
    bytes.set(long.subarray(index * clusterLength, (index + 1) * clusterLength), dataOffset + index * 2 * clusterLength)
    link(cluster, index === count - 1 ? 0xfff : cluster + 2)
  }
  link(3, 0xfff)
  bytes.set(new TextEncoder().encode('short'), dataOffset + clusterLength)
  for (let entry = 0; entry < rootEntries; entry++)
    for (let i = 0; i < 32; i++) bytes[rootOffset + entry * 32 + i] = unused[Math.min(i, unused.length - 1)] ?? 0
  const record = (entry: number, name: string, cluster: number, byteLength: number): void => {
    const at = rootOffset + entry * 32
    bytes.fill(0, at, at + 32)
    bytes.set(new TextEncoder().encode(name), at)
    bytes[at + 11] = 0x20
    const view = new DataView(bytes.buffer)
    view.setUint16(at + 24, (3 << 9) | (5 << 5) | 17, true)
    view.setUint16(at + 26, cluster, true)
    view.setUint32(at + 28, byteLength, true)
  }
  record(0, 'LONG    BIN', 2, long.byteLength)
  record(1, 'SHORT   TXT', 3, 5)
  return { bytes, fatOffset, copyOffset, rootOffset }
}
