import { createCipheriv, createHmac, pbkdf2, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'

const SALT_BYTES = 16
const KEY_BYTES = 32
const VERIFIER_BYTES = 2
const ROUNDS = 1000
const BLOCK = 16
const AUTHENTICATION_BYTES = 10
/** Bytes that AE-2 puts around those of an entry. */
export const AES_OVERHEAD = SALT_BYTES + VERIFIER_BYTES + AUTHENTICATION_BYTES

const derive = promisify(pbkdf2)

/**
 * WinZip's AES-256 over one entry (AE-2). Its counter begins at 1 and has its least byte first, other than Node's CTR
 * has it, so the key stream is made by encrypting counters.
 */
export class AesEncryption {
  private counter = 1
  private leftover = Buffer.alloc(0)

  private constructor(
    /** Stands before the bytes: the salt, and two bytes by which a wrong password is told. */
    readonly header: Buffer,
    private readonly cipher: ReturnType<typeof createCipheriv>,
    private readonly hmac: ReturnType<typeof createHmac>,
  ) {}

  /** With a salt of its own: no two entries may share a key stream. */
  static async create(password: string): Promise<AesEncryption> {
    const salt = randomBytes(SALT_BYTES)
    const keys = await derive(password, salt, ROUNDS, 2 * KEY_BYTES + VERIFIER_BYTES, 'sha1')
    const cipher = createCipheriv('aes-256-ecb', keys.subarray(0, KEY_BYTES), null)
    cipher.setAutoPadding(false)
    const hmac = createHmac('sha1', keys.subarray(KEY_BYTES, 2 * KEY_BYTES))
    return new AesEncryption(Buffer.concat([salt, keys.subarray(2 * KEY_BYTES)]), cipher, hmac)
  }

  update(bytes: Uint8Array): Buffer {
    const { byteLength } = bytes
    const words = new Uint32Array(Math.ceil(byteLength / 4))
    const key = new Uint32Array(words.length)
    const out = Buffer.from(words.buffer, 0, byteLength)
    out.set(bytes)
    this.keyStream(Buffer.from(key.buffer, 0, byteLength))
    // Four bytes at a time, which one by one would take four times as long.
    for (let at = 0; at < words.length; at++) words[at] = (words[at] ?? 0) ^ (key[at] ?? 0)
    this.hmac.update(out)
    return out
  }

  /** What stands behind the bytes. Nothing may follow. */
  finish(): Buffer {
    return this.hmac.digest().subarray(0, AUTHENTICATION_BYTES)
  }

  /** The next bytes of it; those of a block that was begun are kept for the next call. */
  private keyStream(target: Buffer): void {
    const kept = this.leftover.copy(target)
    this.leftover = this.leftover.subarray(kept)
    const blocks = Math.ceil((target.byteLength - kept) / BLOCK)
    if (blocks === 0) return
    const counters = Buffer.alloc(blocks * BLOCK)
    for (let block = 0; block < blocks; block++) {
      const number = this.counter++
      counters.writeUInt32LE(number % 0x1_0000_0000, block * BLOCK)
      counters.writeUInt32LE(Math.floor(number / 0x1_0000_0000), block * BLOCK + 4)
    }
    const stream = this.cipher.update(counters)
    this.leftover = stream.subarray(stream.copy(target, kept))
  }
}
