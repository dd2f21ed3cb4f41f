import { ByteReader } from '../../../core/byte-reader'
import type { ByteSource } from '../../../core/byte-source'
import type { DiagnosticLog } from '../../../core/diagnostic-log'
import type { BootEntry } from '../../../../../src-shared/model'
import { FlatTree, type FlatItem } from '../../../core/flat-tree'
import type { IsoVolume } from '../iso-volume'
import { foundView, ViewRank, type FoundView } from '../../../core/found-view'
import { TreeWalker, DEFAULT_LIMITS } from '../../../core/tree-walker'
import type { FileSystemContext } from '../../file-system'
import { CATALOG_LIMIT, readBootCatalog, type CatalogEntry } from '../../../core/boot-catalog'
import type { VolumeDescriptor } from '../volume-descriptor'

const BLOCK = 2048
/** Folders looked through for the files that boot images are; they are always near the top. */
const DIRECTORY_LIMIT = 512

export interface BootImages {
  entries: BootEntry[]
  view: FoundView
}

interface FileAt {
  path: string
  byteLength: number
}

interface FoundFiles {
  /** By where they begin. */
  at: Map<number, FileAt>
  /** Of each boot image, where the next file begins behind it. */
  next: Map<number, number>
}

/** El Torito 2.0: a boot record whose system identifier says so; the catalog's block is at byte 71. Null for others. */
function readBootRecord(descriptor: VolumeDescriptor): number | null {
  const { bytes } = descriptor
  return descriptor.type === 0 && bytes.matches(7, 'EL TORITO SPECIFICATION') ? bytes.u32Le(71) : null
}

/** The boot images of an El Torito catalog, each as long as it really is. Null where there is no catalog. */
export async function readBootImages(
  source: ByteSource,
  volume: IsoVolume,
  fileView: FoundView | undefined,
  measure: FileSystemContext['measure'],
  log: DiagnosticLog,
): Promise<BootImages | null> {
  const record = volume.descriptors.find((descriptor) => readBootRecord(descriptor) !== null)
  const block = record === undefined ? null : readBootRecord(record)
  if (block === null) return null
  const catalogOffset = (block + volume.blockDelta) * BLOCK
  const catalog = new ByteReader(await source.read(catalogOffset, CATALOG_LIMIT))
  const found = readBootCatalog(catalog, catalogOffset, log)
  if (found.length === 0) return null
  const files: FoundFiles =
    fileView === undefined
      ? { at: new Map(), next: new Map() }
      : await findFiles(fileView, found, volume.blockDelta, log)
  const entries: BootEntry[] = []
  const items: FlatItem[] = [{ name: 'boot-catalog.bin', byteLength: BLOCK, runs: [catalogOffset, BLOCK] }]
  for (const [index, entry] of found.entries()) {
    const start = (entry.startBlock + volume.blockDelta) * BLOCK
    const file = files.at.get(start)
    const byteLength =
      file?.byteLength ??
      FLOPPY_LENGTHS[entry.emulation] ??
      (await measure(source, start, entry.emulation === 'hard-disk')) ??
      measureImage(source, volume, found, start, [catalogOffset, files.next.get(start) ?? Infinity])
    if (entry.bootable && start >= source.byteLength)
      log.recovered(
        'BOOT_IMAGE_MISSING',
        `The boot image for ${entry.platform} would begin behind the end of the image: it cannot be started from.`,
        catalogOffset,
      )
    const place = source.locate(start, 1)
    entries.push({
      platform: entry.platform,
      emulation: entry.emulation,
      bootable: entry.bootable,
      byteOffset: place?.file.role === 'image' ? place.byteOffset : null,
      byteLength,
      loadSectors: entry.sectorCount,
      path: file?.path ?? null,
    })
    const name = `${index + 1}-${entry.platform}-${entry.emulation}.img`
    items.push({ name, byteLength, runs: [start, byteLength] })
  }
  return { entries, view: bootView(source, items) }
}

function bootView(source: ByteSource, items: FlatItem[]): FoundView {
  return foundView({
    kind: 'boot',
    label: 'Boot images',
    format: 'El Torito',
    rank: ViewRank.boot,
    openTree: () => new FlatTree(source, items),
  })
}

async function findFiles(
  view: FoundView,
  entries: readonly CatalogEntry[],
  blockDelta: number,
  log: DiagnosticLog,
): Promise<FoundFiles> {
  const wanted = new Set(entries.map((entry) => (entry.startBlock + blockDelta) * BLOCK))
  const files: FoundFiles = { at: new Map(), next: new Map() }
  const walker = new TreeWalker(view.openTree, { log, limits: DEFAULT_LIMITS, charset: view.charset })
  const table = await walker.readFirst(DIRECTORY_LIMIT)
  for (let index = 1; index < table.length; index++) {
    if (table.kindOf(index) !== 'file') continue
    const start = table.discPositionOf(index)
    for (const place of wanted) {
      if (start > place && start < (files.next.get(place) ?? Infinity)) files.next.set(place, start)
    }
    if (wanted.has(start) && !files.at.has(start)) {
      files.at.set(start, { path: table.pathOf(index), byteLength: table.byteLengthOf(index) })
    }
  }
  return files
}

const FLOPPY_LENGTHS: Record<string, number> = {
  'floppy-1.2': 80 * 2 * 15 * 512,
  'floppy-1.44': 80 * 2 * 18 * 512,
  'floppy-2.88': 80 * 2 * 36 * 512,
}

/** An image that is no file of the tree and does not say how long it is: up to whatever comes next. */
function measureImage(
  source: ByteSource,
  volume: IsoVolume,
  entries: readonly CatalogEntry[],
  start: number,
  others: readonly number[],
): number {
  const after = entries.map((other) => (other.startBlock + volume.blockDelta) * BLOCK)
  after.push(...others)
  for (const tree of [volume.primary, volume.joliet, volume.enhanced]) {
    if (tree === null) continue
    for (const block of [tree.rootLocation, tree.locationOfLPathTable, tree.locationOfMPathTable]) {
      after.push((block + volume.blockDelta) * BLOCK)
    }
    after.push((tree.volumeSpaceSize + volume.blockDelta) * BLOCK)
  }
  const end = Math.min(source.byteLength, ...after.filter((place) => place > start))
  // The catalog's sector count says how much is loaded, and mostly means the first stage of several.
  return Math.max(0, end - start)
}
