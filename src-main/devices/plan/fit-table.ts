import { crc32 } from 'node:zlib'
import type { ByteSource } from '../../image'
import { DeviceError } from '../device-error'
import { GRANULE } from '../helper/medium'
import { HEAD_LENGTH } from '../helper/protocol'
import type { DrivePlan, PlannedRange } from './drive-plan'

const SECTOR = 512
const HEADER_CRC_AT = 16

/**
 * Moves the copy of a GPT to the end of the drive, where UEFI 5.3.2 wants it. The first MiB is then another than the
 * image’s.
 * @throws {DeviceError} `NOT_FOR_DRIVES` for an image without a GPT of sectors of 512 bytes, `DRIVE_TOO_SMALL`
 */
export async function fitTable(plan: DrivePlan, driveLength: number): Promise<DrivePlan> {
  const { source } = plan
  const head = Buffer.from(await source.read(0, Math.min(HEAD_LENGTH, source.byteLength)))
  if (head.toString('latin1', SECTOR, SECTOR + 8) !== 'EFI PART')
    throw new DeviceError(
      'NOT_FOR_DRIVES',
      'The image has no GPT whose copy could be moved to the end of the drive; leave --fit away.',
    )
  const header = head.subarray(SECTOR, SECTOR * 2)
  const [entriesAt, count, size] = [
    Number(header.readBigUInt64LE(72)),
    header.readUInt32LE(80),
    header.readUInt32LE(84),
  ]
  const entries = Buffer.from(await source.read(entriesAt * SECTOR, count * size))
  const entrySectors = Math.ceil(entries.byteLength / SECTOR)
  const last = Math.floor(driveLength / SECTOR) - 1
  const copyAt = (last - entrySectors) * SECTOR
  // The copy takes whole pages: it begins with zeros where it must.
  const from = Math.floor(copyAt / GRANULE) * GRANULE
  if (
    from < Math.ceil((entriesAt * SECTOR + entries.byteLength) / GRANULE) * GRANULE ||
    driveLength < source.byteLength
  )
    throw new DeviceError('DRIVE_TOO_SMALL', `The drive has ${driveLength} bytes, and the image needs more.`)
  protectAll(head, last)
  header.writeBigUInt64LE(BigInt(last), 32)
  header.writeBigUInt64LE(BigInt(last - entrySectors - 1), 48)
  sign(header)
  const copy = Buffer.from(header)
  copy.writeBigUInt64LE(BigInt(last), 24)
  copy.writeBigUInt64LE(1n, 32)
  copy.writeBigUInt64LE(BigInt(last - entrySectors), 72)
  sign(copy)
  const tail = Buffer.alloc((last + 1) * SECTOR - from)
  entries.copy(tail, copyAt - from)
  copy.copy(tail, last * SECTOR - from)
  // What the image has in those pages stays, but for its own copy.
  const kept = Buffer.from(await source.read(from, Math.max(0, Math.min(copyAt, source.byteLength) - from)))
  kept.copy(tail, 0)
  const fitted = new PatchedSource(source, (last + 1) * SECTOR, [
    { at: 0, bytes: head },
    { at: from, bytes: tail },
  ])
  const bodyEnd = Math.min(source.byteLength, from)
  const [whole] = plan.ranges
  const body: PlannedRange = { byteOffset: head.byteLength, byteLength: bodyEnd - head.byteLength }
  if (whole?.copyFrom !== undefined) body.copyFrom = whole.copyFrom + head.byteLength
  const ranges = [
    { byteOffset: 0, byteLength: head.byteLength },
    body,
    { byteOffset: from, byteLength: tail.byteLength },
  ]
  return {
    ...plan,
    byteLength: fitted.byteLength,
    source: fitted,
    ranges: ranges.filter((each) => each.byteLength > 0),
  }
}

/** UEFI 5.2.3: the entry that keeps old programs off covers the whole drive. */
function protectAll(head: Buffer, last: number): void {
  for (let at = 446; at < 510; at += 16)
    if (head[at + 4] === 0xee) head.writeUInt32LE(Math.min(last, 0xffffffff), at + 12)
}

/** UEFI 5.3.2: the sum of the header counts its own field as zero. */
function sign(header: Buffer): void {
  header.writeUInt32LE(0, HEADER_CRC_AT)
  header.writeUInt32LE(crc32(header.subarray(0, Math.min(header.readUInt32LE(12), SECTOR))), HEADER_CRC_AT)
}

interface Patch {
  at: number
  bytes: Uint8Array
}

/** A source with some of its bytes replaced; between its end and a later patch there are zeros. */
class PatchedSource implements ByteSource {
  constructor(
    private readonly source: ByteSource,
    readonly byteLength: number,
    private readonly patches: readonly Patch[],
  ) {}

  async read(byteOffset: number, byteLength: number): Promise<Uint8Array> {
    const out = Buffer.alloc(Math.max(0, Math.min(byteLength, this.byteLength - byteOffset)))
    out.set(await this.source.read(byteOffset, out.byteLength))
    for (const { at, bytes } of this.patches) {
      const from = Math.max(at, byteOffset)
      const to = Math.min(at + bytes.byteLength, byteOffset + out.byteLength)
      if (from < to) out.set(bytes.subarray(from - at, to - at), from - byteOffset)
    }
    return out
  }

  locate(): null {
    return null
  }

  close(): void {
    // The source belongs to whoever opened it.
  }
}
