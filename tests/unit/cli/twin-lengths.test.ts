import fs from 'node:fs'
import path from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { temporaryFolder } from '../support'
import { isolde } from './command-line'

/** A disc whose trees, Rock Ridge and Joliet, disagree about the length of one file: neither is taken at its word. */
const FILE = 'Welcome.txt'
const OTHER = 'Documents/Tides.csv'
let folder: string
let image: string

beforeEach(() => {
  folder = temporaryFolder()
  image = path.join(folder, 'disc.iso')
  const bytes = fs.readFileSync('tests/images/sample.iso')
  const record = bytes.indexOf('WELCOME.TXT') - 33
  expect(record).toBeGreaterThan(0)
  expect(bytes.readUInt32LE(record + 10)).toBe(bytes.readUInt32BE(record + 14))
  // ECMA-119 9.1.4.
  bytes.writeUInt32LE(10, record + 10)
  bytes.writeUInt32BE(10, record + 14)
  fs.writeFileSync(image, bytes)
})

it.each([
  ['cat', ['cat'], [FILE]],
  ['hash', ['hash'], [FILE]],
  ['extract', ['extract'], [FILE, '--to', 'OUT']],
])('%s of the file says so', (_command, words, rest) => {
  const { status, stderr } = isolde([
    ...words,
    image,
    ...rest.map((one) => one.replace('OUT', path.join(folder, 'out'))),
  ])
  expect(status).toBe(1)
  expect(stderr).toMatch(/“Welcome\.txt”.* in the joliet tree\./)
})

it.each([
  ['cat', ['cat'], [OTHER]],
  ['hash', ['hash'], ['Documents']],
  ['extract', ['extract'], ['Documents', '--to', 'OUT']],
])('%s of another file has nothing to say', (_command, words, rest) => {
  const { status, stderr } = isolde([
    ...words,
    image,
    ...rest.map((one) => one.replace('OUT', path.join(folder, 'out'))),
  ])
  expect([status, stderr.includes('joliet')]).toEqual([0, false])
})
