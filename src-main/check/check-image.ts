import path from 'node:path'
import { isConsistency, type Check, type VerifyReport } from '../../src-shared/model'
import { openEccBeside } from '../files/ecc-beside'
import { findPiecesBeside } from '../files/pieces-beside'
import { findMuteLists, findSumsBeside } from '../files/sums-beside'
import type { ByteSource, DiscImage } from '../image'
import type { ByteMap } from '../image/core/byte-map'
import type { ImageSum } from '../image/sums/image-sums'
import type { Control } from '../task'
import { findMediaSignature, findSignatures, findSignaturesInside, Keyring, type SignatureReport } from '../trust'
import { damageIn, mapOf, type DamagedRange } from '../verify/verified-map'
import { verifyImage } from '../verify/verify'
import { withSignatures, type Signatures } from './signatures'

/** What is to be checked, and by what. */
export interface CheckRequest {
  image: DiscImage
  /** The bytes of the file that the image lies in. */
  file: ByteSource
  /** Where that file lies; null where nothing beside it counts: a dropped one, an image inside another, by wish. */
  path: string | null
  /** For sentences, where there is no path. */
  name: string
  viewId: string
  /** Looks into files that carry sums of their own content. */
  isDeep: boolean
  /** What a person has given for the whole file. */
  sums: readonly ImageSum[]
  /** A signature that a person has named. */
  signature: string | null
  /** Files of keys that were named for this, and those that were added before. */
  keys: readonly string[]
  storedKeys: readonly string[]
}

/** Everything that can be said of whether an image is whole, and genuine. */
export interface Checked extends VerifyReport {
  signatures: Signatures
  /** Of the image's blocks. */
  map: ByteMap
  damage: DamagedRange[]
}

/**
 * Makes every check: what the image carries, what lies beside it, and who has signed it.
 * @throws {NoKeyError} for a named file of keys without any; the system's error for one, or a signature, that cannot be
 *   read; whatever `control.checkpoint` throws
 */
export async function checkImage(request: CheckRequest, control: Control): Promise<Checked> {
  const { image, file, path: beside, viewId, isDeep } = request
  const keyring = await Keyring.of(request.keys, request.storedKeys)
  const lists = beside === null ? [] : findSumsBeside(beside)
  const pieces = beside === null ? null : findPiecesBeside(beside)
  const ecc = beside === null ? null : openEccBeside(beside)
  try {
    const sums = [...request.sums, ...lists.filter(({ from }) => !request.sums.some((given) => given.from === from))]
    const whole = {
      file,
      sums: [...sums, ...(pieces?.sums ?? [])],
      pieces: pieces?.pieces ?? [],
      problems: [...(pieces?.problems ?? []), ...(beside === null ? [] : findMuteLists(beside))],
      ecc,
    }
    const verified = await verifyImage(image, viewId, control, whole, { isDeep })
    const table = await image.view(viewId).readTree()
    const ofLists = await findSignaturesInside(table, keyring)
    const signatures = { ofImage: await ofImage(request, keyring, sums), ofLists }
    const map = mapOf(verified, image)
    const isAsked = request.signature !== null || request.keys.length > 0
    return { ...withSignatures(verified, signatures, isAsked), signatures, map, damage: damageIn(map, table) }
  } finally {
    ecc?.close()
  }
}

async function ofImage(
  { image, file, path: beside, name, signature }: CheckRequest,
  keyring: Keyring,
  sums: readonly ImageSum[],
): Promise<SignatureReport[]> {
  const carried = await findMediaSignature(image.blocks, name, keyring)
  if (beside === null && signature === null) return carried
  const lists = beside === null ? [] : [...new Set(sums.flatMap(({ from }) => from ?? []))]
  // Where nothing beside it counts, it still has a name that a signature may be over.
  const imagePath = beside ?? path.resolve(name)
  const isAlone = beside === null
  const found = await findSignatures({ imagePath, image: file, lists, given: signature, isAlone, keyring })
  return [...found, ...carried]
}

/** What a check that passes says. */
export type Proves = 'consistency' | 'integrity' | 'authenticity'

export function provenBy({ kind }: Check): Proves {
  if (kind === 'signature') return 'authenticity'
  return isConsistency(kind) ? 'consistency' : 'integrity'
}
