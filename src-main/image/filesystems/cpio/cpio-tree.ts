import { because } from '../../../../src-shared/model'
import { SourceError, type ByteSource } from '../../core/byte-source'
import type { DiagnosticLog } from '../../core/diagnostic-log'
import { EntryColumns } from '../../core/entry-columns'
import { isBlockMode } from '../../core/device-number'
import { EntryFlag, Kind, kindOfMode } from '../../core/entry-flags'
import type { ReadContext, TreeReader } from '../../core/tree-reader'
import type { CpioFile, CpioNode, CpioTree } from './archive'

const TARGET_LIMIT = 65_535
/** What costs nothing that was recorded. */
const NOTES = new Set(['BYTES_AFTER_ARCHIVE'])

/** The folders of cpio archives. `start` of one is its number. */
export class ArchiveTree implements TreeReader {
  private readonly byNumber = new Map<number, CpioNode>()

  constructor(
    private readonly volume: ByteSource,
    private readonly tree: CpioTree,
    private readonly log: DiagnosticLog,
  ) {
    for (const { code, message, byteOffset } of tree.problems) {
      if (NOTES.has(code)) log.warn(code, message, byteOffset)
      else log.damage(code, message, byteOffset)
    }
  }

  createColumns(basePath: string): EntryColumns {
    const columns = new EntryColumns(this.volume, basePath, true)
    columns.readSumTable = () =>
      Promise.resolve({ algorithm: 'sum32', isOfStored: false, isIntact: true, hexOf: (index) => this.sumOf(index) })
    return columns
  }

  async readRoot(columns: EntryColumns): Promise<void> {
    await this.fill(columns, columns.append(0), this.tree.root)
  }

  async readChildren(columns: EntryColumns, directories: readonly number[], context: ReadContext): Promise<void> {
    for (const directory of directories) {
      context.signal?.throwIfAborted()
      const first = columns.length
      for (const child of this.node(columns.start[directory] ?? 0)?.children?.values() ?? []) {
        if (context.entriesLeft() <= 0) break
        const index = columns.append(directory)
        const name = Buffer.from(child.name, 'latin1')
        columns.setNameBytes(index, name, 0, Math.min(name.byteLength, TARGET_LIMIT))
        await this.fill(columns, index, child)
      }
      await context.finisher.finish(columns, directory, first, null)
    }
  }

  private sumOf(index: number): string | null {
    return this.tree.sums[index - 1]?.toString(16).padStart(8, '0') ?? null
  }

  /** A table may begin at a folder that this reader has not come by. */
  private node(number: number): CpioNode | null {
    if (this.byNumber.size === 0) this.collect(this.tree.root)
    return this.byNumber.get(number) ?? null
  }

  private collect(root: CpioNode): void {
    const open = [root]
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      if (node.children === null && node !== root) continue
      this.byNumber.set(node.number, node)
      for (const child of node.children?.values() ?? []) open.push(child)
    }
  }

  private async fill(columns: EntryColumns, index: number, { file, children, number }: CpioNode): Promise<void> {
    const kind = children !== null || file === null ? Kind.directory : kindOfMode(file.header.mode)
    const isLinked = file !== null && file.linkGroup > 0 && kind === Kind.file
    columns.flags[index] =
      ((columns.flags[index] ?? 0) & EntryFlag.oddName) |
      kind |
      (file === null ? 0 : EntryFlag.hasMode | EntryFlag.hasOwner) |
      (isLinked ? EntryFlag.linked : 0)
    if (kind === Kind.directory) columns.start[index] = number
    if (file === null) return
    const { header, linkGroup } = file
    columns.mode[index] = header.mode & 0o7777
    columns.uid[index] = header.uid
    columns.gid[index] = header.gid
    columns.modified[index] = header.modified * 1000
    columns.serial[index] = linkGroup
    if (kind === Kind.symlink) await this.setTarget(columns, index, file)
    if (kind === Kind.device) columns.setDevice(index, { ...header.rdev, isBlock: isBlockMode(header.mode) })
    if (kind !== Kind.file) return
    columns.length64[index] = file.byteLength
    columns.start[index] = file.dataAt
    if (file.sumIndex > 0) columns.setSumIndex(index, file.sumIndex)
  }

  private async setTarget(columns: EntryColumns, index: number, { dataAt, byteLength }: CpioFile): Promise<void> {
    try {
      const bytes = byteLength > TARGET_LIMIT ? null : await this.volume.read(dataAt, byteLength)
      if (bytes?.byteLength === byteLength) {
        const end = bytes.indexOf(0)
        columns.setTargetBytes(index, end < 0 ? bytes : bytes.subarray(0, end))
        return
      }
    } catch (error) {
      if (!(error instanceof SourceError) || error.code !== 'CONTENT_DAMAGED') throw error
    }
    this.log.damage(
      'LINK_DAMAGED',
      `Where “${columns.nameOf(index)}” leads cannot be read.`,
      undefined,
      because('linkUnreadable', { name: columns.nameOf(index) }),
    )
    columns.flags[index] = (columns.flags[index] ?? 0) | EntryFlag.damaged
  }
}
