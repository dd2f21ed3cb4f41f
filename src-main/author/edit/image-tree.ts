import { because, saidOf, type Said } from '../../../src-shared/model'
import { unlistedIn, type ByteSource, type DiscImage, type EntryTable } from '../../image'
import { makeNode, walk, type AuthorContent, type AuthorNode, type LinkGroup } from '../author-tree'
import { findLists, type KnownList } from './renew-lists'

/** An image's tree as one that can be changed and written again. */
export interface ImageTree {
  root: AuthorNode
  /** What it was read from. */
  table: EntryTable
  /** What is wrong with the tree itself: nobody knows what is missing. Files have their own, see {@link damagedFiles}. */
  damage: Said[]
  /** What the tree has and a written one would not have. */
  lost: Said[]
  /** What a written one has in another form; no file is lost by it. */
  otherwise: Said[]
  /** The image's writer kept MD5 sums of its files. */
  hasSums: boolean
  /** Lists of sums in the tree. */
  lists: KnownList[]
  /** Where contents lie as they are, in bytes of the disc. */
  places: ReadonlyMap<AuthorContent, number>
}

/** Bytes of names are kept as they are, so that it does not matter in what they are written. */
const KEPT_AS_RECORDED = 'NAME_NOT_UTF8'

/** A file of an image: read from there when it is written. */
class EntryContent implements AuthorContent {
  readonly byteLength: number
  readonly discPosition: number
  readonly isDamaged: boolean
  readonly isEncrypted: boolean

  constructor(
    private readonly table: EntryTable,
    private readonly index: number,
  ) {
    this.byteLength = table.byteLengthOf(index)
    this.discPosition = table.discPositionOf(index)
    this.isDamaged = table.statusOf(index) !== 'complete'
    this.isEncrypted = table.isEncryptedOf(index)
  }

  get origin(): string {
    return this.table.pathOf(this.index)
  }

  open(): ByteSource {
    const content = this.table.content(this.index)
    if (content === null) throw new RangeError(`${this.origin} is no file.`)
    return content
  }
}

/** Reads one view of an image whole. Contents are not read; they are places in the image, which stays open. */
export async function readImageTree(image: DiscImage, view: string): Promise<ImageTree> {
  const table = await image.view(view).readTree()
  const nodes: AuthorNode[] = []
  const lost: Said[] = []
  const linked = new Map<number, LinkGroup>()
  // Files that lie in one place are one: equal files may have been recorded once.
  const shared = new Map<string, AuthorContent>()
  const places = new Map<AuthorContent, number>()
  let [packed, withAttributes] = [0, 0]
  for (let index = 0; index < table.length; index++) {
    const node = nodeOf(table, index, linked)
    nodes.push(node)
    if (node.kind === 'file') node.content = contentOf(table, index, shared)
    const place = node.content === null ? null : plainPlaceOf(table, index)
    if (node.content !== null && place !== null) places.set(node.content, place)
    if (node.kind === 'file' && table.isPackedOf(index)) packed++
    if (table.hasAttributesOf(index)) withAttributes++
    if (node.kind === 'device' && table.deviceOf(index) === null) {
      const path = table.pathOf(index)
      lost.push({
        message: `The device numbers of “${path}” are not kept.`,
        details: because('deviceNumbers', { path }),
      })
    }
    if (index > 0) nodes[table.parentOf(index)]?.children.push(node)
  }
  const [root = makeNode({ name: '', kind: 'directory' })] = nodes
  return {
    root,
    table,
    damage: damageOf(image, table),
    lost: [...lost, ...unlistedIn(image.diagnostics).map(saidOf)],
    otherwise: isRockRidge(image, view) ? otherwiseIn(packed, withAttributes) : [],
    hasSums: (await table.recordedSums()).sums.size > 0,
    lists: await findLists(table, nodes),
    places,
  }
}

/** What was damaged before a tree was read counts as well: without a root there is none in an empty one. */
function damageOf(image: DiscImage, table: EntryTable): Said[] {
  const met = [...image.damage, ...table.damage].filter(({ code }) => code !== KEPT_AS_RECORDED)
  return [...new Map(met.map((one) => [`${one.code} ${one.byteOffset ?? one.message}`, saidOf(one)])).values()]
}

/** Files of a tree whose bytes are not all in the image that they come from, or are nothing without a key. */
export function damagedFiles(root: AuthorNode): (Said & { path: string })[] {
  return [...walk(root)]
    .filter(({ node }) => node.content?.isDamaged === true)
    .map(({ path, node }) =>
      node.content?.isEncrypted === true
        ? {
            path,
            message: `“${path}” is encrypted; without its key nothing can be read of it.`,
            details: because('contentEncrypted', {}),
          }
        : { path, message: `“${path}” is damaged in the image.`, details: because('damagedInImage', { path }) },
    )
}

/** Zisofs and AAIP are fields of Rock Ridge; other file systems pack in ways of their own, and that is nobody's wish. */
function isRockRidge(image: DiscImage, view: string): boolean {
  return image.view(view).info.kind === 'rock-ridge'
}

function otherwiseIn(packed: number, withAttributes: number): Said[] {
  const said: Said[] = []
  if (packed > 0)
    said.push({
      message: `What is packed by zisofs (${packed === 1 ? '1 file' : `${packed} files`}) is written unpacked, and takes more room.`,
    })
  if (withAttributes > 0)
    said.push({
      message: `Access rights and attributes beyond the mode (AAIP) of ${withAttributes === 1 ? '1 entry' : `${withAttributes} entries`} are not kept.`,
    })
  return said
}

/** Where a content lies on the disc, in one piece and as it is; null otherwise. In bytes. */
function plainPlaceOf(table: EntryTable, index: number): number | null {
  const { [0]: byteOffset = -1, [1]: byteLength, length } = table.storedRunsOf(index)
  const isPlain = !table.isPackedOf(index) && length === 2 && byteLength === table.byteLengthOf(index)
  return isPlain && byteOffset >= 0 && byteLength > 0 ? byteOffset : null
}

function nodeOf(table: EntryTable, index: number, linked: Map<number, LinkGroup>): AuthorNode {
  const kind = table.kindOf(index)
  const modified = table.modifiedOf(index)
  const mode = table.modeOf(index)
  const name = index === 0 ? '' : table.nameOf(index)
  const node = makeNode({
    name,
    kind,
    nameBytes: bytesOfName(table.pathBytesOf(index)),
    modified: Number.isNaN(modified) ? 0 : modified,
    uid: Math.max(0, table.uidOf(index)),
    gid: Math.max(0, table.gidOf(index)),
    target: table.targetOf(index) ?? '',
    hidden: table.hiddenOf(index),
    device: kind === 'device' ? (table.deviceOf(index) ?? { major: 0, minor: 0, isBlock: false }) : null,
  })
  if (mode >= 0) node.mode = mode & 0o7777
  const group = table.hardLinkGroupOf(index)
  if (group < 0 || kind === 'directory') return node
  const known = linked.get(group)
  if (known === undefined) linked.set(group, node.links)
  else node.links = known
  return node
}

/**
 * The name's own bytes where they are no text, whatever those of the folders around it are; null otherwise: what was read as
 * another name than it says (`..`, or one with a slash) keeps that.
 */
function bytesOfName(pathBytes: Uint8Array | null): Uint8Array | null {
  if (pathBytes === null) return null
  const bytes = pathBytes.subarray(pathBytes.lastIndexOf(0x2f) + 1)
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return null
  } catch {
    return bytes
  }
}

function contentOf(table: EntryTable, index: number, shared: Map<string, AuthorContent>): AuthorContent {
  const content = new EntryContent(table, index)
  if (content.byteLength === 0) return content
  const key = placeOf(table, index)
  if (key === null) return content
  const known = shared.get(key)
  if (known !== undefined) return known
  shared.set(key, content)
  return content
}

/**
 * The same for files that lie in one place. Of what is packed together with others, as in a solid Windows image, the
 * place is known only about: there the names of one file are one, and nothing else. Null where nothing can be the same.
 */
function placeOf(table: EntryTable, index: number): string | null {
  const position = table.discPositionOf(index)
  // What has no place of its own, as a part of a block that it shares with others, is told by its names too.
  if (Number.isFinite(position)) {
    if (!table.isPackedOf(index)) return `${position} ${table.byteLengthOf(index)}`
    const stored = table.packedRunOf(index)
    if (stored !== null) return `packed ${stored.byteOffset} ${stored.byteLength}`
  }
  const group = table.hardLinkGroupOf(index)
  return group < 0 ? null : `names of ${group}`
}
