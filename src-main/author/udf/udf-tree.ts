import type { AuthorNode } from '../author-tree'
import { concatenated } from '../../image'
import { ByteWriter } from '../byte-writer'
import type { Placement } from '../iso9660/directory-tree'
import type { Unrecorded } from '../plan-iso'
import { BLOCK, blocksOf, type Segment } from '../layout'
import { nameChildren, udfRule, type NameChange } from '../names'
import {
  cs0,
  hasMetadataPartition,
  IMPLEMENTATION,
  longAllocation,
  seal,
  structuresPartition,
  Tag,
  timestamp,
  type UdfRevision,
} from './structures'

/** The longest extent in whole blocks that 30 bits can say (ECMA-167 4/14.14.1.1). */
const EXTENT_LIMIT = 2 ** 30 - BLOCK
/** UDF 3.2.1.1: smaller numbers are kept for the system's use; the root is 0. */
const FIRST_UNIQUE_ID = 16
const HEADER_LENGTH = 176
/** A component's length is one byte (ECMA-167 4/14.16.1.2). */
const COMPONENT_LIMIT = 255

const FileType = { directory: 4, file: 5, block: 6, character: 7, fifo: 9, socket: 10, symlink: 12 } as const
const Characteristic = { hidden: 1, directory: 2, parent: 8 } as const
/** ECMA-167 4/14.6.8: extents by short allocation descriptors, or by long ones into another partition; or the content stands in the entry itself. */
const Allocation = { short: 0, long: 1, embedded: 3 } as const

interface UdfDirectory {
  entry: UdfEntry
  parent: UdfDirectory
  children: { name: string; node: AuthorNode; entry: UdfEntry }[]
  /** Where its identifiers lie, in blocks of the partition. */
  dataBlock: number
  byteLength: number
}

/** A file entry: one for all names of a file. */
interface UdfEntry {
  node: AuthorNode
  block: number
  uniqueId: number
  links: number
  directory: UdfDirectory | null
  /** Of a link: its target's components, and the block where they lie if they are too long for the entry itself. */
  components: Uint8Array | null
  componentsBlock: number
}

export interface UdfTree {
  root: UdfDirectory
  directories: UdfDirectory[]
  entries: UdfEntry[]
  changes: NameChange[]
  /** Links with targets that cannot be recorded, which are not in the tree. */
  unrecorded: Unrecorded[]
  /** Where the file set descriptor lies, in blocks of the partition; file entries and identifiers follow it. */
  firstBlock: number
  /** Blocks that all of these take. */
  blockCount: number
  nextUniqueId: number
}

/** Each has a block of its own, most of which is empty: they are made when they are read. */
const ENTRIES_AT_ONCE = 64

/** The file set descriptor and its terminator, in blocks: the tree begins behind them. */
const FILE_SET_BLOCKS = 2

/** Names everything, numbers the entries, and places them from the partition's block 0 on, see {@link moveUdfTree}. */
export function buildUdfTree(root: AuthorNode): UdfTree {
  const entries: UdfEntry[] = []
  const directories: UdfDirectory[] = []
  const changes: NameChange[] = []
  const unrecorded: Unrecorded[] = []
  const byLinks = new Map<object, UdfEntry>()
  let nextUniqueId = FIRST_UNIQUE_ID
  const makeEntry = (node: AuthorNode): UdfEntry => {
    const known = node.links.count > 1 ? byLinks.get(node.links) : undefined
    if (known !== undefined) {
      known.links++
      return known
    }
    const entry: UdfEntry = {
      node,
      block: 0,
      uniqueId: node === root ? 0 : nextUniqueId++,
      links: 1,
      directory: null,
      components: node.kind === 'symlink' ? pathComponents(node) : null,
      componentsBlock: 0,
    }
    entries.push(entry)
    if (node.links.count > 1) byLinks.set(node.links, entry)
    return entry
  }
  const makeDirectory = (node: AuthorNode, parent: UdfDirectory | null): UdfDirectory => {
    const directory = { entry: makeEntry(node), children: [], dataBlock: 0, byteLength: 0 } as unknown as UdfDirectory
    directory.parent = parent ?? directory
    directory.entry.directory = directory
    directories.push(directory)
    return directory
  }
  const paths = new Map<UdfDirectory, string>()
  const top = makeDirectory(root, null)
  paths.set(top, '')
  // It grows while it is gone through.
  for (const directory of directories) {
    const path = paths.get(directory) ?? ''
    const shown = directory.entry.node.children.filter((node) => {
      if (node.kind !== 'symlink' || pathComponents(node) !== null) return true
      const own = path === '' ? node.name : `${path}/${node.name}`
      unrecorded.push({
        path: own,
        tree: 'udf',
        message: 'A link’s target with so long a name, or with one that is no text, cannot be recorded in this tree.',
      })
      return false
    })
    const names = nameChildren(shown, udfRule)
    for (const [node, { name, reason }] of names) {
      const own = path === '' ? node.name : `${path}/${node.name}`
      if (reason !== null) changes.push({ path: own, tree: 'udf', name, reason })
      if (node.kind === 'directory') {
        const child = makeDirectory(node, directory)
        paths.set(child, own)
        // A directory's links: its name, and the parent entry of each directory in it.
        directory.entry.links++
        directory.children.push({ name, node, entry: child.entry })
      } else {
        directory.children.push({ name, node, entry: makeEntry(node) })
      }
    }
    directory.children.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
    directory.byteLength = directory.children.reduce(
      (sum, { name }) => sum + identifierLength(cs0(name).byteLength),
      identifierLength(0),
    )
  }
  let block = FILE_SET_BLOCKS
  for (const entry of entries) entry.block = block++
  for (const directory of directories) {
    directory.dataBlock = block
    block += blocksOf(directory.byteLength)
  }
  for (const entry of entries) {
    const byteLength = entry.components?.byteLength ?? 0
    if (byteLength <= BLOCK - HEADER_LENGTH) continue
    entry.componentsBlock = block
    block += blocksOf(byteLength)
  }
  return { root: top, directories, entries, changes, unrecorded, firstBlock: 0, blockCount: block, nextUniqueId }
}

/** Places a tree that lies at the partition's beginning elsewhere. @param firstBlock of the partition */
export function moveUdfTree(tree: UdfTree, firstBlock: number): void {
  tree.firstBlock += firstBlock
  for (const entry of tree.entries) {
    entry.block += firstBlock
    if (entry.componentsBlock > 0) entry.componentsBlock += firstBlock
  }
  for (const directory of tree.directories) directory.dataBlock += firstBlock
}

function identifierLength(nameLength: number): number {
  return Math.ceil((38 + nameLength) / 4) * 4
}

/** Where blocks are counted from, in blocks of the image. */
export interface UdfStarts {
  /** Of the partition with the files' contents. */
  partitionStart: number
  /** Of that with the structures: the same, or the metadata file or its mirror. */
  structuresStart: number
}

/** The structures of the file system as segments of the image. */
export function writeUdfTree(
  tree: UdfTree,
  { partitionStart, structuresStart }: UdfStarts,
  place: Placement,
  revision: UdfRevision,
): Segment[] {
  const segments: Segment[] = []
  for (let first = 0; first < tree.entries.length; first += ENTRIES_AT_ONCE) {
    const some = tree.entries.slice(first, first + ENTRIES_AT_ONCE)
    segments.push({
      kind: 'drawn',
      byteOffset: (structuresStart + tree.firstBlock + FILE_SET_BLOCKS + first) * BLOCK,
      byteLength: some.length * BLOCK,
      draw: () => {
        const bytes = new Uint8Array(some.length * BLOCK)
        for (const [index, entry] of some.entries())
          bytes.set(writeEntry(entry, partitionStart, place, revision), index * BLOCK)
        return bytes
      },
    })
  }
  for (const { components, componentsBlock } of tree.entries) {
    if (components === null || componentsBlock === 0) continue
    segments.push({
      kind: 'bytes',
      bytes: components,
      byteOffset: (structuresStart + componentsBlock) * BLOCK,
      byteLength: components.byteLength,
    })
  }
  for (const directory of tree.directories) {
    const bytes = writeIdentifiers(directory, revision)
    segments.push({
      kind: 'bytes',
      bytes,
      byteOffset: (structuresStart + directory.dataBlock) * BLOCK,
      byteLength: bytes.byteLength,
    })
  }
  return segments
}

/** ECMA-167 4/14.4: the parent first, then everything in the directory. */
function writeIdentifiers(directory: UdfDirectory, revision: UdfRevision): Uint8Array {
  const parts: Uint8Array[] = []
  let at = 0
  const add = (name: string, entry: UdfEntry, characteristics: number): void => {
    const identifier = cs0(name)
    const byteLength = identifierLength(identifier.byteLength)
    const descriptor = new ByteWriter(byteLength)
      .u16Le(16, 1)
      .u8(18, characteristics)
      .u8(19, identifier.byteLength)
      .set(20, longAllocation(BLOCK, entry.block, structuresPartition(revision), entry.uniqueId))
      .set(38, identifier)
    parts.push(seal(descriptor, Tag.fileIdentifier, directory.dataBlock + Math.floor(at / BLOCK), revision))
    at += byteLength
  }
  add('', directory.parent.entry, Characteristic.parent | Characteristic.directory)
  for (const { name, node, entry } of directory.children) {
    const hidden = node.hidden ? Characteristic.hidden : 0
    add(name, entry, hidden | (node.kind === 'directory' ? Characteristic.directory : 0))
  }
  return concatenated(parts)
}

/** ECMA-167 4/14.9. */
function writeEntry(entry: UdfEntry, partitionStart: number, place: Placement, revision: UdfRevision): Uint8Array {
  const { node, components, componentsBlock } = entry
  const isEmbedded = components !== null && componentsBlock === 0
  const attributes = node.kind === 'device' ? deviceAttribute(node) : new Uint8Array(0)
  const isElsewhere = node.kind === 'file' && hasMetadataPartition(revision)
  const extents = isEmbedded ? components : extentsOf(entry, partitionStart, place, isElsewhere)
  const byteLength = lengthOf(entry)
  const whole = HEADER_LENGTH + attributes.byteLength + extents.byteLength
  const writer = new ByteWriter(whole)
    .u16Le(20, 4)
    .u16Le(24, 1)
    .u8(27, typeOf(node))
    .u16Le(
      34,
      (isEmbedded ? Allocation.embedded : isElsewhere ? Allocation.long : Allocation.short) | setFlagsOf(node.mode),
    )
    .u32Le(36, node.uid === 0 ? 0 : node.uid)
    .u32Le(40, node.gid === 0 ? 0 : node.gid)
    .u32Le(44, permissionsOf(node.mode))
    .u16Le(48, Math.min(entry.links, 0xffff))
    .u64Le(56, byteLength)
    .u64Le(64, isEmbedded ? 0 : blocksOf(byteLength))
    .set(72, timestamp(node.modified))
    .set(84, timestamp(node.modified))
    .set(96, timestamp(node.modified))
    .u32Le(108, 1)
    .set(128, IMPLEMENTATION)
    .u64Le(160, entry.uniqueId)
    .u32Le(168, attributes.byteLength)
    .u32Le(172, extents.byteLength)
    .set(HEADER_LENGTH, attributes)
    .set(HEADER_LENGTH + attributes.byteLength, extents)
  return seal(writer, Tag.fileEntry, entry.block, revision)
}

function lengthOf({ node, directory, components }: UdfEntry): number {
  return directory?.byteLength ?? components?.byteLength ?? node.content?.byteLength ?? 0
}

/**
 * ECMA-167 4/14.14.1: length and place of each extent, in the partition's blocks.
 * @param isElsewhere the content lies in another partition than the entry, the first one (4/14.14.2)
 */
function extentsOf(entry: UdfEntry, partitionStart: number, place: Placement, isElsewhere: boolean): Uint8Array {
  const { node, directory, components, componentsBlock } = entry
  const byteLength = lengthOf(entry)
  const start =
    directory?.dataBlock ??
    (components !== null
      ? componentsBlock
      : node.content === null
        ? 0
        : (place.get(node.content) ?? 0) - partitionStart)
  const descriptorLength = isElsewhere ? 16 : 8
  const writer = new ByteWriter(Math.ceil(byteLength / EXTENT_LIMIT) * descriptorLength)
  for (let done = 0, at = 0; done < byteLength; done += EXTENT_LIMIT, at += descriptorLength) {
    const length = Math.min(EXTENT_LIMIT, byteLength - done)
    if (isElsewhere) writer.set(at, longAllocation(length, start + done / BLOCK, 0))
    else writer.u32Le(at, length).u32Le(at + 4, start + done / BLOCK)
  }
  return writer.bytes
}

function typeOf({ kind, device }: AuthorNode): number {
  switch (kind) {
    case 'directory':
      return FileType.directory
    case 'symlink':
      return FileType.symlink
    case 'fifo':
      return FileType.fifo
    case 'socket':
      return FileType.socket
    case 'device':
      return device?.isBlock === true ? FileType.block : FileType.character
    default:
      return FileType.file
  }
}

/** ECMA-167 4/14.6.8: bits 6, 7 and 8, which its permissions have no place for. */
function setFlagsOf(mode: number): number {
  return ((mode & 0o4000) !== 0 ? 0x40 : 0) | ((mode & 0o2000) !== 0 ? 0x80 : 0) | ((mode & 0o1000) !== 0 ? 0x100 : 0)
}

/** ECMA-167 4/14.9.5: execute, write and read of others, group and owner, five bits each. */
function permissionsOf(mode: number): number {
  const three = (bits: number): number => (bits & 1) | (bits & 2) | (bits & 4)
  return three(mode & 7) | (three((mode >> 3) & 7) << 5) | (three((mode >> 6) & 7) << 10)
}

/** ECMA-167 4/14.16.1. Null where it has a name that is too long, or no text. */
function pathComponents({ target, targetBytes }: AuthorNode): Uint8Array | null {
  if (targetBytes !== null) return null
  const Component = { root: 2, parent: 3, current: 4, name: 5 } as const
  const parts: Uint8Array[] = []
  if (target.startsWith('/')) parts.push(Uint8Array.of(Component.root, 0, 0, 0))
  for (const part of target.split('/')) {
    if (part === '') continue
    const type = part === '.' ? Component.current : part === '..' ? Component.parent : Component.name
    const identifier = type === Component.name ? cs0(part) : new Uint8Array(0)
    if (identifier.byteLength > COMPONENT_LIMIT) return null
    parts.push(Uint8Array.of(type, identifier.byteLength, 0, 0, ...identifier))
  }
  return concatenated(parts)
}

/** ECMA-167 4/14.10.7 behind a header (4/14.10.1): which device it is. */
function deviceAttribute({ device }: AuthorNode): Uint8Array {
  if (device === null) return new Uint8Array(0)
  const header = new ByteWriter(24).u32Le(16, 24).u32Le(20, 24)
  const attribute = new ByteWriter(24)
    .u32Le(0, 12)
    .u8(4, 1)
    .u32Le(8, 24)
    .u32Le(16, device.major)
    .u32Le(20, device.minor)
  return concatenated([seal(header, 262, 0, '1.02'), attribute.bytes])
}
