import { lostBehindArchives, TAIL_LENGTH } from '../../core/behind-archives'
import { latin1 } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import {
  CPIO_HEADER_LENGTH,
  CPIO_TRAILER,
  CPIO_TRAILER_LENGTH,
  readCpioHeader,
  type CpioHeader,
} from '../../core/cpio-header'
import { Kind, kindOfMode } from '../../core/entry-flags'
import { PagedSource } from '../../core/sources/paged-source'

/** Folders included that only a path names; more are in no archive that anybody has made. */
const NODE_LIMIT = 1_000_000
const CHUNK_LENGTH = 64 * 1024

/** A name in the tree. */
export interface CpioNode {
  /** The recorded bytes, as Latin-1. */
  name: string
  /** Null for a folder that only paths name. */
  file: CpioFile | null
  children: Map<string, CpioNode> | null
  /** Which one it is, for telling folders apart. */
  number: number
}

/** What an archive records of a file. Names of one file share it. */
export interface CpioFile {
  header: CpioHeader
  /** Of the content, in bytes of the volume. */
  dataAt: number
  byteLength: number
  /** Shared by the names of one file; 0 for one with a single name. */
  linkGroup: number
  /** Which of {@link CpioTree.sums} is that of its content, from 1; 0 without one. */
  sumIndex: number
}

export interface CpioTree {
  root: CpioNode
  nodeCount: number
  /** Where the last archive ends, in bytes of the volume; of one that is cut short, where it ends at the earliest. */
  byteEnd: number
  forms: Set<CpioHeader['form']>
  /** Those recorded of files' contents. */
  sums: number[]
  problems: { code: string; message: string; byteOffset: number }[]
}

/**
 * Reads all archives of a volume, one behind the other with zeros between, as an initrd has them. Later names replace
 * earlier ones.
 */
export async function readArchives(source: ByteSource, signal?: AbortSignal): Promise<CpioTree> {
  const reader = new ArchiveReader(new PagedSource(source))
  await reader.run(signal)
  return reader.tree
}

class ArchiveReader {
  readonly tree: CpioTree = {
    root: { name: '', file: null, children: new Map(), number: 0 },
    nodeCount: 1,
    byteEnd: 0,
    forms: new Set(),
    sums: [],
    problems: [],
  }
  /** Of the archive that is being read: files with several names, by device and inode. */
  private links = new Map<string, CpioFile[]>()
  private groups = 0

  constructor(private readonly source: ByteSource) {}

  async run(signal?: AbortSignal): Promise<void> {
    let isOpen = false
    for (let at = 0; at < this.source.byteLength;) {
      signal?.throwIfAborted()
      const bytes = await this.source.read(at, CPIO_HEADER_LENGTH)
      const header = readCpioHeader(bytes)
      if (header === null) {
        // A header that is cut off is not a damaged one.
        if (isOpen && bytes.byteLength < CPIO_HEADER_LENGTH) break
        const next = isOpen ? at : await this.skipZeros(at)
        if (next === at) {
          if (isOpen || at === 0) this.report('ARCHIVE_DAMAGED', at)
          else await this.reportRest(at, bytes)
          break
        }
        at = next
        continue
      }
      const name = await this.nameOf(header, at)
      this.tree.forms.add(header.form)
      isOpen = name !== CPIO_TRAILER
      if (isOpen) {
        if (this.tree.nodeCount >= NODE_LIMIT) {
          this.report('TOO_MANY_ENTRIES', at)
          break
        }
        this.addEntry(header, name, at)
      } else this.endArchive()
      at += header.end
      this.tree.byteEnd = isOpen ? at + CPIO_TRAILER_LENGTH[header.form] : at
    }
    this.endArchive()
    if (isOpen && this.tree.problems.length === 0) this.report('ARCHIVE_CUT_SHORT', this.source.byteLength)
    // What cannot be read further says nothing of how long it should be.
    else this.tree.byteEnd = Math.min(this.tree.byteEnd, this.source.byteLength)
  }

  private async nameOf({ nameAt, nameLength }: CpioHeader, at: number): Promise<string> {
    const name = latin1(await this.source.read(at + nameAt, nameLength))
    const nul = name.indexOf('\0')
    return nul < 0 ? name : name.slice(0, nul)
  }

  private addEntry(header: CpioHeader, path: string, at: number): void {
    const { byteLength, sum } = header
    const sumIndex = sum === null ? 0 : this.tree.sums.push(sum)
    const file: CpioFile = { header, dataAt: at + header.dataAt, byteLength, linkGroup: 0, sumIndex }
    let node = this.tree.root
    for (const name of path.split('/')) {
      if (name === '' || name === '.') continue
      node.children ??= new Map()
      let child = node.children.get(name)
      if (child === undefined) {
        if (this.tree.nodeCount >= NODE_LIMIT) return
        child = { name, file: null, children: null, number: this.tree.nodeCount++ }
        node.children.set(name, child)
      }
      node = child
    }
    const kind = kindOfMode(header.mode)
    // A folder with something in it stays one, whatever is said of it later.
    if (kind === Kind.directory || node.children === null) node.file = file
    if (kind === Kind.directory || node === this.tree.root) return
    if (kind === Kind.file && header.links > 1) {
      const key = `${header.device} ${header.inode}`
      const known = this.links.get(key)
      if (known === undefined) this.links.set(key, [file])
      else known.push(file)
    }
  }

  /** In the newer forms the content of a file with several names stands behind the last one only; in others behind each. */
  private endArchive(): void {
    for (const files of this.links.values()) {
      if (files.length < 2) continue
      this.groups++
      const content = files.findLast(({ byteLength }) => byteLength > 0)
      for (const file of files) {
        file.linkGroup = this.groups
        if (content === undefined) continue
        file.dataAt = content.dataAt
        file.byteLength = content.byteLength
        file.sumIndex = content.sumIndex
      }
    }
    this.links = new Map()
  }

  private async skipZeros(from: number): Promise<number> {
    for (let at = from; at < this.source.byteLength;) {
      const bytes = await this.source.read(at, CHUNK_LENGTH)
      if (bytes.byteLength === 0) break
      const other = bytes.findIndex((byte) => byte !== 0)
      if (other >= 0) return at + other
      at += bytes.byteLength
    }
    return this.source.byteLength
  }

  /** @param head of what is no archive, from `byteOffset` on */
  private async reportRest(byteOffset: number, head: Uint8Array): Promise<void> {
    const { byteLength } = this.source
    const tail = await this.source.read(Math.max(byteOffset, byteLength - TAIL_LENGTH), TAIL_LENGTH)
    const lost = lostBehindArchives(head, byteLength - byteOffset, tail)
    if (lost === null) this.report('BYTES_AFTER_ARCHIVE', byteOffset)
    else this.report('ARCHIVE_UNREAD', byteOffset, lost)
  }

  private report(code: string, byteOffset: number, message = MESSAGES[code] ?? code): void {
    this.tree.problems.push({ code, message, byteOffset })
  }
}

const MESSAGES: Record<string, string> = {
  ARCHIVE_DAMAGED: 'A header of the archive cannot be read; what follows it is lost.',
  BYTES_AFTER_ARCHIVE: 'Behind the end of the archive lies something that is no archive; it is not shown.',
  ARCHIVE_CUT_SHORT: 'The archive ends without its trailer: something may be missing.',
  TOO_MANY_ENTRIES: 'The list is not complete: the archive has more entries than any that is made.',
}
