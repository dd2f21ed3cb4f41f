import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { words as ar } from '../../../src-renderer/base/locales/ar'
import { words as de } from '../../../src-renderer/base/locales/de'
import { en } from '../../../src-renderer/base/locales/en'
import { words as es } from '../../../src-renderer/base/locales/es'
import { words as ja } from '../../../src-renderer/base/locales/ja'
import { words as zhCN } from '../../../src-renderer/base/locales/zh-CN'

interface Tree {
  [key: string]: string | Tree
}

function flat(tree: Tree, prefix = ''): Map<string, string> {
  const found = new Map<string, string>()
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') found.set(prefix + key, value)
    else for (const [inner, text] of flat(value, `${prefix}${key}.`)) found.set(inner, text)
  }
  return found
}

const english = flat(en)
const placeholders = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort()
const forms = (text: string) => text.split(' | ').length

test.each(Object.entries({ ar, de, es, ja, 'zh-CN': zhCN }))(
  '%s has every word, with everything it speaks of',
  (language, words) => {
    const other = flat(words)
    expect([...other.keys()].sort()).toEqual([...english.keys()].sort())
    for (const [key, text] of other) {
      const original = english.get(key) ?? ''
      expect(text.trim(), key).not.toBe('')
      const counted = forms(original)
      expect(forms(text), key).toBe(counted === 1 ? 1 : language === 'ar' ? 6 : counted)
      // A form for one or two may say the number in words.
      const named = (one: string) => placeholders(one).filter((name) => counted === 1 || name !== '{n}')
      expect(named(text), key).toEqual(named(original))
    }
  },
)

const RENDERER = join(import.meta.dirname, '../../../src-renderer')

test('no word is only English with another name', () => {
  for (const words of [ar, de, es, ja, zhCN]) {
    const same = [...flat(words)].filter(
      ([key, text]) => text === english.get(key) && /[a-z]{4}/.test(text.replace(/\{\w+\}/g, '')),
    )
    // German has a dozen of the field's words from English, “Offline” among them.
    expect(same.length).toBeLessThan(15)
  }
})

/** Wordings that other programs never use; what stands for them is in `src-renderer/base/locales/GLOSSARY.md`. */
const UNUSUAL = [
  /\bis there already\b/i,
  /\boff the list\b/i,
  /^Go on$/,
  /\bwaits for an answer\b/,
  /^waiting$/,
  /\bis away\b|\bare away\b/,
  /\bnot there (now|any more)\b/,
  /\btells most\b/i,
  /\bwhole\b/i,
  /%\s+there\b/,
  /\bAs bytes\b/,
  /\bfilm\b/i,
  /\bsound$/,
  /\bProve by\b/,
  /^Made /,
  /\bnot finished\b/,
  /\bdoes not answer\b/,
  /\bAs the system\b/,
  /\bThe same\b/,
  /\bcarries no sums\b/,
  /\bWhere a name is taken\b/,
  /\bWork out\b/,
]

test('no word is one that only this program would use', () => {
  const found = [...english].filter(([, text]) =>
    text.split(' | ').some((form) => UNUSUAL.some((word) => word.test(form))),
  )
  expect(found).toEqual([])
})

test('the glossary has a row for each term, in every language', async () => {
  const glossary = await readFile(join(RENDERER, 'base/locales/GLOSSARY.md'), 'utf8')
  const rows = glossary.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| English'))
  expect(rows.length).toBeGreaterThan(30)
  for (const row of rows) {
    const cells = row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim())
    expect(cells, row).toHaveLength(6)
    expect(
      cells.every((cell) => cell !== ''),
      row,
    ).toBe(true)
  }
})

test('every word that the window asks for is there', async () => {
  const names = (await readdir(RENDERER, { recursive: true })).filter((name) => /\.(vue|ts)$/.test(name))
  const missing: string[] = []
  for (const name of names) {
    const source = await readFile(join(RENDERER, name), 'utf8')
    for (const [, key = ''] of source.matchAll(/\bt\(\s*'([\w.-]+)'/g))
      if (!english.has(key)) missing.push(`${name}: ${key}`)
    for (const [, start = ''] of source.matchAll(/\bt\(\s*`([\w.-]+)\$\{/g))
      if (![...english.keys()].some((key) => key.startsWith(start))) missing.push(`${name}: ${start}…`)
  }
  expect(missing).toEqual([])
})
