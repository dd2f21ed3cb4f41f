import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import * as openpgp from 'openpgp'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { findOfferedKeys, findSignatures, Keyring, KeyStore } from '../../../src-main/trust'
import { MemoryByteSource } from '../../../src-main/image'
import { buildIso } from '../../images/iso-builder'
import { isolde } from '../cli/command-line'
import { temporaryFolder } from '../support'

const { bytes } = buildIso([{ name: 'ONE.TXT;1', data: 'one' }])
const sha256 = createHash('sha256').update(bytes).digest('hex')

let maker: openpgp.PrivateKey
let stranger: openpgp.PrivateKey
beforeAll(async () => {
  const generate = async (name: string): Promise<openpgp.PrivateKey> => {
    const userIDs = [{ name, email: `${name.toLowerCase()}@example.org` }]
    return (await openpgp.generateKey({ userIDs, format: 'object' })).privateKey
  }
  maker = await generate('Maker')
  stranger = await generate('Stranger')
})

let folder: string
let image: string
beforeEach(() => {
  folder = temporaryFolder()
  image = path.join(folder, 'x.iso')
  fs.writeFileSync(image, bytes)
  put('maker.asc', maker.toPublic().armor())
})

function put(name: string, content: string | Uint8Array): string {
  const file = path.join(folder, name)
  fs.writeFileSync(file, content)
  return file
}

async function detached(content: string | Uint8Array, key = maker): Promise<string> {
  const message = await openpgp.createMessage({ binary: Buffer.from(content) })
  return (await openpgp.sign({ message, signingKeys: key, detached: true })) as string
}

async function clearSigned(text: string, key = maker): Promise<string> {
  return openpgp.sign({ message: await openpgp.createCleartextMessage({ text }), signingKeys: key })
}

/** What is said of each signature. @param lists beside the image that name it */
async function verdicts(lists: string[] = [], keys = ['maker.asc']): Promise<string[]> {
  const keyring = await Keyring.of(keys.map((name) => path.join(folder, name)))
  const request = { imagePath: image, image: new MemoryByteSource(fs.readFileSync(image)), lists, given: null, keyring }
  return (await findSignatures(request)).map(({ verdict, over }) => `${over}: ${verdict}`)
}

describe('OpenPGP', () => {
  it('over the image and over a list that names it is genuine by a key that counts, and by no other', async () => {
    put('x.iso.sig', await detached(bytes))
    const list = `${sha256}  x.iso\n`
    put('SHA256SUMS', list)
    put('SHA256SUMS.gpg', await detached(list))
    expect(await verdicts(['SHA256SUMS'])).toEqual(['x.iso: genuine', 'SHA256SUMS: genuine'])
    put('stranger.asc', stranger.toPublic().armor())
    expect(await verdicts(['SHA256SUMS'], ['stranger.asc'])).toEqual(['x.iso: unknown-key', 'SHA256SUMS: unknown-key'])
    fs.appendFileSync(path.join(folder, 'SHA256SUMS'), ' ')
    expect(await verdicts(['SHA256SUMS'])).toEqual(['x.iso: genuine', 'SHA256SUMS: bad'])
    fs.appendFileSync(image, 'x')
    expect(await verdicts()).toEqual(['x.iso: bad'])
  })

  it('in a list counts for what it signs, not for what stands around it', async () => {
    put('SHA256SUMS', await clearSigned(`${sha256}  x.iso\n`))
    expect(await verdicts(['SHA256SUMS'])).toEqual(['SHA256SUMS: genuine'])
    put('SHA256SUMS', `${sha256}  x.iso\n${await clearSigned(`${sha256}  other.iso\n`)}`)
    expect(await verdicts(['SHA256SUMS'])).toEqual(['SHA256SUMS: not-valid'])
  })

  it('is by any of the keys in a file, also where one of them cannot be read', async () => {
    put('x.iso.sig', await detached(bytes))
    const broken = '-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n\0\0mQEN\n-----END PGP PUBLIC KEY BLOCK-----\n'
    put('KEYS.asc', stranger.toPublic().armor() + broken + maker.toPublic().armor())
    expect(await verdicts([], ['KEYS.asc'])).toEqual(['x.iso: genuine'])
    const store = new KeyStore(path.join(folder, 'keys'))
    const own = maker.getFingerprint()
    // Of a file of several the one that was compared, and no other.
    expect((await store.add(path.join(folder, 'KEYS.asc'), own)).map((key) => key.fingerprint)).toEqual([own])
    expect((await store.list()).map((key) => key.fingerprint)).toEqual([own])
    expect(await store.add(path.join(folder, 'KEYS.asc'), 'f'.repeat(40))).toEqual([])
  })

  it('is not genuine where any copy of its key is revoked, whichever comes first, also in the profile', async () => {
    put('x.iso.sig', await detached(bytes))
    const { publicKey } = await openpgp.revokeKey({ key: maker, format: 'object' })
    put('revoked.asc', publicKey.armor())
    for (const keys of [['maker.asc', 'revoked.asc'], ['revoked.asc', 'maker.asc'], ['revoked.asc']])
      expect(await verdicts([], keys)).toEqual(['x.iso: not-valid'])
    put('both.gpg', Buffer.concat([maker.toPublic().write(), publicKey.write()]))
    expect(await verdicts([], ['both.gpg'])).toEqual(['x.iso: not-valid'])
    const store = new KeyStore(path.join(folder, 'keys'))
    for (const name of ['revoked.asc', 'maker.asc']) await store.add(path.join(folder, name))
    const [kept = ''] = store.files()
    expect(await verdicts([], [path.relative(folder, kept)])).toEqual(['x.iso: not-valid'])
  })

  it('is not genuine where its key has expired since, and says so', async () => {
    const date = new Date(Date.now() - 1000 * 86_400_000)
    const userIDs = [{ name: 'Old', email: 'old@example.org' }]
    const made = { userIDs, date, format: 'object' as const }
    const { privateKey: old } = await openpgp.generateKey({ ...made, keyExpirationTime: 30 * 86_400 })
    const message = await openpgp.createMessage({ binary: bytes, date })
    put('x.iso.sig', (await openpgp.sign({ message, signingKeys: old, detached: true, date })) as string)
    const keyring = await Keyring.of([put('old.asc', old.toPublic().armor())])
    const request = { imagePath: image, image: new MemoryByteSource(bytes), lists: [], given: null, keyring }
    const reports = await findSignatures(request)
    expect(reports).toMatchObject([{ verdict: 'not-valid', reason: 'Its key has expired.' }])
  })

  it('is looked for once in each byte of a file, however often a key seems to begin', async () => {
    put('x.iso.sig', await detached(bytes))
    const begins = '-----BEGIN PGP PUBLIC KEY BLOCK-----\n'
    put('begins.asc', begins.repeat(200_000))
    await expect(verdicts([], ['begins.asc'])).rejects.toThrow('holds no public key')
    put('cut.asc', begins.repeat(200_000) + maker.toPublic().armor())
    expect(await verdicts([], ['cut.asc'])).toEqual(['x.iso: genuine'])
  })

  it('beside the image is offered by the number that its signature names', async () => {
    put('x.iso.sig', await detached(bytes))
    const keyring = await Keyring.of([])
    const request = { imagePath: image, image: new MemoryByteSource(bytes), lists: [], given: null, keyring }
    const [report] = await findSignatures(request)
    expect(report).toMatchObject({ verdict: 'unknown-key', signer: '' })
    expect((await findOfferedKeys(image)).get(report!.fingerprint)).toEqual({
      path: path.join(folder, 'maker.asc'),
      fingerprint: maker.getFingerprint(),
      owner: 'Maker <maker@example.org>',
    })
  })

  it('that is nothing of the kind says nothing', async () => {
    for (const junk of [
      '',
      'hello',
      '-----BEGIN PGP SIGNATURE-----\n\nabc\n',
      '-----BEGIN PGP SIGNED MESSAGE-----\n\0',
    ])
      put(`x.iso.${junk.length % 2 === 0 ? 'asc' : 'gpg'}`, junk)
    expect(await verdicts()).toEqual([])
    put('empty.asc', 'no key')
    await expect(verdicts([], ['empty.asc'])).rejects.toThrow('holds no public key')
  })
})

describe('signify and minisign', () => {
  const NUMBER = Buffer.from('0102030405060708', 'hex')
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const line = (algorithm: string, body: Buffer): string =>
    Buffer.concat([Buffer.from(algorithm), NUMBER, body]).toString('base64')
  const raw = (key: KeyObject): Buffer => key.export({ format: 'der', type: 'spki' }).subarray(-32)
  const signed = (content: Uint8Array): Buffer => sign(null, content, privateKey)

  beforeEach(() => {
    put('maker.pub', `untrusted comment: somebody\n${line('Ed', raw(publicKey))}\n`)
  })

  it('of minisign, hashed first, with a comment that is signed with it', async () => {
    const one = signed(createHash('blake2b512').update(bytes).digest())
    const file = (comment: string): string =>
      `untrusted comment: x\n${line('ED', one)}\ntrusted comment: ${comment}\n${signed(Buffer.concat([one, Buffer.from('made today')])).toString('base64')}\n`
    put('x.iso.minisig', file('made today'))
    expect(await verdicts([], ['maker.pub'])).toEqual(['x.iso: genuine'])
    expect(await verdicts()).toEqual(['x.iso: unknown-key'])
    put('x.iso.minisig', file('made yesterday'))
    expect(await verdicts([], ['maker.pub'])).toEqual(['x.iso: bad'])
  })

  it('of signify, beside a list or in one file with it', async () => {
    const list = `SHA256 (x.iso) = ${sha256}\n`
    put('SHA256', list)
    put('SHA256.sig', `untrusted comment: x\n${line('Ed', signed(Buffer.from(list)))}\n${list}`)
    expect(await verdicts(['SHA256'], ['maker.pub'])).toEqual(['SHA256.sig: genuine'])
    put(
      'SHA256.sig',
      `untrusted comment: x\n${line('Ed', signed(Buffer.from(list)))}\n${list.replace('x.iso', 'y.iso')}`,
    )
    expect(await verdicts(['SHA256'], ['maker.pub'])).toEqual(['SHA256.sig: bad'])
    put('SHA256.sig', `untrusted comment: x\n${line('Ed', signed(Buffer.from(list)))}\n`)
    expect(await verdicts(['SHA256'], ['maker.pub'])).toEqual(['SHA256: genuine'])
  })
})

describe('isolde verify', () => {
  it('never calls whole what is genuine, nor genuine what is whole', async () => {
    const list = `${sha256}  x.iso\n`
    put('SHA256SUMS', list)
    put('SHA256SUMS.asc', await detached(list))
    const unasked = isolde(['verify', image])
    expect([unasked.status, unasked.stdout]).toEqual([0, expect.stringContaining('not proven')])
    const key = path.join(folder, 'maker.asc')
    const genuine = isolde(['verify', '--json', '--key', key, image])
    const told = JSON.parse(genuine.stdout) as { checks: { kind: string; proves: string }[]; signatures: object[] }
    expect([genuine.status, told.signatures]).toMatchObject([0, [{ verdict: 'genuine', over: 'SHA256SUMS' }]])
    expect(told.checks.find(({ kind }) => kind === 'signature')?.proves).toBe('authenticity')
    expect(told.checks.find(({ kind }) => kind === 'image-sum')?.proves).toBe('integrity')
    fs.appendFileSync(image, 'x')
    expect(isolde(['verify', '--key', key, image]).status).toBe(1)
  })

  it('fails where a signature was asked for, and there is none that counts', async () => {
    const signature = put('made.asc', await detached(bytes, stranger))
    expect(isolde(['verify', '--signature', signature, image]).status).toBe(1)
    expect(isolde(['verify', '--key', path.join(folder, 'maker.asc'), image]).status).toBe(1)
    expect(
      isolde([
        'verify',
        '--signature',
        put('good.asc', await detached(bytes)),
        '--key',
        path.join(folder, 'maker.asc'),
        image,
      ]).status,
    ).toBe(0)
    expect(isolde(['verify', '--signature', path.join(folder, 'gone'), image]).status).toBe(4)
    expect(isolde(['verify', '--key', put('none.asc', 'x'), image]).status).toBe(2)
  })
})
