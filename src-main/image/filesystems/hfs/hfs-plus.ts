import { ByteReader } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
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
  type Catalog,
  type CatalogRecord,
  type Fork,
} from './catalog'
import { checkCatalog } from './catalog-check'
import { attributeOrder, binaryCatalogOrder, catalogOrder, extentOrder } from './key-order'
import { copied } from '../../core/copied'

const EXTENTS_FILE = 3
const CATALOG_FILE = 4
/** No volume is so long; a damaged length beyond it must stay a number that can be counted with. */
const LONGEST_FORK = 2 ** 52
const ATTRIBUTES_FILE = 8
/** TN1150 “Header Record”: in the header node of the catalog, for HFSX. */
const KEY_COMPARE_TYPE_AT = 51
const BINARY_COMPARE = 0xbc
const PACKED_ATTRIBUTE = 'com.apple.decmpfs'
/** TN1150 “Attributes File”: kHFSPlusAttrInlineData. */
const INLINE_DATA = 0x10
/** `UF_COMPRESSED`, of the byte of flags that are the owner's. */
const UF_COMPRESSED = 0x20
/** TN1150: kIsInvisible in the Finder flags. */
const INVISIBLE = 0x4000

const utf16 = new TextDecoder('utf-16be')

/** TN1150 “Volume Header”: `H+` or `HX` at byte 1024. Null where there is none. */
async function readHeader(volume: ByteSource): Promise<{ header: ByteReader; catalog: Catalog } | null> {
  const header = new ByteReader(await volume.read(1024, 512))
  if (!header.matches(0, 'H+') && !header.matches(0, 'HX')) return null
  const blockLength = header.u32Be(40)
  if (blockLength < 512 || blockLength > 1 << 24) return null
  const catalog: Catalog = {
    volumeName: '',
    children: new Map(),
    threads: new Map(),
    blockLength,
    blockStart: 0,
    blockCount: header.u32Be(44),
    overflow: new Map(),
    packed: new Map(),
    created: macTime(header.u32Be(16)),
    modified: macTime(header.u32Be(20)),
  }
  return { header, catalog }
}

/** The volume's name is the root folder's, which is the first record of all. Null where there is no volume. */
export async function readHfsPlusName(volume: ByteSource, log: DiagnosticLog): Promise<string | null> {
  const found = await readHeader(volume)
  if (found === null) return null
  await visitLeaves(await catalogTree(volume, found.header, found.catalog), log, 1)
  return found.catalog.volumeName
}

/**
 * The whole catalog, extents overflow included. Null where there is no volume.
 *
 * @param isOther whether the header is the one from the end of the volume, whose counts are old
 */
export async function readHfsPlus(volume: ByteSource, log: DiagnosticLog, isOther: boolean): Promise<Catalog | null> {
  const found = await readHeader(volume)
  if (found === null) return null
  const { header, catalog } = found
  const extents = forkRuns(catalog, EXTENTS_FILE, readFork(header, 192), false)
  if (extents.length > 0) await visitLeaves(extentTree(forkSource(volume, extents), catalog), log)
  if (await visitLeaves(await catalogTree(volume, header, catalog), log)) dropTwins(catalog)
  checkCatalog(catalog, isOther ? null : { files: header.u32Be(32), folders: header.u32Be(36) }, log)
  const attributes = hasPacked(catalog) ? forkRuns(catalog, ATTRIBUTES_FILE, readFork(header, 352), false) : []
  if (attributes.length > 0) await visitLeaves(attributeTree(forkSource(volume, attributes), catalog), log)
  return catalog
}

async function catalogTree(volume: ByteSource, header: ByteReader, catalog: Catalog): Promise<LeafTree> {
  const file = forkSource(volume, forkRuns(catalog, CATALOG_FILE, readFork(header, 272), false))
  const [keyCompareType] = header.matches(0, 'HX') ? await file.read(KEY_COMPARE_TYPE_AT, 1) : []
  const mayPrecede = keyCompareType === BINARY_COMPARE ? binaryCatalogOrder : catalogOrder
  return { file, name: 'the catalog', mayPrecede, visit: (node, from, to) => readRecord(node, from, to, catalog) }
}

function extentTree(file: ByteSource, catalog: Catalog): LeafTree {
  const visit: LeafTree['visit'] = (node, from, to) => readOverflow(node, from, to, catalog)
  return { file, name: 'the extents file', mayPrecede: extentOrder, visit }
}

function attributeTree(file: ByteSource, catalog: Catalog): LeafTree {
  const visit: LeafTree['visit'] = (node, from, to) => readAttribute(node, from, to, catalog)
  return { file, name: 'the attributes file', mayPrecede: attributeOrder, visit }
}

function hasPacked({ children }: Catalog): boolean {
  for (const records of children.values()) if (records.some((record) => record.isPacked)) return true
  return false
}

/** TN1150 “Attributes File”: key of file and name, and data that stands in the record itself. */
function readAttribute(node: ByteReader, from: number, to: number, catalog: Catalog): boolean {
  const nameLength = node.u16Be(from + 12) * 2
  const data = from + 2 + node.u16Be(from)
  if (data < from + 14 + nameLength || data + 4 > to) return false
  const name = utf16.decode(node.slice(from + 14, nameLength))
  if (name !== PACKED_ATTRIBUTE || data + 16 > to || node.u32Be(data) !== INLINE_DATA) return true
  const byteLength = Math.min(node.u32Be(data + 12), to - data - 16)
  catalog.packed.set(node.u32Be(from + 4), copied(node.slice(data + 16, byteLength)))
  return true
}

/** TN1150 “Fork Data Structure”: length, clump size, blocks, eight extents. */
function readFork(reader: ByteReader, at: number): Fork {
  const extents: number[] = []
  for (let index = 0; index < 8; index++) {
    const count = reader.u32Be(at + 20 + index * 8)
    if (count === 0) break
    extents.push(reader.u32Be(at + 16 + index * 8), count)
  }
  return { byteLength: Math.min(reader.u64Be(at), LONGEST_FORK), blockCount: reader.u32Be(at + 12), extents }
}

function readOverflow(node: ByteReader, from: number, to: number, catalog: Catalog): boolean {
  if (node.u16Be(from) < 10 || from + 12 + 64 > to) return false
  const key = forkKey(node.u32Be(from + 4), node.u8(from + 2) === 0xff)
  const extents = catalog.overflow.get(key) ?? []
  catalog.overflow.set(key, extents)
  for (let index = 0; index < 8; index++) {
    const at = from + 12 + index * 8
    if (node.u32Be(at + 4) > 0) extents.push(node.u32Be(at), node.u32Be(at + 4))
  }
  return true
}

/** TN1150 “Catalog File”: folder, file and thread records, of these types. Of threads it is the shortest length. */
const RECORD_LENGTHS: Record<number, number> = { 1: 88, 2: 248, 3: 10, 4: 10 }

function readRecord(node: ByteReader, from: number, to: number, catalog: Catalog): boolean {
  const keyLength = node.u16Be(from)
  const data = from + 2 + keyLength
  const parent = node.u32Be(from + 2)
  const nameLength = node.u16Be(from + 6) * 2
  const type = node.u16Be(data)
  if (keyLength < 6 + nameLength || data + (RECORD_LENGTHS[type] ?? Infinity) > to) return false
  if (type > 2) return readThread(node, data, to, parent, catalog)
  const recorded = utf16.decode(node.slice(from + 8, nameLength))
  // A slash in a Macintosh name is a colon everywhere else, and the other way round.
  const name = recorded.replaceAll('/', ':')
  const isFolder = type === 1
  if (isFolder && parent === 1) catalog.volumeName = recorded
  const mode = node.u16Be(data + 42)
  const record: CatalogRecord = {
    id: node.u32Be(data + 8),
    isFolder,
    name,
    mode: mode === 0 ? -1 : mode,
    uid: node.u32Be(data + 32),
    gid: node.u32Be(data + 36),
    modified: macTime(node.u32Be(data + 16)),
    hidden: (node.u16Be(data + 56) & INVISIBLE) !== 0,
    data: isFolder ? NO_FORK : readFork(node, data + 88),
    resource: isFolder ? NO_FORK : readFork(node, data + 168),
    fileType: isFolder ? '' : node.latin1(data + 48, 4),
    special: node.u32Be(data + 44),
    finderInfo: isFolder ? new Uint8Array(0) : copied(node.slice(data + 48, 32)),
    isPacked: !isFolder && (node.u8(data + 41) & UF_COMPRESSED) !== 0,
    valence: isFolder ? node.u32Be(data + 4) : 0,
  }
  addRecord(catalog, parent, record)
  return true
}

/** TN1150 “Catalog Thread Records”; the key has the id of what it is of for a parent. */
function readThread(node: ByteReader, data: number, to: number, id: number, catalog: Catalog): boolean {
  const nameLength = node.u16Be(data + 8) * 2
  if (data + 10 + nameLength > to) return false
  const name = utf16.decode(node.slice(data + 10, nameLength)).replaceAll('/', ':')
  catalog.threads.set(id, { parent: node.u32Be(data + 4), name, isFolder: node.u16Be(data) === 3 })
  return true
}
