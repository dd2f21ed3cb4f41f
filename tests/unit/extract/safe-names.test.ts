import { describe, expect, it } from 'vitest'
import { collisionKey, freeName, nameRulesFor, numberedName, safeName } from '../../../src-main/extract/safe-names'

const linux = nameRulesFor('linux')
const windows = nameRulesFor('win32')
const mac = nameRulesFor('darwin')

describe('safeName', () => {
  it.each(['README.TXT', 'ünïcode.txt', '日本語', '.hidden', 'a b', 'semi;1', '😀'])(
    'leaves %s as it is on Linux',
    (name) => {
      expect(safeName(name, linux)).toBe(name)
    },
  )

  it.each([
    ['..', '__'],
    ['.', '_'],
    ['', '_'],
    ['a/b', 'a_b'],
    ['a\0b', 'a_b'],
    ['new\nline', 'new_line'],
    ['bell\x07', 'bell_'],
  ])('turns %j into %j everywhere', (name, safe) => {
    for (const rules of [linux, windows, mac]) expect(safeName(name, rules)).toBe(safe)
  })

  it.each([
    ['CON', '_CON'],
    ['con', '_con'],
    ['aux.txt', '_aux.txt'],
    ['COM1.log', '_COM1.log'],
    ['COM¹', '_COM¹'],
    ['LPT³.x', '_LPT³.x'],
    ['NUL .txt', '_NUL .txt'],
    ['CONIN$', '_CONIN$'],
    ['name:stream', 'name_stream'],
    ['trailing.', 'trailing_'],
    ['trailing ', 'trailing_'],
    ['what?*', 'what__'],
    ['back\\slash', 'back_slash'],
    ['pipe|<>"', 'pipe____'],
  ])('turns %j into %j on Windows', (name, safe) => {
    expect(safeName(name, windows)).toBe(safe)
    expect(safeName(safe, windows)).toBe(safe)
  })

  it.each(['CONSOLE', 'COM10', 'nully', 'auxiliary.txt'])('does not take %s for a device', (name) => {
    expect(safeName(name, windows)).toBe(name)
  })

  it('replaces unpaired surrogates, which no file system takes', () => {
    expect(safeName('a\ud800b', linux)).toBe('a\ufffdb')
  })

  it('keeps the extension and tells long names apart when it shortens them', () => {
    const first = safeName(`${'é'.repeat(200)}1.txt`, linux)
    const second = safeName(`${'é'.repeat(200)}2.txt`, linux)
    expect(Buffer.byteLength(first)).toBeLessThanOrEqual(255)
    expect(first.endsWith('.txt')).toBe(true)
    expect(first).not.toBe(second)
    // Windows counts UTF-16 units: the same name fits there.
    expect(safeName(`${'é'.repeat(200)}1.txt`, windows)).toBe(`${'é'.repeat(200)}1.txt`)
  })

  it('never cuts a character in two', () => {
    expect(safeName('😀'.repeat(100), linux).isWellFormed()).toBe(true)
  })
})

describe('numberedName', () => {
  it('puts the number before the extension', () => {
    expect(numberedName('photo.jpg', 2, linux)).toBe('photo (2).jpg')
    expect(numberedName('folder', 3, linux)).toBe('folder (3)')
    expect(numberedName('.profile', 2, linux)).toBe('.profile (2)')
  })

  it('fits the limit', () => {
    expect(Buffer.byteLength(numberedName(`${'x'.repeat(251)}.txt`, 12, linux))).toBe(255)
  })
})

describe('freeName', () => {
  it('takes the first number that is free', () => {
    const taken = new Set(['a.txt', 'a (2).txt'])
    expect(freeName('a.txt', (name) => taken.has(name), linux)).toBe('a (3).txt')
    expect(freeName('b.txt', (name) => taken.has(name), linux)).toBe('b.txt')
  })
})

describe('collisionKey', () => {
  it('folds case and normal form only where the disk does', () => {
    expect(collisionKey('STRASSE', windows)).toBe(collisionKey('straße', windows))
    expect(collisionKey('e\u0301', mac)).toBe(collisionKey('É', mac))
    expect(collisionKey('A', linux)).not.toBe(collisionKey('a', linux))
  })
})
