import type { DeviceNumber } from '../image/core/device-number'
import type { EntryKind } from '../../src-shared/model'
import type { ByteSource } from '../image'
import type { SumAlgorithm } from '../image/sums/sums'

/**
 * What a file holds. Files that share one (hard links, equal files) are written once; it is known by the object itself.
 */
export interface AuthorContent {
  readonly byteLength: number
  /** For messages: where the bytes come from. */
  readonly origin: string
  /** Opens the bytes; the caller closes. */
  open(): ByteSource
  /**
   * Reads all of a small content at once, for writing files by the thousand.
   * @returns how many bytes there were, at most as many as `target` has; more than `byteLength` where it grew
   * @throws the system's error
   */
  readWhole?(target: Uint8Array): number
  /** Where it lay on a disc, in any unit: contents keep that order, in front of those that come from elsewhere. */
  readonly discPosition?: number
  /** Made while the image is written: it lies behind all that is not. */
  readonly late?: LateContent
  /** It is packed by zisofs; readers of Rock Ridge unpack it to so many bytes. */
  readonly zisofs?: { byteLength: number }
  /** What extraction of the original would have said: `partial` bytes are zeros. */
  readonly isDamaged?: boolean
  /** Then it is damaged for want of a key alone. */
  readonly isEncrypted?: boolean
}

/** A content that tells the sums of others, in so many bytes as it says. */
export interface LateContent {
  /** Sums that are needed of every file. */
  algorithms: ReadonlySet<SumAlgorithm>
  /** @param sums of all contents that lie before it, as they were written */
  make(sums: ContentSums): Uint8Array
}

export interface ContentSums {
  /** In hexadecimal. */
  sumOf(content: AuthorContent, algorithm: SumAlgorithm): string
}

/** One thing in the image to be made. */
export interface AuthorNode {
  /** As it is called where it comes from. */
  name: string
  /** The name's own bytes, where they are no valid text. */
  nameBytes: Uint8Array | null
  kind: EntryKind
  /** Permission bits (0o7777). */
  mode: number
  uid: number
  gid: number
  /** Milliseconds since 1970 UTC. */
  modified: number
  /** Of a symbolic link. */
  target: string
  /** The target's own bytes, where they are no valid text. */
  targetBytes: Uint8Array | null
  /** Of a device: its two numbers. */
  device: DeviceNumber | null
  content: AuthorContent | null
  /** In any order. */
  children: AuthorNode[]
  /** Names of one file share the object. */
  links: LinkGroup
  hidden: boolean
}

/** Both numbers are set when the image is planned. */
export interface LinkGroup {
  /** The same for every name of one file, from 1. */
  serial: number
  /** How many names it has in the tree. */
  count: number
}

export function makeNode(node: Partial<AuthorNode> & Pick<AuthorNode, 'name' | 'kind'>): AuthorNode {
  return {
    nameBytes: null,
    mode: node.kind === 'directory' ? 0o755 : 0o644,
    uid: 0,
    gid: 0,
    modified: 0,
    target: '',
    targetBytes: null,
    device: null,
    content: null,
    children: [],
    links: { serial: 0, count: 0 },
    hidden: false,
    ...node,
  }
}

/** Whether two nodes are called the same: names that are no text may look alike and be others. */
export function isSameName(a: AuthorNode, b: AuthorNode): boolean {
  return a.name === b.name && compareBytes(a.nameBytes, b.nameBytes) === 0
}

/** The order of names, whatever order a folder gave them in. */
export function compareNames(a: AuthorNode, b: AuthorNode): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : compareBytes(a.nameBytes, b.nameBytes)
}

function compareBytes(a: Uint8Array | null, b: Uint8Array | null): number {
  return Buffer.compare(a ?? new Uint8Array(0), b ?? new Uint8Array(0))
}

/** The first bytes of a content, or those from `byteOffset` on, as many of them as there are. */
export async function firstBytes(content: AuthorContent, byteLength: number, byteOffset = 0): Promise<Buffer> {
  const source = content.open()
  try {
    return Buffer.from(await source.read(byteOffset, byteLength))
  } finally {
    await source.close()
  }
}

/** Every node below `root`, parents first; with its path. */
export function* walk(root: AuthorNode, path = ''): Generator<{ node: AuthorNode; path: string }> {
  for (const node of root.children) {
    const own = path === '' ? node.name : `${path}/${node.name}`
    yield { node, path: own }
    if (node.kind === 'directory') yield* walk(node, own)
  }
}

/** The node at a path of the tree; null where there is none. */
export function nodeAt(root: AuthorNode, path: string): AuthorNode | null {
  let at: AuthorNode | undefined = root
  for (const part of path.split('/')) {
    if (part === '') continue
    at = at?.children.find((child) => child.name === part)
  }
  return at ?? null
}
