import fs from 'node:fs'
import path from 'node:path'
import { PlainFileError, readPlainFile } from '../files/plain-file'
import { MemoryByteSource, type ByteSource } from '../image'
import { imageSumsIn } from '../image/sums/image-sums'
import { checkSignature } from './check-signatures'
import type { Keyring } from './keyring'
import type { SignatureReport } from './signed'

const ENDINGS = ['.asc', '.sig', '.gpg', '.sign', '.minisig']
/** A signature, or a list that carries one, is no longer; in bytes. */
const FILE_LIMIT = 4 << 20

/** What is to be looked at for signatures. */
export interface SignatureRequest {
  imagePath: string
  /** The bytes of the image's file. */
  image: ByteSource
  /** Names of the lists beside the image that have a sum of it. */
  lists: readonly string[]
  /** A signature that a person has named; null: what lies beside counts alone. */
  given: string | null
  /** Only the one that is named counts, whatever lies beside the image. */
  isAlone?: boolean
  keyring: Keyring
}

/**
 * The signatures over an image, and over the lists that have its sum: those that lie beside it, and one that is named. A
 * signed list that does not name the image says nothing of it, however genuine it is.
 * @throws {PlainFileError} where the one that is named is no file, or too long to be one; the system's error where it
 *   cannot be read
 */
export async function findSignatures(request: SignatureRequest): Promise<SignatureReport[]> {
  const { imagePath, lists, given } = request
  const folder = path.dirname(imagePath)
  const image = path.basename(imagePath)
  const reports: SignatureReport[] = []
  if (given !== null) {
    const bytes = readPlainFile(given, FILE_LIMIT)
    reports.push(...(await checkFile(request, given, bytes, signedBy(given, image))))
  }
  for (const over of request.isAlone === true ? [] : [image, ...lists]) {
    const names = [...ENDINGS.map((ending) => over + ending), ...(over === image ? [] : [over])]
    for (const name of names) {
      const file = path.join(folder, name)
      const bytes = given !== null && path.resolve(given) === path.resolve(file) ? null : readShort(file)
      if (bytes !== null)
        reports.push(...(await checkFile(request, file, bytes, over === name ? null : path.join(folder, over))))
    }
  }
  return reports
}

/** The file that a signature is over, by its name; the image where no other lies beside it. */
function signedBy(signature: string, image: string): string | null {
  const name = path.basename(signature)
  const ending = ENDINGS.find((each) => name.endsWith(each))
  const over = ending === undefined ? '' : name.slice(0, -ending.length)
  const beside = path.join(path.dirname(signature), over)
  return over === '' || over === image || !fs.existsSync(beside) ? image : beside
}

/** @param over the file that is signed; null where the signature carries it */
async function checkFile(
  { imagePath, image, keyring }: SignatureRequest,
  file: string,
  bytes: Uint8Array,
  over: string | null,
): Promise<SignatureReport[]> {
  const imageName = path.basename(imagePath)
  const isOverImage = over !== null && path.basename(over) === imageName
  const list = over === null || isOverImage ? null : readShort(over)
  const content = isOverImage ? image : list === null ? null : new MemoryByteSource(list)
  const signed = content === null || over === null ? null : { name: path.basename(over), content }
  const { reports, text } = await checkSignature({ name: path.basename(file), bytes }, signed, keyring)
  if (isOverImage && text === null) return reports
  // Only what is signed counts, not what stands around it.
  const said = text ?? (list === null ? '' : Buffer.from(list).toString('utf8'))
  const names = imageSumsIn(said, signed?.name ?? path.basename(file), imageName).length > 0
  if (names) return reports
  return reports.map((report) =>
    report.verdict === 'genuine'
      ? { ...report, verdict: 'not-valid', reason: 'What it signs does not name the image.' }
      : report,
  )
}

function readShort(file: string): Buffer | null {
  try {
    return readPlainFile(file, FILE_LIMIT)
  } catch (error) {
    const { code } = error as { code?: string }
    if (error instanceof PlainFileError || code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return null
    throw error
  }
}
