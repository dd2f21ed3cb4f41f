import { randomBytes } from 'node:crypto'
import { AuthorError } from '../author-error'
import type { AuthorContent, AuthorNode } from '../author-tree'
import type { Segment } from '../layout'
import { exfatLabel, LEAST_EXFAT, planExfat } from './exfat'
import { fatLabel, leastFat32, planFat32, type PlannedVolume } from './fat32'
import { gptEnd, guidPartitionTable, masterBootRecord, type NewPartition } from './partition-table'
import { StrictLayout } from './strict-layout'

const MIB = 1 << 20
const PAGE = 4096
const SECTOR = 512
/** What 32 bits of sectors reach. */
const MBR_LIMIT = 0xffffffff * SECTOR

/** A volume of a stick to be made. */
export interface StickVolume {
  type: 'fat32' | 'exfat'
  label: string
  root: AuthorNode
  /** In bytes; null for all that is left. */
  byteLength: number | null
}

/** A whole drive to be written: a sparse layout, and which of it is used. */
export interface StickPlan {
  layout: StrictLayout
  /** In bytes of the drive, in order; ends lie at multiples of 4096, but for the drive’s own. */
  ranges: { byteOffset: number; byteLength: number }[]
  partitions: NewPartition[]
  /** Where contents begin, in bytes of the drive. */
  places: Map<AuthorContent, number>
}

/**
 * A drive with a table of partitions and a volume in each, the first at 1 MiB.
 * @param driveLength in bytes
 * @throws {AuthorError} `IMAGE_TOO_LARGE`, `FILE_TOO_LARGE`, `BAD_REQUEST`
 */
export function planStick(volumes: readonly StickVolume[], table: 'mbr' | 'gpt', driveLength: number): StickPlan {
  const end = Math.floor((table === 'gpt' ? gptEnd(driveLength) : Math.min(driveLength, MBR_LIMIT)) / PAGE) * PAGE
  const segments: Segment[] = []
  const ranges: StickPlan['ranges'] = []
  const partitions: NewPartition[] = []
  const places = new Map<AuthorContent, number>()
  let next = MIB
  for (const { type, label, root, byteLength } of volumes) {
    const byteOffset = next
    const length = byteLength === null ? end - byteOffset : Math.ceil(byteLength / MIB) * MIB
    if (length <= 0 || byteOffset + length > end)
      throw new AuthorError(
        'IMAGE_TOO_LARGE',
        `The drive has ${driveLength} bytes, and ${byteOffset + (byteLength ?? leastOf(type, root))} are needed. Use a larger one.`,
      )
    const plan = type === 'fat32' ? planFat32 : planExfat
    const planned: PlannedVolume = plan(root, {
      label,
      byteLength: length,
      byteOffset,
      serial: randomBytes(4).readUInt32LE(),
    })
    for (const segment of planned.segments) segments.push({ ...segment, byteOffset: segment.byteOffset + byteOffset })
    for (const [content, at] of planned.places) places.set(content, at + byteOffset)
    const used = Math.min(Math.ceil(planned.usedByteLength / PAGE) * PAGE, length)
    // The table lies in front of the first volume.
    const from = partitions.length === 0 ? 0 : byteOffset
    ranges.push({ byteOffset: from, byteLength: byteOffset + used - from })
    partitions.push({
      type,
      label: type === 'fat32' ? fatLabel(label) : exfatLabel(label),
      byteOffset,
      byteLength: length,
    })
    next = byteOffset + length
  }
  const made =
    table === 'gpt'
      ? guidPartitionTable(partitions, driveLength, [...partitions, null].map(randomGuid))
      : masterBootRecord(partitions, randomBytes(4).readUInt32LE())
  for (const { byteOffset, bytes } of made.pieces)
    segments.push({ kind: 'bytes', bytes, byteOffset, byteLength: bytes.byteLength })
  const layoutLength = table === 'gpt' ? Math.floor(driveLength / SECTOR) * SECTOR : end
  if (table === 'gpt') ranges.push({ byteOffset: end, byteLength: layoutLength - end })
  return { layout: new StrictLayout(segments, layoutLength), ranges, partitions, places }
}

/** In bytes. */
function leastOf(type: StickVolume['type'], root: AuthorNode): number {
  return type === 'fat32' ? leastFat32(root) : LEAST_EXFAT
}

/** RFC 9562, 5.4: version 4, the first groups in the order of bytes that UEFI has. */
function randomGuid(): Uint8Array {
  const guid = randomBytes(16)
  guid.writeUInt8((guid.readUInt8(7) & 0x0f) | 0x40, 7)
  guid.writeUInt8((guid.readUInt8(8) & 0x3f) | 0x80, 8)
  return guid
}
