import { matchesAscii } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import type { SectoredSource, SectorFaults } from '../../core/sectored-source'
import { hasSync, isFormTwo, SectorCheck, type SectorLayout } from './sector-check'
import { FORM_2_LENGTH, FormsSource } from './sector-forms'

export { hasSync, type SectorLayout } from './sector-check'

export const USER_DATA_LENGTH = 2048
/** Sectors at the start of a file in which sync patterns are looked for: the first may be blank or unread. */
const PROBED_SECTORS = 64
const CHUNK_SECTORS = 256

export const COOKED: SectorLayout = { stride: 2048, dataOffset: 0, hasHeader: false }

export function layoutLabel(layout: SectorLayout): string {
  return `raw-${layout.stride}`
}

/** Whether a file holds CD sectors with everything around their user data. Null where it does not. */
export async function detectSectorLayout(source: ByteSource): Promise<SectorLayout | null> {
  const start = await source.read(0, 2448 * 2)
  if (hasSync(start)) {
    for (const stride of [2352, 2448]) {
      if (hasSync(start, stride) || source.byteLength === stride) return withHeader(stride, start, 0)
    }
  }
  const descriptor = await source.read(16 * USER_DATA_LENGTH, 8)
  if (isDescriptor(descriptor)) return null
  const probe = await source.read(0, 2448 * PROBED_SECTORS)
  for (const stride of [2352, 2448]) {
    const found: number[] = []
    for (let at = 0; at + 16 <= probe.byteLength && found.length < 2; at += stride) {
      if (hasSync(probe, at)) found.push(at)
    }
    if (found.length === 2) return withHeader(stride, probe, found[0] ?? 0)
  }
  // Mode 2 without sync and header: eight bytes of subheader, given twice (ECMA-130 / XA II.4.2).
  for (const [stride, dataOffset] of [
    [2336, 8],
    [2448, 0],
    [2056, 8],
  ] as const) {
    if (isDescriptor(await source.read(16 * stride + dataOffset, 8))) return { stride, dataOffset, hasHeader: false }
  }
  return null
}

function withHeader(stride: number, bytes: Uint8Array, at: number): SectorLayout {
  return { stride, dataOffset: bytes[at + 15] === 2 ? 24 : 16, hasHeader: true }
}

function isDescriptor(bytes: Uint8Array): boolean {
  return matchesAscii(bytes, 1, 'CD001') || matchesAscii(bytes, 1, 'BEA01')
}

/** The sectors among the first sixteen (the system area) that were not read: without sync, in a file where others have it. */
export async function blankSectors(source: ByteSource, layout: SectorLayout): Promise<number[]> {
  if (!layout.hasHeader) return []
  const bytes = await source.read(0, layout.stride * 16)
  const blank: number[] = []
  for (let sector = 0; (sector + 1) * layout.stride <= bytes.byteLength; sector++) {
    if (!hasSync(bytes, sector * layout.stride)) blank.push(sector)
  }
  return blank
}

/** The user data of CD sectors, 2048 bytes each. */
export class RawSectorSource implements SectoredSource {
  readonly byteLength: number
  private checked: Promise<SectorCheck> | null = null

  constructor(
    private readonly source: ByteSource,
    private readonly layout: SectorLayout,
    private readonly byteOffset = 0,
    sectorCount = Math.floor((source.byteLength - byteOffset) / layout.stride),
  ) {
    this.byteLength = Math.max(0, sectorCount) * USER_DATA_LENGTH
  }

  read(byteOffset: number, byteLength: number): Promise<Uint8Array> {
    return this.readUserData(byteOffset, byteLength, null)
  }

  async readChecked(byteOffset: number, byteLength: number, wrong: (problem: string) => void): Promise<Uint8Array> {
    const check = await this.check()
    return this.readUserData(byteOffset, byteLength, check.isEmpty ? null : { check, wrong })
  }

  private async readUserData(
    byteOffset: number,
    byteLength: number,
    checking: { check: SectorCheck; wrong: (problem: string) => void } | null,
  ): Promise<Uint8Array> {
    const wanted = Math.min(byteLength, this.byteLength - byteOffset)
    if (wanted <= 0 || byteOffset < 0) return new Uint8Array(0)
    const { stride } = this.layout
    const first = Math.floor(byteOffset / USER_DATA_LENGTH)
    const last = Math.floor((byteOffset + wanted - 1) / USER_DATA_LENGTH)
    const raw = await this.readSectors(first, last - first + 1)
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
      const problem = checking?.check.problem(raw, at, sector) ?? null
      if (problem !== null) checking?.wrong(problem)
    }
    return out
  }

  async formsOf(byteOffset: number, byteLength: number, isMarked: boolean): Promise<ByteSource | null> {
    const { stride, hasHeader } = this.layout
    if (!this.hasSubheaders) return null
    const first = Math.floor(byteOffset / USER_DATA_LENGTH)
    const count = Math.min(Math.ceil(byteLength / USER_DATA_LENGTH), this.byteLength / USER_DATA_LENGTH - first)
    if (count <= 0) return null
    const lengths = new Uint16Array(count).fill(USER_DATA_LENGTH)
    let formTwo = 0
    const looked = isMarked ? count : Math.min(count, PROBED_SECTORS)
    for (let done = 0; done < looked; done += CHUNK_SECTORS) {
      const raw = await this.readSectors(first + done, Math.min(CHUNK_SECTORS, looked - done))
      for (let at = 0; at + stride <= raw.byteLength; at += stride) {
        if (!isFormTwo(this.layout, raw, at)) continue
        lengths[done + at / stride] = FORM_2_LENGTH
        formTwo++
      }
      // There are some after all: then every sector is looked at.
      if (formTwo > 0 && looked < count) return this.formsOf(byteOffset, byteLength, true)
    }
    if (formTwo === 0) return null
    const rest = byteLength % USER_DATA_LENGTH
    if (rest !== 0 && lengths[count - 1] === USER_DATA_LENGTH) lengths[count - 1] = rest
    const check = await this.check()
    return new FormsSource(lengths, {
      stride,
      dataOffset: hasHeader ? 24 : this.layout.dataOffset,
      read: (sector, sectors) => this.readSectors(first + sector, sectors),
      problemAt: (raw, at, sector) => check.problem(raw, at, first + sector),
    })
  }

  async sectorFaults(byteOffset: number, byteLength: number): Promise<SectorFaults> {
    const check = await this.check()
    const faults: SectorFaults = { wrong: [], blank: [], carriesSums: check.carriesSums }
    if (check.isEmpty) return faults
    const { stride } = this.layout
    const end = Math.ceil(Math.min(byteOffset + byteLength, this.byteLength) / USER_DATA_LENGTH)
    for (let sector = Math.floor(byteOffset / USER_DATA_LENGTH); sector < end;) {
      const raw = await this.readSectors(sector, Math.min(CHUNK_SECTORS, end - sector))
      const count = Math.floor(raw.byteLength / stride)
      for (let i = 0; i < count; i++) {
        if (check.problem(raw, i * stride, sector + i) === null) continue
        const kind = check.isBlank(raw, i * stride) ? faults.blank : faults.wrong
        kind.push((sector + i) * USER_DATA_LENGTH)
      }
      if (count === 0) break
      sector += count
    }
    return faults
  }

  async countFormTwo(): Promise<number> {
    if (!this.hasSubheaders) return 0
    const { stride } = this.layout
    const total = this.byteLength / USER_DATA_LENGTH
    let formTwo = 0
    for (let sector = 0; sector < total; sector += CHUNK_SECTORS) {
      const raw = await this.readSectors(sector, Math.min(CHUNK_SECTORS, total - sector))
      for (let at = 0; at + stride <= raw.byteLength; at += stride) if (isFormTwo(this.layout, raw, at)) formTwo++
    }
    return formTwo
  }

  /** Between sectors lie headers and checksums: nothing longer than a sector is in one piece. */
  locate(): null {
    return null
  }

  close(): void | Promise<void> {
    return this.source.close()
  }

  private get hasSubheaders(): boolean {
    return this.layout.hasHeader ? this.layout.dataOffset === 24 : this.layout.stride === 2336
  }

  private readSectors(sector: number, count: number): Uint8Array | Promise<Uint8Array> {
    const { stride } = this.layout
    return this.source.read(this.byteOffset + sector * stride, count * stride)
  }

  private dataOffsetAt(raw: Uint8Array, at: number): number {
    if (!this.layout.hasHeader || !hasSync(raw, at)) return this.layout.dataOffset
    return raw[at + 15] === 2 ? 24 : 16
  }

  private check(): Promise<SectorCheck> {
    this.checked ??= SectorCheck.of(this.layout, this.byteLength / USER_DATA_LENGTH, (sector, count) =>
      this.readSectors(sector, count),
    )
    return this.checked
  }
}
