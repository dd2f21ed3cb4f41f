import { createHash } from 'node:crypto'
import { because } from '../../../../src-shared/model'
import { createBLAKE3 } from 'hash-wasm'
import { IsoldeError } from '../../../../src-shared/contract/errors'
import type { ByteSource } from '../../../image'

const CHUNK_BYTES = 1 << 20

interface Digester {
  update(bytes: Uint8Array): unknown
  hex(): string
}

/** Computes hashes, one after another; making one for each small file would cost more than the hashing. */
export class ContentHasher {
  private constructor(private readonly begin: () => Digester) {}

  static async of(algorithm: 'sha256' | 'blake3'): Promise<ContentHasher> {
    if (algorithm === 'sha256')
      return new ContentHasher(() => {
        const hash = createHash('sha256')
        return { update: (bytes) => hash.update(bytes), hex: () => hash.digest('hex') }
      })
    const blake3 = await createBLAKE3()
    return new ContentHasher(() => {
      blake3.init()
      return { update: (bytes) => blake3.update(bytes), hex: () => blake3.digest('hex') }
    })
  }

  /**
   * The hash of a file's content, in hexadecimal.
   * @param onBytes told after each piece how many bytes it had; may throw to end the work
   * @throws {IsoldeError} `CONTENT_DAMAGED` where bytes are missing: half a file has no hash
   */
  async hash(
    content: ByteSource,
    byteLength: number,
    path: string,
    onBytes: (byteLength: number) => void | Promise<void> = () => undefined,
  ): Promise<string> {
    const digester = this.begin()
    for (let at = 0; at < byteLength;) {
      const bytes = await content.read(at, Math.min(CHUNK_BYTES, byteLength - at))
      if (bytes.byteLength === 0)
        throw new IsoldeError(
          'CONTENT_DAMAGED',
          `“${path}” has no hash: ${byteLength - at} of its ${byteLength} bytes are missing.`,
          because('contentMissing', { path, missing: byteLength - at, total: byteLength }),
        )
      digester.update(bytes)
      at += bytes.byteLength
      await onBytes(bytes.byteLength)
    }
    return digester.hex()
  }
}
