import type { Check, VerifyReport } from '../../src-shared/model'
import type { SignatureReport } from '../trust'

/** Every signature that was found. */
export interface Signatures {
  /** Over the image, over lists beside it, or over the sums of the whole that it carries. */
  ofImage: SignatureReport[]
  /** Over lists that lie in it: they speak of those lists and of the files in them. */
  ofLists: SignatureReport[]
}

/** A signature by a key that nobody has named is only told of, unless somebody asked for one. */
export function withSignatures(
  { checks, verdict }: VerifyReport,
  { ofImage, ofLists }: Signatures,
  isGiven: boolean,
): VerifyReport {
  const told = [...ofImage.filter((one) => isGiven || isDecided(one)), ...ofLists.filter(isDecided)].map(checkOf)
  if (isGiven && ofImage.length === 0)
    told.push({
      kind: 'signature',
      verdict: 'failed',
      detail: 'There is no signature over the image, or over a list that has its sum.',
    })
  if (told.length === 0) return { checks, verdict }
  const isWell = verdict !== 'failed' && told.every((check) => check.verdict === 'passed')
  return { checks: [...checks, ...told], verdict: isWell ? 'passed' : 'failed' }
}

/** What is worth a line, and neither passes nor fails. */
export function unproven({ ofImage, ofLists }: Signatures, isGiven: boolean): string[] {
  return [...(isGiven ? [] : ofImage), ...ofLists]
    .filter((one) => !isDecided(one))
    .map((one) => `not proven  ${checkOf(one).detail}`)
}

function isDecided({ verdict }: SignatureReport): boolean {
  return verdict === 'genuine' || verdict === 'bad'
}

function checkOf({ verdict, name, over, signer, fingerprint, reason }: SignatureReport): Check {
  const what = name === over ? `“${over}”` : `“${name}” over “${over}”`
  const who = signer === '' ? `key ${fingerprint}` : `${signer} (key ${fingerprint})`
  if (verdict === 'genuine') return { kind: 'signature', verdict: 'passed', detail: `${what} is signed by ${who}.` }
  const why =
    verdict === 'unknown-key'
      ? 'Its key is none that is trusted; compare its fingerprint with the maker’s page.'
      : reason
  return { kind: 'signature', verdict: 'failed', detail: `${what}, signed by ${who}, is not genuine: ${why}` }
}
