/** Builds small ISO 9660 images byte by byte, for tests that need what no mastering program would write. */

export const SECTOR = 2048

export interface BuildNode {
  /** The identifier as recorded, `;1` and all. Text is ASCII, or UTF-16BE in a Joliet tree. */
  name: string | Uint8Array
  children?: BuildNode[]
  data?: Uint8Array | string
  /** System use field of the record. */
  use?: Uint8Array
  /** Of a directory's own `.` record. */
  selfUse?: Uint8Array
  flags?: number
  xarLength?: number
  fileUnit?: number
  gap?: number
  /** Instead of where the builder puts it. */
  location?: number
  byteLength?: number
  /** Last say over the finished record. */
  patch?: (record: Uint8Array) => void
}

export interface BuildOptions {
  volumeId?: string
  joliet?: BuildNode[]
  enhanced?: BuildNode[]
  /** System use of the root's `.` record: SP and ER. */
  rootUse?: Uint8Array
  /** Blocks in front of the image, with all block numbers shifted along. */
  firstBlock?: number
  /** Last say over the descriptors, by their position in the set. */
  patchDescriptor?: (descriptor: Uint8Array, index: number) => void
  /** Blocks reserved at the end, for continuation areas and the like. */
  extraBlocks?: number
}

export interface BuiltImage {
  bytes: Uint8Array
  /** Byte offset of a directory record, by path of identifiers: `DIR/FILE.TXT;1`. */
  recordOf: (path: string) => number
  /** Block of an entry's content. */
  blockOf: (path: string) => number
  /** First of the extra blocks. */
  extraBlock: number
}

interface Placed {
  node: BuildNode
  block: number
  byteLength: number
  parent: Placed | null
  children: Placed[]
  path: string
}

export function text(value: string): Uint8Array {
  return new TextEncoder().encode(value)
}

export function utf16Be(value: string): Uint8Array {
  const out = new Uint8Array(value.length * 2)
  for (let i = 0; i < value.length; i++) {
    out[i * 2] = value.charCodeAt(i) >> 8
    out[i * 2 + 1] = value.charCodeAt(i) & 0xff
  }
  return out
}

export function concat(...parts: (Uint8Array | number[])[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

export function both32(value: number): number[] {
  const little = [value & 255, (value >>> 8) & 255, (value >>> 16) & 255, (value >>> 24) & 255]
  return [...little, ...little.toReversed()]
}

export function both16(value: number): number[] {
  return [value & 255, value >> 8, value >> 8, value & 255]
}

/** One system use entry: signature, length, version 1, data. */
export function use(signature: string, ...data: (Uint8Array | number[])[]): Uint8Array {
  const body = concat(...data)
  return concat(text(signature), [body.byteLength + 4, 1], body)
}

export const SP = use('SP', [0xbe, 0xef, 0])
export const px = (mode: number, links = 1, serial = 0): Uint8Array =>
  use('PX', both32(mode), both32(links), both32(1000), both32(100), both32(serial))
export const nm = (name: string | Uint8Array, flags = 0): Uint8Array =>
  use('NM', [flags], typeof name === 'string' ? text(name) : name)
export const ce = (block: number, offset: number, length: number): Uint8Array =>
  use('CE', both32(block), both32(offset), both32(length))
/** Components as flags and content. */
export const sl = (components: [number, string][], flags = 0): Uint8Array =>
  use('SL', [flags], ...components.map(([kind, part]) => concat([kind, part.length], text(part))))

export function buildIso(root: BuildNode[], options: BuildOptions = {}): BuiltImage {
  const base = options.firstBlock ?? 0
  const trees = [{ nodes: root, kind: 'primary' }]
  if (options.joliet !== undefined) trees.push({ nodes: options.joliet, kind: 'joliet' })
  if (options.enhanced !== undefined) trees.push({ nodes: options.enhanced, kind: 'enhanced' })
  let next = base + 16 + trees.length + 1
  const layouts = trees.map(({ nodes, kind }) => {
    const rootNode: BuildNode = { name: '\0', children: nodes, selfUse: kind === 'primary' ? options.rootUse : undefined }
    const top = place(rootNode, null, kind)
    const directories = breadthFirst(top)
    const pathTable = next
    const tableBlocks = Math.ceil(pathTableBytes(directories, kind, true).byteLength / SECTOR)
    next += tableBlocks * 2
    for (const directory of directories) {
      directory.byteLength = Math.max(1, Math.ceil(measure(directory, kind) / SECTOR)) * SECTOR
      directory.block = next
      next += directory.byteLength / SECTOR
    }
    return { kind, top, directories, pathTable, tableBlocks }
  })
  const byContent = new Map<Uint8Array | string, number>()
  for (const { directories } of layouts) {
    for (const file of directories.flatMap((directory) => directory.children)) {
      if (file.node.children !== undefined) continue
      const data = contentOf(file.node)
      file.byteLength = data.byteLength
      // The trees of one image share their files.
      const known = file.node.data === undefined ? undefined : byContent.get(file.node.data)
      file.block = known ?? next
      if (known !== undefined || data.byteLength === 0) continue
      if (file.node.data !== undefined) byContent.set(file.node.data, file.block)
      next += Math.ceil(data.byteLength / SECTOR) + (file.node.xarLength ?? 0)
    }
  }
  const extraBlock = next
  next += options.extraBlocks ?? 0
  const bytes = new Uint8Array((next - base) * SECTOR)
  const at = (block: number): number => (block - base) * SECTOR
  const records = new Map<string, number>()
  const blocks = new Map<string, number>()
  for (const [index, layout] of layouts.entries()) {
    for (const directory of layout.directories) {
      writeDirectory(bytes, at(directory.block), directory, layout.kind, records, blocks)
      for (const file of directory.children) {
        if (file.node.children === undefined) bytes.set(contentOf(file.node), at(file.block + (file.node.xarLength ?? 0)))
      }
    }
    const table = pathTableBytes(layout.directories, layout.kind, true)
    bytes.set(table, at(layout.pathTable))
    bytes.set(pathTableBytes(layout.directories, layout.kind, false), at(layout.pathTable + layout.tableBlocks))
    const descriptor = treeDescriptor(layout, table.byteLength, next - base, options)
    options.patchDescriptor?.(descriptor, index)
    bytes.set(descriptor, at(base + 16 + index))
  }
  bytes.set(concat([255], text('CD001'), [1]), at(base + 16 + layouts.length))
  const find = (map: Map<string, number>, path: string): number => {
    const found = map.get(path)
    if (found === undefined) throw new Error(`the image has no ${path}`)
    return found
  }
  return {
    bytes,
    recordOf: (path) => find(records, path),
    blockOf: (path) => find(blocks, path),
    extraBlock,
  }
}

function place(node: BuildNode, parent: Placed | null, kind: string): Placed {
  const name = typeof node.name === 'string' ? node.name : String.fromCharCode(...node.name)
  const path = parent === null || parent.path === '' ? (parent === null ? '' : name) : `${parent.path}/${name}`
  const placed: Placed = { node, block: 0, byteLength: 0, parent, children: [], path }
  placed.children = (node.children ?? []).map((child) => place(child, placed, kind))
  return placed
}

function breadthFirst(top: Placed): Placed[] {
  const directories = [top]
  for (const directory of directories) {
    directories.push(...directory.children.filter((child) => child.node.children !== undefined))
  }
  return directories
}

function contentOf(node: BuildNode): Uint8Array {
  return typeof node.data === 'string' ? text(node.data) : (node.data ?? new Uint8Array(0))
}

function identifierOf(node: BuildNode, kind: string): Uint8Array {
  if (typeof node.name !== 'string') return node.name
  return kind === 'joliet' ? utf16Be(node.name) : Uint8Array.from(node.name, (letter) => letter.charCodeAt(0))
}

function recordLength(identifier: Uint8Array, systemUse: Uint8Array | undefined): number {
  const padded = 33 + identifier.byteLength + (identifier.byteLength % 2 === 0 ? 1 : 0)
  const length = padded + (systemUse?.byteLength ?? 0)
  return length + (length % 2)
}

function measure(directory: Placed, kind: string): number {
  let at = recordLength(new Uint8Array(1), directory.node.selfUse) + recordLength(new Uint8Array(1), undefined)
  for (const child of directory.children) {
    const length = recordLength(identifierOf(child.node, kind), child.node.use)
    if ((at % SECTOR) + length > SECTOR) at += SECTOR - (at % SECTOR)
    at += length
  }
  return at
}

function record(identifier: Uint8Array, placed: Placed, flags: number, systemUse: Uint8Array | undefined): Uint8Array {
  const { node } = placed
  const out = new Uint8Array(recordLength(identifier, systemUse))
  out[0] = out.byteLength
  out[1] = node.xarLength ?? 0
  out.set(both32(node.location ?? placed.block), 2)
  out.set(both32(node.byteLength ?? placed.byteLength), 10)
  // 17 May 2024, 10:30:00 UTC.
  out.set([124, 5, 17, 10, 30, 0, 0, flags, node.fileUnit ?? 0, node.gap ?? 0], 18)
  out.set(both16(1), 28)
  out[32] = identifier.byteLength
  out.set(identifier, 33)
  if (systemUse !== undefined) out.set(systemUse, 33 + identifier.byteLength + (identifier.byteLength % 2 === 0 ? 1 : 0))
  return out
}

function writeDirectory(
  bytes: Uint8Array,
  start: number,
  directory: Placed,
  kind: string,
  records: Map<string, number>,
  blocks: Map<string, number>,
): void {
  const own = { ...directory, node: { name: '\0' } }
  const above = directory.parent ?? directory
  const self = record(Uint8Array.of(0), own, 2, directory.node.selfUse)
  const parent = record(Uint8Array.of(1), { ...above, node: { name: '\x01' } }, 2, undefined)
  bytes.set(self, start)
  bytes.set(parent, start + self.byteLength)
  if (!blocks.has(directory.path)) blocks.set(directory.path, directory.block)
  let at = self.byteLength + parent.byteLength
  for (const child of directory.children) {
    const flags = child.node.flags ?? (child.node.children === undefined ? 0 : 2)
    const built = record(identifierOf(child.node, kind), child, flags, child.node.use)
    child.node.patch?.(built)
    if ((at % SECTOR) + built.byteLength > SECTOR) at += SECTOR - (at % SECTOR)
    bytes.set(built, start + at)
    if (!records.has(child.path)) records.set(child.path, start + at)
    if (!blocks.has(child.path)) blocks.set(child.path, child.block)
    at += built.byteLength
  }
}

function pathTableBytes(directories: Placed[], kind: string, isLittle: boolean): Uint8Array {
  const numbers = (value: number, width: number): number[] => {
    const little = [value & 255, (value >>> 8) & 255, (value >>> 16) & 255, (value >>> 24) & 255].slice(0, width)
    return isLittle ? little : little.toReversed()
  }
  const parts = directories.map((directory) => {
    const identifier = directory.parent === null ? Uint8Array.of(0) : identifierOf(directory.node, kind)
    const parent = directory.parent === null ? 1 : directories.indexOf(directory.parent) + 1
    const body = concat([identifier.byteLength, 0], numbers(directory.block, 4), numbers(parent, 2), identifier)
    return body.byteLength % 2 === 0 ? body : concat(body, [0])
  })
  return concat(...parts)
}

interface Layout {
  kind: string
  top: Placed
  pathTable: number
  tableBlocks: number
}

function treeDescriptor(
  { kind, top, pathTable, tableBlocks }: Layout,
  pathTableLength: number,
  blockCount: number,
  options: BuildOptions,
): Uint8Array {
  const out = new Uint8Array(SECTOR)
  const volumeId = options.volumeId ?? 'TEST'
  out[0] = kind === 'primary' ? 1 : 2
  out.set(text('CD001'), 1)
  out[6] = kind === 'enhanced' ? 2 : 1
  out.fill(0x20, 8, 72)
  out.set(kind === 'joliet' ? utf16Be(volumeId) : text(volumeId), 40)
  out.set(both32(blockCount), 80)
  if (kind === 'joliet') out.set(text('%/E'), 88)
  out.set(both16(1), 120)
  out.set(both16(1), 124)
  out.set(both16(SECTOR), 128)
  out.set(both32(pathTableLength), 132)
  out.set(both32(pathTable).slice(0, 4), 140)
  out.set(both32(pathTable + tableBlocks).slice(4), 148)
  out.set(record(Uint8Array.of(0), { ...top, node: { name: '\0' } }, 2, undefined), 156)
  out.set(text('2024051710300000'), 813)
  out[881] = 1
  return out
}
