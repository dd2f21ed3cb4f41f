import type { SumAlgorithm } from './sum-lines'

const SECTOR = 2048
const BLOCK = 512
const DESCRIPTOR_OFFSET = 16 * SECTOR
/** ECMA-119 8.4.8: Volume Space Size, little-endian half. */
const SPACE_SIZE_OFFSET = 80
/** ECMA-119 8.4.32: Application Use. */
const APPLICATION_USE_OFFSET = 883
const APPLICATION_USE_LENGTH = 512
/** What a block for a signature begins with, and how much of it is kept when it is blanked. */
const SIGNATURE_MAGIC = '7984fc91-a43f-4e45-bf27-6d3aa08b24cf'
const SIGNATURE_HEAD = 64

/** What SUSE's tagmedia writes into the application use area (checkmedia, “Technical specification”). */
export interface MediaSums {
  algorithm: SumAlgorithm
  /** Of the whole; null where only the partition has one. Lower-case hexadecimal. */
  hex: string | null
  /** Bytes that are summed. */
  byteLength: number
  /** Bytes at the end that count as zeros. */
  padding: number
  partition: { byteOffset: number; byteLength: number; hex: string } | null
  /** Where a block for a signature lies, in bytes. */
  signature: number | null
}

/** Reads them from a primary volume descriptor; null where there are none. */
export function readMediaSums(descriptor: Uint8Array): MediaSums | null {
  if (descriptor.byteLength < SECTOR) return null
  const bytes = Buffer.from(descriptor.buffer, descriptor.byteOffset, descriptor.byteLength)
  const text = bytes.toString('latin1', APPLICATION_USE_OFFSET, APPLICATION_USE_OFFSET + APPLICATION_USE_LENGTH)
  if (text.includes('ISO MD5SUM')) return null
  const tags = new Map<string, string>()
  for (const pair of text.split(';')) {
    const [, key, value] = /^\s*([a-z0-9 ]+?)\s*=\s*(.*?)\s*$/i.exec(pair) ?? []
    if (key !== undefined && value !== undefined) tags.set(key.toLowerCase(), value)
  }
  const algorithm = (['sha512', 'sha384', 'sha256', 'sha224', 'sha1', 'md5'] as const).find((name) =>
    tags.has(`${name}sum`),
  )
  if (algorithm === undefined) return null
  const byteLength = bytes.readUInt32LE(SPACE_SIZE_OFFSET) * SECTOR
  const hex = /^[0-9a-f]+$/i.exec(tags.get(`${algorithm}sum`) ?? '')?.[0]?.toLowerCase() ?? null
  const [, start, count, partHex] = /^(\d{1,12}),(\d{1,12}),([0-9a-f]+)$/i.exec(tags.get('partition') ?? '') ?? []
  const partition =
    partHex === undefined
      ? null
      : { byteOffset: Number(start) * BLOCK, byteLength: Number(count) * BLOCK, hex: partHex.toLowerCase() }
  const signature = /^\d{1,12}$/.test(tags.get('signature') ?? '') ? Number(tags.get('signature')) * BLOCK : null
  const padding = Math.min(byteLength, Number(/^\d{1,9}$/.exec(tags.get('pad') ?? '')?.[0] ?? 0) * SECTOR)
  return { algorithm, hex, byteLength, padding, partition, signature }
}

/** The bytes of an application use area, which is what a signature in its block is over. */
export function applicationUse(descriptor: Uint8Array): Uint8Array {
  return descriptor.subarray(APPLICATION_USE_OFFSET, APPLICATION_USE_OFFSET + APPLICATION_USE_LENGTH)
}

/** The armoured signature in a block for one; empty where it holds none. @param block from its start */
export function signatureIn(block: Uint8Array): string {
  const text = Buffer.from(block).toString('latin1')
  if (!text.startsWith(SIGNATURE_MAGIC)) return ''
  return text.slice(SIGNATURE_HEAD).replace(/\0+$/, '').trim()
}

/** The bytes at `position` as they are summed: boot sector and padding as zeros, tags as spaces, the signature blank. */
export function blanked(
  { byteLength, padding, signature }: MediaSums,
  bytes: Uint8Array,
  position: number,
): Uint8Array {
  const changes: [from: number, to: number, value: number][] = [
    [0, BLOCK, 0],
    [
      DESCRIPTOR_OFFSET + APPLICATION_USE_OFFSET,
      DESCRIPTOR_OFFSET + APPLICATION_USE_OFFSET + APPLICATION_USE_LENGTH,
      32,
    ],
    [byteLength - padding, byteLength, 0],
  ]
  if (signature !== null) changes.push([signature + SIGNATURE_HEAD, signature + SECTOR, 0])
  const end = position + bytes.byteLength
  const meant = changes.filter(([from, to]) => from < end && to > position)
  if (meant.length === 0) return bytes
  const copy = Uint8Array.from(bytes)
  for (const [from, to, value] of meant) copy.fill(value, Math.max(0, from - position), Math.max(0, to - position))
  return copy
}
