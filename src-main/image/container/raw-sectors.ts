import { matchesAscii } from '../byte-reader'
import type { ByteSource } from '../byte-source'

export const USER_DATA_LENGTH = 2048
/** ECMA-130 14.1: what each sector of a CD begins with. */
const SYNC = [0, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0]

/** How a sector of a CD lies in a file. */
export interface SectorLayout {
  /** Bytes from one sector to the next: 2048, 2336, 2352, or 2448 with subchannel. */
  stride: number
  /** Where the user data begins in a sector without a header of its own to tell. */
  dataOffset: number
  /** Sectors begin with sync and header (ECMA-130 14), which tell their mode. */
  hasHeader: boolean
}

export const COOKED: SectorLayout = { stride: 2048, dataOffset: 0, hasHeader: false }

export function layoutLabel(layout: SectorLayout): string {
  return `raw-${layout.stride}`
}

export function hasSync(bytes: Uint8Array, at = 0): boolean {
  return SYNC.every((byte, index) => bytes[at + index] === byte)
}

/** Whether a file holds CD sectors with everything around their user data. Null where it does not. */
export async function detectSectorLayout(source: ByteSource): Promise<SectorLayout | null> {
  const start = await source.read(0, 2448 * 2)
  if (hasSync(start)) {
    for (const stride of [2352, 2448]) {
      if (hasSync(start, stride) || source.byteLength === stride) {
        return { stride, dataOffset: start[15] === 2 ? 24 : 16, hasHeader: true }
      }
    }
  }
  // Mode 2 without sync and header: eight bytes of subheader, given twice (ECMA-130 / XA II.4.2).
  for (const [stride, dataOffset] of [
    [2336, 8],
    [2448, 0],
    [2056, 8],
  ] as const) {
    const descriptor = await source.read(16 * stride + dataOffset, 8)
    if (matchesAscii(descriptor, 1, 'CD001')) return { stride, dataOffset, hasHeader: false }
    const recognition = await source.read(16 * stride + dataOffset, 8)
    if (matchesAscii(recognition, 1, 'BEA01')) return { stride, dataOffset, hasHeader: false }
  }
  return null
}

/** XA II.4.6: what a sector of form 2 holds, which has no error correction of its own. */
export const FORM_2_LENGTH = 2324

/** Blocks that are CD sectors underneath, whose whole data can be asked for. */
export interface SectoredSource extends ByteSource {
  /** 2324 bytes of each sector that holds `byteLength` bytes of blocks from `byteOffset`; null outside raw sectors. */
  formTwo(byteOffset: number, byteLength: number): ByteSource | null
}

export function isSectored(source: ByteSource): source is SectoredSource {
  return 'formTwo' in source
}

/** The user data of CD sectors, 2048 bytes each. */
export class RawSectorSource implements SectoredSource {
  readonly byteLength: number

  constructor(
    private readonly source: ByteSource,
    private readonly layout: SectorLayout,
    private readonly byteOffset = 0,
    sectorCount = Math.floor((source.byteLength - byteOffset) / layout.stride),
  ) {
    this.byteLength = Math.max(0, sectorCount) * USER_DATA_LENGTH
  }

  async read(byteOffset: number, byteLength: number): Promise<Uint8Array> {
    const wanted = Math.min(byteLength, this.byteLength - byteOffset)
    if (wanted <= 0 || byteOffset < 0) return new Uint8Array(0)
    const { stride } = this.layout
    const first = Math.floor(byteOffset / USER_DATA_LENGTH)
    const last = Math.floor((byteOffset + wanted - 1) / USER_DATA_LENGTH)
    const raw = await this.source.read(this.byteOffset + first * stride, (last - first + 1) * stride)
    const out = new Uint8Array(wanted)
    let done = 0
    for (let sector = first; sector <= last; sector++) {
      const at = (sector - first) * stride
      const within = sector === first ? byteOffset - first * USER_DATA_LENGTH : 0
      const length = Math.min(USER_DATA_LENGTH - within, wanted - done)
      const from = at + this.dataOffsetAt(raw, at) + within
      const part = raw.subarray(from, from + length)
      out.set(part, done)
      done += part.byteLength
      if (part.byteLength < length) return out.slice(0, done)
    }
    return out
  }

  formTwo(byteOffset: number, byteLength: number): ByteSource | null {
    const { stride, hasHeader, dataOffset } = this.layout
    if (!hasHeader && stride !== 2336) return null
    const first = Math.floor(byteOffset / USER_DATA_LENGTH)
    const count = Math.min(Math.ceil(byteLength / USER_DATA_LENGTH), this.byteLength / USER_DATA_LENGTH - first)
    if (count <= 0) return null
    return new FormTwoSource(this.source, this.byteOffset + first * stride, stride, hasHeader ? 24 : dataOffset, count)
  }

  /** Between sectors lie headers and checksums: nothing longer than a sector is in one piece. */
  locate(): null {
    return null
  }

  close(): void | Promise<void> {
    return this.source.close()
  }

  private dataOffsetAt(raw: Uint8Array, at: number): number {
    if (!this.layout.hasHeader || !hasSync(raw, at)) return this.layout.dataOffset
    return raw[at + 15] === 2 ? 24 : 16
  }
}

/** The data of form 2 sectors in a row. */
class FormTwoSource implements ByteSource {
  readonly byteLength: number

  constructor(
    private readonly source: ByteSource,
    private readonly start: number,
    private readonly stride: number,
    private readonly dataOffset: number,
    sectorCount: number,
  ) {
    this.byteLength = sectorCount * FORM_2_LENGTH
  }

  async read(byteOffset: number, byteLength: number): Promise<Uint8Array> {
    const wanted = Math.min(byteLength, this.byteLength - byteOffset)
    if (wanted <= 0 || byteOffset < 0) return new Uint8Array(0)
    const first = Math.floor(byteOffset / FORM_2_LENGTH)
    const last = Math.floor((byteOffset + wanted - 1) / FORM_2_LENGTH)
    const raw = await this.source.read(this.start + first * this.stride, (last - first + 1) * this.stride)
    const out = new Uint8Array(wanted)
    let done = 0
    for (let sector = first; sector <= last; sector++) {
      const within = sector === first ? byteOffset - first * FORM_2_LENGTH : 0
      const length = Math.min(FORM_2_LENGTH - within, wanted - done)
      const from = (sector - first) * this.stride + this.dataOffset + within
      const part = raw.subarray(from, from + length)
      out.set(part, done)
      done += part.byteLength
      if (part.byteLength < length) return out.slice(0, done)
    }
    return out
  }

  locate(): null {
    return null
  }

  close(): void {
    // The sectors belong to the image.
  }
}
