import { crc32 } from 'node:zlib'
import type { ByteSource } from '../../image'
import { isSound, readGuidTable, type GuidTable } from '../../image/core/guid-table'
import { DeviceError } from '../device-error'
import { GRANULE } from '../helper/medium'
import { HEAD_LENGTH } from '../helper/protocol'
import type { DrivePlan, PlannedRange } from './drive-plan'

const SECTOR = 512

/** Of the header (UEFI 5.3.2, table 5-5), in bytes. */
const HeaderAt = { length: 12, crc: 16, own: 24, alternate: 32, firstUsable: 40, lastUsable: 48, entries: 72 } as const
/** Where entries lie that nobody has put elsewhere, in sectors. */
const ENTRIES_SECTOR = 2

/**
 * Moves the copy of a GPT to the end of the drive, where UEFI 5.3.2 wants it. The first MiB is then another than the
 * image’s. Where one of the image’s two tables is damaged, both are made from the other.
 * @throws {DeviceError} `NOT_FOR_DRIVES` for an image without a GPT of sectors of 512 bytes, `DRIVE_TOO_SMALL`,
 *   `CONTENT_DAMAGED` where neither table gives its sums
 */
export async function fitTable(plan: DrivePlan, name: string, driveLength: number): Promise<DrivePlan> {
  const { source } = plan
  const head = Buffer.from(await source.read(0, Math.min(HEAD_LENGTH, source.byteLength)))
  const { entries } = await putSoundTable(source, head, name)
  const header = head.subarray(SECTOR, SECTOR * 2)
  const entriesAt = Number(header.readBigUInt64LE(HeaderAt.entries))
  const entrySectors = Math.ceil(entries.byteLength / SECTOR)
  const last = Math.floor(driveLength / SECTOR) - 1
  const copyAt = (last - entrySectors) * SECTOR
  // The copy takes whole pages: it begins with zeros where it must.
  const from = Math.floor(copyAt / GRANULE) * GRANULE
  if (
    from < Math.ceil((entriesAt * SECTOR + entries.byteLength) / GRANULE) * GRANULE ||
    driveLength < source.byteLength
  )
    throw new DeviceError(
      'DRIVE_TOO_SMALL',
      `The drive has ${driveLength} bytes, and the image needs ${source.byteLength}. Use a larger one.`,
    )
  protectAll(head, last)
  header.writeBigUInt64LE(BigInt(last), HeaderAt.alternate)
  header.writeBigUInt64LE(BigInt(last - entrySectors - 1), HeaderAt.lastUsable)
  sign(header)
  const copy = Buffer.from(header)
  copy.writeBigUInt64LE(BigInt(last), HeaderAt.own)
  copy.writeBigUInt64LE(1n, HeaderAt.alternate)
  copy.writeBigUInt64LE(BigInt(last - entrySectors), HeaderAt.entries)
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

/**
 * Puts the table whose sums fit into the beginning of the disk: the first one, where it is, else the other one.
 * @param head of the disk; its header and, of a damaged table, its entries are written over
 * @throws {DeviceError} `NOT_FOR_DRIVES`, `CONTENT_DAMAGED`
 */
async function putSoundTable(source: ByteSource, head: Buffer, name: string): Promise<{ entries: Buffer }> {
  const first = await readGuidTable(source, SECTOR, SECTOR)
  const table = first !== null && isSound(first) ? first : ((await findCopy(source, first)) ?? first)
  if (table === null)
    throw new DeviceError(
      'NOT_FOR_DRIVES',
      'The image has no GPT whose copy could be moved to the end of the drive; leave --fit away.',
    )
  const entries = Buffer.from(table.entries.bytes)
  if (isSound(table) && table.byteOffset === SECTOR) return { entries }
  const header = Buffer.from(await source.read(table.byteOffset, SECTOR))
  const end = ENTRIES_SECTOR * SECTOR + entries.byteLength
  const hasRoom = end <= Number(header.readBigUInt64LE(HeaderAt.firstUsable)) * SECTOR && end <= head.byteLength
  if (!isSound(table) || !hasRoom)
    throw new DeviceError(
      'CONTENT_DAMAGED',
      `The partition table (GPT) of ${name} is damaged, and no copy of it can take its place. Get it again; the drive was not changed.`,
    )
  header.writeBigUInt64LE(1n, HeaderAt.own)
  header.writeBigUInt64LE(BigInt(ENTRIES_SECTOR), HeaderAt.entries)
  header.copy(head, SECTOR)
  entries.copy(head, ENTRIES_SECTOR * SECTOR)
  return { entries }
}

/** The other table, where its sums fit: where the first one says, or at the end of the image. */
async function findCopy(source: ByteSource, first: GuidTable | null): Promise<GuidTable | null> {
  const last = Math.floor(source.byteLength / SECTOR) - 1
  for (const sector of new Set([first?.alternate ?? last, last])) {
    const copy = Number.isSafeInteger(sector * SECTOR) ? await readGuidTable(source, sector * SECTOR, SECTOR) : null
    if (copy !== null && isSound(copy) && copy.alternate === 1) return copy
  }
  return null
}

/** UEFI 5.2.3: the entry that keeps old programs off covers the whole drive. */
function protectAll(head: Buffer, last: number): void {
  for (let at = 446; at < 510; at += 16)
    if (head[at + 4] === 0xee) head.writeUInt32LE(Math.min(last, 0xffffffff), at + 12)
}

/** UEFI 5.3.2: the sum of the header counts its own field as zero. */
function sign(header: Buffer): void {
  header.writeUInt32LE(0, HeaderAt.crc)
  header.writeUInt32LE(crc32(header.subarray(0, Math.min(header.readUInt32LE(HeaderAt.length), SECTOR))), HeaderAt.crc)
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
    return this.patched(byteOffset, byteLength, (at, length) => this.source.read(at, length))
  }

  async readChecked(byteOffset: number, byteLength: number, wrong: (problem: string) => void): Promise<Uint8Array> {
    const { source } = this
    return this.patched(
      byteOffset,
      byteLength,
      (at, length) => source.readChecked?.(at, length, wrong) ?? source.read(at, length),
    )
  }

  private async patched(byteOffset: number, byteLength: number, read: ByteSource['read']): Promise<Uint8Array> {
    const out = Buffer.alloc(Math.max(0, Math.min(byteLength, this.byteLength - byteOffset)))
    out.set(await read(byteOffset, out.byteLength))
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
