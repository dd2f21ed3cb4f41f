/** A CL entry (RRIP 4.1.5.1): twelve bytes, version 1. */
const CL = Buffer.from([0x43, 0x4c, 12, 1])

/**
 * Whether a directory record is the placeholder of a directory that was moved for its depth, for readers of trees that
 * know nothing of Rock Ridge: it is recorded as a file, under the identifier of a directory.
 * @param at where the record begins
 */
export function isRelocation(bytes: Uint8Array, at: number): boolean {
  const from = at + 33 + (bytes[at + 32] ?? 0)
  const to = at + (bytes[at] ?? 0)
  return from < to && Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).includes(CL)
}
