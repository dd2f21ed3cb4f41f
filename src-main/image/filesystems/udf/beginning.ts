import { ByteReader } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import { DiagnosticLog } from '../../core/diagnostic-log'
import { SliceSource } from '../../core/sources/slice-source'
import type { Beginning, FoundBeginning } from '../file-system'
import { hasValidCrc, readTag, TagId } from './descriptor-tag'
import { readUdfVolume } from './udf-volume'

const ANCHOR_SECTOR = 256
/** In the tag of an anchor: the length of what its sum is over (496), and its sector (ECMA-167 3/7.2, 3/10.2). */
const MARK = Uint8Array.of(0xf0, 0x01, 0x00, 0x01, 0x00, 0x00)
const MARK_AT = 10
/** Of sectors, in bytes; readers find no others. */
const SECTOR_SIZES = [2048, 512, 4096]
/** How far behind its last partition a volume’s last anchor is looked for, in bytes. */
const TAIL_LENGTH = 2 << 20

/** ECMA-167 3/8.4.2.1: an anchor lies in sector 256. */
export const beginnings: readonly Beginning[] = SECTOR_SIZES.map((sectorSize) => ({
  mark: MARK,
  at: ANCHOR_SECTOR * sectorSize + MARK_AT,
  look: (source, byteOffset) => look(source, byteOffset, sectorSize),
}))

async function look(source: ByteSource, byteOffset: number, sectorSize: number): Promise<FoundBeginning | null> {
  const anchor = new ByteReader(await source.read(byteOffset + ANCHOR_SECTOR * sectorSize, 512))
  const tag = readTag(anchor)
  if (tag.id !== TagId.anchor || !tag.isSound || tag.location !== ANCHOR_SECTOR || !hasValidCrc(anchor)) return null
  const sequences = [16, 24].map((at) => ({ byteLength: anchor.u32Le(at), location: anchor.u32Le(at + 4) }))
  // The same anchor fits sectors of every length; what it leads to does not.
  const first = new ByteReader(await source.read(byteOffset + (sequences[0]?.location ?? 0) * sectorSize, 512))
  const firstTag = readTag(first)
  if (!firstTag.isSound || firstTag.id > TagId.terminator || firstTag.location !== sequences[0]?.location) return null
  const volume = await readUdfVolume(new SliceSource(source, byteOffset), false, new DiagnosticLog())
  if (volume === null) return { byteLength: 0, hasRoot: false }
  const ends = sequences.map(({ location, byteLength }) => location * sectorSize + byteLength)
  const end = Math.max(volume.expectedByteLength, ...ends)
  const last = await lastAnchor(source, byteOffset, end, sectorSize)
  return { byteLength: Math.max(end, last), hasRoot: volume.root !== null }
}

/** Where the volume’s last anchor ends, which lies in its last sector (N); 0 without one. In bytes of the volume. */
async function lastAnchor(source: ByteSource, byteOffset: number, end: number, sectorSize: number): Promise<number> {
  const from = Math.max(0, Math.floor(end / sectorSize) - 1)
  const tail = new ByteReader(await source.read(byteOffset + from * sectorSize, TAIL_LENGTH))
  let found = 0
  for (let at = 0; tail.has(at, 512); at += sectorSize) {
    const tag = readTag(tail, at)
    const isAnchor = tag.id === TagId.anchor && tag.isSound && tag.location === from + at / sectorSize
    if (isAnchor && hasValidCrc(tail.sub(at, sectorSize))) found = (tag.location + 1) * sectorSize
  }
  return found
}
