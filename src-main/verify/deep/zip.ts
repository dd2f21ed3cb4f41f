import { crc32, createInflateRaw } from 'node:zlib'
import { pumpFrame } from '../../image/containers/stream/zlib-pump'
import { StreamError } from '../../image/containers/stream/stream-input'
import type { ByteSource } from '../../image/core/byte-source'
import { UNCHECKED, type DeepKind } from './deep-kind'

const PIECE_BYTES = 1 << 20
/** APPNOTE 4.3.16: the record at the end, with a comment of up to 65535 bytes. */
const END_LENGTH = 22
const LONGEST_END = END_LENGTH + 0xffff
/** APPNOTE 4.3.12, 4.3.7. */
const MEMBER_LENGTH = 46
const LOCAL_LENGTH = 30
/** A directory of a million members. */
const DIRECTORY_LIMIT = 128 << 20

interface Member {
  name: string
  method: number
  isEncrypted: boolean
  crc: number
  packedLength: number
  byteLength: number
  localOffset: number
}

/** ZIP (APPNOTE.TXT 6.3.10): the CRC-32 of each member; also what is one by another name (.jar, .apk, .docx, .epub, .whl). */
export const zip: DeepKind = {
  probe: (head) => head[0] === 0x50 && head[1] === 0x4b && head[2] === 3 && head[3] === 4,

  async check(content, checkpoint) {
    const members = await readDirectory(content)
    if (typeof members === 'string') return members
    let isAllChecked = true
    for (const member of members) {
      await checkpoint()
      const problem = await checkMember(content, member, checkpoint)
      if (problem === UNCHECKED) isAllChecked = false
      else if (problem !== null) return `its member “${member.name}” ${problem}`
    }
    return isAllChecked ? null : UNCHECKED
  },
}

async function readDirectory(content: ByteSource): Promise<Member[] | string> {
  const tailStart = Math.max(0, content.byteLength - LONGEST_END)
  const tail = Buffer.from(await content.read(tailStart, LONGEST_END))
  const end = tail.lastIndexOf('PK\x05\x06', tail.byteLength - END_LENGTH, 'latin1')
  if (end < 0) return 'its directory at the end is missing.'
  let byteLength = tail.readUInt32LE(end + 12)
  let byteOffset = tail.readUInt32LE(end + 16)
  // 4.3.15: the locator of the ZIP64 record stands right before.
  if (end >= 20 && tail.toString('latin1', end - 20, end - 16) === 'PK\x06\x07') {
    const record = Buffer.from(await content.read(Number(tail.readBigUInt64LE(end - 12)), 56))
    if (record.byteLength < 56 || record.toString('latin1', 0, 4) !== 'PK\x06\x06')
      return 'its ZIP64 record is damaged.'
    byteLength = Number(record.readBigUInt64LE(40))
    byteOffset = Number(record.readBigUInt64LE(48))
  }
  if (byteOffset + byteLength > content.byteLength || byteLength > DIRECTORY_LIMIT) return 'its directory is damaged.'
  const directory = Buffer.from(await content.read(byteOffset, byteLength))
  const members: Member[] = []
  for (let at = 0; at + MEMBER_LENGTH <= directory.byteLength;) {
    if (directory.toString('latin1', at, at + 4) !== 'PK\x01\x02') return 'its directory is damaged.'
    const nameLength = directory.readUInt16LE(at + 28)
    const extraLength = directory.readUInt16LE(at + 30)
    const next = at + MEMBER_LENGTH + nameLength + extraLength + directory.readUInt16LE(at + 32)
    if (next > directory.byteLength) return 'its directory is damaged.'
    const extraStart = at + MEMBER_LENGTH + nameLength
    members.push(memberAt(directory, at, nameLength, directory.subarray(extraStart, extraStart + extraLength)))
    at = next
  }
  return members
}

function memberAt(directory: Buffer, at: number, nameLength: number, extra: Buffer): Member {
  const flags = directory.readUInt16LE(at + 8)
  const member = {
    name: directory.toString('utf8', at + MEMBER_LENGTH, at + MEMBER_LENGTH + nameLength),
    method: directory.readUInt16LE(at + 10),
    isEncrypted: (flags & 1) !== 0,
    crc: directory.readUInt32LE(at + 16),
    packedLength: directory.readUInt32LE(at + 20),
    byteLength: directory.readUInt32LE(at + 24),
    localOffset: directory.readUInt32LE(at + 42),
  }
  // 4.5.3: what does not fit stands in the ZIP64 field, in this order.
  for (let field = 0; field + 4 <= extra.byteLength; field += 4 + extra.readUInt16LE(field + 2)) {
    if (extra.readUInt16LE(field) !== 1) continue
    let place = field + 4
    for (const key of ['byteLength', 'packedLength', 'localOffset'] as const) {
      if (member[key] !== 0xffffffff || place + 8 > extra.byteLength) continue
      member[key] = Number(extra.readBigUInt64LE(place))
      place += 8
    }
  }
  return member
}

async function checkMember(
  content: ByteSource,
  { method, isEncrypted, crc, packedLength, byteLength, localOffset }: Member,
  checkpoint: () => Promise<void>,
): Promise<string | null | typeof UNCHECKED> {
  if (isEncrypted || (method !== 0 && method !== 8)) return UNCHECKED
  const local = Buffer.from(await content.read(localOffset, LOCAL_LENGTH))
  if (local.byteLength < LOCAL_LENGTH || local.toString('latin1', 0, 4) !== 'PK\x03\x04') return 'has no header.'
  const start = localOffset + LOCAL_LENGTH + local.readUInt16LE(26) + local.readUInt16LE(28)
  if (start + packedLength > content.byteLength) return 'reaches behind its end.'
  let position = 0
  const next = async (): Promise<Uint8Array> => {
    await checkpoint()
    return content.read(start + position, Math.min(PIECE_BYTES, packedLength - position))
  }
  let sum = 0
  let length = 0
  const take = (bytes: Uint8Array): void => {
    sum = crc32(bytes, sum)
    length += bytes.byteLength
  }
  if (method === 0) {
    while (position < packedLength) {
      const bytes = await next()
      if (bytes.byteLength === 0) return 'is cut short.'
      take(bytes)
      position += bytes.byteLength
    }
  } else {
    const used = (count: number): void => {
      position += count
    }
    try {
      for await (const bytes of pumpFrame(createInflateRaw(), { next, used })) {
        take(bytes)
        if (length > byteLength) return 'is longer than its header says.'
      }
    } catch (error) {
      if (!(error instanceof StreamError)) throw error
      return 'does not unpack.'
    }
  }
  if (length !== byteLength) return `has ${length} bytes; its header says ${byteLength}.`
  return sum === crc ? null : 'does not give its own CRC.'
}
