import type { ByteSource } from '../image'
import { checkEd25519, readEd25519Signature } from './ed25519-files'
import type { Keyring } from './keyring'
import { checkClearSigned, checkPgp, isClearSigned, readPgpSignature } from './openpgp-files'
import type { SignatureReport } from './signed'

/** A file that may be a signature, or carry one. */
export interface SignatureFile {
  name: string
  bytes: Uint8Array
}

/** What a signature may be over. */
export interface SignedFile {
  name: string
  content: ByteSource
}

/**
 * Checks what a file signs.
 * @param over null where the file must carry what it signs
 * @returns the reports, empty where the file is no signature, and the text that it carries
 */
export async function checkSignature(
  file: SignatureFile,
  over: SignedFile | null,
  keyring: Keyring,
): Promise<{ reports: SignatureReport[]; text: string | null }> {
  const first = await checkWith(file, over, keyring)
  if (!first.reports.some(({ verdict }) => verdict === 'unknown-key') || !(await keyring.addSystems())) return first
  return checkWith(file, over, keyring)
}

async function checkWith(
  { name, bytes }: SignatureFile,
  over: SignedFile | null,
  keyring: Keyring,
): Promise<{ reports: SignatureReport[]; text: string | null }> {
  const named = (report: Omit<SignatureReport, 'name' | 'over'>, what: string): SignatureReport => ({
    ...report,
    name,
    over: what,
  })
  if (isClearSigned(bytes)) {
    await keyring.addSystems()
    const { text, reports } = await checkClearSigned(bytes, keyring.pgp).catch(() => ({ text: null, reports: [] }))
    return { reports: reports.map((report) => named(report, name)), text }
  }
  const ed25519 = readEd25519Signature(bytes)
  if (ed25519 !== null) {
    const carried = ed25519.message
    if (carried === null && over === null) return { reports: [], text: null }
    const content = over?.content ?? {
      byteLength: 0,
      read: () => new Uint8Array(0),
      locate: () => null,
      close: () => undefined,
    }
    const report = await checkEd25519(ed25519, content, keyring.ed25519)
    return {
      reports: [named(report, carried === null ? (over?.name ?? name) : name)],
      text: carried?.toString('utf8') ?? null,
    }
  }
  if (over === null) return { reports: [], text: null }
  const signature = await readPgpSignature(bytes)
  if (signature === null) return { reports: [], text: null }
  await keyring.addSystems()
  const reports = await checkPgp(signature, over.content, keyring.pgp)
  return { reports: reports.map((report) => named(report, over.name)), text: null }
}
