import { execFile } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { PublicKey } from 'openpgp'
import { readPlainFile } from '../files/plain-file'
import { readEd25519Key, type Ed25519Key } from './ed25519-files'
import { joinedCopies, readPgpKeys } from './openpgp-files'
import type { TrustedKey } from './signed'

/** A keyring is no longer; in bytes. */
const KEYRING_LIMIT = 16 << 20
/** Where systems keep the keys of whom they take their packages from. */
const SYSTEM_FOLDERS = [
  '/usr/share/keyrings',
  '/etc/apt/trusted.gpg.d',
  '/etc/apt/keyrings',
  '/etc/pki/rpm-gpg',
  '/usr/lib/rpm/gnupg/keys',
  '/etc/signify',
]

/** Where GnuPG is; never looked for by PATH, which a folder could answer. */
const GNUPG_PLACES = ['/usr/bin/gpg', '/usr/local/bin/gpg', '/opt/homebrew/bin/gpg']
const GNUPG_TIMEOUT = 10_000

/** A file that was named for its keys has none. */
export class NoKeyError extends Error {
  override readonly name = 'NoKeyError'
}

/** The keys that count: a key that comes with an image, or lies beside it, proves nothing. */
export class Keyring {
  readonly pgp: TrustedKey<PublicKey>[] = []
  readonly ed25519: TrustedKey<Ed25519Key>[] = []
  private hasSystems = false

  /**
   * @param files of keys that a person has named
   * @param stored of keys that a person has added before; one that cannot be read is passed over
   * @throws {NoKeyError} for one that holds no key; {PlainFileError} for what is no file, or too long; the system's error
   *   for one that cannot be read
   */
  static async of(files: readonly string[], stored: readonly string[] = []): Promise<Keyring> {
    const keyring = new Keyring()
    for (const file of stored) await keyring.add(file).catch(() => false)
    for (const file of files)
      if (!(await keyring.add(file)))
        throw new NoKeyError(`“${file}” holds no public key of OpenPGP, signify or minisign.`)
    return keyring
  }

  /**
   * Adds the keys of the system and of GnuPG, once: for every signature of OpenPGP, whose key may be revoked in any of
   * them, and for another whose key nobody has named.
   * @returns whether they were not there before
   */
  async addSystems(): Promise<boolean> {
    if (this.hasSystems) return false
    this.hasSystems = true
    for (const folder of SYSTEM_FOLDERS)
      for (const name of namesIn(folder)) await this.add(path.join(folder, name)).catch(() => false)
    for (const key of await readPgpKeys(await exportedByGnupg())) await this.addPgp(key, 'GnuPG')
    return true
  }

  /** Adds a key once, however many copies of it there are: one that is revoked in any of them is revoked. */
  private async addPgp(key: PublicKey, from: string): Promise<void> {
    const known = this.pgp.find((each) => each.key.getFingerprint() === key.getFingerprint())
    if (known === undefined) this.pgp.push({ key, from })
    else known.key = await joinedCopies(known.key, key)
  }

  /** @returns whether it holds any */
  private async add(file: string): Promise<boolean> {
    const bytes = readPlainFile(file, KEYRING_LIMIT)
    const from = path.basename(file)
    const ed25519 = readEd25519Key(bytes.toString('utf8'))
    if (ed25519 !== null) this.ed25519.push({ key: ed25519, from })
    const keys = ed25519 === null ? await readPgpKeys(bytes) : []
    for (const key of keys) await this.addPgp(key, from)
    return ed25519 !== null || keys.length > 0
  }
}

function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder).sort()
  } catch {
    return []
  }
}

/**
 * The keys of GnuPG that the person has found valid there, and those that are revoked: one that was only imported
 * proves nothing. Empty without any.
 */
async function exportedByGnupg(): Promise<Buffer> {
  const home = process.env.GNUPGHOME ?? path.join(os.homedir(), '.gnupg')
  const program = GNUPG_PLACES.find((place) => fs.existsSync(place))
  // GnuPG would make its folder, which is not ours to make.
  if (program === undefined || !fs.existsSync(home)) return Buffer.alloc(0)
  const listed = await run(program, ['--batch', '--no-autostart', '--with-colons', '--list-keys'])
  const wanted = keysThatCount(listed.toString('utf8'))
  if (wanted.length === 0) return Buffer.alloc(0)
  return run(program, ['--batch', '--no-autostart', '--export', ...wanted])
}

/**
 * Fingerprints of the primary keys that are fully or ultimately valid, or revoked (GnuPG, doc/DETAILS, “Format of the
 * colon listings”): no signature is genuine by one that is revoked, and a copy from elsewhere may not say so.
 */
export function keysThatCount(listing: string): string[] {
  const found: string[] = []
  let isWanted = false
  for (const line of listing.split('\n')) {
    const fields = line.split(':')
    if (fields[0] === 'pub') isWanted = /^[fur]$/.test(fields[1] ?? '')
    else if (fields[0] === 'fpr' && isWanted) {
      const fingerprint = fields[9] ?? ''
      if (/^[0-9A-F]{32,64}$/i.test(fingerprint)) found.push(fingerprint)
      isWanted = false
    }
  }
  return found
}

function run(program: string, args: string[]): Promise<Buffer> {
  return new Promise((resolve) => {
    const options = { encoding: 'buffer' as const, timeout: GNUPG_TIMEOUT, maxBuffer: KEYRING_LIMIT, windowsHide: true }
    execFile(program, args, options, (error, output) => {
      resolve(error ? Buffer.alloc(0) : output)
    })
  })
}
