import zlib from 'node:zlib'
import { both32, concat, text, use } from './iso-builder'

const BLOCK = 32_768

/** A file's content packed as zisofs packs it; blocks of zeros have no bytes. */
export function packZisofs(content: Uint8Array, version: 1 | 2 = 1): Uint8Array {
  const pointer = (value: number): number[] => littleEndian(value, version === 1 ? 4 : 8)
  const header =
    version === 1
      ? concat([0x37, 0xe4, 0x53, 0x96, 0xc9, 0xdb, 0xd6, 0x07], pointer(content.byteLength), [4, 15, 0, 0])
      : concat([0xef, 0x22, 0x55, 0xa1, 0xbc, 0x1b, 0x95, 0xa0, 0, 6, 1, 15], pointer(content.byteLength), [0, 0, 0, 0])
  const parts: Uint8Array[] = []
  for (let at = 0; at < content.byteLength; at += BLOCK) {
    const block = content.subarray(at, at + BLOCK)
    parts.push(block.some((byte) => byte !== 0) ? zlib.deflateSync(block) : new Uint8Array(0))
  }
  let at = header.byteLength + (parts.length + 1) * (version === 1 ? 4 : 8)
  const pointers = [pointer(at)]
  for (const part of parts) pointers.push(pointer((at += part.byteLength)))
  return concat(header, ...pointers, ...parts)
}

/** The system use entry that says how such a file is packed. */
export function zisofsUse(byteLength: number, version: 1 | 2 = 1): Uint8Array {
  return version === 1
    ? use('ZF', text('pz'), [4, 15], both32(byteLength))
    : use('ZF', text('PZ'), [6, 15], littleEndian(byteLength, 8))
}

function littleEndian(value: number, byteLength: 4 | 8): number[] {
  return [...both32(value).slice(0, 4), ...(byteLength === 8 ? [0, 0, 0, 0] : [])]
}
