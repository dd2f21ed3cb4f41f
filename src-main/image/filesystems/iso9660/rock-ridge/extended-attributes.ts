import { ByteReader } from '../../../core/byte-reader'
import type { ByteSource } from '../../../core/byte-source'
import {
  accessList,
  attributesDamaged,
  type AccessListEntry,
  type ExtendedAttribute,
} from '../../../core/extended-attributes'
import { concatenated } from '../../../core/copied'
import { AL } from '../susp/system-use-entry'
import { systemUse } from '../susp/system-use'

const RECORD_LIMIT = 255
/** Signature, length, version and flags of an entry, in front of components of flags, length and bytes. */
const AL_HEADER_LENGTH = 5
const GOES_ON = 1
/** AAIP 2.0, “Name Space Representations”: the first byte of a name, and what it stands for. */
const NAMESPACES: Readonly<Record<number, string>> = { 1: '', 2: 'system.', 3: 'user.', 5: 'trusted.', 6: 'security.' }
/** `isofs.`: what the writer keeps for itself. */
const OF_WRITER = 4
/** AAIP 2.0, “ACL”: kinds of entries in the high four bits, and the tag that Linux has for them. */
const TAGS: Readonly<Record<number, number>> = { 1: 0x01, 3: 0x04, 5: 0x10, 6: 0x20, 10: 0x02, 12: 0x08 }
/** From here on, entries are of the default list. */
const SWITCH = 8
const QUALIFIED = 8
const RIGHTS = 7

/**
 * Extended attributes and access control lists of a directory record, as AAIP 2.0 keeps them in its `AL` entries.
 * @param record where it lies, in bytes of the volume
 * @param skip bytes in front of every system use area (SUSP 5.3)
 * @throws {SourceError} `CONTENT_DAMAGED`
 */
export async function readAttributes(
  volume: ByteSource,
  record: number,
  skip: number,
  byteOffsetOf: (block: number) => number,
): Promise<ExtendedAttribute[]> {
  const bytes = await volume.read(record, RECORD_LIMIT)
  const nameLength = bytes[32] ?? 0
  const from = 33 + nameLength + ((nameLength & 1) ^ 1) + skip
  const parts = await readParts(systemUse(volume, bytes, from, bytes[0] ?? 0, byteOffsetOf))
  const attributes: ExtendedAttribute[] = []
  for (let index = 0; index + 1 < parts.length; index += 2) {
    const name = parts[index] ?? new Uint8Array(0)
    const value = parts[index + 1] ?? new Uint8Array(0)
    const first = name[0] ?? 0
    const prefix = NAMESPACES[first]
    if (name.byteLength === 0) attributes.push(...listsIn(value))
    else if (first !== OF_WRITER)
      attributes.push({ name: (prefix ?? '') + latin1(prefix === undefined ? name : name.subarray(1)), value })
  }
  return attributes
}

/** Names and values by turns, whatever they were cut into. */
async function readParts(entries: ReturnType<typeof systemUse>): Promise<Uint8Array[]> {
  const bodies: Uint8Array[] = []
  for await (const { kind, bytes, at, length } of entries)
    if (kind === AL && length > AL_HEADER_LENGTH) bodies.push(bytes.subarray(at + AL_HEADER_LENGTH, at + length))
  const components = concatenated(bodies)
  const parts: Uint8Array[] = []
  let open: Uint8Array[] = []
  for (let at = 0; at < components.byteLength;) {
    const to = at + 2 + (components[at + 1] ?? 0)
    if (to > components.byteLength) attributesDamaged('are cut short')
    open.push(components.subarray(at + 2, to))
    if (((components[at] ?? 0) & GOES_ON) === 0) {
      parts.push(concatenated(open))
      open = []
    }
    at = to
  }
  if (open.length > 0 || parts.length % 2 !== 0) attributesDamaged('are cut short')
  return parts
}

/** The list of access rights, and of a folder that which new things in it have. */
function listsIn(value: Uint8Array): ExtendedAttribute[] {
  const reader = new ByteReader(value)
  const lists: [access: AccessListEntry[], byDefault: AccessListEntry[]] = [[], []]
  let list = lists[0]
  for (let at = 0; at < value.byteLength;) {
    const head = reader.u8(at++)
    const kind = head >> 4
    if (kind === SWITCH) {
      list = lists[1]
      continue
    }
    const tag = TAGS[kind]
    if (tag === undefined) attributesDamaged('name users that only their own system knows')
    let id: number | null = null
    if ((head & QUALIFIED) !== 0) {
      const length = reader.u8(at++)
      id = 0
      for (const byte of reader.slice(at, length)) id = id * 256 + byte
      at += length
    }
    list.push({ tag, rights: head & RIGHTS, id })
  }
  const names = ['system.posix_acl_access', 'system.posix_acl_default'] as const
  return names.flatMap((name, index) => {
    const entries = lists[index] ?? []
    return entries.length === 0 ? [] : [{ name, value: accessList(entries) }]
  })
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1')
}
