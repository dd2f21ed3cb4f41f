import { ByteReader, matchesAscii } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import type { DiagnosticLog } from '../../core/diagnostic-log'
import { foundView, type FoundView } from '../../core/found-view'
import { sureIf } from '../../core/likelihood'
import { OverlaySource } from '../../core/sources/overlay-source'
import { SliceSource } from '../../core/sources/slice-source'
import type { FileSystem } from '../file-system'
import { embeddedHfsPlus, readHfsClassic, readHfsClassicName } from './hfs-classic'
import { readHfsPlus, readHfsPlusName } from './hfs-plus'
import { HfsTree } from './hfs-tree'

/** Of the master directory block (Inside Macintosh: Files, 2-60) or volume header (TN1150). */
const HEADER_AT = 1024
const HEADER_LENGTH = 512
const SECTOR = 512
/** Of the other one, in front of the end of the volume (TN1150 “Volume Header”; Inside Macintosh: Files, 2-59). */
const ALTERNATE_BEFORE_END = 1024

/** Macintosh volumes: HFS, HFS+, and HFS+ inside an HFS wrapper. */
export const hfs: FileSystem = {
  id: 'hfs',
  probe: ({ head }) => sureIf(['BD', 'H+', 'HX'].some((signature) => matchesAscii(head, HEADER_AT, signature))),
  open: async ({ source, head }, { log, charset }) => {
    const view = await findView(source, matchesAscii(head, HEADER_AT, 'BD'), log, charset, false)
    return view && { views: [view], byteEnd: 0 }
  },
  recover: async ({ source, structures, label }, { log, charset }) => {
    const header = await structures.read(source.byteLength - ALTERNATE_BEFORE_END, HEADER_LENGTH)
    if (!isHeaderOf(new ByteReader(header), source.byteLength)) return null
    const mended = new OverlaySource(source, HEADER_AT, header)
    const view = await findView(mended, matchesAscii(header, 0, 'BD'), log, charset, true)
    if (view === null) return null
    const where = label === '' ? '' : ` of ${label}`
    log.recovered('HEADER_DAMAGED', `The volume header${where} is damaged; the one at the end of the volume is used.`)
    return { views: [view], byteEnd: 0 }
  },
}

/**
 * Whether it is the header of a volume of that length. One of a volume that ended here and was a longer or a shorter one,
 * as a partition at the end of a disk is, describes other places than these.
 */
function isHeaderOf(header: ByteReader, byteLength: number): boolean {
  const isPlus = header.matches(0, 'H+') || header.matches(0, 'HX')
  if (!isPlus && !header.matches(0, 'BD')) return false
  // Of HFS the blocks begin behind the bitmap; of both the last of the volume may be cut off by its end.
  const blockLength = isPlus ? header.u32Be(40) : header.u32Be(20)
  const own = isPlus ? header.u32Be(44) * blockLength : header.u16Be(28) * SECTOR + header.u16Be(18) * blockLength
  const slack = Math.max(blockLength, 2 * SECTOR)
  return blockLength >= SECTOR && own <= byteLength + slack && own + slack >= byteLength
}

/** @param isOther whether the header is the one from the end of the volume */
async function findView(
  volume: ByteSource,
  isClassic: boolean,
  log: DiagnosticLog,
  charset: string | undefined,
  isOther: boolean,
): Promise<FoundView | null> {
  if (!isClassic) return plusView(volume, log, isOther)
  const inner = await embeddedHfsPlus(volume)
  if (inner !== null) return plusView(new SliceSource(volume, inner.byteOffset, inner.byteLength), log, false)
  const name = await readHfsClassicName(volume, charset)
  const own = log.branch()
  return name === null
    ? null
    : hfsView('hfs', 'HFS', name, new HfsTree(volume, () => readHfsClassic(volume, own, charset, isOther), own))
}

async function plusView(volume: ByteSource, log: DiagnosticLog, isOther: boolean): Promise<FoundView | null> {
  const name = await readHfsPlusName(volume, log)
  const own = log.branch()
  return name === null
    ? null
    : hfsView('hfsplus', 'HFS+', name, new HfsTree(volume, () => readHfsPlus(volume, own, isOther), own))
}

function hfsView(kind: 'hfs' | 'hfsplus', label: string, volumeName: string, tree: HfsTree): FoundView {
  const openTree = (log: DiagnosticLog): HfsTree => tree.withLog(log)
  return foundView({ kind, label, format: label, volumeName, mayShareFiles: true, openTree })
}
