import fs from 'node:fs'
import path from 'node:path'
import * as openpgp from 'openpgp'
import { beforeEach, describe, expect, it } from 'vitest'
import { buildIso } from '../../images/iso-builder'
import { temporaryFolder } from '../support'
import { isolde } from './command-line'

let folder: string
let image: string
let fingerprint: string

beforeEach(async () => {
  folder = temporaryFolder()
  image = path.join(folder, 'x.iso')
  const { bytes } = buildIso([{ name: 'ONE.TXT;1', data: 'one' }])
  fs.writeFileSync(image, bytes)
  const userIDs = [{ name: 'Maker', email: 'maker@example.org' }]
  const { privateKey, publicKey } = await openpgp.generateKey({ userIDs, format: 'object' })
  fingerprint = publicKey.getFingerprint()
  fs.writeFileSync(path.join(folder, 'maker.asc'), publicKey.armor())
  const message = await openpgp.createMessage({ binary: Buffer.from(bytes) })
  const signature = (await openpgp.sign({ message, signingKeys: privateKey, detached: true })) as string
  fs.writeFileSync(`${image}.sig`, signature)
})

const run = (...args: string[]): ReturnType<typeof isolde> =>
  isolde(args, { env: { ISOLDE_HOME: path.join(folder, 'profile') } })

describe('isolde keys', () => {
  it('makes signatures genuine while a key is there, and not before or after', () => {
    const isGenuine = (): boolean => run('verify', '--json', image).stdout.includes('"verdict":"genuine"')
    expect(run('keys', 'list').stdout).toBe('')
    expect(isGenuine()).toBe(false)
    expect(run('keys', 'add', path.join(folder, 'maker.asc')).stdout).toContain(fingerprint)
    expect(JSON.parse(run('keys', 'list', '--json').stdout)).toEqual({
      fingerprint,
      owner: 'Maker <maker@example.org>',
      kind: 'openpgp',
    })
    expect(isGenuine()).toBe(true)
    expect(run('keys', 'remove', fingerprint.slice(-16).toUpperCase()).status).toBe(0)
    expect(isGenuine()).toBe(false)
  })

  it('keeps minisign’s keys as well', () => {
    const key = path.join(folder, 'minisign.pub')
    const raw = Buffer.concat([Buffer.from('Ed'), Buffer.from('0102030405060708', 'hex'), Buffer.alloc(32, 9)])
    fs.writeFileSync(key, `untrusted comment: minisign public key 1\n${raw.toString('base64')}\n`)
    expect(run('keys', 'add', key).stdout).toMatch(/0102030405060708 {2}minisign public key 1\n$/)
  })

  it('says what is no key, what fits none, and how it is used', () => {
    const none = run('keys', 'add', image)
    expect([none.status, none.stderr.includes('no public key')]).toEqual([1, true])
    expect(run('keys', 'add', path.join(folder, 'gone.asc')).status).toBe(4)
    expect(run('keys', 'remove', fingerprint).status).toBe(1)
    expect(run('keys', 'remove', '12').status).toBe(1)
    for (const args of [[], ['add'], ['remove'], ['list', 'x'], ['steal']]) expect(run('keys', ...args).status).toBe(2)
  })
})
