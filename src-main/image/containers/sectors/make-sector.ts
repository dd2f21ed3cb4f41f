import { writeParity } from './ecc'
import { edcOf } from './edc'
import { bcdOfSector, SYNC } from './sector-check'

/** ECMA-130 14: a sector of mode 1, its sum and its parity. In bytes. */
export const RAW_SECTOR = 2352
export const MODE_ONE_DATA_AT = 16
const HEADER_AT = 12
const MODE_ONE_SUM_AT = 2064

/** Writes sync, address and mode in front of the user data of a sector of mode 1, and sum and parity behind. */
export function finishModeOne(sector: Uint8Array, address: Uint8Array): void {
  sector.set(SYNC)
  sector.set(address, HEADER_AT)
  sector[HEADER_AT + 3] = 1
  sector.fill(0, MODE_ONE_SUM_AT + 4, MODE_ONE_SUM_AT + 12)
  writeSum(sector, 0, MODE_ONE_SUM_AT)
  writeParity(sector)
}

/** A sector's sum of the bytes from `from` up to `to`, where it stands (ECMA-130 14.3). */
export function writeSum(sector: Uint8Array, from: number, to: number): void {
  new DataView(sector.buffer, sector.byteOffset).setUint32(to, edcOf(sector, from, to), true)
}

/**
 * A whole sector of mode 1.
 * @param out {@link RAW_SECTOR} bytes, whose user data (2048 bytes from {@link MODE_ONE_DATA_AT} on) stand there already
 * @param number of the sector, from 0 where the first track's data begin
 */
export function makeModeOne(out: Uint8Array, number: number): void {
  finishModeOne(out, bcdOfSector(number))
}
