import fs from 'node:fs'
import path from 'node:path'
import { because, type Details } from '../../src-shared/model'
import { FileByteSource } from '../files/file-byte-source'
import { openPlainFile } from '../files/plain-file'
import { identityOfStat } from '../sinks/atomic-file'
import { identityKey, isSameObject, type Identity } from '../sinks/identity'
import { isUnfinished } from '../sinks/stage-name'
import { AuthorError } from './author-error'
import { makeNode, type AuthorContent, type AuthorNode, type LinkGroup } from './author-tree'
import { Folders, placeAt } from './folders'
import { anyMatches, globRules, unusedGlobs, type GlobRule } from './glob-rules'
import { plainMode } from './modes'

export interface SourceRequest {
  /** On this computer. */
  path: string
  /** Where it goes in the image; `''`: its contents become the root's. */
  at: string
}

export interface CollectOptions {
  /** Globs of what is left out, as `globRules` takes them. */
  exclude?: readonly string[]
  /** Links are replaced by what they lead to. */
  followLinks?: boolean
  /** Owners 0, and modes that anybody can read: what travels to other computers. */
  rationalize?: boolean
  /** The image that is made, where it is a file: it may lie in a folder that goes into it, and is left out. */
  output?: string
  /** Images that were written of the same before, by `identityOf`: unless one is a source itself, it is left out. */
  earlier?: ReadonlySet<string>
  /** Sources that are not there are left out like what lies in them; otherwise they are an error. */
  leavesOutMissing?: boolean
}

export interface LeftOut {
  path: string
  message: string
  details?: Details
  /** Nobody misses it, and it is told before anything is written. */
  isMeant?: boolean
}

export interface Collected {
  root: AuthorNode
  leftOut: LeftOut[]
  /** Globs of `exclude` that nothing has matched. */
  unusedExcludes: string[]
}

/** What a file has beyond its planned length. */
const ONE_MORE = new Uint8Array(1)

/** A file of this computer. Its length is what it was when the image was planned. */
class FileContent implements AuthorContent {
  readonly origin: string

  /** @param file its bytes, where they are no valid text */
  constructor(
    private readonly file: string | Buffer,
    readonly byteLength: number,
  ) {
    this.origin = String(file)
  }

  open(): FileByteSource {
    return FileByteSource.open(this.file)
  }

  readWhole(target: Uint8Array): number {
    const descriptor = openPlainFile(this.file)
    try {
      let done = 0
      while (done < target.byteLength) {
        const count = fs.readSync(descriptor, target, done, target.byteLength - done, null)
        if (count === 0) return done
        done += count
      }
      return fs.readSync(descriptor, ONE_MORE, 0, 1, null) > 0 ? done + 1 : done
    } finally {
      fs.closeSync(descriptor)
    }
  }
}

interface Walk {
  options: CollectOptions
  output: Identity | null
  leftOut: LeftOut[]
  excludes: readonly GlobRule[]
  /** By device and inode: the names of one file. */
  linked: Map<string, { links: LinkGroup; content: AuthorContent | null }>
  /** Folders on the way, by device and inode, so that followed links end. */
  open: Set<string>
}

/**
 * Reads the sources' folders into the tree of an image. Nothing is opened yet.
 * @throws {AuthorError} `NO_SUCH_FILE` where a source is not there, `NAME_TAKEN` where two want one place
 */
export function collect(sources: readonly SourceRequest[], options: CollectOptions = {}): Collected {
  const { output } = options
  const walk: Walk = {
    options,
    output: output === undefined ? null : (statOf(output, true) ?? null),
    leftOut: [],
    excludes: globRules(options.exclude ?? []),
    linked: new Map(),
    open: new Set(),
  }
  const root = makeNode({ name: '', kind: 'directory' })
  const folders = new Folders()
  let rootTime = 0
  for (const { path: from, at } of sources) {
    // A link that leads nowhere is one all the same.
    const stat = ledTo(from) ?? statOf(from, false)
    if (stat === undefined) {
      const missing = [
        `“${from}” doesn’t exist. Check the name, or connect its disk.`,
        because('missingFile', { name: from }),
      ] as const
      if (options.leavesOutMissing !== true) throw new AuthorError('NO_SUCH_FILE', ...missing)
      walk.leftOut.push({ path: at, message: missing[0], details: missing[1] })
      continue
    }
    if (at === '') {
      if (!stat.isDirectory())
        throw new AuthorError('BAD_REQUEST', `${from} is not a folder, so it needs a name in the image.`)
      for (const child of readFolder(from, '', stat, walk)) attach(folders, root, child, child.name)
      rootTime = Math.max(rootTime, modifiedOf(stat))
      applyStat(root, stat, walk)
      continue
    }
    const place = placeAt(at)
    const parent = folders.make(root, place, modifiedOf(stat))
    const node = readOne(from, place.name, at, walk)
    if (node !== null) attach(folders, parent, node, at)
  }
  folders.close()
  if (root.modified === 0) root.modified = rootTime || Math.max(0, ...root.children.map(({ modified }) => modified))
  return { root, leftOut: walk.leftOut, unusedExcludes: unusedGlobs(walk.excludes) }
}

function attach(folders: Folders, parent: AuthorNode, node: AuthorNode, at: string): void {
  const taken = folders.same(parent, node)
  if (taken === undefined) folders.put(parent, node)
  else if (taken.kind === 'directory' && node.kind === 'directory')
    for (const child of node.children) attach(folders, taken, child, at)
  else
    throw new AuthorError(
      'NAME_TAKEN',
      `Two sources want to be “${at}” in the image. Name one of them otherwise.`,
      because('sourcesCollide', { path: at }),
    )
}

/** Numbers of files have 64 bits, more than a double tells apart. */
function statOf(file: string | Buffer, follows: boolean): fs.BigIntStats | undefined {
  const options = { bigint: true, throwIfNoEntry: false } as const
  return follows ? fs.statSync(file, options) : fs.lstatSync(file, options)
}

/** What a path leads to; undefined where that is nowhere, or a loop of links. */
function ledTo(file: string): fs.BigIntStats | undefined {
  try {
    return statOf(file, true)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ELOOP') return undefined
    throw error
  }
}

/** Milliseconds since 1970, with what is below them. */
function modifiedOf({ mtimeNs }: fs.BigIntStats): number {
  return Number(mtimeNs / 1_000_000n) + Number(mtimeNs % 1_000_000n) / 1e6
}

function readFolder(folder: string | Buffer, relative: string, stat: fs.BigIntStats, walk: Walk): AuthorNode[] {
  const key = identityKey(stat)
  if (walk.open.has(key)) {
    walk.leftOut.push({
      path: relative,
      message: `${String(folder)} leads back into itself; it is left empty.`,
      details: because('leadsIntoItself', { name: String(folder) }),
    })
    return []
  }
  walk.open.add(key)
  try {
    return readNames(folder, relative, walk)
  } finally {
    walk.open.delete(key)
  }
}

function readNames(folder: string | Buffer, relative: string, walk: Walk): AuthorNode[] {
  const nodes: AuthorNode[] = []
  // Names that are no valid text keep their bytes, where the system has such.
  for (const bytes of fs.readdirSync(folder, { encoding: 'buffer' })) {
    const name = bytes.toString('utf8')
    const isText = Buffer.compare(Buffer.from(name, 'utf8'), bytes) === 0
    const at = relative === '' ? name : `${relative}/${name}`
    // In a folder whose name is no text, no path is.
    const full = isText && typeof folder === 'string' ? path.join(folder, name) : joinBytes(folder, bytes)
    if (anyMatches(walk.excludes, name, at, () => isFolder(full, walk))) continue
    if (isUnfinished(name)) {
      leaveOut(
        walk,
        at,
        `“${String(full)}” is a file that Isolde has not finished; it is left out.`,
        'isUnfinished',
        full,
      )
      continue
    }
    const node = readOne(full, name, at, walk, true)
    if (node === null) continue
    if (!isText) node.nameBytes = bytes
    nodes.push(node)
  }
  return nodes
}

/** Whether it becomes a folder of the image; what cannot be looked at is told of later. */
function isFolder(file: string | Buffer, { options }: Walk): boolean {
  try {
    return statOf(file, options.followLinks === true)?.isDirectory() === true
  } catch {
    return false
  }
}

function joinBytes(folder: string | Buffer, name: Buffer): Buffer {
  return Buffer.concat([Buffer.from(folder), Buffer.from(path.sep), name])
}

/** Null where it is left out: on purpose, or because the system does not give it any more, or not to us. */
function readOne(
  file: string | Buffer,
  name: string,
  relative: string,
  walk: Walk,
  isInFolder = false,
): AuthorNode | null {
  try {
    return readFound(file, name, relative, walk, isInFolder)
  } catch (error) {
    const { code, errno } = error as { code?: string; errno?: number }
    if (typeof errno !== 'number') throw error
    walk.leftOut.push({
      path: relative,
      message: `${String(file)} cannot be read (${code ?? errno}); it is left out.`,
      details: because('cannotRead', { name: String(file), cause: String(code ?? errno) }),
    })
    return null
  }
}

function readFound(
  file: string | Buffer,
  name: string,
  relative: string,
  walk: Walk,
  isInFolder: boolean,
): AuthorNode | null {
  const { options } = walk
  let stat = fs.lstatSync(file, { bigint: true })
  if (stat.isSymbolicLink() && options.followLinks === true) {
    const led = statOf(file, true)
    if (led === undefined)
      return leaveOut(
        walk,
        relative,
        `${String(file)} is a link that leads nowhere; it is left out.`,
        'leadsNowhere',
        file,
      )
    stat = led
  }
  if (walk.output !== null && isSameObject(walk.output, stat))
    return leaveOut(walk, relative, `${String(file)} is the image itself; it is left out.`, 'isImageItself', file)
  if (isInFolder && options.earlier?.has(identityOfStat(stat)) === true) {
    const message = `${String(file)} was written by this project before; it is left out. Add it by itself if you want it.`
    return leaveOut(walk, relative, message, 'isEarlierImage', file, true)
  }
  const node = makeNode({ name, kind: kindOf(stat) })
  applyStat(node, stat, walk)
  if (node.kind === 'directory') node.children = readFolder(file, relative, stat, walk)
  else if (node.kind === 'symlink') takeTarget(node, fs.readlinkSync(file, { encoding: 'buffer' }))
  else if (node.kind === 'device') node.device = deviceOf(stat)
  else if (node.kind === 'file') takeContent(node, file, stat, walk)
  return node
}

/** Notes what does not go into the image, and why. */
function leaveOut(
  { leftOut }: Walk,
  path: string,
  message: string,
  reason: 'leadsNowhere' | 'isImageItself' | 'isEarlierImage' | 'isUnfinished',
  file: string | Buffer,
  isMeant = false,
): null {
  leftOut.push({ path, message, details: because(reason, { name: String(file) }), ...(isMeant ? { isMeant } : {}) })
  return null
}

function takeTarget(node: AuthorNode, bytes: Buffer): void {
  node.target = bytes.toString('utf8')
  if (Buffer.compare(Buffer.from(node.target, 'utf8'), bytes) !== 0) node.targetBytes = bytes
}

function takeContent(node: AuthorNode, file: string | Buffer, stat: fs.BigIntStats, walk: Walk): void {
  const key = identityKey(stat)
  const known = stat.nlink > 1n ? walk.linked.get(key) : undefined
  if (known !== undefined) {
    node.links = known.links
    node.content = known.content
    return
  }
  // What may not be read is left out, as folders are: a file of zeros would look as if it were there.
  if (stat.size > 0n) fs.accessSync(file, fs.constants.R_OK)
  node.content = new FileContent(file, Number(stat.size))
  if (stat.nlink > 1n) walk.linked.set(key, { links: node.links, content: node.content })
}

function applyStat(node: AuthorNode, stat: fs.BigIntStats, { options }: Walk): void {
  node.modified = modifiedOf(stat)
  if (options.rationalize === true) {
    node.mode = plainMode({ kind: node.kind, mode: Number(stat.mode & 0o7777n) })
    return
  }
  node.mode = Number(stat.mode & 0o7777n)
  node.uid = Number(stat.uid)
  node.gid = Number(stat.gid)
}

function kindOf(stat: fs.BigIntStats): AuthorNode['kind'] {
  if (stat.isDirectory()) return 'directory'
  if (stat.isSymbolicLink()) return 'symlink'
  if (stat.isBlockDevice() || stat.isCharacterDevice()) return 'device'
  if (stat.isFIFO()) return 'fifo'
  return stat.isSocket() ? 'socket' : 'file'
}

/** Linux packs both numbers into one (makedev(3)). */
function deviceOf(stat: fs.BigIntStats): AuthorNode['device'] {
  const number = stat.rdev
  const major = Number(((number >> 8n) & 0xfffn) | ((number >> 32n) & ~0xfffn))
  const minor = Number((number & 0xffn) | ((number >> 12n) & ~0xffn))
  return { major, minor, isBlock: stat.isBlockDevice() }
}
