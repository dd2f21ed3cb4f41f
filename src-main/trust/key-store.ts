import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { makeFolders } from '../sinks/make-folders'
import { readPlainFile, readPlainFileOrNothing } from '../files/plain-file'
import { numberAsShown, readEd25519Key } from './ed25519-files'
import { joinedCopies, readPgpKeys } from './openpgp-files'

/** A key file is no longer; in bytes. */
const KEY_LIMIT = 16 << 20
/** Digits of a number that name a key of somebody who has others: as many as `gpg` shows of a short one, doubled. */
const FEWEST_DIGITS = 8

/** A key that a person trusts. */
export interface StoredKey {
  /** In hexadecimal: of OpenPGP its fingerprint; of signify and minisign its number. */
  fingerprint: string
  /** Whom it says that it belongs to; empty where it does not say. */
  owner: string
  kind: 'openpgp' | 'ed25519'
  /** The file in the profile that holds it. */
  file: string
}

/** The keys that a person has added: a folder of files, one for each key. */
export class KeyStore {
  /** @param folder need not be there until a key is added */
  constructor(private readonly folder: string) {}

  /** Every file of a key, for the keyring. */
  files(): string[] {
    return namesIn(this.folder).map((name) => path.join(this.folder, name))
  }

  async list(): Promise<StoredKey[]> {
    const keys: StoredKey[] = []
    for (const file of this.files())
      keys.push(...(await keysIn(readPlainFileOrNothing(file, KEY_LIMIT), file)).map(({ key }) => key))
    return keys
  }

  /**
   * Takes over every key that a file holds, or the one that a person has compared. One that already exists is joined
   * with it: it may have been renewed, or revoked.
   * @param only the fingerprint of that one
   * @returns the keys; empty where the file holds none
   * @throws {PlainFileError} where it is no file, or too long to be one; the system's error where it cannot be read
   */
  async add(file: string, only: string | null = null): Promise<StoredKey[]> {
    const all = await keysIn(readPlainFile(file, KEY_LIMIT), '')
    const found = all.filter(({ key }) => only === null || key.fingerprint === only)
    if (found.length > 0) makeFolders(this.folder, 0o700)
    const added: StoredKey[] = []
    for (const { key, text } of found) {
      const target = path.join(this.folder, `${key.fingerprint}${key.kind === 'openpgp' ? '.asc' : '.pub'}`)
      const hidden = `${target}.${process.pid}.new`
      fs.writeFileSync(hidden, key.kind === 'openpgp' ? await joinedWith(target, text) : text, { mode: 0o600 })
      fs.renameSync(hidden, target)
      added.push({ ...key, file: target })
    }
    return added
  }

  /** Removes the key whose fingerprint ends with these digits, of which there must be eight at least and one key alone. */
  async remove(digits: string): Promise<StoredKey | 'none' | 'several'> {
    const wanted = digits.replaceAll(/[\s:]|^0x/gi, '').toLowerCase()
    if (wanted.length < FEWEST_DIGITS || !/^[0-9a-f]+$/.test(wanted)) return 'none'
    const found = (await this.list()).filter(({ fingerprint }) => fingerprint.endsWith(wanted))
    const [key] = found
    if (key === undefined) return 'none'
    if (found.length > 1) return 'several'
    fs.rmSync(key.file)
    return key
  }
}

/** A key with what the copy of it in a file says of it besides. */
async function joinedWith(file: string, text: string): Promise<string> {
  const [key] = await readPgpKeys(Buffer.from(text))
  const [kept] = fs.existsSync(file) ? await readPgpKeys(readPlainFileOrNothing(file, KEY_LIMIT)) : []
  return key === undefined || kept === undefined ? text : (await joinedCopies(key, kept)).armor()
}

/** A key as it lies in a file: with the text that is kept of it, and the numbers that signatures name it by. */
interface FoundKey {
  key: StoredKey
  text: string
  numbers: string[]
}

/** Every public key in a file; empty where it holds none. */
export async function keysIn(bytes: Buffer, file: string): Promise<FoundKey[]> {
  const text = bytes.toString('utf8')
  const ed25519 = readEd25519Key(text)
  if (ed25519 !== null) {
    const owner = /^untrusted comment: (.*)$/m.exec(text)?.[1]?.trim() ?? ''
    // Numbers are chosen at will: two keys of one number are two keys.
    const own = createHash('sha256').update(ed25519.raw).digest('hex').slice(0, 16)
    const key = { fingerprint: `${own}${ed25519.number}`, owner, kind: 'ed25519' as const, file }
    return [{ key, text, numbers: [numberAsShown(ed25519.number).toLowerCase()] }]
  }
  return (await readPgpKeys(bytes)).map((each) => ({
    key: {
      fingerprint: each.getFingerprint().toLowerCase(),
      owner: each.users[0]?.userID?.userID ?? '',
      kind: 'openpgp' as const,
      file,
    },
    text: each.armor(),
    numbers: each.getKeys().map((part) => part.getKeyID().toHex()),
  }))
}

function namesIn(folder: string): string[] {
  try {
    return fs
      .readdirSync(folder)
      .filter((name) => /\.(?:asc|pub)$/.test(name))
      .sort()
  } catch {
    return []
  }
}
