import { isAllZero, readU32Le } from '../../core/byte-reader'
import { edcOf } from './edc'

/** ECMA-130 14.1: what each sector of a CD begins with. */
export const SYNC = [0, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0]
/** CD-ROM XA II.4.5.2: the sector is of form 2. */
const FORM_2_BIT = 0x20
/** Pause before a session's first track (ECMA-130 20.2). */
export const PREGAP = 150
/**
 * Sectors that lie at least between two sessions: lead-out and lead-in of a later one, and the pause (Orange Book). What
 * jumps ahead as far as that is another session in the same file, or the high-density area of a GD-ROM.
 */
const SESSION_JUMP = 2250 + 4500 + PREGAP

/** How a sector of a CD lies in a file. */
export interface SectorLayout {
  /** Bytes from one sector to the next: 2048, 2336, 2352, or 2448 with subchannel. */
  stride: number
  /** Where the user data begins in a sector without a header of its own to tell. */
  dataOffset: number
  /** Sectors begin with sync and header (ECMA-130 14), which tell their mode. */
  hasHeader: boolean
}

export function hasSync(bytes: Uint8Array, at = 0): boolean {
  return SYNC.every((byte, index) => bytes[at + index] === byte)
}

export function isFormTwo(layout: SectorLayout, raw: Uint8Array, at: number): boolean {
  if (!layout.hasHeader) return ((raw[at + 2] ?? 0) & FORM_2_BIT) !== 0
  return hasSync(raw, at) && raw[at + 15] === 2 && ((raw[at + 18] ?? 0) & FORM_2_BIT) !== 0
}

/** A minute, second and frame in binary-coded decimals as a sector number; null where they are none. */
export function sectorOfBcd(minute: number, second: number, frame: number): number | null {
  const [m, s, f] = [minute, second, frame].map((byte) => {
    const [tens, ones] = [byte >> 4, byte & 15]
    return tens > 9 || ones > 9 ? NaN : tens * 10 + ones
  })
  if (m === undefined || s === undefined || f === undefined || !(s < 60) || !(f < 75) || Number.isNaN(m)) return null
  return (m * 60 + s) * 75 + f - PREGAP
}

/** A sector number as minute, second and frame in binary-coded decimals (ECMA-130 14.2); the last is 449 849. */
export function bcdOfSector(number: number): Uint8Array {
  const frames = number + PREGAP
  const bcd = (value: number): number => (Math.floor(value / 10) << 4) | (value % 10)
  return Uint8Array.of(bcd(Math.floor(frames / 4500)), bcd(Math.floor(frames / 75) % 60), bcd(frames % 75))
}

/** Sectors of a disc whose addresses end at 99:59:74. */
export const ADDRESSED_SECTORS = 450_000 - PREGAP

/** The address in the header of the sector at `at` (ECMA-130 14.2); null without a header. */
export function addressIn(raw: Uint8Array, at: number): number | null {
  if (!hasSync(raw, at)) return null
  return sectorOfBcd(raw[at + 12] ?? 0, raw[at + 13] ?? 0, raw[at + 14] ?? 0)
}

/** ECMA-130 14.2: modes 1 and 2 hold user data; those of a sector of mode 0 are zeros. */
function isMode(raw: Uint8Array, at: number): boolean {
  const mode = raw[at + 15]
  return mode === 1 || mode === 2 || (mode === 0 && isAllZero(raw.subarray(at + 16, at + 2352)))
}

/** What the sectors of one track say about themselves: whether they carry sums, modes, and addresses to rely on. */
export class SectorCheck {
  private constructor(
    private readonly layout: SectorLayout,
    readonly carriesSums: boolean,
    /** Whether headers name the modes of their sectors. */
    private readonly namesModes: boolean,
    /** The address of the first sector; null where the headers do not count. */
    private readonly base: number | null,
  ) {}

  /** Looks at some sectors of all `total`. Some programs leave the sums zero, or one address in every header. */
  static async of(
    layout: SectorLayout,
    total: number,
    readSectors: (sector: number, count: number) => Uint8Array | Promise<Uint8Array>,
  ): Promise<SectorCheck> {
    const { stride, hasHeader } = layout
    if (!hasHeader && stride !== 2336) return new SectorCheck(layout, false, false, null)
    const check = new SectorCheck(layout, true, false, null)
    const bases: number[] = []
    let carriesSums = false
    let namesModes = false
    let counting = 0
    let others = 0
    for (const sector of new Set([
      16,
      18,
      0,
      ...[0.2, 0.4, 0.6, 0.8].map((part) => Math.floor(total * part)),
      total - 2,
    ])) {
      if (sector < 0 || sector >= total) continue
      const raw = await readSectors(sector, 2)
      if (raw.byteLength < stride) continue
      for (let at = 0; at + stride <= raw.byteLength; at += stride) {
        carriesSums ||= check.carriesSum(raw, at) && check.fits(raw, at)
        namesModes ||= hasSync(raw, at) && (raw[at + 15] === 1 || raw[at + 15] === 2)
      }
      const [one, two] = [addressIn(raw, 0), addressIn(raw, stride)]
      if (one === null && two === null) continue
      if (one !== null && two === one + 1) {
        counting++
        bases.push(one - sector)
      } else others++
    }
    // One sample may have hit a fault; where more do not count, none was meant to.
    const isCounted = hasHeader && counting >= 2 && others <= 1
    return new SectorCheck(layout, carriesSums, namesModes, isCounted ? (bases[0] ?? null) : null)
  }

  /** Whether there is anything to check. */
  get isEmpty(): boolean {
    return !this.layout.hasHeader && !this.carriesSums
  }

  /** Whether the sector at `at` does not begin as those of a file do that have sync and header (ECMA-130 14.1). */
  isBlank(raw: Uint8Array, at: number): boolean {
    return this.layout.hasHeader && !hasSync(raw, at)
  }

  /** What speaks against the sector at `at` in `raw`, which is the track's `sector`; null where nothing does. */
  problem(raw: Uint8Array, at: number, sector: number): string | null {
    if (at + this.layout.stride > raw.byteLength) return null
    if (this.isBlank(raw, at))
      return `Sector ${sector} of its track does not begin as sectors do: it was not recorded, or could not be read.`
    if (this.namesModes && !isMode(raw, at))
      return `Sector ${sector} of its track says that it is of a mode that holds nothing of this kind, so it was changed or misread.`
    if (this.carriesSums && !this.fits(raw, at))
      return `Sector ${sector} of its track does not fit its own checksum (EDC), so what it holds was changed or misread.`
    const address = this.strayAddress(raw, at, sector)
    if (address === null) return null
    return `Sector ${sector} of its track bears the address of sector ${address}: sectors before it are missing, doubled or out of order.`
  }

  /** The sector that one says to be, where it lies in the place of another. */
  private strayAddress(raw: Uint8Array, at: number, sector: number): number | null {
    if (this.base === null) return null
    const address = addressIn(raw, at)
    if (address === null) return null
    const jump = address - (this.base + sector)
    return jump === 0 || jump >= SESSION_JUMP ? null : address - this.base
  }

  /** Whether a sector gives the EDC that it carries. Sectors of form 2 need not carry one (XA II.4.5.4). */
  private fits(raw: Uint8Array, at: number): boolean {
    const { hasHeader } = this.layout
    // Everything of mode 2 is counted from the subheader, which is all that 2336 bytes begin with.
    const subheader = hasHeader ? at + 16 : at
    if (hasHeader) {
      if (!hasSync(raw, at)) return false
      const mode = raw[at + 15]
      if (mode === 0) return true
      if (mode === 1) return readU32Le(raw, at + 2064) === edcOf(raw, at, at + 2064)
    }
    if (isFormTwo(this.layout, raw, at)) {
      const recorded = readU32Le(raw, subheader + 2332)
      // Without a sum, only the subheader's copy (XA II.4.2) tells that this is one, and not data in its place.
      if (recorded === 0) return readU32Le(raw, subheader) === readU32Le(raw, subheader + 4)
      return recorded === edcOf(raw, subheader, subheader + 2332)
    }
    return readU32Le(raw, subheader + 2056) === edcOf(raw, subheader, subheader + 2056)
  }

  private carriesSum(raw: Uint8Array, at: number): boolean {
    if (!this.layout.hasHeader)
      return !isAllZero(raw.subarray(at + (isFormTwo(this.layout, raw, at) ? 2332 : 2056), at + 2336))
    if (!hasSync(raw, at) || raw[at + 15] === 0) return false
    const sum = raw[at + 15] === 1 ? 2064 : isFormTwo(this.layout, raw, at) ? 2348 : 2072
    return readU32Le(raw, at + sum) !== 0
  }
}
