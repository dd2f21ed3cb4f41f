import type * as library from 'openpgp'
import type { PublicKey, Signature } from 'openpgp'
import type { ByteSource } from '../image'
import type { SignatureReport, TrustedKey } from './signed'

const CHUNK = 1 << 20
const ARMOUR = '-----BEGIN PGP '
const CLEAR_SIGNED = '-----BEGIN PGP SIGNED MESSAGE-----'

/** Loaded with the first signature: it takes longer than most checks. */
function openpgp(): Promise<typeof library> {
  return import('openpgp')
}

const KEY_BEGIN = '-----BEGIN PGP PUBLIC KEY BLOCK-----'
const KEY_END = '-----END PGP PUBLIC KEY BLOCK-----'
/** Blocks of one file that are read: nobody has as many keys. */
const BLOCKS_LIMIT = 256

/** Every public key in a file, armoured or not; empty where it holds none. What cannot be read of it is passed over. */
export async function readPgpKeys(bytes: Uint8Array): Promise<PublicKey[]> {
  const { readKeys } = await openpgp()
  const text = armoured(bytes)
  const read =
    text === null
      ? [readKeys({ binaryKeys: bytes })]
      : keyBlocksIn(text).map((armoredKeys) => readKeys({ armoredKeys }))
  const keys = await Promise.all(read.map((each) => each.catch(() => [])))
  return keys.flat().map((key) => key.toPublic())
}

/**
 * One key of two copies of it: what either says counts, above all that it is revoked, and the later word on when it ends.
 * @returns the first alone where the two cannot be joined
 */
export function joinedCopies(key: PublicKey, copy: PublicKey): Promise<PublicKey> {
  return key.update(copy).catch(() => key)
}

/** Armoured keys, each in a block of its own: makers' files hold one below the other. Each byte is looked at once. */
function keyBlocksIn(text: string): string[] {
  const blocks: string[] = []
  for (let at = text.indexOf(KEY_BEGIN); at >= 0 && blocks.length < BLOCKS_LIMIT; at = text.indexOf(KEY_BEGIN, at)) {
    const end = text.indexOf(KEY_END, at)
    if (end < 0) break
    // One that was cut off before the next begins is no part of that.
    blocks.push(text.slice(text.lastIndexOf(KEY_BEGIN, end), end + KEY_END.length))
    at = end
  }
  return blocks
}

/** What a signature is over, where it carries that itself: a list that is signed as text. */
export function isClearSigned(bytes: Uint8Array): boolean {
  return armoured(bytes)?.includes(CLEAR_SIGNED) ?? false
}

/** Null where the file is no signature. */
export async function readPgpSignature(bytes: Uint8Array): Promise<Signature | null> {
  const { readSignature } = await openpgp()
  const text = armoured(bytes)
  const signature =
    text === null ? readSignature({ binarySignature: bytes }) : readSignature({ armoredSignature: text })
  return signature.catch(() => null)
}

type Report = Omit<SignatureReport, 'name' | 'over'>

/**
 * Checks a signature over some bytes.
 * @returns a report for each key that has signed
 */
export async function checkPgp(
  signature: Signature,
  content: ByteSource,
  keys: readonly TrustedKey<PublicKey>[],
): Promise<Report[]> {
  const { createMessage, verify } = await openpgp()
  const message = await createMessage({ binary: streamOf(content) })
  const verificationKeys = keys.map(({ key }) => key)
  const verified = await verify({ message, signature, verificationKeys, format: 'binary' })
  // The bytes are summed as they are read to their end.
  const reader = (verified.data as unknown as ReadableStream<Uint8Array>).getReader()
  while (!(await reader.read()).done);
  return reportsOf(verified.signatures, keys)
}

/** As {@link checkPgp}, of a text that carries its signature. @returns with the text that is signed */
export async function checkClearSigned(
  bytes: Uint8Array,
  keys: readonly TrustedKey<PublicKey>[],
): Promise<{ text: string; reports: Report[] }> {
  const { readCleartextMessage, verify } = await openpgp()
  const message = await readCleartextMessage({ cleartextMessage: armoured(bytes) ?? '' })
  const { data, signatures } = await verify({ message, verificationKeys: keys.map(({ key }) => key) })
  return { text: data, reports: await reportsOf(signatures, keys) }
}

interface Verified {
  keyID: { toHex(): string }
  verified: Promise<unknown>
}

async function reportsOf(signatures: readonly Verified[], keys: readonly TrustedKey<PublicKey>[]): Promise<Report[]> {
  const reports: Report[] = []
  for (const { keyID, verified } of signatures) {
    const known = keys.find(({ key }) => key.getKeys().some((each) => each.getKeyID().equals(keyID as never)))
    const about = {
      fingerprint: known?.key.getFingerprint() ?? keyID.toHex(),
      signer: known === undefined ? '' : await ownerOf(known.key),
    }
    try {
      await verified
      // It was valid when the signature was made, or so that says: whoever has got hold of it since can write any date.
      await known?.key.getSigningKey(keyID as never)
      reports.push({ ...about, verdict: 'genuine', reason: '' })
    } catch (error) {
      const { message } = error as Error
      if (known === undefined) reports.push({ ...about, verdict: 'unknown-key', reason: '' })
      else if (/did not match|verification failed/i.test(message))
        reports.push({ ...about, verdict: 'bad', reason: 'What it signs has been changed.' })
      else reports.push({ ...about, verdict: 'not-valid', reason: reasonOf(message) })
    }
  }
  return reports
}

function reasonOf(message: string): string {
  if (/\brevoked\b/i.test(message)) return 'Its key has been revoked.'
  if (/\bkey is expired\b/i.test(message)) return 'Its key has expired.'
  return `${message.replace(/\.$/, '')}.`
}

async function ownerOf(key: PublicKey): Promise<string> {
  const primary = await key.getPrimaryUser().catch(() => null)
  return primary?.user.userID?.userID ?? key.users[0]?.userID?.userID ?? ''
}

function armoured(bytes: Uint8Array): string | null {
  const text = Buffer.from(bytes.subarray(0, 4096)).toString('latin1')
  return text.includes(ARMOUR) ? Buffer.from(bytes).toString('utf8') : null
}

function streamOf(content: ByteSource): ReadableStream<Uint8Array> {
  let at = 0
  return new ReadableStream({
    async pull(controller) {
      const bytes = await content.read(at, CHUNK)
      at += bytes.byteLength
      if (bytes.byteLength === 0) controller.close()
      else controller.enqueue(bytes)
    },
  })
}
