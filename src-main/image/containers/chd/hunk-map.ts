import { doesNotUnpack } from '../blocks/does-not-unpack'
import { packedFault } from '../../codecs/packed-fault'
import type { SourceError } from '../../core/byte-source'
import { type ByteSource, type MaybePromise } from '../../core/byte-source'
import { crcCcitt } from '../../core/crc-ccitt'
import { andThen } from '../../core/maybe-promise'
import { fromBase, type DiskMap, type Run } from '../disk/disk-source'
import { CODECS } from './codecs'
import type { ChdHeader } from './header'
import { HunkType, type HunkTable } from './hunk-table'

const SUM_START = 0xffff

/** The hunks of a CHD, each unpacked and compared with its sum as it is needed. */
export class HunkMap implements DiskMap {
  /**
   * @param name of the file, for sentences
   * @param base null: it is not there, or there is none
   */
  constructor(
    private readonly file: ByteSource,
    private readonly name: string,
    private readonly header: ChdHeader,
    private readonly table: HunkTable,
    private readonly base: ByteSource | null,
  ) {}

  at(byteOffset: number, byteLength: number): Run {
    const { hunkLength, unitLength, baseIdentity } = this.header
    const { types, offsets, sums } = this.table
    const asked = Math.floor(byteOffset / hunkLength)
    const within = byteOffset - asked * hunkLength
    const length = Math.min(byteLength, hunkLength - within)
    const hunk = this.resolved(asked)
    const type = types[hunk] ?? 0
    const offset = offsets[hunk] ?? 0
    if (type === HunkType.base) {
      if (baseIdentity === null) return { kind: 'zeros', byteLength: length }
      return fromBase(this.base, offset * unitLength + within, length)
    }
    // What carries a sum is compared with it, even where it lies as it is.
    if (type === HunkType.stored && sums === null)
      return { kind: 'stored', byteLength: length, source: this.file, byteOffset: offset + within }
    return { kind: 'packed', byteLength: length, block: hunk, within, unpack: () => this.unpack(hunk) }
  }

  /** The hunk that has the bytes. One that is as another is as an earlier one, so that none goes round. */
  private resolved(asked: number): number {
    const { types, offsets } = this.table
    let hunk = asked
    while (types[hunk] === HunkType.self) {
      const next = offsets[hunk] ?? 0
      if (next >= hunk) throw this.damaged(asked)
      hunk = next
    }
    return hunk
  }

  private unpack(hunk: number): MaybePromise<Uint8Array> {
    const offset = this.table.offsets[hunk] ?? 0
    const packedLength = this.table.lengths[hunk] ?? 0
    if (offset + packedLength > this.file.byteLength) throw this.damaged(hunk)
    return andThen(this.file.read(offset, packedLength), (packed) => {
      const bytes = this.decoded(hunk, packed)
      const sum = this.table.sums?.[hunk]
      if (sum !== undefined && crcCcitt(bytes, 0, bytes.byteLength, SUM_START) !== sum) throw this.damaged(hunk)
      return bytes
    })
  }

  private decoded(hunk: number, packed: Uint8Array): Uint8Array {
    const { hunkLength, codecs } = this.header
    const type = this.table.types[hunk] ?? 0
    if (type === HunkType.stored) return packed
    const codec = CODECS[codecs[type] ?? '']
    let bytes: Uint8Array | null = null
    let cause: unknown = null
    try {
      bytes = codec?.(packed, hunkLength) ?? null
    } catch (error) {
      cause = packedFault(error)
    }
    if (bytes?.byteLength !== hunkLength) throw this.damaged(hunk, cause)
    return bytes
  }

  private damaged(hunk: number, cause: unknown = null): SourceError {
    return doesNotUnpack(this.name, `its hunk ${hunk}`, cause)
  }
}
