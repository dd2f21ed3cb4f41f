/** A folder or file of an HFS or HFS+ volume that is made for a test. */
export interface HfsNode {
  name: string
  children?: HfsNode[]
  data?: Uint8Array
  /** Type and creator, four letters each. */
  finderType?: string
  /** HFS+: the number of a hard link. */
  special?: number
  /** HFS+: rights and kind. */
  mode?: number
}

export interface HfsVolume {
  bytes: Uint8Array
  nodeSize: number
  /** Where a node of the catalog begins; node 0 is its header, from 1 on they are leaves, in order. */
  nodeAt: (index: number) => number
  leafCount: number
}

interface Item {
  parent: number
  id: number
  node: HfsNode
}

interface TreeRecord {
  parent: number
  name: string
  bytes: Buffer
}

const BLOCK = 512
/** HFS: where the allocation blocks begin; on HFS+ the first one is the start of the volume. */
const CLASSIC_START = 4 * BLOCK
const CATALOG_BLOCK = 8

/** TN1150. Every folder and file has a thread. */
export function buildHfsPlus(root: HfsNode[], { isBinary = false, volumeName = 'Plus' } = {}): HfsVolume {
  const items = itemsOf(root, volumeName)
  const records: TreeRecord[] = []
  const contents = new Contents(CATALOG_BLOCK + (4096 / BLOCK) * 64)
  for (const { parent, id, node } of items) {
    records.push(plusRecord(parent, node.name, plusData(id, node, contents)))
    records.push(plusRecord(id, '', plusThread(parent, node)))
  }
  sortRecords(records, isBinary ? (name) => name : (name) => name.toLowerCase())
  const catalog = treeOf(records, 4096, isBinary ? 0xbc : 0xcf)
  const header = Buffer.alloc(BLOCK)
  header.write(isBinary ? 'HX' : 'H+')
  header.writeUInt16BE(isBinary ? 5 : 4, 2)
  header.writeUInt32BE(0x100, 4)
  header.writeUInt32BE(items.filter(({ node }) => node.children === undefined).length, 32)
  header.writeUInt32BE(items.filter(({ node }) => node.children !== undefined).length - 1, 36)
  header.writeUInt32BE(BLOCK, 40)
  writePlusFork(header, 272, catalog.byteLength, CATALOG_BLOCK)
  const bytes = contents.volume(0, header, catalog, 44)
  return volumeOf(bytes, 4096, CATALOG_BLOCK * BLOCK, catalog)
}

/** Inside Macintosh: Files, chapter 2. Files have no threads, as with most writers. */
export function buildHfs(root: HfsNode[], volumeName = 'Classic'): HfsVolume {
  const items = itemsOf(root, volumeName)
  const records: TreeRecord[] = []
  const contents = new Contents(CATALOG_BLOCK + 64)
  for (const { parent, id, node } of items) {
    records.push(classicRecord(parent, node.name, classicData(id, node, contents)))
    if (node.children !== undefined) records.push(classicRecord(id, '', classicThread(parent, node)))
  }
  sortRecords(records, (name) => name.toUpperCase())
  const catalog = treeOf(records, 512, 0)
  const header = Buffer.alloc(BLOCK)
  header.write('BD')
  header.writeUInt16BE(0x100, 10)
  header.writeUInt16BE(root.filter(({ children }) => children === undefined).length, 12)
  header.writeUInt32BE(BLOCK, 20)
  header.writeUInt16BE(CLASSIC_START / BLOCK, 28)
  header.write(`${String.fromCharCode(volumeName.length)}${volumeName}`, 36, 'latin1')
  header.writeUInt16BE(root.filter(({ children }) => children !== undefined).length, 82)
  header.writeUInt32BE(items.filter(({ node }) => node.children === undefined).length, 84)
  header.writeUInt32BE(items.filter(({ node }) => node.children !== undefined).length - 1, 88)
  header.writeUInt32BE(catalog.byteLength, 146)
  header.writeUInt16BE(CATALOG_BLOCK, 150)
  header.writeUInt16BE(catalog.byteLength / BLOCK, 152)
  const bytes = contents.volume(CLASSIC_START, header, catalog, 18)
  return volumeOf(bytes, 512, CLASSIC_START + CATALOG_BLOCK * BLOCK, catalog)
}

function volumeOf(bytes: Uint8Array, nodeSize: number, catalogAt: number, catalog: Buffer): HfsVolume {
  const leafCount = catalog.byteLength / nodeSize - 1
  return { bytes, nodeSize, leafCount, nodeAt: (index) => catalogAt + index * nodeSize }
}

/** Every folder and file, the root folder first; ids are given in that order. */
function itemsOf(root: HfsNode[], volumeName: string): Item[] {
  const items: Item[] = [{ parent: 1, id: 2, node: { name: volumeName, children: root } }]
  let id = 16
  // The list grows while it is gone through.
  for (const folder of items)
    for (const node of folder.node.children ?? []) items.push({ parent: folder.id, id: id++, node })
  return items
}

/** What files hold, behind the catalog. */
class Contents {
  private readonly parts: Uint8Array[] = []
  constructor(private next: number) {
    this.first = next
  }
  private readonly first: number

  /** Returns the first block of it. */
  add(data: Uint8Array): number {
    const block = this.next
    const padded = new Uint8Array(Math.ceil(data.byteLength / BLOCK) * BLOCK)
    padded.set(data)
    this.parts.push(padded)
    this.next += padded.byteLength / BLOCK
    return block
  }

  volume(start: number, header: Buffer, catalog: Buffer, blockCountAt: number): Uint8Array {
    if (CATALOG_BLOCK + catalog.byteLength / BLOCK > this.first) throw new Error('The catalog is too long.')
    const bytes = Buffer.alloc(start + (this.next + 4) * BLOCK)
    const blockCount = this.next + 4
    if (start === 0) header.writeUInt32BE(blockCount, blockCountAt)
    else header.writeUInt16BE(blockCount, blockCountAt)
    bytes.set(header, 1024)
    bytes.set(header, bytes.byteLength - 1024)
    bytes.set(catalog, start + CATALOG_BLOCK * BLOCK)
    bytes.set(Buffer.concat(this.parts), start + this.first * BLOCK)
    return bytes
  }
}

function sortRecords(records: TreeRecord[], fold: (name: string) => string): void {
  const byName = (first: string, second: string): number => (first < second ? -1 : first > second ? 1 : 0)
  records.sort((first, second) => first.parent - second.parent || byName(fold(first.name), fold(second.name)))
}

/** A header node and leaves that are chained; there is no index, which no reader of all records needs. */
function treeOf(records: readonly TreeRecord[], nodeSize: number, keyCompareType: number): Buffer {
  const leaves: Buffer[][] = [[]]
  let used = 16
  for (const { bytes } of records) {
    if (used + bytes.byteLength + 2 > nodeSize) {
      leaves.push([])
      used = 16
    }
    leaves.at(-1)!.push(bytes)
    used += bytes.byteLength + 2
  }
  const header = Buffer.alloc(nodeSize)
  header[8] = 1
  header.writeUInt16BE(3, 10)
  header.writeUInt16BE(1, 14)
  header.writeUInt32BE(1, 16)
  header.writeUInt32BE(records.length, 20)
  header.writeUInt32BE(1, 24)
  header.writeUInt32BE(leaves.length, 28)
  header.writeUInt16BE(nodeSize, 32)
  header.writeUInt32BE(leaves.length + 1, 36)
  header[51] = keyCompareType
  for (let index = 0; index <= leaves.length; index++) header[248 + (index >> 3)]! |= 0x80 >> (index & 7)
  return Buffer.concat([header, ...leaves.map((leaf, index) => leafOf(leaf, index + 1, leaves.length, nodeSize))])
}

function leafOf(records: readonly Buffer[], index: number, count: number, nodeSize: number): Buffer {
  const node = Buffer.alloc(nodeSize)
  node.writeUInt32BE(index === count ? 0 : index + 1)
  node.writeUInt32BE(index - 1, 4)
  node[8] = 0xff
  node[9] = 1
  node.writeUInt16BE(records.length, 10)
  let at = 14
  for (const [place, record] of records.entries()) {
    node.writeUInt16BE(at, nodeSize - 2 - place * 2)
    node.set(record, at)
    at += record.byteLength
  }
  node.writeUInt16BE(at, nodeSize - 2 - records.length * 2)
  return node
}

function plusRecord(parent: number, name: string, data: Buffer): TreeRecord {
  const key = Buffer.alloc(8 + name.length * 2)
  key.writeUInt16BE(6 + name.length * 2)
  key.writeUInt32BE(parent, 2)
  key.set(plusName(name), 6)
  return { parent, name, bytes: Buffer.concat([key, data]) }
}

function plusName(name: string): Buffer {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(name.length)
  return Buffer.concat([length, Buffer.from(name, 'utf16le').swap16()])
}

function plusData(id: number, node: HfsNode, contents: Contents): Buffer {
  const isFolder = node.children !== undefined
  const data = Buffer.alloc(isFolder ? 88 : 248)
  data.writeUInt16BE(isFolder ? 1 : 2)
  if (isFolder) data.writeUInt32BE(node.children?.length ?? 0, 4)
  data.writeUInt32BE(id, 8)
  data.writeUInt16BE(node.mode ?? (isFolder ? 0o040755 : 0o100644), 42)
  data.writeUInt32BE(node.special ?? 1, 44)
  if (isFolder) return data
  data.write(node.finderType ?? '', 48, 'latin1')
  writePlusFork(data, 88, node.data?.byteLength ?? 0, contents.add(node.data ?? new Uint8Array(0)))
  return data
}

function writePlusFork(data: Buffer, at: number, byteLength: number, block: number): void {
  const count = Math.ceil(byteLength / BLOCK)
  data.writeUInt32BE(byteLength, at + 4)
  data.writeUInt32BE(count, at + 12)
  data.writeUInt32BE(count === 0 ? 0 : block, at + 16)
  data.writeUInt32BE(count, at + 20)
}

function plusThread(parent: number, { name, children }: HfsNode): Buffer {
  const data = Buffer.alloc(8)
  data.writeUInt16BE(children === undefined ? 4 : 3)
  data.writeUInt32BE(parent, 4)
  return Buffer.concat([data, plusName(name)])
}

function classicRecord(parent: number, name: string, data: Buffer): TreeRecord {
  // Data begins at an even offset.
  const keyLength = 6 + name.length + ((name.length & 1) === 0 ? 1 : 0)
  const key = Buffer.alloc(1 + keyLength)
  key[0] = keyLength
  key.writeUInt32BE(parent, 2)
  key[6] = name.length
  key.write(name, 7, 'latin1')
  return { parent, name, bytes: Buffer.concat([key, data]) }
}

function classicData(id: number, node: HfsNode, contents: Contents): Buffer {
  const isFolder = node.children !== undefined
  const data = Buffer.alloc(isFolder ? 70 : 102)
  data[0] = isFolder ? 1 : 2
  data.writeUInt32BE(id, isFolder ? 6 : 20)
  if (isFolder) {
    data.writeUInt16BE(node.children?.length ?? 0, 4)
    return data
  }
  const content = node.data ?? new Uint8Array(0)
  data.write(node.finderType ?? 'TEXTttxt', 4, 'latin1')
  data.writeUInt32BE(content.byteLength, 26)
  data.writeUInt32BE(Math.ceil(content.byteLength / BLOCK) * BLOCK, 30)
  data.writeUInt16BE(contents.add(content), 74)
  data.writeUInt16BE(Math.ceil(content.byteLength / BLOCK), 76)
  return data
}

function classicThread(parent: number, { name, children }: HfsNode): Buffer {
  const data = Buffer.alloc(46)
  data[0] = children === undefined ? 4 : 3
  data.writeUInt32BE(parent, 10)
  data[14] = name.length
  data.write(name, 15, 'latin1')
  return data
}
