import { doesNotUnpack } from '../blocks/does-not-unpack'
import { inflateSync } from 'node:zlib'
import { packedFault } from '../../codecs/packed-fault'
import { ByteReader, matchesAscii } from '../../core/byte-reader'
import type { ByteSource, MaybePromise } from '../../core/byte-source'
import { sureIf } from '../../core/likelihood'
import { andThen } from '../../core/maybe-promise'
import type { Container } from '../container'
import { DiskSource, type DiskMap, type Run } from '../disk/disk-source'
import { TablePieces } from '../disk/table-pieces'

const MAGIC = 'DAX\0'
const HEADER_LENGTH = 32
const FRAME_LENGTH = 8192
/** Dark_AleX's own writer makes 192 at most. */
const AREA_LIMIT = 4096

/** Frames of 8192 bytes, deflated one by one; version 1 has areas of frames that are not. */
export const dax: Container = {
  id: 'dax',
  probe: ({ head }) => sureIf(matchesAscii(head, 0, MAGIC)),
  open: async (source, { name }) => {
    const header = new ByteReader(await source.read(0, HEADER_LENGTH))
    const byteLength = header.u32Le(4)
    const frameCount = Math.ceil(byteLength / FRAME_LENGTH)
    const areaCount = header.u32Le(8) >= 1 ? header.u32Le(12) : 0
    const areasOffset = HEADER_LENGTH + frameCount * 6
    const isPossible = byteLength > 0 && areaCount <= AREA_LIMIT && areasOffset + areaCount * 8 <= source.byteLength
    if (!isPossible) return null
    const areas = new ByteReader(await source.read(areasOffset, areaCount * 8))
    const plain = Array.from({ length: areaCount }, (_, index) => {
      const first = areas.u32Le(index * 8)
      return { first, end: first + areas.u32Le(index * 8 + 4) }
    })
    const map = new FrameMap(source, name, byteLength, frameCount, plain)
    return {
      blocks: new DiskSource(name, byteLength, map, [source]),
      labels: ['dax'],
      name: name.replace(/\.dax$/i, ''),
    }
  },
}

interface Area {
  first: number
  end: number
}

/** A table of offsets, and behind it one of lengths. */
class FrameMap implements DiskMap {
  private readonly tables: TablePieces

  constructor(
    private readonly file: ByteSource,
    private readonly name: string,
    private readonly byteLength: number,
    private readonly frameCount: number,
    private readonly plain: readonly Area[],
  ) {
    this.tables = new TablePieces(file, name)
  }

  at(byteOffset: number, byteLength: number): MaybePromise<Run> {
    const frame = Math.floor(byteOffset / FRAME_LENGTH)
    const within = byteOffset - frame * FRAME_LENGTH
    const length = Math.min(byteLength, FRAME_LENGTH - within)
    const isPlain = this.plain.some(({ first, end }) => frame >= first && frame < end)
    return andThen(this.tables.at(HEADER_LENGTH + frame * 4, 4), (entry): Run => {
      const place = entry.u32Le(0)
      if (isPlain) return { kind: 'stored', byteLength: length, source: this.file, byteOffset: place + within }
      return { kind: 'packed', byteLength: length, block: frame, within, unpack: () => this.unpack(frame, place) }
    })
  }

  private unpack(frame: number, place: number): MaybePromise<Uint8Array> {
    const lengthOffset = HEADER_LENGTH + this.frameCount * 4 + frame * 2
    return andThen(this.tables.at(lengthOffset, 2), (entry) =>
      andThen(place < this.file.byteLength ? this.file.read(place, entry.u16Le(0)) : new Uint8Array(0), (packed) =>
        this.inflate(frame, packed),
      ),
    )
  }

  private inflate(frame: number, packed: Uint8Array): Uint8Array {
    const wanted = Math.min(FRAME_LENGTH, this.byteLength - frame * FRAME_LENGTH)
    let bytes: Uint8Array | null = null
    let cause: unknown = null
    try {
      bytes = inflateSync(packed, { maxOutputLength: FRAME_LENGTH })
    } catch (error) {
      cause = packedFault(error)
    }
    if (bytes === null || bytes.byteLength < wanted) throw doesNotUnpack(this.name, `its frame ${frame}`, cause)
    return bytes
  }
}
