import type { ArchiveListing, ReadBytes } from './archive-types'

/** RFC 1952, 2.3: the fixed header, and what may follow it. */
const HEADER = 10
const FLAGS = { hcrc: 2, extra: 4, name: 8 } as const
/** A recorded name is short; what comes later is content. */
const LOOKED_AT = 1 << 12

/**
 * What one GZIP file holds: a single file, by the name that is recorded or that its own name says.
 * @throws RangeError where it is none
 */
export async function listGzip(fileName: string, byteLength: number, read: ReadBytes): Promise<ArchiveListing> {
  const bytes = await read(0, Math.min(LOOKED_AT, byteLength))
  if (bytes.byteLength < HEADER + 8 || bytes[0] !== 0x1f || bytes[1] !== 0x8b)
    throw new RangeError('This is no GZIP file.')
  const end = await read(byteLength - 4, 4)
  const flags = bytes[3] ?? 0
  const modified = u32(bytes, 4)
  let at = HEADER
  if (flags & FLAGS.extra) at += 2 + (bytes[at] ?? 0) + ((bytes[at + 1] ?? 0) << 8)
  const nameEnd = flags & FLAGS.name ? bytes.indexOf(0, at) : -1
  const recorded = nameEnd > at ? new TextDecoder('latin1').decode(bytes.subarray(at, nameEnd)) : ''
  const name = recorded.split(/[\\/]/).at(-1) ?? ''
  const entry = {
    name: name === '' ? fileName.replace(/\.gz$/i, '') : name,
    isDirectory: false,
    // Modulo 4 GiB, as the format has it.
    byteLength: u32(end, 0),
    packedLength: byteLength,
    modified: modified === 0 ? null : modified * 1000,
  }
  return { entries: [entry], hasMore: false }
}

function u32(bytes: Uint8Array, at: number): number {
  if (bytes.byteLength < at + 4) throw new RangeError('The GZIP file ends early.')
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(at, true)
}
