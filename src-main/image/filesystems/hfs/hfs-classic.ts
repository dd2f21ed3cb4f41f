import { ByteReader } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import { nameDecoder, type NameDecoder } from '../../../../src-shared/charset/detect'
import type { DiagnosticLog } from '../../core/diagnostic-log'
import { visitLeaves, type LeafTree } from './btree'
import {
  addRecord,
  dropTwins,
  forkKey,
  forkRuns,
  forkSource,
  macTime,
  NO_FORK,
  type BlockExtents,
  type Catalog,
  type CatalogRecord,
  type Fork,
} from './catalog'
import { checkCatalog, type RecordedCounts } from './catalog-check'
import { classicCatalogOrder, classicExtentOrder } from './key-order'

const EXTENTS_FILE = 3
const CATALOG_FILE = 4
const INVISIBLE = 0x4000

/** The place of an HFS+ volume inside an HFS wrapper (TN1150 “HFS Wrapper”); null where it wraps none. */
export async function embeddedHfsPlus(volume: ByteSource): Promise<{ byteOffset: number; byteLength: number } | null> {
  const block = new ByteReader(await volume.read(1024, 162))
  if (!block.matches(0, 'BD') || !block.matches(124, 'H+')) return null
  const blockLength = block.u32Be(20)
  return {
    byteOffset: block.u16Be(28) * 512 + block.u16Be(126) * blockLength,
    byteLength: block.u16Be(128) * blockLength,
  }
}

/** Null where there is no volume. */
export async function readHfsClassicName(volume: ByteSource, charset: string | undefined): Promise<string | null> {
  const block = new ByteReader(await volume.read(1024, 162))
  if (!block.matches(0, 'BD')) return null
  return nameDecoder(charset ?? 'macintosh')(block.slice(37, Math.min(block.u8(36), 27)))
}

/**
 * Inside Macintosh: Files, 2-60: the master directory block at byte 1024. Null where there is none.
 *
 * @param isOther whether it is the one from the end of the volume, whose counts are old
 */
export async function readHfsClassic(
  volume: ByteSource,
  log: DiagnosticLog,
  charset: string | undefined,
  isOther: boolean,
): Promise<Catalog | null> {
  const block = new ByteReader(await volume.read(1024, 162))
  const blockLength = block.u32Be(20)
  if (!block.matches(0, 'BD') || blockLength < 512 || blockLength > 1 << 24) return null
  const decode = nameDecoder(charset ?? 'macintosh')
  const catalog: Catalog = {
    volumeName: decode(block.slice(37, Math.min(block.u8(36), 27))),
    children: new Map(),
    threads: new Map(),
    blockLength,
    blockStart: block.u16Be(28) * 512,
    blockCount: block.u16Be(18),
    overflow: new Map(),
    packed: new Map(),
    created: macTime(block.u32Be(2)),
    modified: macTime(block.u32Be(6)),
  }
  const fork = (id: number, at: number): number[] =>
    forkRuns(catalog, id, { byteLength: block.u32Be(at), extents: readExtents(block, at + 4) }, false)
  const extents = fork(EXTENTS_FILE, 130)
  if (extents.length > 0) await visitLeaves(extentTree(forkSource(volume, extents), catalog), log)
  // The catalog may have extents of its own there.
  const file = forkSource(volume, fork(CATALOG_FILE, 146))
  if (await visitLeaves(catalogTree(file, catalog, decode), log)) dropTwins(catalog)
  checkCatalog(catalog, isOther ? null : readCounts(block), log)
  return catalog
}

function extentTree(file: ByteSource, catalog: Catalog): LeafTree {
  const visit: LeafTree['visit'] = (node, from, to) => readOverflow(node, from, to, catalog)
  return { file, name: 'the extents file', mayPrecede: classicExtentOrder, visit }
}

function catalogTree(file: ByteSource, catalog: Catalog, decode: NameDecoder): LeafTree {
  const visit: LeafTree['visit'] = (node, from, to) => readRecord(node, from, to, catalog, decode)
  return { file, name: 'the catalog', mayPrecede: classicCatalogOrder, visit }
}

/** drFilCnt, drDirCnt; drNmFls, drNmRtDirs. */
function readCounts(block: ByteReader): RecordedCounts {
  return {
    files: block.u32Be(84),
    folders: block.u32Be(88),
    inRoot: { files: block.u16Be(12), folders: block.u16Be(82) },
  }
}

/** Three extents of start and count. */
function readExtents(reader: ByteReader, at: number): BlockExtents {
  const extents: BlockExtents = []
  for (let index = 0; index < 3; index++) {
    const count = reader.u16Be(at + index * 4 + 2)
    if (count > 0) extents.push(reader.u16Be(at + index * 4), count)
  }
  return extents
}

/** Logical and physical length, in bytes; the first extents. */
function readFork(node: ByteReader, at: number, extentsAt: number, { blockLength }: Catalog): Fork {
  const blockCount = node.u32Be(at + 4) / blockLength
  return { byteLength: node.u32Be(at), blockCount, extents: readExtents(node, extentsAt) }
}

function readOverflow(node: ByteReader, from: number, to: number, catalog: Catalog): boolean {
  if (node.u8(from) < 7 || from + 8 + 12 > to) return false
  const key = forkKey(node.u32Be(from + 2), node.u8(from + 1) === 0xff)
  catalog.overflow.set(key, [...(catalog.overflow.get(key) ?? []), ...readExtents(node, from + 8)])
  return true
}

/** Inside Macintosh: Files, 2-70: directory, file and thread records, of these types. */
const RECORD_LENGTHS: Record<number, number> = { 1: 70, 2: 102, 3: 46, 4: 46 }

function readRecord(node: ByteReader, from: number, to: number, catalog: Catalog, decode: NameDecoder): boolean {
  const keyLength = node.u8(from)
  const parent = node.u32Be(from + 2)
  const nameLength = node.u8(from + 6)
  // Data begins at an even offset.
  const data = from + 1 + keyLength + ((keyLength & 1) === 0 ? 1 : 0)
  const type = node.u8(data)
  if (nameLength > 31 || keyLength < 6 + nameLength || data + (RECORD_LENGTHS[type] ?? Infinity) > to) return false
  if (type > 2) return readThread(node, data, parent, catalog, decode)
  const isFolder = type === 1
  const record: CatalogRecord = {
    id: node.u32Be(data + (isFolder ? 6 : 20)),
    isFolder,
    name: decode(node.slice(from + 7, nameLength)).replaceAll('/', ':'),
    mode: -1,
    uid: 0,
    gid: 0,
    modified: macTime(node.u32Be(data + (isFolder ? 14 : 48))),
    hidden: (node.u16Be(data + (isFolder ? 30 : 12)) & INVISIBLE) !== 0,
    data: isFolder ? NO_FORK : readFork(node, data + 26, data + 74, catalog),
    resource: isFolder ? NO_FORK : readFork(node, data + 36, data + 86, catalog),
    fileType: isFolder ? '' : node.latin1(data + 4, 4),
    special: 0,
    finderInfo: isFolder ? new Uint8Array(0) : Buffer.concat([node.slice(data + 4, 16), node.slice(data + 56, 16)]),
    isPacked: false,
    valence: isFolder ? node.u16Be(data + 4) : 0,
  }
  addRecord(catalog, parent, record)
  return true
}

/** Inside Macintosh: Files, 2-72; its key has the id of what it is of for a parent. */
function readThread(node: ByteReader, data: number, id: number, catalog: Catalog, decode: NameDecoder): boolean {
  const name = decode(node.slice(data + 15, Math.min(node.u8(data + 14), 31))).replaceAll('/', ':')
  catalog.threads.set(id, { parent: node.u32Be(data + 10), name, isFolder: node.u8(data) === 3 })
  return true
}
