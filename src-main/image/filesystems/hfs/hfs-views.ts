import type { ByteSource } from '../../core/byte-source'
import type { DiagnosticLog } from '../../core/diagnostic-log'
import type { FoundView } from '../../core/opened-image'
import type { DiskPartition } from '../../volumes/disk-partition'
import { SliceSource } from '../../core/sources/slice-source'
import { embeddedHfsPlus, readHfsClassic, readHfsClassicName } from './hfs-classic'
import { readHfsPlus, readHfsPlusName } from './hfs-plus'
import { HfsTree } from './hfs-tree'

/** Macintosh volumes: the whole image, or partitions of it. The first of either kind is shown. */
export async function hfsViews(
  source: ByteSource,
  partitions: readonly DiskPartition[],
  log: DiagnosticLog,
  charset: string | undefined,
): Promise<FoundView[]> {
  const views: FoundView[] = []
  const places = [{ byteOffset: 0, byteLength: source.byteLength }, ...partitions]
  for (const { byteOffset, byteLength } of places) {
    const volume = new SliceSource(source, byteOffset, byteLength)
    const signature = await volume.read(1024, 2)
    const letters = String.fromCharCode(signature[0] ?? 0, signature[1] ?? 0)
    if (letters === 'BD') {
      const inner = await embeddedHfsPlus(volume)
      if (inner === null) await addClassic(views, volume, log, charset)
      else await addPlus(views, new SliceSource(volume, inner.byteOffset, inner.byteLength), log)
    } else if (letters === 'H+' || letters === 'HX') {
      await addPlus(views, volume, log)
    }
  }
  return views
}

async function addClassic(
  views: FoundView[],
  volume: ByteSource,
  log: DiagnosticLog,
  charset: string | undefined,
): Promise<void> {
  if (views.some((view) => view.info.id === 'hfs')) return
  const name = await readHfsClassicName(volume, charset)
  if (name === null) return
  const own = log.branch()
  views.push(hfsView('hfs', 'HFS', name, new HfsTree(volume, () => readHfsClassic(volume, own, charset), own)))
}

async function addPlus(views: FoundView[], volume: ByteSource, log: DiagnosticLog): Promise<void> {
  if (views.some((view) => view.info.id === 'hfsplus')) return
  const name = await readHfsPlusName(volume, log)
  if (name === null) return
  const own = log.branch()
  views.push(hfsView('hfsplus', 'HFS+', name, new HfsTree(volume, () => readHfsPlus(volume, own), own)))
}

function hfsView(kind: 'hfs' | 'hfsplus', label: string, volumeName: string, tree: HfsTree): FoundView {
  return {
    info: { id: kind, kind, label, format: label, volumeName, entryCount: null, isDefault: false },
    openTree: (log) => tree.withLog(log),
    charset: undefined,
  }
}
