import { createHash, createPublicKey, verify } from 'node:crypto'
import type { ByteSource } from '../image'
import type { SignatureReport, TrustedKey } from './signed'

/** In front of a raw Ed25519 key: SubjectPublicKeyInfo (RFC 8410, 4). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')
const NUMBER_LENGTH = 8
const KEY_LENGTH = 2 + NUMBER_LENGTH + 32
const SIGNATURE_LENGTH = 2 + NUMBER_LENGTH + 64
const COMMENT = 'untrusted comment:'
const TRUSTED = 'trusted comment: '
/** What is signed without being hashed first must be had at once. */
const MESSAGE_LIMIT = 64 << 20
const CHUNK = 1 << 20

/** A public key as signify and minisign write it. */
export interface Ed25519Key {
  /** Eight bytes, as hexadecimal: which of somebody's keys it is. */
  number: string
  raw: Uint8Array
}

/** The key in a file of signify or minisign; null where it holds none. */
export function readEd25519Key(text: string): Ed25519Key | null {
  const [line = ''] = text.split(/\r?\n/).filter((each) => each !== '' && !each.startsWith(COMMENT))
  const bytes = Buffer.from(line.trim(), 'base64')
  if (bytes.byteLength !== KEY_LENGTH || bytes.toString('latin1', 0, 2) !== 'Ed') return null
  return { number: bytes.toString('hex', 2, 2 + NUMBER_LENGTH), raw: bytes.subarray(2 + NUMBER_LENGTH) }
}

/** A signature file of signify or minisign. */
export interface Ed25519Signature {
  number: string
  /** minisign signs BLAKE2b-512 of what it signs, unless it is told otherwise; signify the bytes. */
  isHashed: boolean
  raw: Uint8Array
  /** minisign's comment that is signed with it, and the signature over both; null without. */
  trusted: { comment: string; raw: Uint8Array } | null
  /** What signify has put behind it, with the signature in one file (`-e`); null without. */
  message: Buffer | null
}

/** Null where the file is none. */
export function readEd25519Signature(bytes: Uint8Array): Ed25519Signature | null {
  const file = Buffer.from(bytes)
  const text = file.toString('latin1')
  if (!text.startsWith(COMMENT)) return null
  const first = text.indexOf('\n') + 1
  const second = text.indexOf('\n', first) + 1
  if (first === 0 || second === 0) return null
  const raw = Buffer.from(text.slice(first, second).trim(), 'base64')
  const algorithm = raw.toString('latin1', 0, 2)
  if (raw.byteLength !== SIGNATURE_LENGTH || (algorithm !== 'Ed' && algorithm !== 'ED')) return null
  const [comment = '', whole = ''] = file.toString('utf8', second).split(/\r?\n/)
  const isMinisign = comment.startsWith(TRUSTED)
  const rest = file.subarray(second)
  return {
    number: raw.toString('hex', 2, 2 + NUMBER_LENGTH),
    isHashed: algorithm === 'ED',
    raw: raw.subarray(2 + NUMBER_LENGTH),
    trusted: isMinisign ? { comment: comment.slice(TRUSTED.length), raw: Buffer.from(whole.trim(), 'base64') } : null,
    message: isMinisign || rest.byteLength === 0 ? null : rest,
  }
}

/**
 * Whether a signature is of one of the keys over some bytes.
 * @param content what was signed; what the signature carries itself counts instead, where it does
 */
export async function checkEd25519(
  { number, isHashed, raw, trusted, message }: Ed25519Signature,
  content: ByteSource,
  keys: readonly TrustedKey<Ed25519Key>[],
): Promise<Omit<SignatureReport, 'name' | 'over'>> {
  const known = keys.find(({ key }) => key.number === number)
  const about = { fingerprint: numberAsShown(number), signer: '', reason: '' }
  if (known === undefined) return { ...about, verdict: 'unknown-key' }
  const signed = isHashed ? await blake2b(content) : (message ?? (await wholeOf(content)))
  if (signed === null) return { ...about, verdict: 'not-valid', reason: 'It is too long for a signature of this kind.' }
  const signer = known.from
  if (!isSigned(known.key, signed, raw))
    return { ...about, signer, verdict: 'bad', reason: 'What it signs has been changed.' }
  if (trusted !== null && !isSigned(known.key, Buffer.concat([raw, Buffer.from(trusted.comment, 'utf8')]), trusted.raw))
    return { ...about, signer, verdict: 'bad', reason: 'Its comment has been changed.' }
  return { ...about, signer, verdict: 'genuine', reason: trusted?.comment ?? '' }
}

/** As minisign prints it: the bytes from the last to the first. */
export function numberAsShown(number: string): string {
  return Buffer.from(number, 'hex').reverse().toString('hex').toUpperCase()
}

function isSigned({ raw }: Ed25519Key, message: Uint8Array, signature: Uint8Array): boolean {
  const key = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, raw]), format: 'der', type: 'spki' })
  return verify(null, message, key, signature)
}

async function blake2b(content: ByteSource): Promise<Uint8Array> {
  const hash = createHash('blake2b512')
  for (let at = 0; at < content.byteLength;) {
    const bytes = await content.read(at, CHUNK)
    if (bytes.byteLength === 0) break
    hash.update(bytes)
    at += bytes.byteLength
  }
  return hash.digest()
}

async function wholeOf(content: ByteSource): Promise<Uint8Array | null> {
  return content.byteLength > MESSAGE_LIMIT ? null : content.read(0, content.byteLength)
}
