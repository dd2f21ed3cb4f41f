import { because } from '../../../src-shared/model'
import type { AuthorContent, AuthorNode } from '../author-tree'
import { AuthorError } from '../author-error'
import { nameChildren, type NameChange, type NameRule } from '../names'
import type { IdentifierForm } from './identifiers'
import type { Relocation } from './rock-ridge'

/** ECMA-119 6.8.2.1: no directory lies deeper than the eighth level, the root being the first. */
const DEPTH_LIMIT = 8
/** ECMA-119 9.4.4: a directory's number has 16 bits. */
const DIRECTORY_LIMIT = 65_535
const RELOCATED_NAME = 'RR_MOVED'

/** A directory record to be written. */
export interface IsoRecord {
  node: AuthorNode
  /** As readers show it, without version and the dot of no extension. */
  name: string
  identifier: Uint8Array
  directory: IsoDirectory | null
  relocation: Relocation
}

export interface IsoDirectory {
  node: AuthorNode
  parent: IsoDirectory
  identifier: Uint8Array
  records: IsoRecord[]
  relocation: Relocation
  /** Set when the image is laid out. */
  block: number
  byteLength: number
  continuationBlock: number
  continuationByteLength: number
  /** Number in the path table, from 1 (ECMA-119 6.9). */
  number: number
}

export interface IsoTree {
  root: IsoDirectory
  /** By level, parent and identifier, as the path table has them (ECMA-119 6.9.1). */
  directories: IsoDirectory[]
  /** The same in the order in which they lie on the disc: what was moved lies right behind the root. */
  placed: IsoDirectory[]
  changes: NameChange[]
  form: IdentifierForm
}

export interface IsoTreeOptions {
  rule: NameRule
  form: IdentifierForm
  /** Directories below the eighth level are moved where the limit allows them, and say where they belong. */
  relocates: boolean
  /** Symbolic links, devices and the like can be recorded. */
  hasRockRidge: boolean
  /** Names of nodes that are told as changed have this in front. */
  onLeftOut: (path: string, node: AuthorNode) => void
}

/** The records of one tree of the image, named and in order. */
export function buildIsoTree(root: AuthorNode, options: IsoTreeOptions): IsoTree {
  const changes: NameChange[] = []
  const top = makeDirectory(root, null, Uint8Array.of(0))
  const moved: { record: IsoRecord; directory: IsoDirectory; path: string }[] = []
  const fill = (directory: IsoDirectory, path: string, depth: number): void => {
    const shown = directory.node.children.filter((child) => {
      const isShown = child.kind === 'file' || child.kind === 'directory' || options.hasRockRidge
      if (!isShown) options.onLeftOut(path === '' ? child.name : `${path}/${child.name}`, child)
      return isShown
    })
    // What stands in the place of a directory that lies elsewhere is no directory, and is named like a file.
    const movesAway = options.relocates && depth + 1 > DEPTH_LIMIT
    const names = nameChildren(shown, options.rule, ({ kind }) => kind === 'directory' && !movesAway)
    for (const node of shown) {
      const given = names.get(node)
      if (given === undefined) continue
      const own = path === '' ? node.name : `${path}/${node.name}`
      if (given.reason !== null)
        changes.push({ path: own, tree: options.rule.tree, name: given.name, reason: given.reason })
      const isDirectory = node.kind === 'directory'
      const identifier = options.form.encode(given.name, isDirectory && !movesAway)
      const record: IsoRecord = {
        node,
        name: options.form.shown(given.name),
        identifier,
        directory: null,
        relocation: {},
      }
      directory.records.push(record)
      if (!isDirectory) continue
      const child = makeDirectory(node, directory, identifier)
      if (movesAway) {
        moved.push({ record, directory: child, path: own })
        continue
      }
      record.directory = child
      fill(child, own, depth + 1)
    }
  }
  fill(top, '', 1)
  const room = moved.length > 0 ? relocate(top, moved, fill, options) : null
  const directories = number(top, options.form)
  return { root: top, directories, placed: inPlaces(directories, room), changes, form: options.form }
}

function makeDirectory(node: AuthorNode, parent: IsoDirectory | null, identifier: Uint8Array): IsoDirectory {
  const directory = {
    node,
    identifier,
    records: [],
    relocation: {},
    block: 0,
    byteLength: 0,
    continuationBlock: 0,
    continuationByteLength: 0,
    number: 0,
  } as unknown as IsoDirectory
  directory.parent = parent ?? directory
  return directory
}

/** RRIP 4.1.5: what lies too deep waits in one directory of the root, and is shown where its CL stands. */
function relocate(
  top: IsoDirectory,
  moved: { record: IsoRecord; directory: IsoDirectory; path: string }[],
  fill: (directory: IsoDirectory, path: string, depth: number) => void,
  { form }: IsoTreeOptions,
): IsoDirectory {
  const taken = new Set(top.records.map(({ identifier }) => Buffer.from(identifier).toString('latin1')))
  let name = RELOCATED_NAME
  for (let number = 1; taken.has(name); number++) name = `RR_MOVE${number}`
  const room: AuthorNode = {
    ...top.node,
    name: RELOCATED_NAME.toLowerCase(),
    kind: 'directory',
    children: [],
    nameBytes: null,
  }
  const identifier = form.encode(name, true)
  const waiting = makeDirectory(room, top, identifier)
  // The room itself is no directory of the tree: readers leave it out.
  top.records.push({ node: room, name, identifier, directory: waiting, relocation: { isMoved: true } })
  for (let index = 0; index < moved.length; index++) {
    const each = moved[index]
    if (each === undefined) break
    const { record, directory, path } = each
    const home = directory.parent
    directory.parent = waiting
    const ownName = String(index + 1).padStart(6, '0')
    directory.identifier = form.encode(ownName, true)
    directory.relocation = { parent: () => home.block }
    record.relocation = { child: () => directory.block }
    waiting.records.push({
      node: directory.node,
      name: ownName,
      identifier: directory.identifier,
      directory,
      relocation: { isMoved: true },
    })
    fill(directory, path, 3)
  }
  return waiting
}

/**
 * Readers that go through a disc from front to back (libarchive) connect a CL with a directory that they have met, and one
 * within what was moved while the outer one is not connected yet: what was moved comes first, one after the other, each
 * with all that is in it, and then the directories that it belongs to.
 */
function inPlaces(directories: IsoDirectory[], room: IsoDirectory | null): IsoDirectory[] {
  if (room === null) return directories
  const moved: IsoDirectory[] = [room]
  const isMoved = new Set(moved)
  const add = (parent: IsoDirectory): void => {
    for (const { directory } of parent.records) {
      if (directory === null) continue
      moved.push(directory)
      isMoved.add(directory)
      add(directory)
    }
  }
  add(room)
  const [root, ...others] = directories.filter((directory) => !isMoved.has(directory))
  return root === undefined ? moved : [root, ...moved, ...others]
}

/** Sorts the records and numbers the directories. */
function number(root: IsoDirectory, form: IdentifierForm): IsoDirectory[] {
  const directories: IsoDirectory[] = [root]
  for (let index = 0; index < directories.length; index++) {
    const directory = directories[index]
    if (directory === undefined) break
    directory.number = index + 1
    directory.records.sort((a, b) => form.compare(a.identifier, b.identifier))
    for (const { directory: child } of directory.records) if (child !== null) directories.push(child)
  }
  if (directories.length > DIRECTORY_LIMIT) {
    throw new AuthorError(
      'TOO_MANY_DIRECTORIES',
      `There are ${directories.length} folders, and an ISO 9660 tree has room for ${DIRECTORY_LIMIT}. Make the image with UDF alone.`,
      because('tooManyFolders', { n: directories.length, limit: DIRECTORY_LIMIT }),
    )
  }
  return directories
}

/** Where each content lies, in blocks. */
export type Placement = ReadonlyMap<AuthorContent, number>
