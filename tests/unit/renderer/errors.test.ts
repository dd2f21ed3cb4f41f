import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { errorWords } from '../../../src-renderer/base/locales/en/errors'
import { ERROR_CODES } from '../../../src-shared/contract'
import { CHECK_KINDS, DIAGNOSTICS, OUTCOME_CODES, REASONS } from '../../../src-shared/model'

const ROOT = join(import.meta.dirname, '../../..')
const { codes, diagnostics, reasons } = errorWords.errors

/** What only the command line ever says. */
const UNSHOWN = new Set(['EIO', 'ENOENT', 'EISDIR', 'ENOSPC', 'SQLITE_CANTOPEN', 'CATALOG_FROM_THE_FUTURE'])

async function sources(folder: string): Promise<[name: string, source: string][]> {
  const names = (await readdir(join(ROOT, folder), { recursive: true })).filter((name) => name.endsWith('.ts'))
  return Promise.all(
    names.map(async (name): Promise<[string, string]> => [name, await readFile(join(ROOT, folder, name), 'utf8')]),
  )
}

describe('the words of errors', () => {
  test('every code that a window can meet has a sentence, and no other has', () => {
    expect(Object.keys(codes).sort()).toEqual([...new Set([...ERROR_CODES, ...OUTCOME_CODES])].sort())
  })

  test('every reason has a sentence with its parameters, and no other has', () => {
    expect(Object.keys(reasons).sort()).toEqual(Object.keys(REASONS).sort())
    for (const [reason, parameters] of Object.entries(REASONS)) {
      const sentence = reasons[reason as keyof typeof reasons]
      const spoken = [...new Set(sentence.match(/(?<=\{)\w+(?=\})/g) ?? [])]
      expect(spoken.sort(), reason).toEqual(Object.keys(parameters).sort())
    }
  })

  test('every diagnostic means something that has a sentence', () => {
    expect(new Set<string>(Object.values(DIAGNOSTICS))).toEqual(new Set(Object.keys(diagnostics)))
  })

  test('every kind of check has a name', () => {
    expect(Object.keys(errorWords.errors.checkKinds).sort()).toEqual([...CHECK_KINDS].sort())
  })

  test('every diagnostic that a reader tells is listed', async () => {
    const missing: string[] = []
    for (const [name, source] of await sources('src-main'))
      for (const [, code = ''] of source.matchAll(
        /\.(?:damage|warn|note|recovered|add|tell|report)\(\s*'([A-Z][A-Z_0-9]{4,})'/g,
      ))
        if (!Object.hasOwn(DIAGNOSTICS, code)) missing.push(`${name}: ${code}`)
    expect(missing).toEqual([])
  })

  test('every code that is raised or told is listed', async () => {
    const known = new Set<string>([...Object.keys(codes), ...Object.keys(DIAGNOSTICS), ...UNSHOWN])
    const missing: string[] = []
    const raised = /(?:new \w+Error\(|except\(\s*\w+,\s*'\w+',|code[:=]|code = )\s*'([A-Z][A-Z_0-9]{4,})'/g
    for (const [name, source] of await sources('src-main'))
      for (const [, code = ''] of source.matchAll(raised)) if (!known.has(code)) missing.push(`${name}: ${code}`)
    expect(missing).toEqual([])
  })

  test('every reason is given somewhere', async () => {
    const all = (await sources('src-main')).concat(await sources('src-shared'))
    const text = all
      .filter(([name]) => !name.endsWith('reasons.ts'))
      .map(([, source]) => source)
      .join('\n')
    expect(Object.keys(REASONS).filter((reason) => !text.includes(`'${reason}'`))).toEqual([])
  })
})
