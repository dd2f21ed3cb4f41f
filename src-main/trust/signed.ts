/** What came of a signature. Whole and genuine are two things: only `genuine` says who made it. */
export type SignatureVerdict = 'genuine' | 'unknown-key' | 'bad' | 'not-valid'

/** A signature over a list of sums, or over the image itself. */
export interface SignatureReport {
  verdict: SignatureVerdict
  /** The file that holds it. */
  name: string
  /** The file that it is over. */
  over: string
  /** Of the key, in hexadecimal; its short number where nothing longer is said. */
  fingerprint: string
  /** Whom the key says that it belongs to; empty where the key is not known. */
  signer: string
  /** Why it is not genuine, or what else there is to say; a sentence. */
  reason: string
}

/** A key that counts, and where it was found. */
export interface TrustedKey<Key> {
  key: Key
  /** The file that it was in. */
  from: string
}
