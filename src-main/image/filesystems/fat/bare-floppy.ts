import { isAllZero, readU16Le, readU32Le, type ByteReader } from '../../core/byte-reader'
import { hasTables, layOut, type FatBootSector, type ParameterBlock } from './boot-sector'
import { DELETED, ENTRY_LENGTH } from './directory-entry'
import { isRecord } from './directory-check'

/** A floppy whose first sector holds no BIOS parameter block: DOS 1 wrote none, and knows it by its length and its table. */
export interface BareFloppy extends FatBootSector {
  /**
   * `bare`: the first sector has never had one; `lost`: it had one; `doubtful`: nobody can tell, because it is blank or
   * because floppies of that length mostly have one.
   */
  sector: 'bare' | 'doubtful' | 'lost'
}

interface Geometry extends Pick<
  ParameterBlock,
  'sectorSize' | 'sectorsPerCluster' | 'sectors' | 'fatSectors' | 'rootEntries'
> {
  /** The byte that names the medium, which the table begins with. */
  media: number
  /** Later than DOS 1, so that whatever formats it writes a parameter block. */
  isLater: boolean
}

/** FAT specification 3.1, `BPB_Media`; the last is that of the PC-98. */
const GEOMETRIES: readonly Geometry[] = (
  [
    [0xfe, 512, 320, 1, 1, 64, false],
    [0xfc, 512, 360, 1, 2, 64, false],
    [0xff, 512, 640, 2, 1, 112, false],
    [0xfd, 512, 720, 2, 2, 112, false],
    [0xf9, 512, 1440, 2, 3, 112, true],
    [0xf9, 512, 2400, 1, 7, 224, true],
    [0xf0, 512, 2880, 1, 9, 224, true],
    [0xf0, 512, 5760, 2, 9, 240, true],
    [0xfe, 1024, 1232, 1, 2, 192, false],
  ] as const
).map(([media, sectorSize, sectors, sectorsPerCluster, fatSectors, rootEntries, isLater]) => ({
  ...{ media, sectorSize, sectors, sectorsPerCluster, fatSectors, rootEntries, isLater },
}))

const PARAMETERS_AT = 11
const PARAMETERS_END = 24

/**
 * Takes a volume for a floppy by its length, by the byte of the medium in both copies of its table, and by a root whose
 * records are such. Null where any of these does not fit.
 * @param head of the volume, with its root
 * @param byteLength of the volume
 */
export function readBareFloppy(head: ByteReader, byteLength: number): BareFloppy | null {
  for (const geometry of GEOMETRIES) {
    const { media, sectorSize, sectors, isLater } = geometry
    if (byteLength !== sectors * sectorSize || head.u8(sectorSize) !== media) continue
    const block: ParameterBlock = { ...geometry, reservedSectors: 1, copies: 2 }
    if (!hasTables(head, block)) continue
    const boot: FatBootSector = { ...layOut(block, 12, null), label: '', hasJump: false, isJumpLost: false }
    if (!hasRoot(head, boot)) continue
    return { ...boot, sector: judge(head, isLater) }
  }
  return null
}

/** Whether most records of the root, up to the first that was never used, can be such; without any, both tables agree. */
function hasRoot(head: ByteReader, boot: FatBootSector): boolean {
  const { rootOffset, rootLength, fatOffset, fatLength, copyOffset } = boot
  if (!head.has(rootOffset, rootLength)) return false
  const root = head.slice(rootOffset, rootLength)
  let fitting = 0
  let odd = 0
  for (let at = 0; at + ENTRY_LENGTH <= root.byteLength; at += ENTRY_LENGTH) {
    const lead = root[at] ?? 0
    if (lead === 0) break
    // DOS 1 marks what was never used as deleted, and fills the rest of it with anything.
    if (lead === DELETED) continue
    const isInside = readU16Le(root, at + 26) < boot.clusterCount + 2 && readU32Le(root, at + 28) <= boot.byteLength
    if (isRecord(root, at) && isInside) fitting++
    else odd++
  }
  if (fitting > 0) return fitting > odd
  return odd === 0 && Buffer.compare(head.slice(fatOffset, fatLength), head.slice(copyOffset, fatLength)) === 0
}

function judge({ bytes }: ByteReader, isLater: boolean): BareFloppy['sector'] {
  const sector = bytes.subarray(0, 512)
  if (sector.every((byte) => byte === sector[0])) return isLater ? 'lost' : 'doubtful'
  const isSector = sector[0] === 0xe9 || (sector[0] === 0xeb && sector[2] === 0x90)
  if (!isSector || readU16Le(sector, 510) !== 0xaa55) return isLater ? 'doubtful' : 'bare'
  return isLater || !isAllZero(sector.subarray(PARAMETERS_AT, PARAMETERS_END)) ? 'lost' : 'bare'
}
