import { because } from '../../../src-shared/model'
import type { EntryTable } from '../../image'
import { charsetOf } from '../../image/sums/entry-text'
import { HEX_LENGTH } from '../../image/sums/sum-lines'
import { readSumLists, type SumAlgorithm, type SumList } from '../../image/sums/sums'
import { PathIndex } from '../../image/sums/path-index'
import { readTreeinfo } from '../../image/sums/treeinfo'
import type { AuthorContent, AuthorNode, ContentSums, LateContent } from '../author-tree'
import type { BootRequest } from '../boot/el-torito'
import { byteText, lateContent } from '../sums/sum-list'
import type { Fates } from './fates'

/** A list of sums in an image's tree, as it was before anything was changed. */
export interface KnownList {
  path: string
  /** The path with a character for each byte. */
  bytes: string
  node: AuthorNode
  content: AuthorContent
  /** In order. */
  lines: KnownLine[]
}

interface KnownLine {
  algorithm: SumAlgorithm
  hex: string
  /** Null where the image has no such file; what follows then says nothing. */
  node: AuthorNode | null
  content: AuthorContent | null
  path: string
  bytes: string
}

/** A piece of a list as it will stand there: bytes, or the sum of a file. */
type Piece = string | { content: AuthorContent; algorithm: SumAlgorithm; isUpper: boolean }

/** A line taken apart: a character for each byte, and what is between. */
interface TakenLine {
  before: string
  middle: string
  after: string
  hex: string
  name: string
  /** The sum comes first. */
  isSumFirst: boolean
}

const SIGNATURES = ['.gpg', '.asc', '.sig', '.sign']
const SIGNED = '-----BEGIN PGP '
const NAMED_LIMIT = 3

/** @param nodes of the table's entries */
export async function findLists(table: EntryTable, nodes: readonly AuthorNode[]): Promise<KnownList[]> {
  const paths = new PathIndex(table)
  const lists: SumList[] = await readSumLists(table, paths)
  const treeinfo = await readTreeinfo(table, paths)
  if (treeinfo !== null) lists.push(treeinfo)
  const byPath = new Map(lists.map((list) => [list.heldIn ?? list.path, list]))
  const found: KnownList[] = []
  for (let index = 1; index < table.length; index++) {
    const node = nodes[index]
    const list = node?.kind === 'file' ? byPath.get(table.pathOf(index)) : undefined
    if (list === undefined || node === undefined || node.content === null) continue
    const lines = list.lines.map(({ algorithm, hex, entry }) => {
      const its = entry === null ? null : (nodes[entry] ?? null)
      const place = entry === null ? { path: '', bytes: '' } : placeOf(table, entry)
      return { algorithm, hex, node: its, content: its?.content ?? null, ...place }
    })
    found.push({ ...placeOf(table, index), node, content: node.content, lines })
  }
  return found
}

function placeOf(table: EntryTable, index: number): { path: string; bytes: string } {
  const path = table.pathOf(index)
  return { path, bytes: Buffer.from(table.pathBytesOf(index) ?? Buffer.from(path, 'utf8')).toString('latin1') }
}

/**
 * Lets the lists of sums in a tree say of files that were changed what those are now: lines of what is gone are dropped,
 * sums of what was replaced are made anew, names follow. What nobody touched keeps its line to the byte, so that damage
 * which a list knew of is still known. A list that is signed, or in a form that cannot be changed line by line, stays as
 * it is, and is told.
 * @param root after the changes
 * @param lists of the tree before
 * @param boots whose tables are written anew: their bytes change with their place
 */
export async function renewLists(
  root: AuthorNode,
  lists: readonly KnownList[],
  boots: readonly BootRequest[],
): Promise<Fates> {
  const told: Fates = { kept: [], otherwise: [], lost: [] }
  const tree = new ChangedTree(root, boots)
  let position = 0
  // A list that another one names comes first: its bytes must have gone by.
  for (const list of inOrder(lists.filter(({ node, content }) => tree.has(node, content)))) {
    const changed = list.lines.filter((line) => !tree.isSame(line))
    if (changed.length === 0) continue
    const names = namesOf(changed.map(({ path }) => path))
    const pieces = tree.isSigned(list.node) ? null : await rewritten(list, tree)
    if (pieces === null) {
      told.lost.push({
        message: `“${list.path}” is signed or cannot be rewritten, and is no longer right about ${names}.`,
        details: because('listNotRenewed', { path: list.path, names }),
      })
      continue
    }
    if (pieces === 'same') continue
    if (pieces.length === 0) {
      tree.remove(list.node, list.path)
      told.kept.push({
        message: `“${list.path}” named nothing but ${names}, and is left out.`,
        details: because('listLeftOut', { path: list.path, names }),
      })
      continue
    }
    const late: LateContent = {
      algorithms: new Set(pieces.flatMap((piece) => (typeof piece === 'string' ? [] : [piece.algorithm]))),
      make: (sums) => Buffer.from(pieces.map((piece) => textOf(piece, sums)).join(''), 'latin1'),
    }
    tree.replace(list.content, { ...lateContent(list.path, lengthOf(pieces), late), discPosition: position++ })
    told.kept.push({
      message: `“${list.path}” is rewritten for ${names}.`,
      details: because('listRenewed', { path: list.path, names }),
    })
  }
  return told
}

/** A tree after its changes, beside what is known of it from before. */
class ChangedTree {
  private readonly places = new Map<AuthorNode, { bytes: string; parent: AuthorNode }>()
  private readonly byPath = new Map<string, AuthorNode>()
  private readonly patched: ReadonlySet<AuthorNode | undefined>

  constructor(root: AuthorNode, boots: readonly BootRequest[]) {
    const visit = (parent: AuthorNode, path: string, bytes: string): void => {
      for (const node of parent.children) {
        const own = { path: path + node.name, bytes: bytes + byteText(node) }
        this.places.set(node, { bytes: own.bytes, parent })
        this.byPath.set(own.path, node)
        visit(node, `${own.path}/`, `${own.bytes}/`)
      }
    }
    visit(root, '', '')
    const tables = boots.filter(({ hasInfoTable, hasGrubTable }) => hasInfoTable || hasGrubTable)
    this.patched = new Set(tables.map(({ path }) => this.byPath.get(path)))
  }

  has(node: AuthorNode, content: AuthorContent): boolean {
    return this.places.has(node) && node.content === content
  }

  /** Where a node of the tree is, in bytes. */
  bytesOf(node: AuthorNode): string {
    return this.places.get(node)?.bytes ?? ''
  }

  isAt(node: AuthorNode, path: string): boolean {
    return this.byPath.get(path) === node
  }

  /** What a line is of now: the file that has its place, or else its own at another place; null where neither is there. */
  nodeOf({ node, path }: KnownLine): AuthorNode | null {
    const there = this.byPath.get(path)
    if (there?.kind === 'file' && there.content !== null) return there
    return node !== null && this.places.has(node) ? node : null
  }

  /** Whether a file will have the bytes that the line was of. */
  hasBytes(node: AuthorNode, { content }: KnownLine): boolean {
    return node.content === content && !this.patched.has(node)
  }

  /** Whether nothing that a line says has changed; also where it never said anything of this image. */
  isSame(line: KnownLine): boolean {
    if (line.node === null) return true
    const node = this.nodeOf(line)
    return node !== null && this.isAt(node, line.path) && this.hasBytes(node, line)
  }

  /** By a file beside it. */
  isSigned(node: AuthorNode): boolean {
    const siblings = this.places.get(node)?.parent.children ?? []
    return siblings.some(({ name }) => SIGNATURES.some((each) => name === node.name + each))
  }

  /** Every name of a content gets another one. */
  replace(content: AuthorContent, other: AuthorContent): void {
    for (const node of this.places.keys()) if (node.content === content) node.content = other
  }

  remove(node: AuthorNode, path: string): void {
    const parent = this.places.get(node)?.parent
    if (parent !== undefined) parent.children = parent.children.filter((child) => child !== node)
    this.places.delete(node)
    if (this.isAt(node, path)) this.byPath.delete(path)
  }
}

/** Null where it cannot be done line by line; empty where no line is left; `same` where folders moved as a whole. */
async function rewritten(list: KnownList, tree: ChangedTree): Promise<Piece[] | 'same' | null> {
  const bytes = await allOf(list.content)
  const text = bytes.toString('latin1')
  if (charsetOf(bytes) !== 'utf-8' || text.includes(SIGNED)) return null
  const pieces: Piece[] = []
  let next = 0
  let left = 0
  for (const raw of text.split(/(?<=\n)/)) {
    const line = list.lines[next]
    const taken = line === undefined ? null : takeApart(raw, line.hex)
    if (line === undefined || taken === null) {
      pieces.push(raw)
      continue
    }
    next++
    const written = lineFor(raw, taken, { line, list, tree })
    if (written === null) return null
    if (written.length > 0) left++
    pieces.push(...written)
  }
  // A line that was read otherwise than it is found here.
  if (next < list.lines.length) return null
  if (pieces.every((piece) => typeof piece === 'string') && pieces.join('') === text) return 'same'
  return left === 0 ? [] : pieces
}

interface LineContext {
  line: KnownLine
  list: KnownList
  tree: ChangedTree
}

/** The line as it is to be; empty where it is dropped, null where it cannot be written. */
function lineFor(raw: string, taken: TakenLine, context: LineContext): Piece[] | null {
  const { line, tree } = context
  const node = tree.nodeOf(line)
  if (tree.isSame(line)) return [raw]
  const content = node?.content ?? null
  if (node === null || content === null) return []
  const name = tree.isAt(node, line.path) ? taken.name : renamed(taken.name, node, context)
  if (name === null) return []
  // A name that needs escapes, or needs none any more, would change the form of the line.
  if (name !== taken.name && (/[\\\n\r]/.test(name) || raw.startsWith('\\'))) return null
  const { before, middle, after, hex, isSumFirst } = taken
  const sum: Piece = tree.hasBytes(node, line)
    ? hex
    : { content, algorithm: line.algorithm, isUpper: /[A-F]/.test(hex) }
  return isSumFirst ? [before, sum, middle, name, after] : [before, name, middle, sum, after]
}

/** What a list calls a file that has another place now, as it called it before; null where it cannot say so. */
function renamed(written: string, node: AuthorNode, { line, list, tree }: LineContext): string | null {
  const prefix = written.startsWith('./') ? './' : ''
  const now = tree.bytesOf(node)
  if (cleaned(written) === line.bytes) return prefix + now
  if (cleaned(folderOf(list.bytes) + written) !== line.bytes) return null
  const folder = folderOf(tree.bytesOf(list.node))
  return now.startsWith(folder) ? prefix + now.slice(folder.length) : null
}

/** With a slash behind it; empty for the root. */
function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1)
}

function cleaned(path: string): string {
  return path
    .split('/')
    .filter((name) => name !== '' && name !== '.')
    .join('/')
}

const SUM_FIRST = [
  /^(?<before>\\?\s*)(?<hex>[0-9a-f]{32,128})(?<middle> [ *]?|\t+ *\*?| +)(?<name>[^\r\n]+)(?<after>\r?\n?)$/i,
  // The sum alone, in a list that is named after its file.
  /^(?<before>\s*)(?<hex>[0-9a-f]{32,128})(?<middle>)(?<name>)(?<after>\s*)$/i,
]
const NAME_FIRST = [
  /^(?<before>\\?\s*[a-z0-9-]+\s*\()(?<name>[^\r\n]+)(?<middle>\)\s*=\s*)(?<hex>[0-9a-f]{32,128})(?<after>\s*)$/i,
  // .treeinfo, and simple file verification.
  /^(?<before>\s*)(?<name>\S[^\r\n]*?)(?<middle>\s*=\s*(?:md5|sha\d+):)(?<hex>[0-9a-f]+)(?<after>\s*)$/i,
  /^(?<before>\s*)(?<name>[^;\s][^\r\n]*?)(?<middle>\s+)(?<hex>[0-9a-f]{8})(?<after>\s*)$/i,
]

/** Null where it is no line with this sum. */
function takeApart(raw: string, hex: string): TakenLine | null {
  for (const [forms, isSumFirst] of [
    [SUM_FIRST, true],
    [NAME_FIRST, false],
  ] as const)
    for (const form of forms) {
      const found = form.exec(raw)?.groups
      if (found?.hex?.toLowerCase() !== hex) continue
      const { before = '', middle = '', after = '', name = '' } = found
      return { before, middle, after, name, hex: found.hex, isSumFirst }
    }
  return null
}

function lengthOf(pieces: readonly Piece[]): number {
  return pieces.reduce(
    (sum, piece) => sum + (typeof piece === 'string' ? piece.length : HEX_LENGTH[piece.algorithm]),
    0,
  )
}

function textOf(piece: Piece, sums: ContentSums): string {
  if (typeof piece === 'string') return piece
  const hex = sums.sumOf(piece.content, piece.algorithm)
  return piece.isUpper ? hex.toUpperCase() : hex
}

async function allOf(content: AuthorContent): Promise<Buffer> {
  const source = content.open()
  const pieces: Uint8Array[] = []
  try {
    for (let at = 0; at < content.byteLength;) {
      const bytes = await source.read(at, Math.min(1 << 20, content.byteLength - at))
      if (bytes.byteLength === 0) break
      pieces.push(Uint8Array.from(bytes))
      at += bytes.byteLength
    }
    return Buffer.concat(pieces)
  } finally {
    await source.close()
  }
}

/** Lists that others name come before those. */
function inOrder(lists: readonly KnownList[]): KnownList[] {
  const ordered = new Set<KnownList>()
  const met = new Set<KnownList>()
  const byNode = new Map(lists.map((list) => [list.node, list]))
  const visit = (list: KnownList): void => {
    if (met.has(list)) return
    met.add(list)
    for (const { node } of list.lines) {
      const named = node === null ? undefined : byNode.get(node)
      if (named !== undefined) visit(named)
    }
    ordered.add(list)
  }
  for (const list of lists) visit(list)
  return [...ordered]
}

/** `“a”, “b” + 3`, in every language. */
function namesOf(paths: readonly string[]): string {
  const names = [...new Set(paths)]
  const more = names.length - NAMED_LIMIT
  const shown = names.slice(0, NAMED_LIMIT).map((name) => `“${name}”`)
  return more > 0 ? `${shown.join(', ')} + ${more}` : shown.join(', ')
}
