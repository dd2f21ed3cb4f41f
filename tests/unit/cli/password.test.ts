import fs from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { UsageError } from '../../../src-main/cli/exit-status'
import { passwordOf } from '../../../src-main/cli/password'
import { temporaryFolder } from '../support'

let file: string

beforeEach(() => {
  file = path.join(temporaryFolder(), 'password.txt')
})

afterEach(() => {
  vi.unstubAllEnvs()
})

const MARK = '\uFEFF'

function passwordIn(content: string | Buffer): string | undefined {
  fs.writeFileSync(file, content)
  return passwordOf(file, true, 'extract')
}

/** What is said where a password is refused; it ends the command with the status of wrong usage. */
function rejectionOf(ask: () => unknown): string {
  try {
    ask()
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError)
    return (error as UsageError).message
  }
  throw new Error('It was not refused.')
}

describe('a password file', () => {
  it.each([
    ['secret', 'secret'],
    ['secret\nmore', 'secret'],
    ['secret\r\nmore', 'secret'],
    [' with spaces \tand a tab \n', ' with spaces \tand a tab '],
    ['größer 密码 🔑\n', 'größer 密码 🔑'],
    [`${MARK}secret\r\n`, 'secret'],
    ['x'.repeat(4096), 'x'.repeat(4096)],
    [`${MARK}${'x'.repeat(4096)}\n`, 'x'.repeat(4096)],
  ])('gives its first line as it is typed: %j', (content, password) => {
    expect(passwordIn(content)).toBe(password)
  })

  it.each(['', '\n', '\r\nsecret', MARK, `${MARK}\nsecret`, `${MARK}\r\n`])(
    'whose first line is empty: %j',
    (content) => {
      expect(rejectionOf(() => passwordIn(content))).toContain('is empty')
    },
  )

  it.each([
    ['UTF-16 with its mark', Buffer.from(`${MARK}secret\r\n`, 'utf16le')],
    ['UTF-16 without a mark', Buffer.from('secret\r\n', 'utf16le')],
    ['UTF-16 with its greater byte first', Buffer.from(`${MARK}secret\n`, 'utf16le').swap16()],
    ['Latin-1', Buffer.from('größer\n', 'latin1')],
    ['a NUL', Buffer.from('sec\0ret\n')],
  ])('that is not UTF-8 is refused: %s', (_, content) => {
    const said = rejectionOf(() => passwordIn(content))
    expect(said).toContain(file)
    expect(said).toContain('save it as UTF-8')
  })

  it.each(['sec\u001bret', 'sec\rret', 'sec\uFFFDret'])('that nobody can type is refused: %j', (content) => {
    expect(rejectionOf(() => passwordIn(content))).toContain('nobody can type')
  })

  it('with a first line longer than anybody types is refused', () => {
    expect(rejectionOf(() => passwordIn('x'.repeat(4097)))).toContain('longer than 4096 bytes')
    expect(rejectionOf(() => passwordIn(`${MARK}${'x'.repeat(4097)}\n`))).toContain('longer than 4096 bytes')
  })

  it.runIf(process.platform === 'linux')('without an end is refused all the same', () => {
    expect(rejectionOf(() => passwordOf('/dev/zero', true, 'extract'))).toContain('/dev/zero')
  })

  it('that is a folder, or has no use, is refused', () => {
    expect(rejectionOf(() => passwordOf(path.dirname(file), true, 'extract'))).toContain('is a folder')
    expect(rejectionOf(() => passwordOf(file, false, 'extract'))).toContain('Only a ZIP')
  })
})

describe('the variable ISOLDE_PASSWORD', () => {
  const given = (value: string): string | undefined => {
    vi.stubEnv('ISOLDE_PASSWORD', value)
    return passwordOf(undefined, true, 'extract')
  }

  it('is taken as it is, and only where something takes a password', () => {
    expect(given('größer')).toBe('größer')
    expect(given(`${MARK}secret`)).toBe('secret')
    expect(passwordOf(undefined, false, 'extract')).toBeUndefined()
  })

  it('is refused where it is empty, or nothing that can be typed again', () => {
    expect(rejectionOf(() => given(''))).toContain('empty')
    expect(rejectionOf(() => given(MARK))).toContain('empty')
    expect(rejectionOf(() => given('two\nlines'))).toContain('nobody can type')
    // What the runtime makes of bytes that are no UTF-8.
    expect(rejectionOf(() => given('gr\uFFFD\uFFFDer'))).toContain('nobody can type')
  })
})
