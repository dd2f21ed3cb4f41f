import fs from 'node:fs'
import path from 'node:path'
import type { PublicKey } from 'openpgp'
import { readEd25519Key, type Ed25519Key } from './ed25519-files'
import { readPgpKeys } from './openpgp-files'
import type { TrustedKey } from './signed'

/** A keyring is no longer; in bytes. */
const KEYRING_LIMIT = 16 << 20
/** Where systems keep the keys of whom they take their packages from. */
const SYSTEM_FOLDERS = [
  '/usr/share/keyrings',
  '/etc/apt/trusted.gpg.d',
  '/etc/apt/keyrings',
  '/etc/pki/rpm-gpg',
  '/etc/signify',
]

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
   * @throws {NoKeyError} for one that holds no key; the system's error for one that cannot be read
   */
  static async of(files: readonly string[]): Promise<Keyring> {
    const keyring = new Keyring()
    for (const file of files)
      if (!(await keyring.add(file)))
        throw new NoKeyError(`“${file}” holds no public key of OpenPGP, signify or minisign.`)
    return keyring
  }

  /** Adds the keys of the system, once: only for a signature whose key nobody has named. */
  async addSystems(): Promise<void> {
    if (this.hasSystems) return
    this.hasSystems = true
    for (const folder of SYSTEM_FOLDERS)
      for (const name of namesIn(folder)) await this.add(path.join(folder, name)).catch(() => false)
  }

  /** @returns whether it holds any */
  private async add(file: string): Promise<boolean> {
    if (fs.statSync(file).size > KEYRING_LIMIT) return false
    const bytes = fs.readFileSync(file)
    const from = path.basename(file)
    const ed25519 = readEd25519Key(bytes.toString('utf8'))
    if (ed25519 !== null) this.ed25519.push({ key: ed25519, from })
    const keys = ed25519 === null ? await readPgpKeys(bytes) : []
    for (const key of keys) this.pgp.push({ key, from })
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
