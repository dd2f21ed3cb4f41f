import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseLaunch } from '../../../src-main/desktop/arguments'
import { temporaryFolder } from '../support'
import { itWith, run } from './programs'

const INCLUDE = path.resolve('resources/windows/installer.nsh')
const STUB = path.resolve('tests/unit/desktop/fixtures/installer-stub.nsi')
const source = fs.readFileSync(INCLUDE, 'utf8')

/** The lines of one macro, with what it inserts once for an extension. */
function macro(name: string): string[] {
  const body = new RegExp(`^!macro ${name}\\b[^\\n]*\\n([^]*?)^!macroend`, 'm').exec(source)?.[1]
  if (body === undefined) throw new Error(`There is no macro ${name}.`)
  return body.split('\n').map((line) => line.trim())
}

/** Registry keys that lines name, after a command. */
function keys(lines: string[], command: RegExp): string[] {
  return lines.flatMap((line) => {
    const key = new RegExp(`^${command.source} SHELL_CONTEXT "([^"]*)"`).exec(line)?.[1]
    return key === undefined ? [] : [key]
  })
}

describe('the Windows installer’s include', () => {
  it('writes below the installation’s own context only', () => {
    const commands = source.split('\n').filter((line) => /^\s*(?:WriteReg|DeleteReg)/.test(line))
    expect(commands.length).toBeGreaterThan(20)
    for (const line of commands) expect(line).toMatch(/^\s*\w+ (?:\/ifempty )?SHELL_CONTEXT /)
  })

  it('never takes the default of an extension', () => {
    expect(source).not.toMatch(/"\$\{ISOLDE_CLASSES\}\\\.\$\{EXTENSION\}" ""/)
    expect(source).not.toContain('UserChoice')
  })

  it('takes back every key that it writes', () => {
    const written = keys([...macro('customInstall'), ...macro('isoldeAddExtension')], /WriteRegStr/)
    const verbs = [...source.matchAll(/isoldeVerb "\$\{EXTENSION\}" "([^"]*)"/g)].map(
      ([, verb = '']) => `\${ISOLDE_VERBS}\\.\${EXTENSION}\\shell\\${verb}`,
    )
    const removal = [...macro('customUnInstall'), ...macro('isoldeRemoveExtension')]
    const gone = keys(removal, /DeleteRegKey/)
    const emptied = keys(removal, /DeleteRegValue/)
    expect(verbs).toHaveLength(4)
    for (const key of [...written, ...verbs])
      expect(gone.some((root) => key === root || key.startsWith(`${root}\\`)) || emptied.includes(key), key).toBe(true)
  })

  it('deletes whole only what is its own', () => {
    const removal = [...macro('customUnInstall'), ...macro('isoldeRemoveExtension')]
    for (const key of keys(removal, /DeleteRegKey/))
      expect(key).toMatch(/Isolde|ISOLDE_PROGID|APP_EXECUTABLE|CAPABILITIES/)
  })

  it('starts actions that the program knows', () => {
    const options = [...source.matchAll(/isoldeVerb "\$\{EXTENSION\}" "[^"]*" "[^"]*" "([^"]*)"/g)].map(
      ([, option = '']) => option.trim(),
    )
    const actions = options.map((option) => parseLaunch([...(option === '' ? [] : [option]), '/x.iso'], '/').action)
    expect(actions).toEqual(['open', 'extract-here', 'extract-to', 'verify'])
  })

  for (const half of ['installer', 'uninstaller'])
    itWith('makensis', `compiles as the ${half}, without a warning`, () => {
      const output = path.join(temporaryFolder(), 'stub.exe')
      run('makensis', [
        '-V2',
        '-WX',
        '-INPUTCHARSET',
        'UTF8',
        ...(half === 'uninstaller' ? ['-DBUILD_UNINSTALLER'] : []),
        `-DINCLUDE_FILE=${INCLUDE}`,
        `-XOutFile "${output}"`,
        STUB,
      ])
      expect(fs.statSync(output).size).toBeGreaterThan(50_000)
    })
})
