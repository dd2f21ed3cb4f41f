import { because, type Said } from '../../../../src-shared/model'
import type { ByteSource } from '../../core/byte-source'
import type { PlainImage } from '../../core/disc-image'
import { OverlaidSource } from '../../core/sources/overlaid-source'
import { SliceSource } from '../../core/sources/slice-source'
import type { IsoVolume } from './iso-volume'
import { DescriptorType, SECTOR_LENGTH, SYSTEM_AREA_SECTORS } from './volume-descriptor'

const DESCRIPTOR_LIMIT = 64

/**
 * What to write so that the volume which is shown first can be opened by any reader. Blocks keep the addresses that
 * they have on the disc; where that volume is not the first, its descriptors are put at sector 16 as well, as writers
 * of rewritable media put them, since readers of plain files look nowhere else.
 */
export async function plainSession(blocks: ByteSource, main: IsoVolume, volumeCount: number): Promise<PlainImage> {
  const leftOut: Said[] = []
  if (main.sessionStart === 0) return { blocks, leftOut }
  if (volumeCount > 1) {
    const message = 'the volume descriptors of the disc’s other sessions or tracks'
    leftOut.push({ message, details: because('otherSessions', {}) })
  }
  // A volume that counts from itself is whole without what lies before it.
  const isRelative = main.blockDelta > 0
  if (isRelative) return { blocks: new SliceSource(blocks, main.sessionStart), leftOut }
  const descriptors = await readDescriptors(blocks, main.sessionStart)
  return { blocks: new OverlaidSource(blocks, SYSTEM_AREA_SECTORS * SECTOR_LENGTH, descriptors), leftOut }
}

async function readDescriptors(blocks: ByteSource, sessionStart: number): Promise<Uint8Array> {
  const from = sessionStart + SYSTEM_AREA_SECTORS * SECTOR_LENGTH
  const bytes = await blocks.read(from, DESCRIPTOR_LIMIT * SECTOR_LENGTH)
  for (let at = 0; at + SECTOR_LENGTH <= bytes.byteLength; at += SECTOR_LENGTH) {
    if (bytes[at] === DescriptorType.terminator) return bytes.slice(0, at + SECTOR_LENGTH)
  }
  return bytes.slice(0, SECTOR_LENGTH)
}
