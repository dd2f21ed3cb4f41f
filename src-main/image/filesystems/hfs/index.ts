import { matchesAscii } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import type { DiagnosticLog } from '../../core/diagnostic-log'
import { foundView, type FoundView } from '../../core/found-view'
import { sureIf } from '../../core/likelihood'
import { SliceSource } from '../../core/sources/slice-source'
import type { FileSystem } from '../file-system'
import { embeddedHfsPlus, readHfsClassic, readHfsClassicName } from './hfs-classic'
import { readHfsPlus, readHfsPlusName } from './hfs-plus'
import { HfsTree } from './hfs-tree'

/** Of the master directory block (Inside Macintosh: Files, 2-60) or volume header (TN1150). */
const HEADER_AT = 1024

/** Macintosh volumes: HFS, HFS+, and HFS+ inside an HFS wrapper. */
export const hfs: FileSystem = {
  id: 'hfs',
  probe: ({ head }) => sureIf(['BD', 'H+', 'HX'].some((signature) => matchesAscii(head, HEADER_AT, signature))),
  open: async ({ source, head }, { log, charset }) => {
    const view = await findView(source, matchesAscii(head, HEADER_AT, 'BD'), log, charset)
    return view && { views: [view], byteEnd: 0 }
  },
}

async function findView(
  volume: ByteSource,
  isClassic: boolean,
  log: DiagnosticLog,
  charset: string | undefined,
): Promise<FoundView | null> {
  if (!isClassic) return plusView(volume, log)
  const inner = await embeddedHfsPlus(volume)
  if (inner !== null) return plusView(new SliceSource(volume, inner.byteOffset, inner.byteLength), log)
  const name = await readHfsClassicName(volume, charset)
  const own = log.branch()
  return name === null
    ? null
    : hfsView('hfs', 'HFS', name, new HfsTree(volume, () => readHfsClassic(volume, own, charset), own))
}

async function plusView(volume: ByteSource, log: DiagnosticLog): Promise<FoundView | null> {
  const name = await readHfsPlusName(volume, log)
  const own = log.branch()
  return name === null
    ? null
    : hfsView('hfsplus', 'HFS+', name, new HfsTree(volume, () => readHfsPlus(volume, own), own))
}

function hfsView(kind: 'hfs' | 'hfsplus', label: string, volumeName: string, tree: HfsTree): FoundView {
  return foundView({ kind, label, format: label, volumeName, openTree: (log) => tree.withLog(log) })
}
