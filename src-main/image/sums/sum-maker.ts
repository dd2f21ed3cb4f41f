import type { Hash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { createHash } from '../core/create-hash'
import { edcOf } from '../containers/sectors/edc'

/** Takes bytes, piece by piece, and gives their sum once. */
export interface SumMaker {
  update(bytes: Uint8Array): SumMaker
  update(text: string, encoding: 'latin1' | 'utf8'): SumMaker
  digest(encoding: 'hex'): string
}

/**
 * Makes a sum, piece by piece.
 * @param algorithm as node:crypto calls it, `crc32`, `sum32`, or `edc`
 */
export function sumMaker(algorithm: 'md5'): Hash
export function sumMaker(algorithm: string): SumMaker
export function sumMaker(algorithm: string): SumMaker {
  if (algorithm === 'crc32') return new Crc32()
  if (algorithm === 'edc') return new Edc()
  if (algorithm === 'sum32') return new ByteSum()
  return createHash(algorithm)
}

class Crc32 implements SumMaker {
  private sum = 0

  update(data: Uint8Array | string): this {
    this.sum = crc32(data, this.sum)
    return this
  }

  digest(): string {
    return this.sum.toString(16).padStart(8, '0')
  }
}

class Edc implements SumMaker {
  private sum = 0

  update(data: Uint8Array | string): this {
    const bytes = typeof data === 'string' ? Buffer.from(data, 'latin1') : data
    this.sum = edcOf(bytes, 0, bytes.byteLength, this.sum)
    return this
  }

  digest(): string {
    return this.sum.toString(16).padStart(8, '0')
  }
}

/** All bytes, added up modulo 2^32 (cpio(5), `c_check`). */
class ByteSum implements SumMaker {
  private sum = 0

  update(data: Uint8Array | string): this {
    const bytes = typeof data === 'string' ? Buffer.from(data, 'latin1') : data
    let { sum } = this
    for (let at = 0; at < bytes.byteLength; at++) sum = (sum + (bytes[at] ?? 0)) | 0
    this.sum = sum
    return this
  }

  digest(): string {
    return (this.sum >>> 0).toString(16).padStart(8, '0')
  }
}
